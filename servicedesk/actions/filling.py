"""Filling an empty database with a whole installation, in one transaction: all of it is there then, or nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from sqlalchemy import Connection, inspect, text

from servicedesk.actions.desk import Desk
from servicedesk.core.errors import Unavailable
from servicedesk.store.holding import MARK, Hold, Why, hold_back, hold_of
from servicedesk.store.portable.heads import Heads, heads_of
from servicedesk.store.portable.rows import Row, count, write
from servicedesk.store.portable.tables import VERSION_TABLE, PortableTable, tables_of
from servicedesk.store.schema import require_known, upgrade_to, version_of

# What processes write of themselves before there is anything to work on.
PASSING = frozenset({"heartbeat", "sign_in_attempt"})
Advance = Callable[[int], None]
# Told what comes and of how many rows; gives whom to tell of some more that are done.
Begin = Callable[[str, int], Advance]
Streams = Callable[[PortableTable], Iterable[Row]]


def make_ready(desk: Desk, revision: str) -> bool:
    """An empty database on that version of its tables. Refuses one that holds anything, or that a newer program made;
    whether a move had been left in the middle there."""
    with desk.transaction() as connection:
        found = version_of(connection)
        require_known(found)
        hold = hold_of(connection)
        unfinished = hold is not None and hold.why is Why.ARRIVING
        if found is None:
            _require_nothing(connection)
        elif not unfinished:
            require_empty(connection, tables_of(found))
        if found is not None and (unfinished or found != revision):
            _drop(connection, tables_of(found))
    upgrade_to(desk.engine, revision)
    return unfinished


def fill(
    desk: Desk,
    revision: str,
    streams: Streams,
    rows: Mapping[str, int],
    heads: Heads,
    advance: Advance,
    *,
    hold: Hold | None = None,
    then: Callable[[Connection], None] | None = None,
) -> None:
    """`rows`: how many of each table there must be in the end; `heads`: what its journals must end in. `hold`: what the
    database is held back by from the moment that it is full. `then`: what else is done to it together with that."""
    tables = tables_of(revision)
    with desk.transaction() as connection:
        _lock(connection, tables)
        require_empty(connection, tables)
        for table in tables:
            if table.name in PASSING:
                connection.execute(table.clause().delete())
            write(connection, table, _counted(streams(table), advance))
        _require_whole(connection, tables, rows, heads)
        if hold:
            hold_back(connection, hold)
        if then:
            then(connection)
        if connection.dialect.name == "postgresql":
            # Of a table that has just been filled it knows nothing: the first questions would take the long way.
            connection.execute(text("ANALYZE"))


def _require_nothing(connection: Connection) -> None:
    if names := inspect(connection).get_table_names():
        raise Unavailable(
            "The database holds tables of something else (%(name)s). Make a database of its own for servicedesk.",
            name=names[0],
            code="not_empty",
        )


def require_empty(connection: Connection, tables: Iterable[PortableTable]) -> None:
    for table in tables:
        if table.name not in PASSING and (rows := count(connection, table)):
            raise Unavailable(
                "The database that is to be filled is not empty: %(table)s has %(rows)s rows. Nothing was changed; "
                "name an empty one.",
                table=table.name,
                rows=rows,
                code="not_empty",
            )


def _drop(connection: Connection, tables: tuple[PortableTable, ...]) -> None:
    there = set(inspect(connection).get_table_names())
    own = ["search_words", "search_index", MARK, VERSION_TABLE]
    for name in [*own, *(table.name for table in reversed(tables))]:
        if name in there:
            connection.execute(text(f'DROP TABLE "{name}"'))


def _lock(connection: Connection, tables: tuple[PortableTable, ...]) -> None:
    """SQLite has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables)
        connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def _counted(rows: Iterable[Row], advance: Advance) -> Iterator[Row]:
    for row in rows:
        yield row
        advance(1)


def _require_whole(
    connection: Connection, tables: tuple[PortableTable, ...], rows: Mapping[str, int], heads: Heads
) -> None:
    for table in tables:
        if (there := count(connection, table)) != rows[table.name]:
            raise Unavailable(
                "%(table)s has %(there)s rows now, and should have %(rows)s. Nothing was saved.",
                table=table.name,
                there=there,
                rows=rows[table.name],
                code="not_whole",
            )
    if other := heads.differences(heads_of(connection, tables)):
        raise Unavailable(
            "The journals do not end as they should (%(names)s). Nothing was saved.",
            names=", ".join(other),
            code="not_whole",
        )
