"""May this actor perform this step on this ticket? Only the roles; the guards have their own say."""

from servicedesk.core.facts import Actor, Seat
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Role, Tier, Verb
from servicedesk.core.workflows.definition import Step, Who

# What a municipality's own system may do: what whoever asks may do themselves, and what is done for them at the desk
# where their tickets come in. It takes, solves and hands over nothing.
OF_SYSTEMS = frozenset({Verb.ANSWER, Verb.CONFIRM, Verb.REOPEN, Verb.CANCEL})


def party_of(actor: Actor, ticket: TicketState) -> str:
    """The organisation that an actor acts for on this ticket: the holder's if they sit in it, else one on its chain."""
    if ticket.holder.organisation in actor.organisations:
        return ticket.holder.organisation
    return next((seat.organisation for seat in actor.seats if is_party(seat, ticket)), "")


def may_perform(actor: Actor, step: Step, ticket: TicketState) -> bool:
    if not performers(actor, ticket).isdisjoint(step.who):
        return True
    return any(_is_system(seat) and is_party(seat, ticket) for seat in actor.seats) and _is_for_systems(step, ticket)


def could_perform(actor: Actor, step: Step, ticket: TicketState) -> bool:
    """Whether the step would be the actor's if the ticket were with them."""
    if any(_as(actor, seat) in step.who for seat in actor.seats):
        return True
    return any(map(_is_system, actor.seats)) and _is_for_systems(step, ticket)


def _is_system(seat: Seat) -> bool:
    return seat.role is Role.MUNICIPAL_SYSTEM


def _is_for_systems(step: Step, ticket: TicketState) -> bool:
    """By the tier at which the ticket came in: where there is no first line, the second meets whoever asks."""
    desk = ticket.custody[0].holder.tier
    return step.verb in OF_SYSTEMS and any(who.role is Role.REQUESTER or who.tier is desk for who in step.who)


def performers(actor: Actor, ticket: TicketState) -> frozenset[Who]:
    """As whom the actor may act on this ticket: the roles of the seats in the ticket's own parties.

    An actor of kind `requester` acts as the requester: whose ticket it is was settled when the ticket was loaded.
    """
    if actor.kind in (Role.SCHEDULER, Role.REQUESTER):
        return frozenset({Who(Role(actor.kind))})
    return frozenset(_as(actor, seat) for seat in actor.seats if is_party(seat, ticket))


def _as(actor: Actor, seat: Seat) -> Who:
    """A supplier's system is its agent, whatever it is called."""
    if actor.kind == "client" and seat.tier is Tier.SUPPLIER:
        return Who(Role.SUPPLIER_AGENT, Tier.SUPPLIER)
    return Who(seat.role, seat.tier)


def is_party(seat: Seat, ticket: TicketState) -> bool:
    """The municipality whose ticket it is, any joint organisation, the supplier that holds it (or is to)."""
    if seat.tier is Tier.JOINT:
        return True
    if seat.tier is Tier.SUPPLIER:
        held = ticket.holder.tier is Tier.SUPPLIER
        return seat.organisation == (ticket.holder.organisation if held else ticket.supplier)
    return seat.organisation == ticket.municipality
