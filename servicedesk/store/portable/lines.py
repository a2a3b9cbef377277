"""A row as one line of text, and back: JSON, with what JSON has no form for (moments, bytes) as text by its column."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from servicedesk.store.portable.rows import Row
from servicedesk.store.portable.tables import PortableTable


def _without_a_form(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return b64encode(value).decode("ascii")


_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_without_a_form).encode


def line_of(row: Row) -> bytes:
    return f"{_ENCODE(list(row))}\n".encode()


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise ValueError(text)
    return moment


def _bytes(text: str) -> bytes:
    return b64decode(text, validate=True)


def _exactly(kind: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(value)
        return value

    return check


_READ: dict[str, Callable[[Any], Any]] = {
    "moment": _moment,
    "bytes": _bytes,
    "text": _exactly(str),
    "integer": _exactly(int),
    "boolean": _exactly(bool),
    "number": float,
}


def reader_of(table: PortableTable) -> Callable[[bytes], list[Any]]:
    """From a line to the row; ValueError or TypeError for a line that is none of this table's."""
    readers = [_READ[kind] for kind in table.columns.values()]

    def read(line: bytes) -> list[Any]:
        row = json.loads(line)
        if not isinstance(row, list):
            raise ValueError("not a row")
        return [None if value is None else each(value) for each, value in zip(readers, row, strict=True)]

    return read


def rows_of(table: PortableTable, lines: Iterator[bytes]) -> Iterator[Row]:
    return map(reader_of(table), lines)
