"""What it takes to change a ticket outside its workflow, for whoever does it or shows beforehand what it does."""

from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.priority import priority_of
from servicedesk.core.rights import Right, require
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Level


def require_assignable(ticket: TicketState, person: str, installation: Installation, actor: Actor) -> None:
    """'' is nobody. Invalid if the person is not in the team that holds the ticket."""
    require(Right.ASSIGN, ticket, actor)
    found = installation.people.get(person)
    if person and (found is None or all(seat.team != ticket.holder.team for seat in found.memberships)):
        raise Invalid({"assignee": ["Choose somebody in the team that holds the ticket."]})


def new_priority(ticket: TicketState, impact: Level, urgency: Level, installation: Installation, actor: Actor) -> int:
    """The priority that these give. Refusal if they are what the ticket has."""
    require(Right.CHANGE_PRIORITY, ticket, actor)
    if (impact, urgency) == (ticket.impact, ticket.urgency):
        raise Refusal("The ticket already has this impact and urgency.", code="nothing_changed")
    return priority_of(installation, impact, urgency)
