"""Promises as people read them: what runs out when, what stands still and why, what was kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from servicedesk.core.facts import Installation
from servicedesk.core.sla import is_broken, spent_at
from servicedesk.core.ticket import Clock
from servicedesk.core.vocabulary import ClockEffect, Metric
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import names, times
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import METRICS, TIERS, WAITS_ON

AT_RISK = 75


class Tone(StrEnum):
    """How loud it speaks; always with the words beside it."""

    CALM = "calm"
    RISK = "risk"
    OVERDUE = "overdue"
    STILL = "still"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class ClockLine:
    """`share` is how much of the promised time has been used, in percent, at most 100."""

    label: str
    words: str
    tone: Tone
    due: datetime | None
    detail: str
    share: int


def clock_lines(view: TicketView, reading: Reading) -> list[ClockLine]:
    """What runs first, by when it runs out; then what stands still; what is over last."""
    order = [ClockEffect.RUN, ClockEffect.PAUSE, ClockEffect.STOP]
    shown = [clock for clock in view.clocks if clock.target]
    shown.sort(key=lambda c: (order.index(c.state), c.due_at or c.started_at, c.key))
    return [_line(clock, view, reading) for clock in shown]


def next_line(lines: list[ClockLine]) -> ClockLine | None:
    """What runs out first."""
    return next((line for line in lines if line.due), None)


def promise_name(key: str, installation: Installation) -> str:
    """A clock's key, `metric/tier/organisation`, in words."""
    metric, *rest = key.split("/")
    label = str(METRICS[Metric(metric)])
    if not rest:
        return label
    if metric == Metric.CONTRACT and len(rest) > 1:
        return f"{label}: {names.organisation(installation, rest[1])}"
    return f"{label}: {TIERS[rest[0]]}"


def _line(clock: Clock, view: TicketView, reading: Reading) -> ClockLine:
    spent = spent_at(clock, reading.now, reading.book)
    words, tone = _words(clock, spent, view, reading)
    return ClockLine(
        label=promise_name(clock.key, reading.installation),
        words=words,
        tone=tone,
        due=clock.due_at if clock.state is ClockEffect.RUN else None,
        detail=_("%(spent)s of %(target)s used", spent=times.hours(spent), target=times.hours(clock.target)),
        share=min(100, spent * 100 // clock.target),
    )


def _words(clock: Clock, spent: int, view: TicketView, reading: Reading) -> tuple[str, Tone]:
    broken = is_broken(clock, reading.now)
    if clock.state is ClockEffect.STOP:
        return (_("broken"), Tone.BROKEN) if broken else (_("kept"), Tone.KEPT)
    if clock.state is ClockEffect.PAUSE or clock.due_at is None:
        return _("stands still: %(why)s", why=_why_still(view)), Tone.STILL
    if broken:
        return times.left(clock.due_at, reading.now), Tone.OVERDUE
    at_risk = spent * 100 >= AT_RISK * clock.target
    return times.left(clock.due_at, reading.now), Tone.RISK if at_risk else Tone.CALM


def _why_still(view: TicketView) -> str:
    if view.state.waits_on and not view.is_outside:
        return str(WAITS_ON[view.state.waits_on])
    return _("the ticket is with somebody else")
