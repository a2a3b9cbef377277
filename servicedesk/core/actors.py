"""Actors made from people and API clients: their seats resolved against the installation."""

from servicedesk.core.facts import Actor, Installation, Person, Seat
from servicedesk.core.vocabulary import OrganisationKind, Role, Tier


def actor_of(person: Person, installation: Installation) -> Actor:
    seats = []
    for membership in person.memberships:
        team = installation.teams[membership.team]
        seats.append(Seat(membership.role, team.key, team.tier, team.organisation, membership.lead))
    return Actor("person", person.key, person.name, tuple(seats), person.language)


def client_actor(key: str, name: str, organisation: str, scopes: tuple[str, ...], installation: Installation) -> Actor:
    """An API client acts for a supplier, with one seat in each of its teams; or for a municipality, in none of them: it
    logs tickets, follows its municipality's own, and does for whoever asks what core.workflows.who and core.rights let
    a system do."""
    kind = installation.organisations[organisation].kind
    seats: tuple[Seat, ...] = ()
    if kind is OrganisationKind.SUPPLIER:
        teams = [team for team in installation.teams.values() if team.organisation == organisation]
        seats = tuple(Seat(Role.SUPPLIER_AGENT, team.key, Tier.SUPPLIER, organisation) for team in teams)
    elif kind is OrganisationKind.MUNICIPALITY:
        seats = (Seat(Role.MUNICIPAL_SYSTEM, "", Tier.FIRST_LINE, organisation),)
    return Actor("client", key, name, seats, scopes=scopes)
