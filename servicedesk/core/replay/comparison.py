"""One ticket's promises as they were and as they would have been."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from servicedesk.core import sla
from servicedesk.core.outcomes import NO_PROMISE, Outcome, Verdict, broke_at, tier_bound, verdict
from servicedesk.core.period import Period
from servicedesk.core.rules import Rules
from servicedesk.core.ticket import Clock, TicketState
from servicedesk.core.vocabulary import ClockEffect, TmfStatus


@dataclass(frozen=True, slots=True)
class Side:
    """A promise under the one set of rules or the other. Seconds are open time: `spent` until the clock stopped, or
    until now. `due_at`: when it was due; of one that was kept, when it would have been had the clock run on."""

    verdict: Verdict
    party: str = ""
    target: int = 0
    spent: int = 0
    due_at: datetime | None = None


NOTHING = Side(NO_PROMISE)


@dataclass(frozen=True, slots=True)
class Pair:
    """One promise, by its clock's key."""

    clock: str
    metric: str
    tier: str
    before: Side
    after: Side

    @property
    def is_decided(self) -> bool:
        """In the period, under either set of rules."""
        return self.before.verdict.in_period or self.after.verdict.in_period

    @property
    def is_changed(self) -> bool:
        """Kept or broken in the period under the one, and something else under the other."""
        counts = self.before.verdict.counts or self.after.verdict.counts
        return counts and self.before.verdict.outcome is not self.after.verdict.outcome


@dataclass(frozen=True, slots=True)
class Life:
    """A ticket folded under one set of rules."""

    ticket: TicketState
    rules: Rules

    @property
    def is_withdrawn(self) -> bool:
        states = self.rules.definition(self.ticket.workflow_version).states
        return states[self.ticket.state].tmf621 is TmfStatus.CANCELLED


def pairs_of(before: Life, after: Life, period: Period, now: datetime) -> Iterator[Pair]:
    """Every promise that either has, in the order in which they were made."""
    clocks = before.ticket.clocks, after.ticket.clocks
    # Before and after may be the same life, asked once.
    for key in dict.fromkeys([*clocks[0], *clocks[1]]):
        one = _side(before, clocks[0].get(key), period, now)
        other = one if before is after else _side(after, clocks[1].get(key), period, now)
        clock = clocks[0].get(key) or clocks[1][key]
        yield Pair(key, str(clock.metric), tier_bound(clock), one, other)


def _side(life: Life, clock: Clock | None, period: Period, now: datetime) -> Side:
    if clock is None:
        return NOTHING
    found = verdict(clock, period, now, is_withdrawn=life.is_withdrawn)
    if found.outcome is Outcome.NONE:
        return NOTHING
    spent = sla.spent_at(clock, now, life.rules)
    return Side(found, clock.party, clock.target, spent, _due(clock, now, life.rules))


def _due(clock: Clock, now: datetime, calendars: sla.Calendars) -> datetime | None:
    if broke := broke_at(clock, now):
        # With grace it broke later than it was due.
        return clock.passed_at or clock.due_at or broke
    if clock.state is ClockEffect.STOP and clock.stopped_at and clock.target:
        return calendars.calendar(clock.calendar).deadline(clock.stopped_at, max(0, clock.target - clock.spent))
    return clock.due_at
