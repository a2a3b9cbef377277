"""Who may change what of an installation in pages: within the organisation one administers, and never above oneself.

An organisation is administered by those who have a seat of an administering role in it. What such a seat may give to
others, and so also take from them, is one table: no more than it has itself (tests/core/test_administering.py tries
that against every right there is).
"""

from collections.abc import Iterable

from servicedesk.core.errors import NotFound, Refusal
from servicedesk.core.facts import (
    HOLDERS_CALENDAR,
    Actor,
    CalendarFacts,
    Installation,
    Known,
    Membership,
    Person,
    Seat,
    Team,
)
from servicedesk.core.people import organisations_of
from servicedesk.core.vocabulary import ROLE_TIERS, AgreementKind, OrganisationKind, Role

BELOW_A_MANAGER = frozenset(
    {Role.FIRST_LINE_STAFF, Role.ADMINISTRATOR, Role.E_SERVICE_DEVELOPER, Role.LOCAL_IT},
)

# The seat that gives -> the roles it may give. The system owner stands above the IT service manager: `load` names them.
GIVES: dict[Role, frozenset[Role]] = {
    Role.BUSINESS_SYSTEM_MANAGER: BELOW_A_MANAGER | {Role.BUSINESS_SYSTEM_MANAGER},
    Role.ADMINISTRATOR: BELOW_A_MANAGER,
    Role.IT_SERVICE_MANAGER: frozenset({Role.IT_SERVICE_MANAGER}),
    Role.SUPPLIER_AGENT: frozenset({Role.SUPPLIER_AGENT}),
}
# A supplier's people are looked after by whoever leads a team of theirs.
AS_LEAD_ONLY = frozenset({Role.SUPPLIER_AGENT})
# To lead a team is more than to work in it, except to those who stand above teams already.
ABOVE_LEADS = frozenset({Role.BUSINESS_SYSTEM_MANAGER, Role.IT_SERVICE_MANAGER})
# Who answers for the whole joint board's world, and sees all of it.
SEES_ALL = frozenset({Role.IT_SERVICE_MANAGER})

NOT_HERE = "There is no such page, or it is not yours to see. Go to the queue and look from there."


def administers(seat: Seat) -> bool:
    return seat.role in GIVES and (seat.lead or seat.role not in AS_LEAD_ONLY)


def administered_by(actor: Actor) -> frozenset[str]:
    """The organisations whose people, teams, hours and templates this person may change."""
    if actor.kind != "person":
        return frozenset()
    return frozenset(seat.organisation for seat in actor.seats if administers(seat))


def sees_all(actor: Actor) -> bool:
    return actor.kind == "operator" or any(seat.role in SEES_ALL and administers(seat) for seat in actor.seats)


def is_administrator(actor: Actor) -> bool:
    return actor.kind == "operator" or bool(administered_by(actor))


def may_give(actor: Actor, seat: Seat) -> bool:
    """Whether the actor may give this seat to somebody, or take it from them."""
    if actor.kind == "operator":
        return True
    mine = [own for own in actor.seats if own.organisation == seat.organisation and administers(own)]
    if ROLE_TIERS.get(seat.role) is not seat.tier or not any(seat.role in GIVES[own.role] for own in mine):
        return False
    return not seat.lead or any(own.role in ABOVE_LEADS or own.lead for own in mine)


def seat_of(membership: Membership, installation: Installation) -> Seat:
    team = installation.teams[membership.team]
    return Seat(membership.role, team.key, team.tier, team.organisation, membership.lead)


def may_change(actor: Actor, person: Person, installation: Installation) -> bool:
    """Their name, how they sign in, and whether they work here at all: only if all their seats are the actor's to give,
    or they have none and are employed in the actor's own municipality.
    Who could set the password of somebody above them would be above them too."""
    seats = [seat_of(each, installation) for each in (person.memberships or person.former)]
    if not seats and person.employer:
        return actor.kind == "operator" or person.employer in administered_by(actor)
    return actor.kind == "operator" or (bool(seats) and all(may_give(actor, seat) for seat in seats))


def may_send_away(actor: Actor, person: Person, installation: Installation) -> bool:
    """Say when somebody is away: whoever gives any of their seats, and they themselves."""
    return not person.ended and (
        actor.key == person.key
        or actor.kind == "operator"
        or any(may_give(actor, seat_of(each, installation)) for each in person.memberships)
    )


def may_change_team(actor: Actor, team: Team) -> bool:
    return not team.observed and (actor.kind == "operator" or team.organisation in administered_by(actor))


def givable(actor: Actor, team: Team, *, lead: bool = False) -> list[Role]:
    """The roles that the actor may give in this team, in the order of the vocabulary."""
    if team.observed:
        return []
    return [role for role in Role if may_give(actor, Seat(role, team.key, team.tier, team.organisation, lead))]


def users_of(calendar: CalendarFacts, installation: Installation) -> set[str]:
    """The organisations whose teams keep these hours, and those whose promises count on them. A supplier's contract
    binds whoever has ordered too: it is not the supplier's to give itself more time."""
    users = {team.organisation for team in installation.teams.values() if team.calendar == calendar.key}
    for agreement in installation.agreements.values():
        named = {target.calendar for target in agreement.targets}
        counts = calendar.key in named or (HOLDERS_CALENDAR in named and agreement.party in users)
        if counts:
            users.add(agreement.party)
        if counts and agreement.kind is AgreementKind.UC:
            users |= {installation.services[key].owner for key in agreement.services}
    return users


def may_change_calendar(actor: Actor, calendar: CalendarFacts, installation: Installation) -> bool:
    """Hours that nobody else goes by."""
    users = users_of(calendar, installation)
    return calendar.key != "always" and (actor.kind == "operator" or (bool(users) and users <= administered_by(actor)))


def may_know_for(actor: Actor, municipality: str, installation: Installation) -> bool:
    """Whether the actor says what is known for this municipality; for all ('') whoever answers for them all does."""
    if not municipality:
        return sees_all(actor)
    found = installation.organisations.get(municipality)
    is_one = found is not None and found.kind is OrganisationKind.MUNICIPALITY
    return is_one and (actor.kind == "operator" or municipality in administered_by(actor))


def may_change_known(actor: Actor, known: Known) -> bool:
    if actor.kind == "operator":
        return True
    return known.municipality in administered_by(actor) if known.municipality else sees_all(actor)


def seen_organisations(actor: Actor, installation: Installation) -> frozenset[str]:
    """Whose people, teams and the like are shown."""
    return frozenset(installation.organisations) if sees_all(actor) else administered_by(actor)


def sees_person(actor: Actor, person: Person, installation: Installation) -> bool:
    """Somebody with a seat in one's own organisation, or employed there. Anybody else who has none is shown to those
    who see everything."""
    theirs = organisations_of(person, installation) | {person.employer}
    return sees_all(actor) or not theirs.isdisjoint(administered_by(actor))


def require_administrator(actor: Actor) -> None:
    """To everybody else there is nothing of this."""
    if not is_administrator(actor):
        raise NotFound(NOT_HERE)


def require_may_give(actor: Actor, seats: Iterable[Seat]) -> None:
    """Refusal `above_yours`."""
    if not all(may_give(actor, seat) for seat in seats):
        raise Refusal(
            "You can give and take only roles in your own organisation, and none above your own. Ask somebody who has "
            "the role to do it.",
            code="above_yours",
        )
