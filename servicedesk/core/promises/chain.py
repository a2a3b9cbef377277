"""Who may hold a ticket in turn, and for how long: the promises that stand behind the one to the requester.

A chain is the way up: every tier that the workflow knows, the nearest first, each on the calendar that its promise
counts on. Nobody appears twice: what a tier holds when the ticket comes down again counts against the same time as on
the way up. How it may divide that time between the two is told in `split`. There is a way down to each: every hand-over
can be returned, which a workflow is proved for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from servicedesk.core.agreements import target_for
from servicedesk.core.errors import Refusal
from servicedesk.core.facts import HOLDERS_CALENDAR, Agreement, Installation, Team
from servicedesk.core.routing import route
from servicedesk.core.vocabulary import AgreementKind, ClockEffect, Fault, Metric, Tier
from servicedesk.core.workflows.definition import Definition


@dataclass(frozen=True, slots=True)
class Link:
    """What one tier may take: `seconds` open on `calendar`, with the grace that its promise has. 0: nobody has said."""

    tier: Tier
    team: str
    calendar: str
    seconds: int


Chain = tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """What a ticket is about, as far as promises go."""

    service: str
    municipality: str
    priority: int


def chains(
    installation: Installation,
    workflows: Iterable[Definition],
    matter: Matter,
    agreements: dict[AgreementKind, Agreement],
) -> list[Chain]:
    """Every way up that takes other times or other calendars. One that is the end of another is left out: who begins
    further down gets it later."""
    found: dict[tuple[tuple[str, int], ...], Chain] = {}
    for workflow in workflows:
        for chain in product(*_tiers(installation, workflow, matter, agreements)):
            found.setdefault(_times(chain), chain)
    return [
        chain
        for times, chain in found.items()
        if not any(len(other) > len(times) and other[len(other) - len(times) :] == times for other in found)
    ]


def _times(chain: Chain) -> tuple[tuple[str, int], ...]:
    return tuple((link.calendar, link.seconds) for link in chain)


def _tiers(
    installation: Installation, workflow: Definition, matter: Matter, agreements: dict[AgreementKind, Agreement]
) -> Iterator[list[Link]]:
    """Tier by tier the different times that a team there may take."""
    for tier in tiers_of(workflow):
        teams = _teams(installation, workflow, matter, tier)
        if teams:
            links = [_link(agreements, workflow.key, matter.priority, team) for team in teams]
            yield list({(link.calendar, link.seconds): link for link in reversed(links)}.values())


def tiers_of(workflow: Definition) -> list[Tier]:
    """Where a ticket of this workflow can lie while the requester's time runs, the nearest to the requester first."""
    found = {state.tier for state in workflow.states.values() if state.clocks[Metric.RESOLUTION] is ClockEffect.RUN}
    return sorted((tier for tier in found if tier), key=lambda tier: tier.level)


def _teams(installation: Installation, workflow: Definition, matter: Matter, tier: Tier) -> list[Team]:
    """Whom routing can give it to, whosever the fault turns out to be and whichever e-service it is about; no
    supplier's where the service has none."""
    if tier is Tier.SUPPLIER and not installation.services[matter.service].supplier:
        return []
    e_services = [
        e_service.key
        for e_service in installation.e_services.values()
        if (e_service.municipality, e_service.service) == (matter.municipality, matter.service)
    ]
    found: dict[str, Team] = {}
    for fault, e_service in product(Fault, ["", *e_services]):
        try:
            team, _ = route(
                installation,
                tier=tier,
                municipality=matter.municipality,
                service=matter.service,
                e_service=e_service,
                workflow=workflow.key,
                fault=fault,
            )
        except Refusal:
            continue  # whoever checks the installation says so; here there is nobody whose time could be counted
        found[team.key] = team
    return list(found.values())


def _link(agreements: dict[AgreementKind, Agreement], workflow: str, priority: int, team: Team) -> Link:
    """What the team has promised. A supplier answers by its own contract, never for another's."""
    is_outside = team.tier is Tier.SUPPLIER
    agreement = agreements.get(AgreementKind.UC if is_outside else AgreementKind.OLA)
    if agreement is None or (is_outside and agreement.party != team.organisation):
        return Link(team.tier, team.key, team.calendar, 0)
    tier, metric = (None, Metric.CONTRACT) if is_outside else (team.tier, Metric.HOLDING)
    target = target_for(agreement, metric, priority, tier, workflow)
    if target is None:
        return Link(team.tier, team.key, team.calendar, 0)
    calendar = team.calendar if target.calendar == HOLDERS_CALENDAR else target.calendar
    return Link(team.tier, team.key, calendar, target.seconds + target.grace)
