"""Whether the installation can do its work, found out on a connection of its own within a time of its own."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic

from sqlalchemy import Connection, Engine, NullPool, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from servicedesk.actions.desk import Desk
from servicedesk.core.errors import DeskError
from servicedesk.store.engine import make_engine
from servicedesk.store.queries.operations import SILENCE, SLOW, last_sweep, mail_stands_still, oldest_waiting
from servicedesk.store.schema import newest, revisions, version_of

READY, FAILED, UNKNOWN = "ok", "failed", "unknown"
# What a database gets to answer in, and how long an answer holds: however many ask, it is asked once a second.
MOST_SECONDS = 2
HOLDS_SECONDS = 1.0
LEAST_ROOM = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    state: str
    detail: str


def _check(name: str, holds: bool, yes: str, no: str) -> Check:
    return Check(name, READY if holds else FAILED, yes if holds else no)


NOT_FOUND_OUT = "Not found out: the database must answer first."
# What cannot be asked of a database that is on no version of ours.
BEYOND = ("scheduler", "outbox", "mail")
AWAY = [
    Check("database", FAILED, "The database does not answer."),
    *(Check(name, UNKNOWN, NOT_FOUND_OUT) for name in ("version", *BEYOND)),
]


class _Asking:
    """One round of questions, in a thread that may hang."""

    def __init__(self) -> None:
        self.began = monotonic()
        self.ended: float | None = None
        self.found = AWAY
        self.done = Event()


class Probe:
    """Safe to share between threads: of those who ask at the same time, one asks the database."""

    def __init__(self, desk: Desk, url: str) -> None:
        self.desk, self.url = desk, url
        self._lock = Lock()
        self._asking: _Asking | None = None
        self._engine: Engine | None = None

    def checks(self) -> list[Check]:
        asking = self._current()
        asking.done.wait(max(0.0, asking.began + MOST_SECONDS + 1 - monotonic()))
        found = asking.found if asking.done.is_set() else AWAY
        return [*found, *_disk(self.url)]

    def _current(self) -> _Asking:
        with self._lock:
            asking = self._asking
            is_over = asking is None or (asking.ended is not None and monotonic() - asking.ended > HOLDS_SECONDS)
            if asking is None or is_over:
                asking = self._asking = _Asking()
                Thread(target=self._ask, args=(asking,), name="readiness", daemon=True).start()
            return asking

    def _ask(self, asking: _Asking) -> None:
        try:
            if _exists(self.url):
                with self._own_engine().connect() as connection:
                    asking.found = list(_questions(self.desk, connection))
        except (SQLAlchemyError, DeskError):
            pass  # it is away, as was to be told
        finally:
            asking.ended = monotonic()
            asking.done.set()

    def _own_engine(self) -> Engine:
        """No connection is kept, none of the pool's is taken."""
        if self._engine is None:
            limits = {"connect_timeout": MOST_SECONDS} if not self.url.startswith("sqlite") else {}
            self._engine = make_engine(self.url, limits, poolclass=NullPool)
        return self._engine


def _questions(desk: Desk, connection: Connection) -> Iterator[Check]:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL statement_timeout = '{MOST_SECONDS}s'"))
    found = version_of(connection)
    yield Check("database", READY, "The database answers.")
    if found is None or found not in revisions().known:
        ahead = "The database is ahead of this program. Update the program."
        yield Check("version", FAILED, ahead if found else "The database is empty. Run: servicedesk migrate")
        yield from (Check(name, UNKNOWN, "Not found out: the version comes first.") for name in BEYOND)
        return
    behind = "The database is behind this program. Run: servicedesk migrate"
    yield _check("version", found == newest(), "The database is on this program's version.", behind)
    yield from _what_runs(connection, desk.now(connection), mails=desk.mails)


def _what_runs(connection: Connection, now: datetime, *, mails: bool) -> Iterator[Check]:
    swept, waiting = last_sweep(connection), oldest_waiting(connection)
    yield _check(
        "scheduler",
        swept is not None and now - swept <= SILENCE,
        "A scheduler is at work.",
        "No scheduler has swept for two minutes. Run: servicedesk scheduler",
    )
    yield _check(
        "outbox",
        waiting is None or now - waiting <= SLOW,
        "What must be told is told.",
        "What must be told has waited for more than five minutes. See the log of the scheduler.",
    )
    yield _check(
        "mail",
        not (mails and mail_stands_still(connection, now)),
        "No mail to a requester is left lying." if mails else "This installation sends no mail.",
        "Mail to requesters has not gone out for more than five minutes. See the log of the scheduler, and that "
        "the mail server answers.",
    )


def _exists(url: str) -> bool:
    """Opening an embedded database that is not there would make one."""
    file = _file(url)
    return file is None or file.is_file()


def _disk(url: str) -> Iterator[Check]:
    """The embedded database's: others keep theirs where we cannot look."""
    file = _file(url)
    if file is not None:
        yield _check(
            "disk",
            _has_room(file),
            "There is room to write.",
            "The disk of the database is nearly full, or cannot be written to.",
        )


def _has_room(file: Path) -> bool:
    try:
        disk = os.statvfs(file.parent)
    except OSError:
        return False
    may_write = os.access(file, os.W_OK) and os.access(file.parent, os.W_OK) and not disk.f_flag & os.ST_RDONLY
    return may_write and disk.f_bavail * disk.f_frsize >= LEAST_ROOM


def _file(url: str) -> Path | None:
    parsed = make_url(url)
    is_embedded = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(str(parsed.database)) if is_embedded else None
