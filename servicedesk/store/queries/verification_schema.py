"""Proving that the database is whole: every table and column is there before anything in them is looked at."""

from collections.abc import Iterator

from sqlalchemy import Connection, inspect

from servicedesk.store.all import metadata
from servicedesk.store.queries.difference import Difference


def verify_schema(connection: Connection) -> Iterator[Difference]:
    """Every table that is missing, and every column of one that is there."""
    found = inspect(connection)
    tables = set(found.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in tables:
            yield Difference("database", "table", f"{table.name} is missing")
            continue
        columns = {column["name"] for column in found.get_columns(table.name)}
        for column in table.columns:
            if column.name not in columns:
                yield Difference("database", "column", f"{table.name}.{column.name} is missing")
