"""Timers that fire: each overdue one of a ticket in hand becomes an event at the moment it was due."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from servicedesk.core import sla
from servicedesk.core.amended import amended
from servicedesk.core.custody import next_holder
from servicedesk.core.events import Event, Moved, PromiseWarned
from servicedesk.core.facts import SCHEDULER
from servicedesk.core.fold import apply
from servicedesk.core.ladder import tell_at
from servicedesk.core.rules import Rules
from servicedesk.core.timers import Timer
from servicedesk.core.workflows.definition import TIMED

if TYPE_CHECKING:
    from servicedesk.actions.opened import Open
    from servicedesk.actions.work import Work

# A definition can't loop for ever without time passing; this only guards against one that we failed to refuse.
MOST_AT_ONCE = 1_000


def fire_overdue(work: "Work", held: "Open", since: Sequence[Event] = ()) -> int:
    """Fire everything due by the ticket's `now`; how many."""
    return len(fire_due(work, held, held.now, since))


def fire_due(work: "Work", held: "Open", until: datetime, since: Sequence[Event] = ()) -> list[Timer]:
    """Fire everything due by then, in due order; firing one can make the next. Returns what fired.

    What a sweep has set aside is left: a timer that cannot fire must not keep people from the ticket. After a
    correction `since` is the journal: warnings may have become due long before the last thing that happened.
    """
    fired: list[Timer] = []
    while len(fired) < MOST_AT_ONCE:
        timer = next_timer(work, held, until)
        if timer is None:
            return fired
        fire(work, held, timer, _passed(timer, since, work.book) if since else None)
        fired.append(timer)
    raise RuntimeError(f"{held.ticket.number}: {MOST_AT_ONCE} timers fell due at once")


def next_timer(work: "Work", held: "Open", until: datetime) -> Timer | None:
    """The first that is due by then and not set aside."""
    due = [timer for timer in work.armed(held) if timer.due_at <= until]
    aside = work.set_aside(held) if due else ()
    return next((timer for timer in due if (timer.rule, timer.occurrence) not in aside), None)


def _passed(timer: Timer, events: Sequence[Event], book: Rules) -> datetime | None:
    """When a clock first reached the share that a warning tells of; None for a step, which cannot be taken before what
    has happened to the ticket since."""
    if not timer.rule.startswith("warn:"):
        return None
    key, share = timer.rule.removeprefix("warn:").rsplit("@", 1)
    known, ticket = amended(events), None
    for event, following in zip(known, [*known[1:], None], strict=True):
        ticket = apply(ticket, event, book)
        clock = ticket.clocks.get(key)
        due = sla.share_due(clock, int(share), book) if clock else None
        if due is not None and (following is None or due <= following.occurred_at):
            return due
    return timer.due_at


def fire(work: "Work", held: "Open", timer: Timer, at: datetime | None = None) -> None:
    """Record one timer's event. It is dated when it became due, not when it was noticed."""
    assert held.ticket.last_at is not None
    at = at or max(timer.due_at, held.ticket.last_at)
    if timer.rule.startswith("warn:"):
        payload: PromiseWarned | Moved = _warning(work, held, timer)
    else:
        payload = _timed_step(work, held, timer)
    work.record(held, payload, actor=SCHEDULER, occurred_at=at, timer=timer)


def _warning(work: "Work", held: "Open", timer: Timer) -> PromiseWarned:
    clock, share = timer.rule.removeprefix("warn:").rsplit("@", 1)
    return PromiseWarned(clock, int(share), tell_at(work.book.installation, held.ticket, int(share), clock))


def _timed_step(work: "Work", held: "Open", timer: Timer) -> Moved:
    ticket = held.ticket
    definition = work.book.definition(ticket.workflow_version)
    timed = definition.timed[timer.rule.removeprefix(TIMED)]
    target = timed.target(ticket.state)
    tier = definition.states[target].tier or ticket.holder.tier
    holder, rule = next_holder(work.book.installation, ticket, timed.effects, tier, "")
    return Moved(
        verb=timed.verb,
        transition=timed.step,
        from_state=ticket.state,
        to_state=target,
        effects=[str(effect) for effect in timed.effects],
        holder=holder,
        rule=rule,
        timer=timer.rule,
        occurrence=timer.occurrence,
    )
