"""Promises as people read them: what runs out when, what stands still and why, what was kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from servicedesk.core.facts import Installation
from servicedesk.core.sla import is_broken, spent_at, whose
from servicedesk.core.ticket import Clock
from servicedesk.core.vocabulary import ClockEffect, Metric
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import names, times
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _, ngettext
from servicedesk.web.words import BOUND, METRICS, WAITS_ON

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


@dataclass(frozen=True, slots=True)
class Ended:
    """The promises of one kind that are over, and how many of them were broken."""

    label: str
    words: str
    tone: Tone
    lines: list[ClockLine]


@dataclass(frozen=True, slots=True)
class Promises:
    """`running` by when each runs out; `still` for now; `ended` for good, one line for each kind of promise."""

    running: list[ClockLine]
    still: list[ClockLine]
    ended: list[Ended]

    @property
    def next(self) -> ClockLine | None:
        """What runs out first."""
        return next(iter(self.running), None)


def promises(view: TicketView, reading: Reading) -> Promises:
    clocks = sorted((c for c in view.clocks if c.target), key=lambda c: (c.due_at or c.started_at, c.key))
    running = [c for c in clocks if c.state is ClockEffect.RUN]
    still = [c for c in clocks if c.state is ClockEffect.PAUSE]
    ended = sorted((c for c in clocks if c.state is ClockEffect.STOP), key=lambda c: list(Metric).index(c.metric))
    return Promises(
        running=[_line(clock, view, reading) for clock in running],
        still=[_line(clock, view, reading) for clock in still],
        ended=[_ended(metric, list(same), view, reading) for metric, same in groupby(ended, lambda c: c.metric)],
    )


def promise_name(key: str, installation: Installation) -> str:
    """A clock's key, `metric/tier/organisation`, in words."""
    metric = Metric(key.partition("/")[0])
    label, (tier, organisation) = str(METRICS[metric]), whose(key)
    if not tier:
        return label
    if metric is Metric.UPDATE:
        return _("%(promise)s from %(holder)s", promise=label, holder=BOUND[tier])
    if metric is Metric.CONTRACT:
        return _("%(promise)s with %(holder)s", promise=label, holder=names.organisation(installation, organisation))
    return _("%(promise)s with %(holder)s", promise=label, holder=BOUND[tier])


def _line(clock: Clock, view: TicketView, reading: Reading) -> ClockLine:
    spent = spent_at(clock, reading.now, reading.book)
    words, tone = _words(clock, spent, view, reading)
    return ClockLine(
        label=promise_name(clock.key, reading.installation),
        words=words,
        tone=tone,
        due=clock.due_at if clock.state is ClockEffect.RUN else None,
        detail=_used(clock, spent),
        share=min(100, spent * 100 // clock.target),
    )


def _words(clock: Clock, spent: int, view: TicketView, reading: Reading) -> tuple[str, Tone]:
    broken = is_broken(clock, reading.now)
    if clock.state is ClockEffect.STOP:
        return (_("broken"), Tone.BROKEN) if broken else (_("kept"), Tone.KEPT)
    if clock.state is ClockEffect.PAUSE or clock.due_at is None:
        still = _("stands still: %(why)s", why=_why_still(view))
        return (_("broken, %(still)s", still=still), Tone.BROKEN) if broken else (still, Tone.STILL)
    if clock.breaks_at and not broken and reading.now > clock.due_at:
        late, breaks = times.left(clock.due_at, reading.now), times.near(clock.breaks_at, reading.now)
        return _("%(late)s, broken after %(breaks)s", late=late, breaks=breaks), Tone.OVERDUE
    if broken:
        return times.left(clock.due_at, reading.now), Tone.OVERDUE
    at_risk = spent * 100 >= AT_RISK * clock.target
    return times.left(clock.due_at, reading.now), Tone.RISK if at_risk else Tone.CALM


def _used(clock: Clock, spent: int) -> str:
    used = _("%(spent)s of %(target)s used", spent=times.hours(spent), target=times.hours(clock.target))
    return _("%(used)s, grace %(grace)s", used=used, grace=times.hours(clock.grace)) if clock.grace else used


def _why_still(view: TicketView) -> str:
    if view.state.waits_on and not view.is_outside:
        return str(WAITS_ON[view.state.waits_on])
    return _("the ticket is with somebody else")


def _ended(metric: Metric, clocks: list[Clock], view: TicketView, reading: Reading) -> Ended:
    lines = [_line(clock, view, reading) for clock in clocks]
    broken = sum(line.tone is Tone.BROKEN for line in lines)
    return Ended(
        label=str(METRICS[metric]),
        words=lines[0].words if len(lines) == 1 else _counted(broken, len(lines) - broken),
        tone=Tone.BROKEN if broken else Tone.KEPT,
        lines=lines,
    )


def _counted(broken: int, kept: int) -> str:
    """5 brutna, 2 hållna"""
    parts: Iterable[tuple[int, str]] = (
        (broken, ngettext("1 broken", "%(count)s broken", broken, count=broken)),
        (kept, ngettext("1 kept", "%(count)s kept", kept, count=kept)),
    )
    return ", ".join(words for count, words in parts if count)
