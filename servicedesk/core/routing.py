"""Which team a ticket goes to at a tier, and by which rule."""

from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Installation, RoutingRule, Team
from servicedesk.core.vocabulary import Fault, OrganisationKind, Role, Tier

SUPPLIERS_TEAM = "supplier-of-the-service"

KIND_OF_TIER: dict[Tier, OrganisationKind] = {
    Tier.FIRST_LINE: OrganisationKind.MUNICIPALITY,
    Tier.SECOND_LINE: OrganisationKind.MUNICIPALITY,
    Tier.JOINT: OrganisationKind.JOINT,
    Tier.SUPPLIER: OrganisationKind.SUPPLIER,
}


def route(
    installation: Installation,
    *,
    tier: Tier,
    municipality: str,
    service: str,
    e_service: str = "",
    workflow: str = "",
    fault: Fault = Fault.UNKNOWN,
) -> tuple[Team, RoutingRule]:
    """The team and the rule that chose it: among the rules that match and lead to a team, the lowest order.

    The supplier's tier needs no rule: a service's supplier has one team, unless rules choose between several.
    Refused with `no_route`, which names what was looked for.
    """
    asked = {"municipality": municipality, "service": service, "e_service": e_service, "workflow": workflow}
    for rule in sorted(installation.routing.values(), key=lambda rule: (rule.order, rule.key)):
        if rule.tier is tier and matches(rule, fault=fault, **asked):
            team = team_of(installation, rule, municipality)
            if team:
                return team, rule
    if tier is Tier.SUPPLIER:
        team = suppliers_team(installation, service)
        if team:
            return team, RoutingRule(key=SUPPLIERS_TEAM, order=0, tier=tier, team=team.key, service=service)
    raise Refusal(
        "No routing rule leads to a team at tier %(tier)s for municipality %(municipality)s, service %(service)s, "
        "e-service %(e_service)s, workflow %(workflow)s and fault %(fault)s.",
        code="no_route",
        tier=str(tier),
        fault=str(fault),
        **{name: value or "-" for name, value in asked.items()},
    )


def matches(rule: RoutingRule, *, municipality: str, service: str, e_service: str, workflow: str, fault: Fault) -> bool:
    """Every condition that the rule states holds; what it leaves empty matches anything."""
    return (
        rule.municipality in ("", municipality)
        and rule.service in ("", service)
        and rule.e_service in ("", e_service)
        and rule.workflow in ("", workflow)
        and rule.fault in (None, fault)
    )


def team_of(installation: Installation, rule: RoutingRule, municipality: str) -> Team | None:
    """The team that the rule names, or the only one with its role; None when there is not exactly one."""
    if rule.team:
        return installation.teams.get(rule.team)
    found = teams_with_role(installation, rule.tier, rule.role, municipality)
    return found[0] if len(found) == 1 else None


def teams_with_role(installation: Installation, tier: Tier, role: Role | None, municipality: str) -> list[Team]:
    """The municipality's teams with this role; at the joint tier the joint organisation's."""
    in_municipality = KIND_OF_TIER[tier] is OrganisationKind.MUNICIPALITY
    return [
        team
        for team in installation.teams.values()
        if team.tier is tier
        and team.role is role
        and not team.observed
        and (not in_municipality or team.organisation == municipality)
    ]


def suppliers_team(installation: Installation, service: str) -> Team | None:
    """The only team of the service's supplier; None when it has none or several."""
    known = installation.services.get(service)
    if not known or not known.supplier:
        return None
    found = [
        team
        for team in installation.teams.values()
        if team.tier is Tier.SUPPLIER and team.organisation == known.supplier and not team.observed
    ]
    return found[0] if len(found) == 1 else None
