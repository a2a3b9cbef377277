"""Who is told when a promise runs out: a rung's roles, as far up as the ticket itself has come."""

from collections.abc import Iterable

from servicedesk.core.facts import Installation, Person
from servicedesk.core.sla import whose
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import OrganisationKind, Role, Tier

JOINT_ROLES = frozenset({Role.IT_SERVICE_MANAGER, Role.SYSTEM_OWNER})
HOLDERS_OWN = frozenset({"holder", "team_lead"})


def tell_at(installation: Installation, ticket: TicketState, share: int, clock: str) -> list[str]:
    """The roles of the rung at `share` for one of the ticket's clocks: of the nearest one at or below it, since an
    agreement may warn at shares of its own.

    Until a ticket is escalated nobody at the joint tier may see it, so the ladder ends at the business system manager,
    who stands in for the joint roles. A supplier is told of its own promises only: of others the IT service manager,
    who ordered from it, is told in its place.
    """
    rung = max((rung for rung in installation.ladder if rung.share <= share), key=lambda r: r.share, default=None)
    named = list(rung.tell) if rung else []
    if not ticket.joint:
        named = [Role.BUSINESS_SYSTEM_MANAGER if role in JOINT_ROLES else role for role in named]
    elif ticket.holder.tier is Tier.SUPPLIER and whose(clock)[0] != Tier.SUPPLIER:
        named = [Role.IT_SERVICE_MANAGER if role in HOLDERS_OWN else role for role in named]
    return list(dict.fromkeys(str(role) for role in named))


def people_told(installation: Installation, ticket: TicketState, tell: Iterable[str]) -> list[Person]:
    """The people behind a rung's roles now, each once, in order of key."""
    wanted = set(tell)
    return [
        person
        for key, person in sorted(installation.people.items())
        if any(_is_meant(installation, ticket, person, role) for role in wanted)
    ]


def _is_meant(installation: Installation, ticket: TicketState, person: Person, role: str) -> bool:
    if role == "holder":
        return person.key == ticket.assignee if ticket.assignee else _is_in(person, ticket.holder.team)
    if role == "team_lead":
        return any(seat.team == ticket.holder.team and seat.lead for seat in person.memberships)
    return any(
        str(seat.role) == role
        and _is_party(installation, ticket, installation.teams[seat.team].organisation, seat.role)
        for seat in person.memberships
    )


def _is_in(person: Person, team: str) -> bool:
    return any(seat.team == team for seat in person.memberships)


def _is_party(installation: Installation, ticket: TicketState, organisation: str, role: Role) -> bool:
    if role in JOINT_ROLES:
        return organisation == ticket.joint
    if installation.organisations[organisation].kind is OrganisationKind.SUPPLIER:
        return organisation == ticket.holder.organisation
    return organisation == ticket.municipality
