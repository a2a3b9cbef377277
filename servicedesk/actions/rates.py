"""How often each client may call, however many processes and machines answer it.

A minute at a time: what processes may let through stands in one row a client, and each process borrows a part of it and
counts that down in memory. So a busy client costs some fifty writes a minute, not one a request, and one that calls now
and then one a minute. What a process has borrowed and not used is lost until the next minute: with many processes a
client may be stopped somewhat early, never late. A database that cannot write stops nobody: then each process counts
for itself.
"""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from sqlalchemy import case, update
from sqlalchemy.exc import SQLAlchemyError

from servicedesk.actions.desk import Desk
from servicedesk.core.errors import Unavailable
from servicedesk.store.clients import ApiAllowance
from servicedesk.store.upsert import insert_missing

WINDOW = 60
PARTS = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether this request may pass, and how it stands: `left` of `quota`, until the window ends in `seconds`."""

    passes: bool
    quota: int
    left: int
    seconds: int


@dataclass(slots=True)
class Window:
    """What this process has of one minute: `own` to let through still, `others`: what is left for anybody to borrow."""

    minute: int
    own: int = 0
    others: int = 0


@dataclass
class Rates:
    """One per process, safe to share between threads."""

    desk: Desk
    _windows: dict[str, Window] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, what: str, quota: int, now: datetime) -> Standing:
        """One request of `what`, which has `quota` a minute."""
        minute, second = divmod(int(now.timestamp()), WINDOW)
        if not self._has_own(what, minute, quota):
            part = max(1, quota // PARTS)
            # Outside the lock: nobody else's request waits for the database.
            self._put(what, minute, *self._borrow(what, minute, quota, part))
        with self._lock:
            window = self._windows[what]
            passes = window.own > 0
            window.own -= passes
            return Standing(passes, quota, min(quota, window.own + window.others), WINDOW - second)

    def _has_own(self, what: str, minute: int, quota: int) -> bool:
        """Whether there is nothing to ask the database: something is left here, or nothing anywhere."""
        with self._lock:
            window = self._windows.get(what)
            if window is None or window.minute != minute:
                self._windows[what] = Window(minute, others=quota)
                return False
            return window.own > 0 or window.others <= 0

    def _put(self, what: str, minute: int, own: int, others: int) -> None:
        with self._lock:
            window = self._windows[what]
            if window.minute == minute:
                window.own += own
                window.others = others

    def _borrow(self, what: str, minute: int, quota: int, part: int) -> tuple[int, int]:
        """Of what is left of the minute at most `part`, and what is left for others after that."""
        is_same = ApiAllowance.minute == minute
        taking = (
            update(ApiAllowance)
            .where(ApiAllowance.what == what, ApiAllowance.minute <= minute)
            .values(minute=minute, used=case((is_same, ApiAllowance.used + part), else_=part))
            .returning(ApiAllowance.used)
        )
        try:
            with self.desk.transaction() as connection:
                insert_missing(connection, ApiAllowance, [{"what": what, "minute": minute, "used": 0}])
                used = connection.execute(taking).scalar()
        except (Unavailable, SQLAlchemyError):
            used = None
        if used is None:
            # No answer, or another machine's clock is a minute ahead.
            return part, quota
        return max(0, min(part, quota - (used - part))), max(0, quota - used)
