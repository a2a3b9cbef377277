"""When a promise is decided, and how: the one rule of follow-up and of replay.

A promise is decided when it is broken, which is the moment it was due and its grace was over, whether or not anybody
noticed or the ticket still runs; or else when its clock stops for good. It counts in the period in which it is
decided, once, and as running in a period that it began before the end of and was not decided by. A ticket that is
opened again takes up its promise: what was kept is then decided anew, what was broken stays broken. A promise on a
ticket that is cancelled lapses, unless it had already been broken. A clock without a target promises nothing.

Follow-up says the same in SQL, over the clocks as they are stored (store.queries.follow_up.promises).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from servicedesk.core.period import Period
from servicedesk.core.sla import breaking_at, is_broken, whose
from servicedesk.core.ticket import Clock
from servicedesk.core.vocabulary import Metric

TO_REQUESTER = (Metric.RESPONSE, Metric.RESOLUTION, Metric.UPDATE)


class Outcome(StrEnum):
    """LAPSED and NONE (nothing was promised) are in none of follow-up's figures."""

    KEPT = "kept"
    BROKEN = "broken"
    RUNNING = "running"
    LAPSED = "lapsed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What had become of a promise when a period ended. `in_period`: that was decided in the period itself."""

    outcome: Outcome
    decided_at: datetime | None = None
    in_period: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is among the promises kept or broken in the period."""
        return self.in_period and self.outcome in (Outcome.KEPT, Outcome.BROKEN)


NO_PROMISE = Verdict(Outcome.NONE)


def broke_at(clock: Clock, now: datetime) -> datetime | None:
    """When the promise broke, as known now; None when it has not."""
    return breaking_at(clock) if is_broken(clock, now) else None


def verdict(clock: Clock, period: Period, now: datetime, *, is_withdrawn: bool) -> Verdict:
    """`is_withdrawn`: the ticket is cancelled now."""
    broke = broke_at(clock, now)
    if not (clock.target or broke) or clock.started_at >= period.end:
        return NO_PROMISE
    decided = broke or clock.stopped_at
    if decided is None or decided >= period.end:
        return Verdict(Outcome.RUNNING)
    outcome = Outcome.BROKEN if broke else Outcome.LAPSED if is_withdrawn else Outcome.KEPT
    return Verdict(outcome, decided, decided >= period.start)


def tier_bound(clock: Clock) -> str:
    """The tier that a promise binds, '' for one over the whole chain."""
    return whose(clock.key)[0]
