"""Which team a ticket goes to, and by which rule."""

import pytest

from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Installation, Organisation, RoutingRule, Service, Team
from servicedesk.core.routing import SUPPLIERS_TEAM, route
from servicedesk.core.vocabulary import Fault, OrganisationKind, Role, Tier

ORGANISATIONS = {
    "lulea": Organisation("lulea", OrganisationKind.MUNICIPALITY, "Luleå"),
    "arjeplog": Organisation("arjeplog", OrganisationKind.MUNICIPALITY, "Arjeplog"),
    "board": Organisation("board", OrganisationKind.JOINT, "Board"),
    "maker": Organisation("maker", OrganisationKind.SUPPLIER, "Maker"),
}
SERVICES = {"platform": Service("platform", "Platform", "board", "maker"), "archive": Service("archive", "A", "board")}


def team(key: str, organisation: str, tier: Tier, role: Role) -> Team:
    return Team(key, organisation, tier, key, "always", role)


TEAMS = [
    team("lulea-managers", "lulea", Tier.SECOND_LINE, Role.BUSINESS_SYSTEM_MANAGER),
    team("lulea-developers", "lulea", Tier.SECOND_LINE, Role.E_SERVICE_DEVELOPER),
    team("lulea-administrators", "lulea", Tier.SECOND_LINE, Role.ADMINISTRATOR),
    team("arjeplog-managers", "arjeplog", Tier.SECOND_LINE, Role.BUSINESS_SYSTEM_MANAGER),
    team("board-managers", "board", Tier.JOINT, Role.IT_SERVICE_MANAGER),
    team("maker-support", "maker", Tier.SUPPLIER, Role.SUPPLIER_AGENT),
]
RULES = [
    RoutingRule("usual", 900, Tier.SECOND_LINE, role=Role.BUSINESS_SYSTEM_MANAGER),
    RoutingRule("own-fault", 100, Tier.SECOND_LINE, role=Role.E_SERVICE_DEVELOPER, fault=Fault.E_SERVICE),
    RoutingRule("requests", 100, Tier.SECOND_LINE, role=Role.ADMINISTRATOR, workflow="service-request"),
    RoutingRule(
        "permits", 10, Tier.SECOND_LINE, team="lulea-administrators", municipality="lulea", e_service="lulea-permits"
    ),
    RoutingRule("archive", 50, Tier.SECOND_LINE, team="lulea-developers", municipality="lulea", service="archive"),
    RoutingRule("joint", 900, Tier.JOINT, role=Role.IT_SERVICE_MANAGER),
]


def installation(*more: RoutingRule | Team) -> Installation:
    teams = [*TEAMS, *(item for item in more if isinstance(item, Team))]
    rules = [*RULES, *(item for item in more if isinstance(item, RoutingRule))]
    return Installation(
        organisations=ORGANISATIONS,
        services=SERVICES,
        teams={team.key: team for team in teams},
        routing={rule.key: rule for rule in rules},
    )


def chosen(
    *more: RoutingRule | Team,
    tier: Tier = Tier.SECOND_LINE,
    municipality: str = "lulea",
    service: str = "platform",
    e_service: str = "",
    workflow: str = "",
    fault: Fault = Fault.UNKNOWN,
) -> tuple[str, str]:
    """(team, rule)"""
    found, rule = route(
        installation(*more),
        tier=tier,
        municipality=municipality,
        service=service,
        e_service=e_service,
        workflow=workflow,
        fault=fault,
    )
    return found.key, rule.key


def test_a_rule_without_conditions_matches_every_municipality() -> None:
    assert chosen() == ("lulea-managers", "usual")
    assert chosen(municipality="arjeplog") == ("arjeplog-managers", "usual")


def test_the_lowest_order_that_matches_wins() -> None:
    assert chosen(e_service="lulea-permits", fault=Fault.E_SERVICE) == ("lulea-administrators", "permits")
    assert chosen(fault=Fault.E_SERVICE) == ("lulea-developers", "own-fault")


def test_rules_of_one_order_are_tried_by_key() -> None:
    assert chosen(fault=Fault.E_SERVICE, workflow="service-request") == ("lulea-developers", "own-fault")


def test_each_condition_must_hold() -> None:
    assert chosen(workflow="service-request") == ("lulea-administrators", "requests")
    assert chosen(service="archive") == ("lulea-developers", "archive")
    assert chosen(service="archive", municipality="arjeplog") == ("arjeplog-managers", "usual")
    assert chosen(fault=Fault.PLATFORM) == ("lulea-managers", "usual")


def test_a_municipality_without_the_role_gets_the_next_rule() -> None:
    assert chosen(municipality="arjeplog", fault=Fault.E_SERVICE) == ("arjeplog-managers", "usual")


def test_a_role_that_two_teams_have_chooses_neither() -> None:
    second = team("lulea-more-developers", "lulea", Tier.SECOND_LINE, Role.E_SERVICE_DEVELOPER)
    assert chosen(second, fault=Fault.E_SERVICE) == ("lulea-managers", "usual")


def test_the_joint_tier_has_the_same_team_for_all() -> None:
    assert chosen(tier=Tier.JOINT) == chosen(tier=Tier.JOINT, municipality="arjeplog") == ("board-managers", "joint")


def test_the_suppliers_tier_is_the_services_supplier() -> None:
    assert chosen(tier=Tier.SUPPLIER) == ("maker-support", SUPPLIERS_TEAM)


def test_rules_choose_between_a_suppliers_teams() -> None:
    night = team("maker-night", "maker", Tier.SUPPLIER, Role.SUPPLIER_AGENT)
    rule = RoutingRule("maker", 1, Tier.SUPPLIER, team="maker-night", service="platform")
    assert chosen(night, rule, tier=Tier.SUPPLIER) == ("maker-night", "maker")
    with pytest.raises(Refusal):
        chosen(night, tier=Tier.SUPPLIER)


def test_without_a_way_the_refusal_names_what_was_looked_for() -> None:
    with pytest.raises(Refusal) as refused:
        chosen(tier=Tier.FIRST_LINE, e_service="lulea-permits", fault=Fault.PLATFORM)
    assert refused.value.code == "no_route"
    assert refused.value.data == {
        "tier": "first_line",
        "municipality": "lulea",
        "service": "platform",
        "e_service": "lulea-permits",
        "workflow": "-",
        "fault": "platform",
    }
    assert "tier first_line for municipality lulea, service platform" in str(refused.value)


def test_a_service_without_supplier_has_no_supplier_tier() -> None:
    with pytest.raises(Refusal, match="at tier supplier"):
        chosen(tier=Tier.SUPPLIER, service="archive")
