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
        passes, left = self._from_own(what, minute, quota) or self._from_others(what, minute, quota)
        return Standing(passes, quota, min(quota, left), WINDOW - second)

    def _from_own(self, what: str, minute: int, quota: int) -> tuple[bool, int] | None:
        """Whether it passes, and what is left. None when only the database can tell."""
        with self._lock:
            window = self._windows.get(what)
            if window is None or window.minute < minute:
                window = self._windows[what] = Window(minute, others=quota)
            if not window.own and window.others:
                return None
            return self._counted(window)

    def _from_others(self, what: str, minute: int, quota: int) -> tuple[bool, int]:
        """Of what is borrowed one is used at once: it is never another request's that asked for it."""
        own, others = self._borrow(what, minute, quota, max(1, quota // PARTS))
        with self._lock:
            window = self._windows[what]
            window.own += own
            window.others = others
            return self._counted(window)

    def _counted(self, window: Window) -> tuple[bool, int]:
        passes = window.own > 0
        window.own -= passes
        return passes, window.own + window.others

    def _borrow(self, what: str, minute: int, quota: int, part: int) -> tuple[int, int]:
        """Of what is left of the minute at most `part`, and what is left for others after that. Outside the lock:
        nobody else's request waits for the database."""
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
