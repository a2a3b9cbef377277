"""Write the difference between the rows that were and the rows that are."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite

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
        _delete(connection, table, gone)
    changed = [dict(row) for key, row in now.items() if before.get(key) != row]
    if changed:
        upsert(connection, table, changed)


def upsert(connection: Connection, table: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert, or update every column given where the primary key stands already. All rows name the same columns."""
    keys = [column.name for column in table.__table__.primary_key]
    statement = _insert(connection, table)
    rest = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest), rows)


def insert_missing(connection: Connection, table: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert what breaks no unique constraint; leave the rest as it stands."""
    connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows)


def _insert(connection: Connection, table: type[Base]) -> Any:
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def _delete(connection: Connection, table: type[Base], keys: list[tuple[Any, ...]]) -> None:
    columns = list(table.__table__.primary_key)
    condition = and_(*(column == bindparam(f"k_{column.name}") for column in columns))
    names = [f"k_{column.name}" for column in columns]
    connection.execute(delete(table).where(condition), [dict(zip(names, key, strict=True)) for key in keys])
