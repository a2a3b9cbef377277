"""A scheduler's heartbeat: that it lives, what it has fired since it started, and how late."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from time import monotonic

from sqlalchemy import delete, func, select

from servicedesk import __version__
from servicedesk.actions.desk import Desk
from servicedesk.store.timers import Heartbeat
from servicedesk.store.upsert import upsert

BEAT_SECONDS = 10
REMEMBERED = timedelta(days=1)


@dataclass
class Pulse:
    """One scheduler's, held as long as it runs. `late` are seconds, of each timer fired since the last beat."""

    scheduler: str = "scheduler"
    host: str = ""
    sweeps: int = 0
    fired: int = 0
    set_aside: int = 0
    late: list[float] = field(default_factory=list)
    _started_at: datetime | None = None
    _fired_at: datetime | None = None
    _told: tuple[float, float] = (0.0, 0.0)
    _beaten: float | None = None

    def count(self, due: Iterable[datetime], set_aside: int, at: datetime) -> None:
        """What a batch has fired by `at`: when each of it was due."""
        late = [max(0.0, (at - each).total_seconds()) for each in due]
        self.late += late
        self.fired += len(late)
        self.set_aside += set_aside

    def beat_when_due(self, desk: Desk) -> None:
        """At most every BEAT_SECONDS, however often it is called: to be called after every batch."""
        if self._beaten is None or monotonic() - self._beaten >= BEAT_SECONDS:
            self.beat(desk)

    def beat(self, desk: Desk) -> None:
        with desk.transaction() as connection:
            now = desk.now(connection)
            self._started_at = self._started_at or now
            if self.late:
                self._fired_at, self._told = now, (p99(self.late), max(self.late))
                self.late.clear()
            upsert(connection, Heartbeat, [self._row(now)])
        self._beaten = monotonic()

    def _row(self, now: datetime) -> dict[str, object]:
        return {
            "scheduler": self.scheduler,
            "host": self.host,
            "version": __version__,
            "started_at": self._started_at,
            "swept_at": now,
            "sweeps": self.sweeps,
            "fired": self.fired,
            "set_aside": self.set_aside,
            "fired_at": self._fired_at,
            "late_p99": self._told[0],
            "late_max": self._told[1],
        }


def p99(values: list[float]) -> float:
    """The least that at least 99 of 100 do not exceed."""
    return sorted(values)[ceil(len(values) * 0.99) - 1]


def forget_gone(desk: Desk) -> int:
    """Remove schedulers that stopped long ago; how many. The last to be heard of stays, to tell when that was."""
    with desk.transaction() as connection:
        last = select(func.max(Heartbeat.swept_at)).scalar_subquery()
        old = Heartbeat.swept_at < desk.now(connection) - REMEMBERED
        return connection.execute(delete(Heartbeat).where(old, Heartbeat.swept_at < last)).rowcount
