"""Rows out of one database and into another, some at a time: the memory this takes does not grow with the tables."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from servicedesk.core.errors import Unavailable
from servicedesk.store.failures import explain
from servicedesk.store.portable.tables import PortableTable

Row = Sequence[Any]
BATCH = 2_000


def read(connection: Connection, table: PortableTable) -> Iterator[Row]:
    """Every row, in the order of the table's key. Unavailable names the table of a value that cannot be read."""
    clause = table.clause()
    query = select(*clause.columns).order_by(*(clause.columns[name] for name in table.key))
    try:
        yield from connection.execute(query.execution_options(yield_per=BATCH))
    except (ValueError, TypeError) as error:
        raise Unavailable(
            "%(table)s holds a value that cannot be read (%(reason)s). Run: servicedesk verify",
            table=table.name,
            reason=type(error).__name__,
        ) from None


def count(connection: Connection, table: PortableTable) -> int:
    return connection.execute(select(func.count()).select_from(table.clause())).scalar_one()


def write(connection: Connection, table: PortableTable, rows: Iterable[Row]) -> int:
    """Put these into the table, which is empty; how many. Unavailable names the table that refuses one."""
    put = _copy if connection.dialect.name == "postgresql" else _insert
    try:
        done = put(connection, table, rows)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _refused(table, error) from None
    except DBAPIError as error:
        if error.connection_invalidated or error.orig is None:
            raise explain(error) from None
        raise _refused(table, error.orig) from None
    _count_on(connection, table)
    return done


def _insert(connection: Connection, table: PortableTable, rows: Iterable[Row]) -> int:
    statement, names, done = insert(table.clause()), tuple(table.columns), 0
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        connection.execute(statement, [dict(zip(names, row, strict=True)) for row in batch])
        done += len(batch)
    return done


def _copy(connection: Connection, table: PortableTable, rows: Iterable[Row]) -> int:
    """PostgreSQL's own way for many rows: some ten times as fast as INSERT."""
    named = ", ".join(f'"{name}"' for name in table.columns)
    driver: Any = connection.connection.driver_connection
    done = 0
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({named}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
            done += 1
    return done


def _count_on(connection: Connection, table: PortableTable) -> None:
    """PostgreSQL numbers new rows by a sequence of its own, which must begin after what has been put there."""
    if connection.dialect.name != "postgresql" or len(table.key) != 1:
        return
    [key] = table.key
    going_on = text(
        f"SELECT setval(s.name, m.last) FROM pg_get_serial_sequence('\"{table.name}\"', '{key}') AS s (name), "
        f'(SELECT max("{key}") AS last FROM "{table.name}") AS m WHERE s.name IS NOT NULL AND m.last IS NOT NULL'
    )
    if table.columns[key] == "integer":
        connection.execute(going_on)


def _refused(table: PortableTable, error: BaseException) -> Unavailable:
    """Of what stood in the row nothing is said: it may be somebody's words."""
    diagnosed = getattr(getattr(error, "diag", None), "message_primary", None)
    reason = str(diagnosed or error).strip().splitlines()[0].rstrip(".")
    return Unavailable(
        "The database takes a row of %(table)s no further: %(reason)s. Nothing was saved.",
        table=table.name,
        reason=reason,
    )
