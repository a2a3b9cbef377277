"""The standard's events: what a change has made of a ticket in the eyes of a listener, told as TMF621 tells it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import Connection

from servicedesk.core import tmf621
from servicedesk.core.changes import WITHDRAWN
from servicedesk.core.codec import stamp
from servicedesk.core.errors import NotFound
from servicedesk.core.facts import Actor
from servicedesk.core.vocabulary import TmfStatus
from servicedesk.store.queries.trouble.loading import trouble_ticket
from servicedesk.store.queries.trouble.resource import Json, href_of, represent
from servicedesk.store.rulebook import RuleBook

# Told by events of their own, or with every change.
OF_STATUS = frozenset({"status", "statusChange", "statusChangeDate", "statusChangeReason", "lastUpdate"})
EVENT_TYPE, FIELDS = "eventType", "fields"
SOLVED = (TmfStatus.RESOLVED, TmfStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class Told:
    """A change to a ticket, as the feed tells it: its type, its event, the how-manyth it is to the listener, and when
    it was."""

    number: str
    seq: int
    ordinal: int
    type: str
    at: datetime


def event_told(
    connection: Connection, book: RuleBook, viewer: Actor, told: Told, event: str, event_id: str, query: str
) -> Json | None:
    """The event's body; None where the change is none of this kind, or none that the listener's query asks for."""
    if told.type == WITHDRAWN:
        return _body(told, event, event_id, {"id": told.number, "href": href_of(told.number)}, "")
    after = _ticket(connection, book, viewer, told.number, told.seq)
    before = _ticket(connection, book, viewer, told.number, told.seq - 1)
    if after is None or not IS_ONE[event](before, after) or not asks_for(query, after):
        return None
    changed = ",".join(_changed(before, after)) if event == tmf621.ATTRIBUTE_CHANGED else ""
    fields = frozenset(_values(query, FIELDS))
    shown = {name: value for name, value in after.items() if name in fields} if fields else after
    return _body(told, event, event_id, shown, "note" if event == tmf621.INFORMATION_REQUIRED else changed)


def _body(told: Told, event: str, event_id: str, ticket: Json, field_path: str) -> Json:
    return {
        "id": told.number,
        "href": href_of(told.number),
        "eventId": event_id,
        "eventTime": stamp(told.at),
        "eventType": event,
        "correlationId": f"{told.number}-{told.ordinal}",
        "domain": "troubleTicket",
        "title": event,
        "description": tmf621.EVENTS[event],
        # The standard's own spelling.
        "timeOcurred": stamp(told.at),
        **({"fieldPath": field_path} if field_path else {}),
        "event": {"troubleTicket": ticket},
    }


def _ticket(connection: Connection, book: RuleBook, viewer: Actor, number: str, upto: int) -> Json | None:
    """As the listener was shown it then; None when it was not."""
    try:
        return represent(trouble_ticket(connection, book, viewer, number, upto)) if upto else None
    except NotFound:
        return None


def _changed(before: Json | None, after: Json) -> list[str]:
    was = before or {}
    names = {name for name in (*was, *after) if was.get(name) != after.get(name)} - OF_STATUS
    return [name for name in after if name in names] + sorted(names - after.keys())


def _status(ticket: Json | None) -> TmfStatus | None:
    return TmfStatus(ticket["status"]) if ticket else None


def _came_to(*statuses: TmfStatus) -> Callable[[Json | None, Json], bool]:
    return lambda before, after: _status(before) not in statuses and _status(after) in statuses


# Whether a change from one ticket to the other is an event of this kind.
IS_ONE: Mapping[str, Callable[[Json | None, Json], bool]] = {
    tmf621.CREATED: lambda before, after: before is None,
    tmf621.ATTRIBUTE_CHANGED: lambda before, after: before is not None and bool(_changed(before, after)),
    tmf621.STATUS_CHANGED: lambda before, after: before is not None and _status(before) is not _status(after),
    tmf621.RESOLVED: _came_to(*SOLVED),
    tmf621.INFORMATION_REQUIRED: _came_to(TmfStatus.PENDING),
    tmf621.DELETED: lambda before, after: _status(after) is TmfStatus.CANCELLED,
}


def asks_for(query: str, ticket: Json) -> bool:
    """Whether a listener's query lets the ticket through: equality on its attributes, alternatives with commas."""
    return all(set(_values(query, name)) & set(_found(ticket, name.split("."))) for name in names_in(query))


def names_in(query: str) -> list[str]:
    """The attributes that a query names."""
    names = dict.fromkeys(name for name, _ in parse_qsl(query, keep_blank_values=True))
    return [name for name in names if name not in (EVENT_TYPE, FIELDS)]


def event_types(query: str) -> tuple[str, ...]:
    """Those that a query names; none are all."""
    return tuple(dict.fromkeys(_values(query, EVENT_TYPE)))


def _values(query: str, name: str) -> list[str]:
    given = [text for key, text in parse_qsl(query, keep_blank_values=True) if key == name]
    return [value.strip() for text in given for value in text.split(",") if value.strip()]


def _found(value: Any, path: list[str]) -> list[str]:
    """Every value at a dotted path, through lists."""
    if isinstance(value, list):
        return [found for each in value for found in _found(each, path)]
    if path:
        return _found(value[path[0]], path[1:]) if isinstance(value, dict) and path[0] in value else []
    return [] if isinstance(value, dict) else [str(value)]
