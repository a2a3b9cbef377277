"""Many rows at once: what a table takes as fast as the database can, without a statement's cost for each row.

`prepared` can run in another process than the one that has the connection.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import registry
from sqlalchemy.engine import Dialect

Rows = list[tuple[Any, ...]]


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


@cache
def _processor(dialect: str, table: Table, name: str) -> Callable[[Any], Any] | None:
    processor: Callable[[Any], Any] | None = table.c[name].type._cached_bind_processor(_dialect(dialect))
    return processor


@cache
def _dialect(name: str) -> Dialect:
    dialect: Dialect = registry.load({"postgresql": "postgresql.psycopg"}.get(name, name))()
    return dialect
