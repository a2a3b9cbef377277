"""Write the difference between the rows that were and the rows that are."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, cast

from sqlalchemy import Connection, Executable, and_, bindparam, delete

from servicedesk.store.base import Base


def put_rows(
    connection: Connection,
    table: type[Base],
    before: Mapping[tuple[Any, ...], Mapping[str, Any]],
    now: Mapping[tuple[Any, ...], Mapping[str, Any]],
) -> None:
    """Insert or update what differs, delete what is gone. Keys are the primary key's values in its order."""
    gone = [key for key in before if key not in now]
    if gone:
        connection.execute(_delete(table), [dict(zip(_keys(table), key, strict=True)) for key in gone])
    changed = [dict(row) for key, row in now.items() if before.get(key) != row]
    if changed:
        upsert(connection, table, changed)


def upsert(connection: Connection, table: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert, or update every column given where the primary key stands already. All rows name the same columns."""
    connection.execute(_upsert(connection.dialect.name, table, tuple(rows[0])), rows)


def insert_missing(connection: Connection, table: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert what breaks no unique constraint; leave the rest as it stands."""
    connection.execute(_insert_missing(connection.dialect.name, table), rows)


# Statements are built once: there is one for each table and set of columns, and building costs more than running.


@cache
def _upsert(dialect: str, table: type[Base], names: tuple[str, ...]) -> Executable:
    keys = _keys(table)
    statement = _insert(dialect, table)
    rest = {name: statement.excluded[name] for name in names if name not in keys}
    return cast(Executable, statement.on_conflict_do_update(index_elements=keys, set_=rest))


@cache
def _insert_missing(dialect: str, table: type[Base]) -> Executable:
    return cast(Executable, _insert(dialect, table).on_conflict_do_nothing())


@cache
def _delete(table: type[Base]) -> Executable:
    return delete(table).where(and_(*(column == bindparam(column.name) for column in table.__table__.primary_key)))


def _insert(dialect: str, table: type[Base]) -> Any:
    module = import_module(f"sqlalchemy.dialects.{dialect}")
    return module.insert(table)


def _keys(table: type[Base]) -> list[str]:
    return [column.name for column in table.__table__.primary_key]
