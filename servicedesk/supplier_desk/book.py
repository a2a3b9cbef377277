"""The supplier's own database: its cases by its own numbers, what the desk tells of each, what was done to them, which
messages it has seen, how far it has read."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

SCHEMA = """
CREATE TABLE IF NOT EXISTS own_case (
    id INTEGER PRIMARY KEY,
    ticket TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    category TEXT NOT NULL,            -- of its state, as it was last told
    behaviour TEXT NOT NULL DEFAULT '',-- by which script it is worked on; none before it is with us
    done INTEGER NOT NULL DEFAULT 0,   -- how many deeds of that are done
    due REAL,                          -- when the next may be; NULL when nothing is left to do
    trouble TEXT NOT NULL DEFAULT ''   -- why the last deed was refused
);
CREATE INDEX IF NOT EXISTS own_case_due ON own_case (due);
CREATE TABLE IF NOT EXISTS told (      -- a ticket's timeline
    ticket TEXT NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    party TEXT NOT NULL,
    texts TEXT NOT NULL,
    PRIMARY KEY (ticket, position)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deed (      -- what is sent, written down before it is
    own_case INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    resource TEXT NOT NULL,
    body TEXT NOT NULL,
    etag TEXT NOT NULL,
    is_done INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (own_case, ordinal)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (message TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
FIRST_NUMBER = 1001


@dataclass(frozen=True, slots=True)
class Case:
    id: int
    ticket: str
    title: str
    category: str
    behaviour: str
    done: int
    due: float | None
    trouble: str

    @property
    def number(self) -> str:
        """As the supplier's own people call it."""
        return f"LP-{self.id}"


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of a ticket's timeline. `texts`: what each is called, and what it says."""

    position: int
    kind: str
    party: str
    texts: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Done:
    """Something that is done to a case, or about to be: for certain once `is_done`. `etag`: of the ticket that it was
    decided on."""

    ordinal: int
    resource: str
    body: Mapping[str, str]
    etag: str
    is_done: bool


class Book:
    """One file. Each change is a transaction of its own, on a connection of its own: a receiver and a worker may both
    write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as connection:
            connection.executescript(SCHEMA)
            connection.execute("INSERT OR IGNORE INTO kept VALUES ('book', ?)", (uuid4().hex,))

    def position(self) -> int:
        return int(self.kept("position") or 0)

    def move_to(self, position: int) -> None:
        self.keep(position=str(position))

    def kept(self, name: str) -> str:
        with self._open() as connection:
            row = connection.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def keep(self, **values: str) -> None:
        """All of them or none."""
        with self._open() as connection:
            connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", values.items())

    def turn(self) -> int:
        """How often it has been asked before."""
        with self._open() as connection:
            one_more = "INSERT INTO kept VALUES ('turn', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1"
            [(count,)] = connection.execute(f"{one_more} RETURNING value").fetchall()
        return int(count) - 1

    def is_new(self, message: str) -> bool:
        """Whether this message has not come before; from now on it has."""
        with self._open() as connection:
            return connection.execute("INSERT OR IGNORE INTO seen VALUES (?)", (message,)).rowcount == 1

    def messages(self) -> list[str]:
        with self._open() as connection:
            return [row[0] for row in connection.execute("SELECT message FROM seen ORDER BY rowid")]

    def write_down(self, ticket: str, title: str, category: str, timeline: Sequence[Told]) -> Case:
        """What the desk tells of a ticket now; a case with a number of its own if it is the first time."""
        rows = [(ticket, each.position, each.kind, each.party, _json(each.texts)) for each in timeline]
        with self._open() as connection:
            after = "(SELECT coalesce(max(id), ?) + 1 FROM own_case)"
            connection.execute(
                f"INSERT INTO own_case (id, ticket, title, category) VALUES ({after}, ?, ?, ?)"
                " ON CONFLICT (ticket) DO UPDATE SET title = excluded.title, category = excluded.category",
                (FIRST_NUMBER - 1, ticket, title, category),
            )
            connection.execute("DELETE FROM told WHERE ticket = ?", (ticket,))
            connection.executemany("INSERT INTO told VALUES (?, ?, ?, ?, ?)", rows)
        return self.case_of(ticket)

    def told(self, ticket: str) -> list[Told]:
        query = "SELECT position, kind, party, texts FROM told WHERE ticket = ? ORDER BY position"
        with self._open() as connection:
            rows = connection.execute(query, (ticket,)).fetchall()
        return [Told(position, kind, party, json.loads(texts)) for position, kind, party, texts in rows]

    def case_of(self, ticket: str) -> Case:
        [case] = self._cases("WHERE ticket = ?", ticket)
        return case

    def due(self, now: float) -> list[Case]:
        return self._cases("WHERE due <= ? ORDER BY due, id", now)

    def cases(self) -> list[Case]:
        return self._cases("ORDER BY id")

    def work_on(self, case: Case, behaviour: str, done: int, due: float | None, trouble: str = "") -> None:
        with self._open() as connection:
            connection.execute(
                "UPDATE own_case SET behaviour = ?, done = ?, due = ?, trouble = ? WHERE id = ?",
                (behaviour, done, due, trouble, case.id),
            )

    def deeds(self, case: Case) -> list[Done]:
        query = "SELECT ordinal, resource, body, etag, is_done FROM deed WHERE own_case = ? ORDER BY ordinal"
        with self._open() as connection:
            rows = connection.execute(query, (case.id,)).fetchall()
        return [Done(n, resource, json.loads(body), etag, bool(done)) for n, resource, body, etag, done in rows]

    def will_do(self, case: Case, deed: Done) -> None:
        with self._open() as connection:
            row = (case.id, deed.ordinal, deed.resource, _json(deed.body), deed.etag)
            connection.execute("INSERT INTO deed (own_case, ordinal, resource, body, etag) VALUES (?, ?, ?, ?, ?)", row)

    def has_done(self, case: Case, deed: Done, due: float | None) -> None:
        """It has had its effect; when the next may be."""
        with self._open() as connection:
            its = (case.id, deed.ordinal)
            connection.execute("UPDATE deed SET is_done = 1 WHERE own_case = ? AND ordinal = ?", its)
            later = "UPDATE own_case SET done = done + 1, due = ?, trouble = '' WHERE id = ?"
            connection.execute(later, (due, case.id))

    def has_not_done(self, case: Case, deed: Done, due: float | None, trouble: str) -> None:
        """It has had none and is not sent again; when to decide anew."""
        with self._open() as connection:
            connection.execute("DELETE FROM deed WHERE own_case = ? AND ordinal = ?", (case.id, deed.ordinal))
            connection.execute("UPDATE own_case SET due = ?, trouble = ? WHERE id = ?", (due, trouble, case.id))

    def _cases(self, where: str, *values: object) -> list[Case]:
        columns = "id, ticket, title, category, behaviour, done, due, trouble"
        with self._open() as connection:
            return [Case(*row) for row in connection.execute(f"SELECT {columns} FROM own_case {where}", values)]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=30)) as connection, connection:
            yield connection


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
