"""Where a ticket stands, to whoever asked: what happens, never our states; what comes next, and by when."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from servicedesk.core.ticket import Clock, TicketState
from servicedesk.core.vocabulary import Category, ClockEffect, Metric, Verb, WaitsOn
from servicedesk.store.queries.requesters import RequesterView
from servicedesk.web import times
from servicedesk.web.speech import _


@dataclass(frozen=True, slots=True)
class Standing:
    """`tone`: yours (the requester's turn), ours, or over. `next`: sentences."""

    headline: str
    next: list[str]
    tone: str


def headline_of(ticket: TicketState) -> tuple[str, str]:
    """Where a ticket stands in a few words, and whose turn it is, for a list."""
    if ticket.question is not None and ticket.question.of is WaitsOn.REQUESTER:
        return _("We are waiting for your answer"), "yours"
    return _HEADLINES[ticket.category](ticket)


def standing(view: RequesterView, now: datetime) -> Standing:
    if view.question is not None:
        return Standing(_("We are waiting for your answer"), list(_unanswered(view, now)), "yours")
    headline, tone = _HEADLINES[view.ticket.category](view.ticket)
    if view.ticket.category is Category.RESOLVED and Verb.CONFIRM not in view.verbs:
        tone = "over"
    return Standing(headline, list(_NEXT[view.ticket.category](view, now)), tone)


def _new(ticket: TicketState) -> tuple[str, str]:
    return _("We have received your ticket"), "ours"


def _active(ticket: TicketState) -> tuple[str, str]:
    return _("We are working on your ticket"), "ours"


def _resolved(ticket: TicketState) -> tuple[str, str]:
    return _("Your ticket is solved"), "yours"


def _closed(ticket: TicketState) -> tuple[str, str]:
    if ticket.merged_into:
        return _("Your ticket is handled together with another one"), "over"
    if ticket.cancel_reason:
        return _("Your ticket is closed, and nothing was done"), "over"
    return _("Your ticket is closed"), "over"


def _unanswered(view: RequesterView, now: datetime) -> Iterator[str]:
    yield _("Read the question and answer it, so that we can go on.")
    if view.closes_at:
        when = times.spoken(view.closes_at, now)
        yield _("If you do not answer, we close the ticket %(when)s.", when=when)


def _while_open(view: RequesterView, now: datetime) -> Iterator[str]:
    planned = view.ticket.resume_at if view.state.waits_on is WaitsOn.PLANNED_CHANGE else None
    if planned:
        yield _("It waits for a change that is planned for %(when)s.", when=times.spoken(planned, now))
    yield from _promised(view, now)
    yield _("You need not do anything now.")


def _while_resolved(view: RequesterView, now: datetime) -> Iterator[str]:
    if Verb.CONFIRM in view.verbs:
        yield _("Try it, and tell us whether it works.")
    if view.closes_at:
        when = times.spoken(view.closes_at, now)
        yield _("If we hear nothing from you, we close the ticket %(when)s.", when=when)


def _while_closed(view: RequesterView, now: datetime) -> Iterator[str]:
    if Verb.REOPEN in view.verbs:
        yield _("Is the fault still there? Then open the ticket again.")


def _promised(view: RequesterView, now: datetime) -> Iterator[str]:
    """What the requester has been promised, in the order in which it comes; honest where we are late."""
    running = [clock for clock in view.clocks if clock.due_at and clock.state is ClockEffect.RUN]
    for clock in sorted(running, key=lambda clock: (clock.due_at, list(Metric).index(clock.metric))):
        yield _promise(clock, now)


def _promise(clock: Clock, now: datetime) -> str:
    assert clock.due_at is not None
    when, late = times.spoken(clock.due_at, now), now > clock.due_at
    if clock.metric is Metric.RESPONSE:
        if late:
            return _("You were to have an answer from us at the latest %(when)s. We are late.", when=when)
        return _("You have an answer from us at the latest %(when)s.", when=when)
    if clock.metric is Metric.UPDATE:
        if late:
            return _("You were to hear from us at the latest %(when)s. We are late.", when=when)
        return _("You hear from us again at the latest %(when)s.", when=when)
    if late:
        return _("It was to be solved at the latest %(when)s. We are late.", when=when)
    return _("It is to be solved at the latest %(when)s.", when=when)


_HEADLINES: dict[Category, Callable[[TicketState], tuple[str, str]]] = {
    Category.NEW: _new,
    Category.ACTIVE: _active,
    Category.WAITING: _active,
    Category.RESOLVED: _resolved,
    Category.CLOSED: _closed,
}
_NEXT: dict[Category, Callable[[RequesterView, datetime], Iterator[str]]] = {
    Category.NEW: _while_open,
    Category.ACTIVE: _while_open,
    Category.WAITING: _while_open,
    Category.RESOLVED: _while_resolved,
    Category.CLOSED: _while_closed,
}
