"""Follow-up's own way to the data: a copy of the database, where there is one that can be trusted; else the database.

The copy has an engine of its own. It is looked at before it is used: it must answer, be on the program's version, and
be a copy of this very installation. What was found holds for a while, so that one that is away costs no page its time.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from threading import Lock
from time import monotonic

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from servicedesk.actions.desk import Desk
from servicedesk.core.errors import DeskError, Unavailable
from servicedesk.store.engine import make_engine
from servicedesk.store.queries.copies import is_copy, moment_of
from servicedesk.store.schema import newest, version_of

log = logging.getLogger(__name__)

# A copy that does not answer within this is away.
CONNECT_SECONDS = 2


class Standing(StrEnum):
    """What was found of the copy."""

    GOOD = "good"
    AWAY = "away"
    OTHER_VERSION = "other_version"
    OTHER_INSTALLATION = "other_installation"


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures are read: `desk` is the one whose rules go with the connection. `standing` is None without a copy;
    `moment` is how far a copy has come."""

    desk: Desk
    connection: Connection
    standing: Standing | None = None
    moment: datetime | None = None


@dataclass
class Reports:
    """One per process, shared between threads. `holds`: seconds for which what was found is gone by."""

    own: Desk
    url: str = ""
    holds: float = 30.0
    _copy: Desk | None = None
    _found: Standing | None = None
    _found_at: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def reading(self) -> Iterator[Source]:
        """A reading transaction on the copy, or on the installation's own database when that cannot be used."""
        standing = self.standing() if self.url else None
        if standing is not Standing.GOOD or self._copy is None:
            with self.own.reading() as connection:
                yield Source(self.own, connection, standing)
            return
        try:
            with self._copy.reading() as connection:
                moment = moment_of(connection)
                yield Source(self._copy, connection, standing, moment and moment.astimezone(UTC))
        except Unavailable:
            # In the middle of a page: that page says so, the next ones do without it.
            self._set(Standing.AWAY)
            raise

    def standing(self) -> Standing:
        with self._lock:
            if self._found is None or monotonic() - self._found_at > self.holds:
                self._set(self._look())
            assert self._found is not None
            return self._found

    def dispose(self) -> None:
        if self._copy is not None:
            self._copy.engine.dispose()

    def _set(self, found: Standing) -> None:
        if found is not self._found:
            level = logging.INFO if found is Standing.GOOD else logging.WARNING
            log.log(level, SAID[found], extra={"told": {"standing": str(found)}})
        self._found, self._found_at = found, monotonic()

    def _look(self) -> Standing:
        with suppress(SQLAlchemyError, DeskError):
            if _is_there(self.url):
                return self._compared()
        return Standing.AWAY

    def _compared(self) -> Standing:
        if self._copy is None:
            limits = {} if self.url.startswith("sqlite") else {"connect_timeout": CONNECT_SECONDS}
            self._copy = Desk(make_engine(self.url, limits), self.own.clock, secret=self.own.secret)
        with self._copy.reading() as copy:
            if version_of(copy) != newest():
                return Standing.OTHER_VERSION
            with self.own.reading() as own:
                return Standing.GOOD if is_copy(copy, own) else Standing.OTHER_INSTALLATION


SAID = {
    Standing.GOOD: "follow-up reads from the copy of the database",
    Standing.AWAY: "the copy of the database does not answer: follow-up reads from the database itself",
    Standing.OTHER_VERSION: "the copy is on another version of the program: follow-up reads from the database itself",
    Standing.OTHER_INSTALLATION: "SERVICEDESK_REPORTS_URL is no copy of this installation: it is not read",
}


def _is_there(url: str) -> bool:
    """Opening an embedded database that is not there would make one."""
    parsed = make_url(url)
    return parsed.get_backend_name() != "sqlite" or Path(parsed.database or "").is_file()
