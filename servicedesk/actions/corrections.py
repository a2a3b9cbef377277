"""Corrections without lies: what truly happened, told afterwards with its reason. Nothing in a journal is changed."""

from collections.abc import Callable, Sequence
from datetime import datetime

from servicedesk.actions.desk import Desk
from servicedesk.actions.firing import fire_overdue
from servicedesk.actions.once import Once
from servicedesk.actions.opened import Open
from servicedesk.actions.recording import event_of
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core import corrections
from servicedesk.core.corrections import Correction, require_possible
from servicedesk.core.errors import Invalid
from servicedesk.core.events import Event
from servicedesk.core.facts import Actor
from servicedesk.core.figures import Effect, effect
from servicedesk.core.fold import fold
from servicedesk.core.inputs import clean_texts
from servicedesk.core.priority import priority_of
from servicedesk.core.rights import Right, require, require_correction
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Level
from servicedesk.core.workflows.who import party_of
from servicedesk.store.queries.journal import events_of
from servicedesk.store.queries.tickets import find_ticket
from servicedesk.store.rulebook import RuleBook

# What is asked for, made of what is known and judged by the rules.
Asked = Callable[[Sequence[Event], RuleBook], Correction]


def priority(event: int, at: datetime | None, impact: Level, urgency: Level) -> Asked:
    """The priority was wrong: from the start (`event` 1), from a change (its seq), or (0) from the moment `at`."""

    def asked(events: Sequence[Event], book: RuleBook) -> Correction:
        value = priority_of(book.installation, impact, urgency)
        return corrections.of_priority(events, book, event, at, (impact, urgency), value)

    return asked


def moment(event: int, at: datetime | None) -> Asked:
    """What an event tells of happened at another moment than it says."""
    return lambda events, book: corrections.of_moment(events, book, event, at)


def wait(step: str, at: datetime | None, until: datetime | None) -> Asked:
    """The ticket waited from `at`, and until `until` if that is over, by this step of its workflow."""
    return lambda events, book: corrections.of_wait(events, book, step, at, until)


def correct_priority(
    desk: Desk,
    number: str,
    event: int,
    impact: Level,
    urgency: Level,
    reason: str,
    at: datetime | None = None,
    *,
    actor: Actor,
    expected: int | None = None,
    once: Once | None = None,
) -> TicketState:
    """See `priority`. Clocks are counted again as if it had been told in time."""
    return _correct(
        desk, number, Right.CORRECT_PRIORITY, priority(event, at, impact, urgency), reason, actor, expected, once
    )


def correct_moment(
    desk: Desk,
    number: str,
    event: int,
    at: datetime | None,
    reason: str,
    *,
    actor: Actor,
    expected: int | None = None,
    once: Once | None = None,
) -> TicketState:
    """See `moment`: a hand-over, an acceptance, an answer, a solution that was entered late."""
    return _correct(desk, number, Right.CORRECT_MOMENT, moment(event, at), reason, actor, expected, once)


def tell_wait(
    desk: Desk,
    number: str,
    step: str,
    at: datetime | None,
    reason: str,
    until: datetime | None = None,
    *,
    actor: Actor,
    expected: int | None = None,
    once: Once | None = None,
) -> TicketState:
    """See `wait`: one that nobody recorded."""
    return _correct(desk, number, Right.TELL_WAIT, wait(step, at, until), reason, actor, expected, once)


def _correct(
    desk: Desk,
    number: str,
    right: Right,
    asked: Asked,
    reason: str,
    actor: Actor,
    expected: int | None,
    once: Once | None,
) -> TicketState:
    with unit_of_work(desk, once) as work:
        held = work.open_ticket(number, actor=actor, expected=expected)
        require(right, held.ticket, actor)
        events = work.journal(held)
        correction, text = _judged(events, held.ticket, right, asked, reason, held.now, work.book, actor)
        _record(work, held, correction, text, actor)
        return held.ticket


def _record(work: Work, held: Open, correction: Correction, reason: str, actor: Actor) -> None:
    """What became due by it is dated when it was due. What had been told and done by time stands."""
    for told in correction.told:
        work.record(held, told.payload, {"reason": reason}, actor=actor, occurred_at=told.at, amends=told.amends)
    fire_overdue(work, held, since=work.journal(held))


def foreseen(desk: Desk, number: str, right: Right, asked: Asked, reason: str, *, actor: Actor) -> Effect:
    """What a correction would change; nothing is written. Invalid and Refusal as it would be."""
    with desk.reading() as connection:
        book, now = desk.book(connection), desk.now(connection)
        ticket_id, ticket, *_ = find_ticket(connection, actor, number)
        require(right, ticket, actor)
        events = events_of(connection, ticket_id)
        assert ticket.last_at is not None
        now = max(now, ticket.last_at)
        correction, _text = _judged(events, ticket, right, asked, reason, now, book, actor)
        after = fold([*events, *_as_events(events, ticket, correction, now, actor)], book)
        return effect(ticket, after, now, book)


def _judged(
    events: Sequence[Event],
    ticket: TicketState,
    right: Right,
    asked: Asked,
    reason: str,
    now: datetime,
    book: RuleBook,
    actor: Actor,
) -> tuple[Correction, str]:
    text = clean_texts({"reason": reason}).get("reason")
    if not text:
        raise Invalid({"reason": ["Say why."]})
    correction = asked(events, book)
    for name, told in zip(("at", "until"), correction.told, strict=False):
        if told.at > now:
            raise Invalid({name: ["That is still to come. Give a moment that has been."]})
    require_correction(right, ticket, correction.tier, correction.organisation, actor)
    drafts = _as_events(events, ticket, correction, now, actor)
    require_possible(events, drafts, book, actor.language, book.installation.zone)
    return correction, text


def _as_events(
    events: Sequence[Event], ticket: TicketState, correction: Correction, now: datetime, actor: Actor
) -> list[Event]:
    """As they would stand in the journal, without their texts."""
    return [
        event_of(
            ticket.number,
            seq,
            told.payload,
            {},
            actor=actor,
            party=party_of(actor, ticket),
            occurred_at=told.at,
            recorded_at=now,
            amends=told.amends,
        )
        for seq, told in enumerate(correction.told, start=len(events) + 1)
    ]
