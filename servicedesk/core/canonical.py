"""The one written form of an installation's facts, and its hash.

Agreements and calendars are stored by the hash of this text and read back from it, never from a file. The form is
`canonical_json`; fields at their default are left out, so that a new field with a default changes no stored text.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, time
from enum import Enum
from functools import cache, lru_cache
from hashlib import sha256
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from servicedesk.core.facts import Agreement, CalendarFacts

T = TypeVar("T")


def canonical_json(data: Any) -> str:
    """The one text of a JSON value: sorted keys, no spaces, letters as they are. What is hashed is this, in UTF-8."""
    return _encode(data)


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def content_hash(text: str) -> str:
    """SHA-256 of the UTF-8 bytes, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def part_hash(kind: str, key: str, content: str) -> str:
    """Of one part of the installation as it was loaded: what it says, and in which place."""
    return content_hash(f"{kind}\n{key}\n{content}")


def parts_hash(hashes: Mapping[tuple[str, str], str]) -> str:
    """Of all parts together, by kind and key; '' for none. It tells of one that has been added or removed."""
    lines = [f"{kind}\n{key}\n{hashes[kind, key]}" for kind, key in sorted(hashes)]
    return content_hash("\n".join(lines)) if lines else ""


def entry_hash(before: str, row: Mapping[str, Any]) -> str:
    """Of one entry of the installation's journal and all before it. `row`: its columns, with `at` as a text."""
    said = {name: row[name] for name in ("kind", "key", "at", "actor", "source", "what", "fields", "reason")}
    return content_hash(canonical_json({**said, "before": before}))


def agreement_to_json(agreement: Agreement) -> str:
    return fact_to_json(agreement)


@lru_cache(maxsize=1024)
def agreement_version(agreement: Agreement) -> str:
    """The hash that a ticket pins an agreement by. Remembered: it is asked for at every ticket that is logged."""
    return content_hash(agreement_to_json(agreement))


@lru_cache(maxsize=1024)
def agreement_from_json(text: str) -> Agreement:
    """Inverse of `agreement_to_json`. One and the same of the same text: what is remembered by it is found at once."""
    return fact_from_json(Agreement, text)


def calendar_to_json(calendar: CalendarFacts) -> str:
    return fact_to_json(calendar)


def calendar_from_json(text: str) -> CalendarFacts:
    """Inverse of `calendar_to_json`."""
    return fact_from_json(CalendarFacts, text)


def fact_to_json(fact: Any) -> str:
    """Any dataclass of core.facts in its canonical form."""
    return canonical_json(plain(fact, with_defaults=False))


def fact_from_json(cls: type[T], text: str) -> T:
    """The fact again. KeyError, TypeError and ValueError tell of a foreign or damaged text."""
    hint: Any = cls
    fact: T = _loader(hint)(json.loads(text))
    return fact


def plain(value: Any, *, with_defaults: bool = True) -> Any:
    """A fact as JSON values: enums by value, days and times in ISO form, tuples as lists, keys as text."""
    if is_dataclass(value):
        wanted = [part for part in fields(value) if with_defaults or getattr(value, part.name) != _default(part)]
        return {part.name: plain(getattr(value, part.name), with_defaults=with_defaults) for part in wanted}
    if isinstance(value, Mapping):
        return {plain(key): plain(item, with_defaults=with_defaults) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, with_defaults=with_defaults) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date | time) else value


def _default(part: Field[Any]) -> Any:
    return part.default_factory() if part.default_factory is not MISSING else part.default


@cache
def _loader(hint: Any) -> Callable[[Any], Any]:
    """From JSON values to what the type hint says."""
    if is_dataclass(hint):
        return _dataclass_loader(hint)
    if get_origin(hint) is UnionType:
        each = _loader(next(arg for arg in get_args(hint) if arg is not type(None)))
        return lambda value: None if value is None else each(value)
    if get_origin(hint) is tuple:
        each = _loader(get_args(hint)[0])
        return lambda value: tuple(each(item) for item in value)
    if get_origin(hint) is Mapping:
        of_key, of_item = (_loader(arg) for arg in get_args(hint))
        return lambda value: {of_key(key): of_item(item) for key, item in value.items()}
    if hint in (date, time):
        parse: Callable[[Any], Any] = hint.fromisoformat
        return parse
    return hint if issubclass(hint, Enum) else lambda value: value


def _dataclass_loader(cls: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(cls)
    loaders = {part.name: _loader(hints[part.name]) for part in fields(cls)}
    return lambda data: cls(**{name: loaders[name](value) for name, value in data.items()})
