"""Who watches what others work on: those who share work out at their tier."""

from servicedesk.core.errors import NotFound
from servicedesk.core.facts import Actor, Team
from servicedesk.core.follow_up import Reach, follower
from servicedesk.core.vocabulary import OrganisationKind, Tier
from servicedesk.web import identity
from servicedesk.web.menu import TRIAGE
from servicedesk.web.reading import Reading


def require_manager() -> Actor:
    """NotFound for everybody else."""
    viewer = identity.viewer()
    if not TRIAGE & viewer.roles:
        raise NotFound("There is no such page, or it is not yours to see.")
    return viewer


def is_joint(viewer: Actor) -> bool:
    return any(seat.tier is Tier.JOINT for seat in viewer.seats)


def teams_watched(viewer: Actor, reading: Reading) -> list[Team]:
    """Their own organisation's; all to the joint organisation, which sees of them what has been escalated."""
    found = [
        team
        for team in reading.installation.teams.values()
        if is_joint(viewer) or team.organisation in viewer.organisations
    ]
    return sorted(found, key=lambda team: (-team.tier.level, team.name))


def suppliers_followed(viewer: Actor, reading: Reading) -> list[tuple[str, str]]:
    """Those whose figures the viewer may ask for: key and name."""
    found = follower(viewer)
    return [] if found is None or found[0] is Reach.CONTRACT else suppliers(reading)


def suppliers(reading: Reading) -> list[tuple[str, str]]:
    kept = reading.installation.organisations.values()
    found = [(each.key, each.name) for each in kept if each.kind is OrganisationKind.SUPPLIER]
    return sorted(found, key=lambda pair: pair[1])
