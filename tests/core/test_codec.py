"""What is hashed and stored, byte for byte: written here a second time, slowly and with the standard library alone."""

import json
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from servicedesk.core.codec import from_json, stamp, to_json
from servicedesk.core.events import PAYLOADS, Event, Moved, Payload, body_of, event_from
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Verb

OPENED = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
MOMENTS = st.integers(0, 10**9).map(lambda seconds: OPENED + timedelta(seconds=seconds))
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: st.sampled_from(["", "åäö", 'a"\\/\b\f\n\r\t\x00\x1f\x7f\u2028', "\U0001f600", "".join([])])
    | st.text(max_size=4),
    int: st.integers(-(2**53), 2**53) | st.integers(0, 1),
    bool: st.booleans(),
    datetime: MOMENTS,
}


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    origin, args = get_origin(hint), get_args(hint)
    if hint in SCALARS:
        return SCALARS[hint]
    if origin is UnionType:
        return st.one_of([st.none() if arg is NoneType else values_of(arg) for arg in args])
    if origin is list:
        return st.lists(values_of(args[0]), max_size=2)
    if origin is dict:
        return st.dictionaries(values_of(args[0]), values_of(args[1]), max_size=2)
    if issubclass(hint, StrEnum):
        return st.sampled_from(hint)
    return records(hint)


def records(cls: type[Struct]) -> st.SearchStrategy[Any]:
    """With any of the optional fields left at their default."""
    hints = get_type_hints(cls)
    needed: dict[str, Any] = {}
    optional: dict[str, Any] = {}
    for each in fields(cls):
        has_default = each.default is not NODEFAULT or each.default_factory is not NODEFAULT
        (optional if has_default else needed)[each.name] = values_of(hints[each.name])
    return st.fixed_dictionaries(needed, optional=optional).map(lambda given: cls(**given))


def plain(value: Any) -> Any:
    if isinstance(value, Struct):
        pairs = [(each, getattr(value, each.name)) for each in fields(value)]
        return {each.encode_name: plain(item) for each, item in pairs if not is_default(each, item)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return stamp(value) if isinstance(value, datetime) else value


def is_default(each: Any, value: Any) -> bool:
    if each.default_factory is not NODEFAULT:
        return bool(value == each.default_factory())
    return each.default is not NODEFAULT and bool(value == each.default)


def slowly(value: Any) -> str:
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


TICKETS = records(TicketState)
EVENTS = st.one_of(
    [
        st.builds(
            Event,
            kind=st.just(kind),
            ticket=SCALARS[str],
            seq=SCALARS[int],
            occurred_at=MOMENTS,
            recorded_at=MOMENTS,
            actor=SCALARS[str],
            payload=records(payload),
            texts=values_of(dict[str, str]),
            observed=st.booleans(),
            party=SCALARS[str],
            amends=st.none() | SCALARS[int],
        )
        for kind, payload in PAYLOADS.items()
    ]
)


@given(EVENTS)
@settings(max_examples=200)
def test_an_event_is_written_as_the_standard_library_writes_it_and_read_back(event: Event) -> None:
    assert body_of(event) == slowly(event)
    assert event_from(body_of(event)) == event


@given(TICKETS)
@settings(max_examples=40)
def test_a_folded_ticket_is_written_as_the_standard_library_writes_it_and_read_back(ticket: TicketState) -> None:
    assert to_json(ticket) == slowly(ticket)
    assert from_json(TicketState, to_json(ticket)) == ticket


def event_with(payload: Payload, kind: str, **more: Any) -> Event:
    texts: dict[str, str] = {}
    return Event(kind, "2026-00001", 2, OPENED, OPENED, "person:x", payload, texts, **more)


def test_a_body_is_what_it_has_been_since_the_first_journal() -> None:
    moved = Moved(Verb.TAKE, "take", "ny", "pågår", effects=["assign_actor"], assignee="x")
    assert body_of(event_with(moved, "TicketTaken", party="lulea")) == (
        '{"actor":"person:x","data":{"assignee":"x","effects":["assign_actor"],"from_state":"ny","to_state":"pågår",'
        '"transition":"take","verb":"take"},"kind":"TicketTaken","occurred_at":"2026-03-29T01:30:00Z","party":"lulea",'
        '"recorded_at":"2026-03-29T01:30:00Z","seq":2,"texts":{},"ticket":"2026-00001"}'
    )


BODY = body_of(event_with(Moved(Verb.TAKE, "take", "a", "b"), "TicketTaken"))


@pytest.mark.parametrize(
    ("was", "damaged"),
    [
        ("01:30:00Z", "01:30:00"),
        ("01:30:00Z", "02:30:00+01:00"),
        ("01:30:00Z", "01:30:00.5Z"),
        ('"seq":2', '"seq":"2"'),
        ('"seq":2', '"seq":2,"later":1'),
        ('"verb":"take"', '"verb":"snatch"'),
        ('"transition":"take",', ""),
        ('"transition":"take",', '"transition":"take","also":"",'),
        ('"kind":"TicketTaken"', '"kind":"Unheard"'),
        ("{", ""),
    ],
)
def test_what_the_journal_does_not_write_is_not_read_as_an_event(was: str, damaged: str) -> None:
    assert was in BODY
    with pytest.raises((KeyError, ValueError)):
        event_from(BODY.replace(was, damaged, 1))


class Markup(str):
    """As the libraries of pages and databases make them."""


def test_a_text_of_a_library_s_own_kind_is_a_text() -> None:
    assert body_of(event_with(Moved(Verb.TAKE, Markup("take"), "a", "b"), Markup("TicketTaken"))) == BODY


def test_a_default_is_left_out_wherever_the_value_comes_from() -> None:
    made = Moved(Verb.TAKE, "take", "a", "b", rule=json.loads('""'), on_behalf=bool(""), occurrence=int("1") - 1)
    assert body_of(event_with(made, "TicketTaken", party="x"[1:])) == BODY
