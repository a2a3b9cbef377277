"""The tables that make up an installation at one version of the database, and what kind of values each column holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    column,
    inspect,
    table,
)
from sqlalchemy.sql.expression import TableClause
from sqlalchemy.types import TypeEngine

from servicedesk.store.all import metadata
from servicedesk.store.base import UTCDateTime
from servicedesk.store.engine import make_engine
from servicedesk.store.schema import newest, upgrade_to

# What a column holds, whatever the database calls it; the first that fits. A value is carried as this kind's type.
KINDS: tuple[tuple[str, type[TypeEngine[Any]], TypeEngine[Any]], ...] = (
    ("moment", UTCDateTime, UTCDateTime()),
    ("moment", DateTime, UTCDateTime()),
    ("boolean", Boolean, Boolean()),
    ("integer", Integer, BigInteger()),
    ("number", Float, Float()),
    ("text", String, Text()),
    ("bytes", LargeBinary, LargeBinary()),
)
TYPE_OF = {kind: carried for kind, _, carried in reversed(KINDS)}
VERSION_TABLE = "alembic_version"


@dataclass(frozen=True)
class PortableTable:
    """`columns` maps each name to its kind, in the order in which rows carry them; rows go in the order of `key`."""

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]

    def clause(self) -> TableClause:
        return table(self.name, *(column(name, TYPE_OF[kind]) for name, kind in self.columns.items()))


@cache
def tables_of(revision: str) -> tuple[PortableTable, ...]:
    """Every table of that version, none before those that it points to. The database's own (the version it is on, the
    search index, which is made of `search_document`) are not among them."""
    if revision == newest():
        return tuple(map(_portable, metadata.sorted_tables))
    engine = make_engine("sqlite://")
    upgrade_to(engine, revision)
    known = MetaData()
    with engine.connect() as connection:
        virtual = [name for name in inspect(connection).get_table_names() if name.startswith("search_index")]
        own = {VERSION_TABLE, "search_words", *virtual}
        known.reflect(connection, only=lambda name, _: name not in own)
    engine.dispose()
    return tuple(map(_portable, known.sorted_tables))


def _portable(made: Table) -> PortableTable:
    columns = {each.name: kind_of(each) for each in made.columns}
    return PortableTable(made.name, columns, tuple(each.name for each in made.primary_key))


def kind_of(described: Column[Any]) -> str:
    """LookupError for a type that no kind carries: give it one above."""
    for kind, known, _ in KINDS:
        if isinstance(described.type, known):
            return kind
    raise LookupError(f"{described.table.name}.{described.name} is of a type that backups do not carry")
