"""The supplier's own database: its cases by its own numbers, which messages it has seen, how far it has read."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS own_case (
    id INTEGER PRIMARY KEY,
    ticket TEXT NOT NULL UNIQUE,
    behaviour TEXT NOT NULL,
    title TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,   -- how many deeds of its script are done
    due REAL,                          -- when the next may be; NULL when nothing is left to do
    trouble TEXT NOT NULL DEFAULT ''   -- why the last deed was refused
);
CREATE INDEX IF NOT EXISTS own_case_due ON own_case (due);
CREATE TABLE IF NOT EXISTS seen (message TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
FIRST_NUMBER = 1001


@dataclass(frozen=True, slots=True)
class Case:
    id: int
    ticket: str
    behaviour: str
    title: str
    done: int
    due: float | None
    trouble: str

    @property
    def number(self) -> str:
        """As the supplier's own people call it."""
        return f"LP-{self.id}"


class Book:
    """One file. Each change is a transaction of its own, on a connection of its own: a receiver and a worker may both
    write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as connection:
            connection.executescript(SCHEMA)

    def position(self) -> int:
        return int(self.kept("position") or 0)

    def move_to(self, position: int) -> None:
        self.keep("position", str(position))

    def kept(self, name: str) -> str:
        with self._open() as connection:
            row = connection.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def keep(self, name: str, value: str) -> None:
        with self._open() as connection:
            connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (name, value))

    def is_new(self, message: str) -> bool:
        """Whether this message has not come before; from now on it has."""
        with self._open() as connection:
            return connection.execute("INSERT OR IGNORE INTO seen VALUES (?)", (message,)).rowcount == 1

    def messages(self) -> list[str]:
        with self._open() as connection:
            return [row[0] for row in connection.execute("SELECT message FROM seen ORDER BY rowid")]

    def take_up(self, ticket: str, title: str, behaviour: str, due: float) -> Case:
        """The case of a ticket; the one there is if it has been taken up before."""
        with self._open() as connection:
            after = "(SELECT coalesce(max(id), ?) + 1 FROM own_case)"
            connection.execute(
                f"INSERT OR IGNORE INTO own_case (id, ticket, behaviour, title, due) VALUES ({after}, ?, ?, ?, ?)",
                (FIRST_NUMBER - 1, ticket, behaviour, title, due),
            )
        [case] = self._cases("WHERE ticket = ?", ticket)
        return case

    def due(self, now: float) -> list[Case]:
        return self._cases("WHERE due <= ? ORDER BY due, id", now)

    def cases(self) -> list[Case]:
        return self._cases("ORDER BY id")

    def went_on(self, case: Case, done: int, due: float | None, trouble: str = "") -> None:
        with self._open() as connection:
            connection.execute(
                "UPDATE own_case SET done = ?, due = ?, trouble = ? WHERE id = ?", (done, due, trouble, case.id)
            )

    def _cases(self, where: str, *values: object) -> list[Case]:
        columns = "id, ticket, behaviour, title, done, due, trouble"
        with self._open() as connection:
            return [Case(*row) for row in connection.execute(f"SELECT {columns} FROM own_case {where}", values)]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=30)) as connection, connection:
            yield connection
