"""Major incidents: who leads one, whose tickets belong to it, and the way by which a ticket is solved with it.

ITIL: an incident with so great an impact that it is led apart from the others, by one who answers for all of it. Here
that is the IT service manager. A municipality lets its ticket be told of and solved with the others by attaching it;
one that it has escalated itself the IT service manager may attach.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Actor, Installation, Seat
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Category, Need, OrganisationKind, Role, Tier, Verb
from servicedesk.core.workflows.definition import Definition, Transition
from servicedesk.core.workflows.who import is_party, may_perform

ATTACHERS = frozenset(
    {
        Role.FIRST_LINE_STAFF,
        Role.BUSINESS_SYSTEM_MANAGER,
        Role.ADMINISTRATOR,
        Role.E_SERVICE_DEVELOPER,
        Role.LOCAL_IT,
        Role.IT_SERVICE_MANAGER,
    }
)


class Act(StrEnum):
    """What is done to all tickets of a major incident at once, the declaration that begins it, and what is learned."""

    DECLARE = "declare"
    ATTACH = "attach"
    TELL = "tell"
    RESOLVE = "resolve"
    HAPPENED = "happened"
    PREVENTS = "prevents"


# What is written afterwards: what happened, and what is done so that it does not happen again. The last of each counts.
LEARNED = (Act.HAPPENED, Act.PREVENTS)


@dataclass(frozen=True, slots=True)
class Major:
    """As those may know it whose municipality it concerns. `number`: of the ticket that it was declared out of, where
    whoever looks may see that."""

    id: int
    key: str
    service: str
    title: str
    declared_at: datetime
    ended_at: datetime | None
    municipalities: tuple[str, ...]
    disruption: str = ""
    number: str = ""


def leads(actor: Actor) -> bool:
    return Role.IT_SERVICE_MANAGER in actor.roles


def require_leads(actor: Actor) -> None:
    if not leads(actor):
        raise Refusal("Only the IT service manager leads major incidents.", code="not_yours")


def follows(actor: Actor) -> bool:
    """Whether any major incident at all could concern them."""
    return any(seat.tier is Tier.JOINT or seat.role in ATTACHERS for seat in actor.seats)


def concerns(actor: Actor, installation: Installation) -> frozenset[str]:
    """The municipalities whose major incidents an actor is told of: all to the joint organisation, to others those in
    which they sit. A supplier is told in the tickets that it gets."""
    if any(seat.tier is Tier.JOINT for seat in actor.seats):
        kept = installation.organisations.values()
        return frozenset(each.key for each in kept if each.kind is OrganisationKind.MUNICIPALITY)
    return frozenset(seat.organisation for seat in actor.seats if seat.role in ATTACHERS)


def may_attach(ticket: TicketState, actor: Actor) -> bool:
    """Their own municipality's ticket, or to the IT service manager one that has been escalated."""
    return any(seat.role in ATTACHERS and is_party(seat, ticket) for seat in actor.seats)


def require_attacher(ticket: TicketState, actor: Actor) -> None:
    if not may_attach(ticket, actor):
        raise Refusal(
            "Only the ticket's municipality and the IT service manager can attach it to a major incident or detach it.",
            code="not_yours",
        )


def require_attachable(ticket: TicketState, actor: Actor) -> None:
    require_attacher(ticket, actor)
    if not ticket.is_open:
        raise Refusal("Only an open ticket can belong to a major incident.", code="not_open")
    if ticket.major:
        raise Refusal("The ticket belongs to a major incident already.", code="nothing_changed")


# By these a ticket comes to its solution; no other is taken on anybody's behalf.
ON_THE_WAY = frozenset({Verb.TAKE, Verb.ACCEPT, Verb.RESUME, Verb.VERIFY, Verb.HAND_OVER, Verb.RESOLVE})
# What whoever solves all of them says.
GIVEN = frozenset({Need.REASON, Need.TRIED, Need.SOLUTION, Need.RESOLUTION_CODE})


def way_to_solved(definition: Definition, ticket: TicketState) -> list[Transition] | None:
    """The steps of its own workflow by which a ticket is solved from where it is, the fewest that there are: to where
    the requester may still say that it is not, else closed at once. None where there is no such way: what a supplier
    has it gives back itself.
    """
    return _way(definition, ticket.state, Category.RESOLVED) or _way(definition, ticket.state, Category.CLOSED)


def _way(definition: Definition, start: str, end: Category) -> list[Transition] | None:
    ways: deque[list[Transition]] = deque([[]])
    been = {start}
    while ways:
        way = ways.popleft()
        state = way[-1].to if way else start
        for step in _onward(definition, state):
            if step.verb is Verb.RESOLVE and definition.states[step.to].category is end:
                return [*way, step]
            if step.to not in been and step.verb is not Verb.RESOLVE:
                been.add(step.to)
                ways.append([*way, step])
    return None


def _onward(definition: Definition, state: str) -> Iterator[Transition]:
    here = definition.states[state].tier
    for step in definition.steps_from(state):
        if not isinstance(step, Transition) or here is None or here is Tier.SUPPLIER:
            continue
        if step.verb in ON_THE_WAY and GIVEN.issuperset(step.needs) and _is_down(definition, step, here):
            yield step


def _is_down(definition: Definition, step: Transition, here: Tier) -> bool:
    """A ticket on its way to its solution is handed over towards whoever asked, never up or aside."""
    there = definition.states[step.to].tier
    if step.verb is Verb.HAND_OVER:
        return there is not None and there.level < here.level
    return there is None or there.level <= here.level


def performer(actor: Actor, step: Transition, ticket: TicketState) -> Actor:
    """Whoever leads, as themselves where the step is theirs; else in the place of the municipality, which let it be so
    by attaching its ticket."""
    if may_perform(actor, step, ticket):
        return actor
    who = next((each for each in step.who if each.tier in (Tier.FIRST_LINE, Tier.SECOND_LINE)), None)
    if who is None or who.tier is None:
        return actor
    seat = Seat(who.role, ticket.holder.team, who.tier, ticket.municipality)
    return replace(actor, seats=(*actor.seats, seat))
