"""Many rows at once: what a table takes and gives as fast as the database can, without a statement's cost for each row.

`prepared` can run in another process than the one that has the connection.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from sqlalchemy import Boolean, Connection, Table
from sqlalchemy.dialects import registry
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

from servicedesk.store.base import Base

Row = tuple[Any, ...]
Rows = list[Row]

AT_ONCE = 5_000


def table_of(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def prepared(dialect: str, table: Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Rows:
    """Each row's values in the order of `names`, as the database's driver takes them; NULL for what a row lacks."""
    columns: list[Iterable[Any]] = []
    for name in names:
        values, each = [row.get(name) for row in rows], _processor(dialect, table, name)
        columns.append(map(each, values) if each else values)
    return list(zip(*columns, strict=True))


def write_rows(connection: Connection, table: Table, names: Sequence[str], rows: Rows) -> None:
    """Rows from `prepared`, all of them or none."""
    if not rows:
        return
    columns = ", ".join(f'"{name}"' for name in names)
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
    else:
        places = ", ".join("?" * len(names))
        connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({columns}) VALUES ({places})', rows)


def read_rows(connection: Connection, table: Table, names: Sequence[str], condition: str) -> Rows:
    """Each row's values in the order of `names`, as SQLAlchemy would give them. Only what SQLite has for true and false
    stays as it is: 1 and 0 are equal to them, and nothing else may pass for one. `condition`: what comes after WHERE.
    """
    columns = ", ".join(f'"{name}"' for name in names)
    rows: Rows
    with _as_its_own(connection) as driver:
        rows = driver.execute(f'SELECT {columns} FROM "{table.name}" WHERE {condition}').fetchall()
    readers = [_reader(connection.dialect.name, table, name) for name in names]
    if not rows or not any(readers):
        return rows
    columns_read = zip(readers, zip(*rows, strict=True), strict=True)
    return list(zip(*(map(read, values) if read else values for read, values in columns_read), strict=True))


def stream_rows(connection: Connection, query: Any) -> Iterator[Row]:
    """Rows as the driver gives them, however many there are, some thousands of them in memory at a time."""
    statement = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
    with _as_its_own(connection) as driver:
        if connection.dialect.name == "postgresql":
            with driver.cursor("streamed") as cursor:
                cursor.itersize = AT_ONCE
                yield from cursor.execute(statement)
        else:
            yield from driver.execute(statement)


@contextmanager
def _as_its_own(connection: Connection) -> Iterator[Any]:
    """The driver's connection; what goes wrong with it is told as SQLAlchemy tells it."""
    dialect, driver = connection.dialect, connection.connection.driver_connection
    errors = dialect.loaded_dbapi.Error
    try:
        yield driver
    except errors as error:
        is_gone = dialect.is_disconnect(error, driver, None)
        raise DBAPIError.instance(
            None, None, error, errors, hide_parameters=True, connection_invalidated=is_gone, dialect=dialect
        ) from error


@cache
def _reader(dialect: str, table: Table, name: str) -> Callable[[Any], Any] | None:
    kind = table.c[name].type
    reader: Callable[[Any], Any] | None = kind._cached_result_processor(_dialect(dialect), None)
    return None if isinstance(kind, Boolean) else reader


@cache
def _processor(dialect: str, table: Table, name: str) -> Callable[[Any], Any] | None:
    processor: Callable[[Any], Any] | None = table.c[name].type._cached_bind_processor(_dialect(dialect))
    return processor


@cache
def _dialect(name: str) -> Dialect:
    dialect: Dialect = registry.load({"postgresql": "postgresql.psycopg"}.get(name, name))()
    return dialect
