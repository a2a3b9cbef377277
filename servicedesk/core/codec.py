"""What is kept as JSON: the journal's bodies and the folded tickets, written and read by `msgspec`.

The text is that of `canonical_json`: sorted keys, no spaces. Fields at their default are left out, so that a new field
with a default changes no stored bytes.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class Record(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A class whose values are kept. Its fields are JSON scalars, StrEnums, moments (aware UTC, whole seconds), lists,
    dicts with texts for keys, and other records."""


class FrozenRecord(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The same of what never changes."""


def to_json(value: Any) -> str:
    """The canonical text of a record."""
    return _encode(value).decode()


def from_json(cls: type[T], text: str | msgspec.Raw) -> T:
    """The record again from what `to_json` gave. ValueError tells of a foreign or damaged text."""
    hint: Any = cls
    try:
        record: T = _decoder(hint)(text)
        return record
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from None


def dump(value: Any) -> Any:
    """A record as plain JSON values."""
    return msgspec.to_builtins(value, enc_hook=_as_text)


def load(cls: type[T], data: Any) -> T:
    """A record or dataclass from plain JSON values. ValueError tells of a foreign or damaged one."""
    try:
        return msgspec.convert(data, cls)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from None


def _as_text(value: Any) -> str:
    """What other libraries make of a text is still one: a column's name, a part of a page."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"{value!r} is not kept as JSON")


_encode = msgspec.json.Encoder(order="sorted", enc_hook=_as_text).encode


@cache
def _decoder(hint: Any) -> Callable[[str | msgspec.Raw], Any]:
    return msgspec.json.Decoder(hint).decode


def stamp(moment: datetime) -> str:
    """`2026-11-21T13:05:00Z`. Whole seconds: every moment in the journal is one."""
    return moment.astimezone(UTC).isoformat()[:19] + "Z"


def moment(text: str) -> datetime:
    """The inverse of `stamp`; ValueError for any other way of writing a moment."""
    if len(text) != 20 or text[19] != "Z":
        raise ValueError(f"{text!r} is not a moment as the journal writes it")
    return datetime.fromisoformat(text)


def is_kept(moment: datetime) -> bool:
    """Whether a moment is written as `stamp` writes it."""
    return moment.tzinfo is UTC and not moment.microsecond
