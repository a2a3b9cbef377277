"""Write the difference between the rows that were and the rows that are.

One row or few go to the database as they are. Many reach PostgreSQL as one text of JSON in one statement: it reads and
plans that once, where it would do so for every row. (Arrays of texts take it ten times as long to read.)
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import JSON, Connection, Executable, Text, and_, bindparam, cast, column, delete, func, select, update
from sqlalchemy.exc import DBAPIError

from servicedesk.store.base import Base

FEW = 4

Rows = list[dict[str, Any]]


@contextmanager
def one_journey(connection: Connection) -> Iterator[None]:
    """What is written in the block is sent to PostgreSQL without waiting for an answer to each, and has been done when
    the block ends. Nothing can be read in it. Locks are held for as long as the journeys last, so they are few."""
    if connection.dialect.name != "postgresql":
        yield
        return
    errors = connection.dialect.loaded_dbapi.Error
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            yield
    except errors as error:
        # Told at the end of the block, by the driver: said as if a statement of its own had failed.
        raise DBAPIError.instance(None, None, error, errors, hide_parameters=True) from error


def put_rows(
    connection: Connection,
    table: type[Base],
    before: Mapping[tuple[Any, ...], Mapping[str, Any]],
    now: Mapping[tuple[Any, ...], Mapping[str, Any]],
) -> None:
    """Insert or update what differs, delete what is gone. Keys are the primary key's values in its order."""
    gone = [key for key in before if key not in now]
    if gone:
        _run(connection, _delete, table, [dict(zip(_keys(table), key, strict=True)) for key in gone])
    changed = [dict(row) for key, row in now.items() if before.get(key) != row]
    if changed:
        upsert(connection, table, changed)


def add_rows(connection: Connection, table: type[Base], rows: Rows) -> None:
    """Insert them all, in this order."""
    if rows:
        _run(connection, _add, table, rows)


def change_rows(connection: Connection, table: type[Base], rows: Rows) -> None:
    """Update those with these primary keys in the columns given, the same in all."""
    if rows:
        _run(connection, _change, table, rows)


def upsert(connection: Connection, table: type[Base], rows: Rows) -> None:
    """Insert, or update every column given where the primary key stands already. All rows name the same columns."""
    _run(connection, _upsert, table, rows)


def insert_missing(connection: Connection, table: type[Base], rows: Rows) -> None:
    """Insert what breaks no unique constraint; leave the rest as it stands."""
    connection.execute(_insert_missing(connection.dialect.name, table), rows)


def _run(connection: Connection, build: Any, table: type[Base], rows: Rows) -> None:
    names, dialect = tuple(rows[0]), connection.dialect.name
    if dialect != "postgresql" or len(rows) <= FEW:
        # By other names than the columns': an UPDATE's own parameters are called what the columns are.
        given = [{f"{name}_": value for name, value in row.items()} for row in rows]
        connection.execute(build(dialect, table, names, many=False), given)
    else:
        text = json.dumps(rows, ensure_ascii=False, default=_moment)
        connection.execute(build(dialect, table, names, many=True), {"rows_": text})


def _moment(value: object) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"{value!r} is no moment for a UTC column")
    return value.isoformat()


# Statements are built once: there is one for each table and set of columns, and building costs more than running.


@cache
def _add(dialect: str, table: type[Base], names: tuple[str, ...], *, many: bool) -> Executable:
    statement: Executable = _insert(dialect, table, names, many)
    return statement


@cache
def _upsert(dialect: str, table: type[Base], names: tuple[str, ...], *, many: bool) -> Executable:
    keys = _keys(table)
    statement = _insert(dialect, table, names, many)
    rest = {name: statement.excluded[name] for name in names if name not in keys}
    changed: Executable = statement.on_conflict_do_update(index_elements=keys, set_=rest)
    return changed


@cache
def _change(dialect: str, table: type[Base], names: tuple[str, ...], *, many: bool) -> Executable:
    given = _given(table, names, many)
    changed = {name: given[name] for name in names if name not in _keys(table)}
    return update(table).where(_is_it(table, given)).values(changed)


@cache
def _delete(dialect: str, table: type[Base], names: tuple[str, ...], *, many: bool) -> Executable:
    return delete(table).where(_is_it(table, _given(table, names, many)))


@cache
def _insert_missing(dialect: str, table: type[Base]) -> Executable:
    statement: Executable = insert_of(dialect, table).on_conflict_do_nothing()
    return statement


def _insert(dialect: str, table: type[Base], names: tuple[str, ...], many: bool) -> Any:
    given = _given(table, names, many)
    statement = insert_of(dialect, table).inline()  # nobody asks which number a row got
    if many:
        return statement.from_select(names, select(*(given[name] for name in names)))
    return statement.values(given)


def _given(table: type[Base], names: tuple[str, ...], many: bool) -> Any:
    """Each column's value: a parameter of its own, or a column of the table that the JSON is read as."""
    types = {name: table.__table__.c[name].type for name in names}
    if not many:
        return {name: bindparam(f"{name}_", type_=types[name]) for name in names}
    read = func.json_to_recordset(cast(bindparam("rows_", type_=Text()), JSON))
    columns = (column(name, types[name]) for name in names)
    return read.table_valued(*columns).render_derived(name="given", with_types=True).c


def _is_it(table: type[Base], given: Any) -> Any:
    return and_(*(key == given[key.name] for key in table.__table__.primary_key))


def insert_of(dialect: str, table: type[Base]) -> Any:
    """The dialect's own INSERT, which knows of conflicts."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)


def _keys(table: type[Base]) -> list[str]:
    return [key.name for key in table.__table__.primary_key]
