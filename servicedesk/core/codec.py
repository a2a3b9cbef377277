"""Plain JSON for dataclasses: one dumper and one loader per class, compiled once from its type hints.

Supports dataclasses, StrEnum, datetime (RFC 3339 UTC to the second), list, tuple, dict, optionals and JSON scalars.
Fields at their default are left out when dumping, so that a new field with a default changes no stored bytes.
"""

import dataclasses
import types
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Convert = Callable[[Any], Any]


def stamp(moment: datetime) -> str:
    """`2026-11-21T13:05:00Z`. Whole seconds: every moment in the journal is one."""
    return moment.astimezone(UTC).isoformat()[:19] + "Z"


def moment(text: str) -> datetime:
    """The inverse of `stamp`; ValueError for any other way of writing a moment."""
    if len(text) != 20 or text[19] != "Z":
        raise ValueError(f"{text!r} is not a moment as the journal writes it")
    return datetime.fromisoformat(text)


def dump(value: Any) -> Any:
    """A dataclass instance as plain JSON values."""
    hint: Any = type(value)
    return _dumper(hint)(value)


def load(cls: type[T], data: Any) -> T:
    """The dataclass again from what `dump` gave. KeyError, TypeError and ValueError tell of a foreign or damaged
    value."""
    hint: Any = cls
    result: T = _loader(hint)(data)
    return result


def _same(value: Any) -> Any:
    return value


@cache
def _dumper(hint: Any) -> Convert:
    inner = _strip_optional(hint)
    if inner is not hint:
        convert = _dumper(inner)
        return lambda value: None if value is None else convert(value)
    if dataclasses.is_dataclass(hint):
        return _dataclass_dumper(hint)
    if hint is datetime:
        return stamp
    origin = get_origin(hint)
    if origin in (list, tuple):
        each = _dumper(get_args(hint)[0])
        return _same if each is _same else lambda value: [each(item) for item in value]
    if origin is dict:
        each = _dumper(get_args(hint)[1])
        return _same if each is _same else lambda value: {str(key): each(item) for key, item in value.items()}
    return _same


def _dataclass_dumper(cls: Any) -> Convert:
    hints = get_type_hints(cls)
    plan = [(f.name, _dumper(hints[f.name]), _default(f)) for f in dataclasses.fields(cls)]

    def convert(value: Any) -> dict[str, Any]:
        result = {}
        for name, each, default in plan:
            item = getattr(value, name)
            if item != default:
                result[name] = each(item)
        return result

    return convert


_NO_DEFAULT = object()


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return _NO_DEFAULT


@cache
def _loader(hint: Any) -> Convert:
    inner = _strip_optional(hint)
    if inner is not hint:
        convert = _loader(inner)
        return lambda value: None if value is None else convert(value)
    if dataclasses.is_dataclass(hint):
        return _dataclass_loader(hint)
    if hint is datetime:
        return moment
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {member.value: member for member in hint}.__getitem__
    origin = get_origin(hint)
    if origin in (list, tuple):
        each = _loader(get_args(hint)[0])
        return lambda value: origin([each(item) for item in value])
    if origin is dict:
        key, each = (_loader(arg) for arg in get_args(hint))
        return lambda value: {key(name): each(item) for name, item in value.items()}
    return _same


def _dataclass_loader(cls: Any) -> Convert:
    hints = get_type_hints(cls)
    loaders = {f.name: _loader(hints[f.name]) for f in dataclasses.fields(cls)}
    told = [(name, each) for name, each in loaders.items() if each is not _same]

    def convert(data: dict[str, Any]) -> Any:
        """Most of what stands in JSON is already what the class wants: only the rest is gone through."""
        return cls(**{**data, **{name: each(data[name]) for name, each in told if name in data}})

    return convert


def _strip_optional(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        rest = [arg for arg in get_args(hint) if arg is not type(None)]
        return rest[0] if len(rest) == 1 else hint
    return hint
