"""An installation of its own for scenarios: a new SQLite database, which never takes the place of real tickets.

A database that is kept is marked in its header: as made by playing (application_id), and with how many events playing
left in it (user_version). Only one that still is as playing left it is written over.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Installation
from servicedesk.core.workflows.definition import Definition
from servicedesk.store.engine import make_engine
from servicedesk.store.queries.verification import seal_head
from servicedesk.store.schema import upgrade

PLAYED = 0x506C6179  # "Play"
SIDE_FILES = ("", "-wal", "-shm")


@contextmanager
def playground(
    installation: Installation, definitions: Iterable[Definition], start: datetime, keep: Path | None = None
) -> Iterator[tuple[Desk, ControlledClock]]:
    """A desk whose clock stands at `start`. Removed afterwards, unless it is to be kept at a path.

    Refusal `not_played` when that path holds anything but what playing left there.
    """
    with tempfile.TemporaryDirectory(prefix="servicedesk-play-") as folder:
        if keep is not None:
            clear(keep)
        engine = make_engine(f"sqlite:///{keep or Path(folder) / 'play.sqlite'}", poolclass=NullPool)
        if keep is None:
            _hurry(engine)
        try:
            upgrade(engine)
            desk = Desk(engine, ControlledClock(start))
            load_installation(desk, installation, definitions)
            _mark(desk)
            assert isinstance(desk.clock, ControlledClock)
            yield desk, desk.clock
            _mark(desk)
        finally:
            engine.dispose()


def clear(path: Path) -> None:
    """Make way for a new database at `path`."""
    if not path.exists():
        return
    if not _is_as_played(path):
        raise Refusal(
            "%(path)s is not a database that playing left as it is now: it may hold somebody's tickets. "
            "Give a path where there is nothing.",
            code="not_played",
            path=str(path),
        )
    for end in SIDE_FILES:
        path.with_name(path.name + end).unlink(missing_ok=True)


def _is_as_played(path: Path) -> bool:
    if not path.is_file() or not _is_marked(path):
        return False
    engine = make_engine(f"sqlite:///{path}", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            left = connection.exec_driver_sql("PRAGMA user_version").scalar()
            return bool(left == seal_head(connection)[0])
    except DBAPIError:
        return False
    finally:
        engine.dispose()


def _is_marked(path: Path) -> bool:
    """Read from the file itself: to open a strange file as a database might change it."""
    with path.open("rb") as file:
        header = file.read(100)
    at = 68  # where SQLite's file format keeps application_id, in four bytes
    return header.startswith(b"SQLite format 3\x00") and int.from_bytes(header[at : at + 4], "big") == PLAYED


def _mark(desk: Desk) -> None:
    with desk.transaction() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id = {PLAYED}")
        connection.exec_driver_sql(f"PRAGMA user_version = {seal_head(connection)[0]}")


def _hurry(engine: Engine) -> None:
    """What is thrown away need not survive a power cut."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: object, record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")  # type: ignore[attr-defined]
