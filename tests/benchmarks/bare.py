"""The rows of tickets that the API has logged, written again by the database's bare driver: what there is to win.

What is written is read from the one database and prepared beforehand, as statements with their values; into another
that was alike, one transaction a ticket, over as many connections as the API has workers, each in a process of its own.
The counters that the API moves are moved too, last of all, so that they are held as short as can be.
"""

import sqlite3
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import psycopg

from servicedesk.store import all as _every_table  # noqa: F401  (so that Base knows them)
from servicedesk.store.base import Base
from servicedesk.store.requests import DoneRequest
from servicedesk.store.tickets import Ticket

# (statement, the values of each row).
Written = list[tuple[str, list[tuple[Any, ...]]]]
# As the program's own connections, see servicedesk.store.engine.
PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON")


@dataclass
class Bare:
    """`source`: where the API writes; `target`: a database that was the same before it did."""

    source: str
    target: str
    connections: int
    _pool: ProcessPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self._pool = ProcessPoolExecutor(self.connections, get_context("spawn"), _connect, (self.target,))

    def written_again(self) -> float:
        """Seconds that all new tickets took."""
        tickets = self._prepared()
        shares = [tickets[n :: self.connections] for n in range(self.connections)]
        times = list(self._pool.map(_write, shares))
        return max(ended for _, ended in times) - min(began for began, _ in times)

    def close(self) -> None:
        self._pool.shutdown()

    def _prepared(self) -> list[Written]:
        source, target = connect(self.source), connect(self.target)
        try:
            [[last]] = target.execute("SELECT coalesce(max(id), 0) FROM ticket").fetchall()
            ids = [row[0] for row in source.execute(f"SELECT id FROM ticket WHERE id > {last} ORDER BY id").fetchall()]
            tickets: dict[int, Written] = {each: [] for each in ids}
            for table, whose in _tables():
                for ticket_id, rows in _rows(source, table, whose, last).items():
                    tickets[ticket_id].append((_insert(self.target, table, rows[0]), rows))
            _spread_requests(source, target, self.target, list(tickets.values()))
            for written in tickets.values():
                written += _counters(source)
            return list(tickets.values())
        finally:
            source.close()
            target.close()


def _tables() -> list[tuple[str, str]]:
    """(table, the column that says whose a row is), parents first."""
    own = [(Ticket.__tablename__, "id")]
    return own + [(each.name, "ticket_id") for each in Base.metadata.sorted_tables if "ticket_id" in each.c]


def _rows(source: Any, table: str, whose: str, last: int) -> dict[int, list[tuple[Any, ...]]]:
    names = [column.name for column in Base.metadata.tables[table].columns]
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    place = names.index(whose)
    for row in source.execute(f"SELECT {', '.join(names)} FROM {table} WHERE {whose} > {last}").fetchall():
        found[row[place]].append(tuple(row))
    return found


def _spread_requests(source: Any, target: Any, url: str, tickets: list[Written]) -> None:
    """The keys that the requests came with: as many new ones as there are tickets, or none."""
    query = f"SELECT * FROM {DoneRequest.__tablename__}"
    new = set(source.execute(query).fetchall()) - set(target.execute(query).fetchall())
    for written, row in zip(tickets, new, strict=False):
        written.append((_insert(url, DoneRequest.__tablename__, row), [row]))


def _counters(source: Any) -> Written:
    [[year, position, chain]] = source.execute(
        "SELECT (SELECT max(year) FROM ticket_number), position, chain FROM seal_head"
    ).fetchall()
    moved = f"UPDATE seal_head SET position = {position}, chain = '{chain}'"
    return [(f"UPDATE ticket_number SET last = last + 1 WHERE year = {year}", [()]), (moved, [()])]


def _insert(url: str, table: str, row: tuple[Any, ...]) -> str:
    names = [column.name for column in Base.metadata.tables[table].columns]
    mark = "?" if url.startswith("sqlite") else "%s"
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join([mark] * len(row))})"


def connect(url: str) -> Any:
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=15)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection
    return psycopg.connect(url, autocommit=True)


# A process of the pool has one connection, open before anything is measured.
_mine: dict[str, Any] = {}


def _connect(url: str) -> None:
    _mine["begin"] = "BEGIN IMMEDIATE" if url.startswith("sqlite") else "BEGIN"
    _mine["connection"] = connect(url)


def _write(tickets: Sequence[Written]) -> tuple[float, float]:
    """(when it began, when it ended), by the one clock that all processes have."""
    cursor = _mine["connection"].cursor()
    began = time.perf_counter()
    for written in tickets:
        cursor.execute(_mine["begin"])
        for statement, rows in written:
            if len(rows) == 1:
                cursor.execute(statement, rows[0])
            else:
                cursor.executemany(statement, rows)
        cursor.execute("COMMIT")
    return began, time.perf_counter()
