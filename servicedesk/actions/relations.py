"""Links between tickets, and merging one into another."""

from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once
from servicedesk.actions.opened import Open
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.events import TicketLinked, TicketMerged
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import clean_texts
from servicedesk.core.rights import Right, require
from servicedesk.core.ticket import Link, TicketState
from servicedesk.core.vocabulary import Relation, Verb


def link(
    desk: Desk, number: str, relation: Relation, other: str, *, actor: Actor, once: Once | None = None
) -> TicketState:
    """Link two tickets the actor may see; both journals say so."""
    with unit_of_work(desk, once) as work:
        held, target = _pair(work, number, other, actor)
        require(Right.LINK, held.ticket, actor)
        if Link(str(relation), other) in held.ticket.links:
            raise Refusal("The tickets are already linked in this way.", code="nothing_changed")
        add_link(work, held, relation, target, actor=actor)
        return held.ticket


def add_link(work: Work, held: Open, relation: Relation, target: Open, *, actor: Actor) -> None:
    work.record(held, TicketLinked(str(relation), target.ticket.number), actor=actor)
    work.record(target, TicketLinked(str(relation), held.ticket.number, inverse=True), actor=actor)


def merge(
    desk: Desk,
    number: str,
    into: str,
    reason: str,
    *,
    actor: Actor,
    expected: int | None = None,
    once: Once | None = None,
) -> TicketState:
    """Close `number` as a duplicate of `into`, in the same municipality. Its own clocks stop where they are; the other
    ticket's clocks, holder and state are not touched, only linked. Nothing of either journal is moved."""
    with unit_of_work(desk, once) as work:
        held, target = _pair(work, number, into, actor, expected)
        merge_into(work, held, target, reason, actor=actor)
        return held.ticket


def merge_into(work: Work, held: Open, target: Open, reason: str, *, actor: Actor) -> None:
    require(Right.MERGE, held.ticket, actor)
    if target.ticket.municipality != held.ticket.municipality:
        raise Refusal(
            "Only tickets of the same municipality can be merged. Link them instead.", code="other_municipality"
        )
    if not target.ticket.is_open:
        raise Refusal(
            "%(number)s is not open. Merge into the ticket that is.", code="not_open", number=target.ticket.number
        )
    text = clean_texts({"reason": reason}).get("reason")
    if not text:
        raise Invalid({"reason": ["Say why."]})
    definition = work.book.definition(held.ticket.workflow_version)
    to_state = next((step.to for step in definition.transitions.values() if step.verb is Verb.CANCEL), None)
    if to_state is None:
        raise Refusal("Tickets of this kind cannot be merged: their workflow has no cancelling.", code="cannot_merge")
    payload = TicketMerged(target.ticket.number, held.ticket.state, to_state)
    work.record(held, payload, {"reason": text}, actor=actor)
    work.record(target, TicketLinked(Relation.DUPLICATE_OF, held.ticket.number, inverse=True), actor=actor)


def _pair(work: Work, number: str, other: str, actor: Actor, expected: int | None = None) -> tuple[Open, Open]:
    """Both under lock: the ticket, and another one that the actor may see. Invalid when there is no such other."""
    if number == other:
        raise Invalid({"number": ["Choose another ticket than this one."]})
    work.lock([number, other])
    held = work.open_ticket(number, actor=actor, expected=expected)
    try:
        return held, work.open_ticket(other, actor=actor)
    except NotFound:
        raise Invalid({"number": ["There is no such ticket."]}) from None
