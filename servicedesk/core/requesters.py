"""Whoever asked, as somebody who acts: what they may do beside the steps that a workflow gives them, and for how long.

They come by a link to one ticket, or signed in to their own. Either way they are an actor of kind `requester` for that
one ticket, with no seat in any organisation: least of all that there are.
"""

from datetime import datetime, timedelta

from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Actor, Installation, Person
from servicedesk.core.letters import address_in
from servicedesk.core.rights import MUNICIPAL
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Category, Language, OrganisationKind, RequesterKind, Role
from servicedesk.core.workflows.who import is_party

# How it went can be said, and said otherwise, so long after the ticket was closed.
RATED_WITHIN = timedelta(days=14)


def requester(number: str, language: Language = Language.SWEDISH) -> Actor:
    """The requester of this ticket."""
    return Actor(Role.REQUESTER, number, "", language=language)


def person_of(kind: RequesterKind, contact: str, installation: Installation) -> str:
    """The key of the employee who asks, found once, as the ticket is logged: by their own mail address in how they are
    reached. '' for everybody else: what a citizen asks is their private matter, whoever employs them."""
    address = address_in(contact).casefold() if kind is RequesterKind.EMPLOYEE else ""
    found = (person.key for person in installation.people.values() if person.email.casefold() == address)
    return next((key for key in found if address and not installation.people[key].ended), "")


def reports_to(actor: Actor, installation: Installation) -> list[str]:
    """The municipalities to which this person can report a matter of their own: those they work in; any, for who has a
    seat nowhere and of whom no employer is known; none for those of the joint organisation and of suppliers."""
    person = installation.people.get(actor.key) if actor.kind == "person" and not actor.seats else None
    if person and person.employer:
        return [person.employer]
    if actor.kind != "person" or not actor.seats:
        known = installation.organisations.values()
        return [each.key for each in known if each.kind is OrganisationKind.MUNICIPALITY]
    return list(dict.fromkeys(seat.organisation for seat in actor.seats if seat.role in MUNICIPAL))


def may_write(ticket: TicketState) -> bool:
    return ticket.category is not Category.CLOSED


def require_may_write(ticket: TicketState) -> None:
    """Refusal `closed`."""
    if not may_write(ticket):
        raise Refusal("The ticket is closed. Open it again if the fault is still there.", code="closed")


def may_rate(ticket: TicketState, now: datetime) -> bool:
    """Of what was carried through, for a while; what was cancelled or merged nobody has to judge."""
    ended = ticket.closed_at if ticket.category is Category.CLOSED else None
    return ended is not None and not ticket.cancel_reason and now < ended + RATED_WITHIN


def require_may_rate(ticket: TicketState, now: datetime) -> None:
    """Refusal `not_now`."""
    if not may_rate(ticket, now):
        raise Refusal("You can say how it went only for a while after the ticket was closed.", code="not_now")


def may_give_link(ticket: TicketState, actor: Actor) -> bool:
    """Only the people of its municipality speak with the requester, and may do for them all that the link does."""
    return actor.kind == "person" and any(seat.role in MUNICIPAL and is_party(seat, ticket) for seat in actor.seats)


def require_may_give_link(ticket: TicketState, actor: Actor) -> None:
    """Refusal `not_yours`."""
    if not may_give_link(ticket, actor):
        raise Refusal("Only the ticket's municipality gives the requester their link.", code="not_yours")


def require_may_correct_contact(ticket: TicketState, actor: Actor) -> None:
    """Refusal `not_yours`, `protected`."""
    if not may_give_link(ticket, actor):
        raise Refusal("Only the ticket's municipality can say how the requester is reached.", code="not_yours")
    if ticket.requester_kind is RequesterKind.PROTECTED:
        raise Refusal("Of somebody whose identity is protected nothing is kept.", code="protected")


def kind_reached(kind: RequesterKind) -> RequesterKind:
    """Who can be reached is anonymous no longer."""
    return RequesterKind.CITIZEN if kind is RequesterKind.ANONYMOUS else kind


def link_ends_at(given_at: datetime, closed_at: datetime | None, days: int) -> datetime | None:
    """When a link stops opening anything; None while the ticket lives."""
    return max(given_at, closed_at) + timedelta(days=days) if closed_at else None


def speakers_of(ticket: TicketState, installation: Installation) -> list[Person]:
    """Those who speak with the requester: the municipality's team that has the ticket, or had it last."""
    holders = [ticket.holder, *reversed(ticket.handed_over_by)]
    team = next((each.team for each in holders if each.organisation == ticket.municipality), "")
    return [
        person
        for _, person in sorted(installation.people.items())
        if team and any(seat.team == team for seat in person.memberships)
    ]
