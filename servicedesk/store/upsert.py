"""Write the difference between the rows that were and the rows that are.

What belongs together goes on one journey: to PostgreSQL as one statement, so that it costs one question however many
tables it touches, and locks are held no longer than that. Of each table one row goes as values of its own; several as
one text of JSON, so that the statement is the same however many they are, and need not be planned anew. (Arrays of
texts take ten times as long to read.)
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from sqlalchemy import JSON, Connection, Executable, Text, bindparam, cast, column, delete, func, select, update

from servicedesk.store.base import Base

# As many combinations of tables and columns as are kept ready: those that come again and again are some dozens.
READY = 500

Rows = list[dict[str, Any]]


class Way(Enum):
    ADD = "add"
    PUT = "put"
    CHANGE = "change"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Part:
    """What is written in one table: in which way, by which columns, and whether that is several rows."""

    way: Way
    table: type[Base]
    names: tuple[str, ...]
    many: bool


@dataclass
class Journey:
    """What is written to the database together. No row may be in it twice, and none can be read before its end."""

    connection: Connection
    _parts: list[tuple[Part, Rows]] = field(default_factory=list)

    def add(self, table: type[Base], rows: Rows) -> None:
        """Insert them all, in this order. Of several tables no column is given a value by its model."""
        self._take(Way.ADD, table, rows)

    def change(self, table: type[Base], rows: Rows) -> None:
        """Update those with these primary keys in the columns given, the same in all."""
        self._take(Way.CHANGE, table, rows)

    def upsert(self, table: type[Base], rows: Rows) -> None:
        """Insert, or update every column given where the primary key stands already. All name the same columns."""
        self._take(Way.PUT, table, rows)

    def remove(self, table: type[Base], rows: Rows) -> None:
        """Delete those with these primary keys."""
        self._take(Way.REMOVE, table, rows)

    def put(
        self,
        table: type[Base],
        before: Mapping[tuple[Any, ...], Mapping[str, Any]],
        now: Mapping[tuple[Any, ...], Mapping[str, Any]],
    ) -> None:
        """Insert or update what differs, delete what is gone. Keys are the primary key's values in its order."""
        self.remove(table, [dict(zip(_keys(table), key, strict=True)) for key in before if key not in now])
        self.upsert(table, [dict(row) for key, row in now.items() if before.get(key) != row])

    def _take(self, way: Way, table: type[Base], rows: Rows) -> None:
        if not rows:
            return
        part = Part(way, table, tuple(rows[0]), len(rows) > 1)
        if self.connection.dialect.name == "postgresql":
            self._parts.append((part, rows))
            return
        given = [_named(row, 0) for row in rows]
        self.connection.execute(_alone(self.connection.dialect.name, way, table, part.names), given)

    def arrive(self) -> None:
        parts, self._parts = self._parts, []
        if parts:
            given = {name: value for n, one in enumerate(parts) for name, value in _values(*one, n).items()}
            self.connection.execute(_together(tuple(part for part, _ in parts)), given)


@contextmanager
def one_journey(connection: Connection) -> Iterator[Journey]:
    """What is written in the block; it has been when the block ends."""
    journey = Journey(connection)
    yield journey
    journey.arrive()


def put_rows(
    connection: Connection,
    table: type[Base],
    before: Mapping[tuple[Any, ...], Mapping[str, Any]],
    now: Mapping[tuple[Any, ...], Mapping[str, Any]],
) -> None:
    """A journey of its own."""
    with one_journey(connection) as journey:
        journey.put(table, before, now)


def add_rows(connection: Connection, table: type[Base], rows: Rows) -> None:
    """A journey of its own."""
    with one_journey(connection) as journey:
        journey.add(table, rows)


def upsert(connection: Connection, table: type[Base], rows: Rows) -> None:
    """A journey of its own."""
    with one_journey(connection) as journey:
        journey.upsert(table, rows)


def insert_missing(connection: Connection, table: type[Base], rows: Rows) -> None:
    """Insert what breaks no unique constraint; leave the rest as it stands."""
    connection.execute(_insert_missing(connection.dialect.name, table), rows)


def _values(part: Part, rows: Rows, n: int) -> dict[str, Any]:
    if part.many:
        return {f"rows_{n}": json.dumps(rows, ensure_ascii=False, default=_moment)}
    return _named(rows[0], n)


def _named(row: Mapping[str, Any], n: int) -> dict[str, Any]:
    """By other names than the columns': an UPDATE's own parameters are called what the columns are."""
    return {f"{name}_{n}": value for name, value in row.items()}


def _moment(value: object) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"{value!r} is no moment for a UTC column")
    return value.isoformat()


# Statements are built once: there is one for each table and set of columns, and building costs more than running.


@lru_cache(READY)
def _together(parts: tuple[Part, ...]) -> Executable:
    """One statement of PostgreSQL: each part but the last stands before it, in a WITH."""
    built = [_built("postgresql", part, n) for n, part in enumerate(parts)]
    before = [each.cte(f"part_{n}") for n, each in enumerate(built[:-1])]
    whole: Executable = built[-1].add_cte(*before)
    return whole


@cache
def _alone(dialect: str, way: Way, table: type[Base], names: tuple[str, ...]) -> Executable:
    statement: Executable = _built(dialect, Part(way, table, names, many=False), 0)
    return statement


def _built(dialect: str, part: Part, n: int) -> Any:
    given, keys = _given(part, n), _keys(part.table)
    rest = [name for name in part.names if name not in keys]
    if part.way in (Way.CHANGE, Way.REMOVE):
        is_it = (part.table.__table__.c[key] == given[key] for key in keys)
        if part.way is Way.REMOVE:
            return delete(part.table).where(*is_it)
        return update(part.table).where(*is_it).values({name: given[name] for name in rest})
    adding = insert_of(dialect, part.table).inline()  # nobody asks which number a row got
    if part.many:
        adding = adding.from_select(part.names, select(*(given[name] for name in part.names)))
    else:
        adding = adding.values(given)
    if part.way is Way.ADD:
        return adding
    return adding.on_conflict_do_update(index_elements=keys, set_={name: adding.excluded[name] for name in rest})


def _given(part: Part, n: int) -> Any:
    """Each column's value: a parameter of its own, or a column of the table that the JSON is read as."""
    types = {name: part.table.__table__.c[name].type for name in part.names}
    if not part.many:
        return {name: bindparam(f"{name}_{n}", type_=types[name]) for name in part.names}
    read = func.json_to_recordset(cast(bindparam(f"rows_{n}", type_=Text()), JSON))
    columns = (column(name, types[name]) for name in part.names)
    return read.table_valued(*columns).render_derived(name=f"given_{n}", with_types=True).c


@cache
def _insert_missing(dialect: str, table: type[Base]) -> Executable:
    statement: Executable = insert_of(dialect, table).on_conflict_do_nothing()
    return statement


def insert_of(dialect: str, table: type[Base]) -> Any:
    """The dialect's own INSERT, which knows of conflicts."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)


@cache
def _keys(table: type[Base]) -> list[str]:
    return [key.name for key in table.__table__.primary_key]
