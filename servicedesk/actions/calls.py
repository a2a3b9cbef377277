"""A call: logged, attached to what it belongs to, solved and closed, all in one go or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from servicedesk.actions import drafts
from servicedesk.actions.desk import Desk
from servicedesk.actions.log import NewTicket, foreseen, log
from servicedesk.actions.majors.acts import hold
from servicedesk.actions.majors.belonging import join
from servicedesk.actions.once import Once
from servicedesk.actions.relations import add_link
from servicedesk.actions.steps import step
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.rights import Right, require
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Category, Need, Relation, Verb
from servicedesk.core.workflows import engine as workflow
from servicedesk.core.workflows.definition import Step
from servicedesk.store.majors import MajorIncident
from servicedesk.store.rulebook import RuleBook

LENGTH_OF_KEY = 36
CLOSED_BY = frozenset({Need.SOLUTION, Need.RESOLUTION_CODE})


@dataclass(frozen=True, slots=True)
class Call:
    """`attach_to`: the number of the ticket, or the key of the major incident, that this one belongs to. `solved`: what
    the closing step asks for, by need; empty where it is not solved. `draft`: the form that it was written in."""

    new: NewTicket
    attach_to: str = ""
    solved: Mapping[str, str] = field(default_factory=dict)
    draft: str = ""


def log_call(desk: Desk, call: Call, *, actor: Actor, once: Once | None = None) -> TicketState:
    """Invalid names every field at fault, Refusal says why it cannot be; then nothing of it has happened.

    Refusal `cannot_close_at_once` where this kind of ticket has no such step for this person.
    """
    with unit_of_work(desk, once) as work:
        into = _major(work, call.attach_to)
        if call.attach_to and into is None:
            work.lock([call.attach_to])
        held = log(work, call.new, actor=actor, at=work.began)
        if into is not None:
            join(work, held, into, actor=actor)
        elif call.attach_to:
            _attach(work, held.ticket.number, call.attach_to, actor=actor)
        if call.solved:
            closing = closing_step(work.book, held.ticket, actor=actor)
            if closing is None:
                raise Refusal(
                    "You cannot close this kind of ticket as it is logged. Log it, and go on from there.",
                    code="cannot_close_at_once",
                )
            step(work, held, closing.step, actor=actor, given=call.solved)
        if call.draft:
            drafts.drop(work.connection, call.draft, actor=actor)
        return held.ticket


def closing_step(book: RuleBook, ticket: TicketState, *, actor: Actor) -> Step | None:
    """The step by which this person can solve and close a ticket from where it is, if its workflow has one that asks
    for no more than can be said in a call."""
    definition = book.definition(ticket.workflow_version)
    for option in workflow.options(definition, ticket, actor, book.parties):
        ends = definition.states[option.step.to].category is Category.CLOSED
        asks_little = CLOSED_BY.issuperset(option.step.needs)
        if option.step.verb is Verb.RESOLVE and ends and asks_little and not option.refusal:
            return option.step
    return None


def can_close_at_once(new: NewTicket, book: RuleBook, *, actor: Actor, at: datetime) -> bool:
    """Whether `log_call` would close it, were it solved."""
    try:
        return closing_step(book, foreseen(new, book, actor=actor, at=at), actor=actor) is not None
    except (Invalid, Refusal):
        return False


def _major(work: Work, key: str) -> MajorIncident | None:
    """Under lock, if it is one: no ticket's number looks like the key of one."""
    if len(key) != LENGTH_OF_KEY:
        return None
    try:
        return hold(work.connection, key)
    except NotFound:
        return None


def _attach(work: Work, number: str, to: str, *, actor: Actor) -> None:
    held = work.opened[number]
    try:
        target = work.open_ticket(to, actor=actor)
    except NotFound:
        raise Invalid({"attach_to": ["There is no such ticket."]}) from None
    require(Right.LINK, held.ticket, actor)
    add_link(work, held, Relation.CHILD_OF, target, actor=actor)
