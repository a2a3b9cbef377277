"""What a readable installation is refused for: each with its file, key and remedy."""

import pytest

from servicedesk.core.installations.file import parse_installation
from tests.core.installation_small import SMALL, faults_of, small, small_installation

SECOND_SLA = """
[agreement.boden-more]
kind = "SLA"
party = "boden"
services = "all"
valid_from = 2026-06-01
target = [{ metric = "response", time = "1h", calendar = "office" }]
"""

ANOTHER_TARGET = '{ metric = "contract", time = "2h", calendar = "office", priorities = [3] }'


def test_the_small_installation_is_clean() -> None:
    assert faults_of(SMALL) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "problem", "remedy"),
    [
        # Calendars
        ("calendars", '"13:00-16:30"', '"11:00-16:30"', "calendar.office.week.mon", "overlap", "Make them one"),
        ("calendars", 'week = { mon-thu = ["08:00-12:00", "13:00-16:30"], fri = ["08:00-15:00"] }', "week = {}",
         "calendar.office.week", "no open time", "at least one day"),
        ("calendars", 'holidays = "SE"', 'holidays = "SX9"', "calendar.office.holidays", "SX9", "such as SE"),
        ("calendars", "[calendar.office]", '[calendar.always]\nweek = { mon = ["08:00-12:00"] }\n\n[calendar.office]',
         "calendar.always", "not open around the clock", "always = true"),
        # Organisations, teams and people
        ("organisations", 'name = "Joint board"', 'name = "Joint board"\ncode = "2582"', "organisation.board.code",
         "is the code of [organisation.boden]", "its own code"),
        ("teams", 'organisation = "boden"', 'organisation = "maker"', "team.boden-desk.organisation",
         "is a supplier organisation", "kind municipality"),
        ("teams", 'role = "first_line_staff"', 'role = "local_it"', "team.boden-desk.role",
         "local_it does not work at tier first_line", "first_line_staff"),
        ("people", 'role = "first_line_staff"', 'role = "system_owner"', "person.first-line.memberships[1].role",
         "system_owner does not work at tier first_line", "first_line_staff"),
        ("people", 'role = "first_line_staff"', 'role = "scheduler"', "person.first-line.memberships[1].role",
         "scheduler does not work", "first_line_staff"),
        ("people", "lead = true }", 'lead = true }, { team = "boden-desk", role = "first_line_staff" }',
         "person.first-line.memberships[2]", "says again", "Keep one"),
        ("people", '"manager@boden.example"', '"First.Line@boden.example"', "person.manager.email",
         "is the address of [person.first-line]", "their own address"),
        # Services
        ("services", 'owner = "board"', 'owner = "maker"', "service.platform.owner", "is a supplier", "that owns"),
        ("services", 'supplier = "maker"', 'supplier = "board"', "service.platform.supplier", "not a supplier",
         'kind = "supplier"'),
        ("services", 'municipality = "boden"', 'municipality = "board"', "e_service.boden-permits.municipality",
         "not a municipality", "Name the municipality"),
        # Agreements
        ("agreements", 'party = "boden"', 'party = "maker"', "agreement.boden-sla.party", "never the party of a SLA",
         "kind municipality"),
        ("agreements", 'metric = "resolution"', 'metric = "contract"', "agreement.boden-sla.target[1].metric",
         "SLA promises no contract", "response, resolution"),
        ("agreements", 'metric = "holding"', 'metric = "response"', "agreement.board-ola.target[1].metric",
         "OLA promises no response", "acknowledgement, holding"),
        ("agreements", 'metric = "contract"', 'metric = "holding"', "agreement.maker-uc.target[1].metric",
         "UC promises no holding", "acknowledgement, contract"),
        ("agreements", ', tier = "joint"', "", "agreement.board-ola.target[1].tier", "is missing", "second_line"),
        ("agreements", 'tier = "joint"', 'tier = "supplier"', "agreement.board-ola.target[1].tier", "contract (UC)",
         "second_line"),
        ("agreements", 'calendar = "always"', 'calendar = "always", tier = "supplier"',
         "agreement.maker-uc.target[1].tier", "not for a tier", "Leave tier out"),
        ("agreements", "valid_from = 2026-01-01", "valid_from = 2026-01-01\nvalid_to = 2026-01-01",
         "agreement.boden-sla.valid_to", "is not after", "first day"),
        ("agreements", 'calendar = "always" }', f'calendar = "always" }}, {ANOTHER_TARGET}',
         "agreement.maker-uc.target[2].priorities", "contract for the same priority", "one target"),
        # Routing
        ("routing", 'team = "board-managers"', "", "routing.joint", "neither a team nor a role", "Name the team"),
        ("routing", 'team = "board-managers"', 'team = "board-managers"\nrole = "it_service_manager"', "routing.joint",
         "both a team and a role", "Name the team"),
        ("routing", 'team = "board-managers"', 'role = "local_it"', "routing.joint.role", "does not work at tier joint",
         "it_service_manager"),
        ("routing", 'team = "board-managers"', 'team = "boden-desk"', "routing.joint.team",
         "boden-desk is at tier first_line", "rule's tier"),
        ("routing", 'role = "first_line_staff"', 'team = "boden-desk"', "routing.first-line.team",
         "the rule covers others too", "own municipality"),
        ("routing", "order = 90", 'order = 90\nmunicipality = "board"', "routing.first-line.municipality",
         "not a municipality", "Name a municipality"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(file: str, old: str, new: str, key: str, problem: str, remedy: str) -> None:
    found = [fault for fault in faults_of(small(**{file: (old, new)})) if fault.key == key]
    assert [fault.file for fault in found] == [f"{file}.toml"]
    assert problem in found[0].problem
    assert remedy in found[0].remedy


ANOTHER_RULE = """
[routing.another]
order = 90
tier = "first_line"
role = "first_line_staff"
"""


@pytest.mark.parametrize("condition", ["", 'municipality = "boden"', 'service = "platform"', 'fault = "platform"'])
def test_two_routing_rules_of_one_order_that_may_match_the_same_ticket_are_refused(condition: str) -> None:
    (fault,) = faults_of({**SMALL, "more.toml": ANOTHER_RULE + condition})
    assert (fault.file, fault.key) == ("more.toml", "routing.another.order")
    assert "is 90, as in [routing.first-line]" in fault.problem and "different orders" in fault.remedy


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('fault = "platform"', 'fault = "e_service"'),
        ('municipality = "boden"', 'municipality = "kiruna"'),
        ('e_service = "boden-permits"', 'municipality = "kiruna"'),
        ('e_service = "boden-permits"', 'service = "archive"'),
    ],
)
def test_rules_whose_conditions_exclude_each_other_may_have_one_order(first: str, second: str) -> None:
    more = ANOTHER_RULE.replace("90", "50") + first + ANOTHER_RULE.replace("90", "50").replace("another", "a-third")
    more += f'{second}\n[organisation.kiruna]\nkind = "municipality"\nname = "Kiruna"\n'
    more += '[service.archive]\nname = "Archive"\nowner = "board"\n'
    assert [fault for fault in faults_of({**SMALL, "more.toml": more}) if "order" in fault.key] == []


def test_rules_of_different_tiers_may_have_one_order() -> None:
    assert len({rule.order for rule in small_installation().routing.values()}) == 1


def test_two_agreements_for_one_service_and_period_are_refused() -> None:
    (fault,) = faults_of({**SMALL, "more.toml": SECOND_SLA})
    assert (fault.file, fault.key) == ("more.toml", "agreement.boden-more")
    assert "[agreement.boden-sla] covers platform at the same time" in fault.problem
    assert "valid_to" in fault.remedy


@pytest.mark.parametrize(
    ("valid_to", "is_clean"),
    [("2026-05-31", False), ("2026-06-01", True), ("2026-06-02", False)],
)
def test_an_agreement_may_follow_another_from_the_day_it_ends(valid_to: str, is_clean: bool) -> None:
    ended = small(agreements=("valid_from = 2026-01-01", f"valid_from = 2026-01-01\nvalid_to = {valid_to}"))
    assert (faults_of({**ended, "more.toml": SECOND_SLA}) == ()) is is_clean


def test_agreements_of_different_kinds_or_services_do_not_overlap() -> None:
    apart = SECOND_SLA.replace('"all"', '["archive"]')
    archive = '\n[service.archive]\nname = "Archive"\nowner = "board"\n'
    documents = {**SMALL, "more.toml": apart, "archive.toml": archive}
    assert faults_of(documents) == ()


def test_a_suppliers_contract_covers_only_what_it_runs() -> None:
    services = '\n[service.archive]\nname = "Archive"\nowner = "board"\n'
    documents = small(agreements=('services = ["platform"]', 'services = "all"'))
    uc = 'services = "all"\nvalid_from = 2026-01-01\ntarget = [{ metric = "contract"'
    documents["agreements.toml"] = documents["agreements.toml"].replace(uc, uc.replace('"all"', '["archive"]', 1))
    (fault,) = faults_of({**documents, "archive.toml": services})
    assert (fault.file, fault.key) == ("agreements.toml", "agreement.maker-uc.services")
    assert "archive is run by no supplier, not by maker" in fault.problem


def test_a_supplier_that_runs_nothing_has_no_contract() -> None:
    (fault,) = [f for f in faults_of(small(services=('supplier = "maker"\n', ""))) if f.key.endswith("services")]
    assert (fault.file, fault.key) == ("agreements.toml", "agreement.maker-uc.services")
    assert fault.problem == "covers no service."


@pytest.mark.parametrize(
    ("team", "tier", "named"),
    [("boden-desk", "first_line", "[team.…]"), ("boden-managers", "second_line", "[team.…]")],
)
def test_a_municipality_without_first_or_second_line_is_refused(team: str, tier: str, named: str) -> None:
    documents = {**SMALL, "more.toml": '[organisation.kiruna]\nkind = "municipality"\nname = "Kiruna"\n' + SLA_KIRUNA}
    found = [fault for fault in faults_of(documents) if f"has no team at tier {tier}" in fault.problem]
    assert [(fault.file, fault.key) for fault in found] == [("more.toml", "organisation.kiruna")]
    assert named in found[0].remedy and 'organisation = "kiruna"' in found[0].remedy


SLA_KIRUNA = """
[agreement.kiruna-sla]
kind = "SLA"
party = "kiruna"
services = "all"
valid_from = 2026-01-01
target = [{ metric = "response", time = "1h", calendar = "office" }]
"""


def test_a_municipality_without_a_promise_for_a_service_is_refused() -> None:
    archive = '[service.archive]\nname = "Archive"\nowner = "board"\n'
    (fault,) = faults_of({**SMALL, "archive.toml": archive})
    assert (fault.file, fault.key) == ("organisations.toml", "organisation.boden")
    assert fault.problem == "Bodens kommun has no SLA for: archive."
    assert 'party = "boden"' in fault.remedy


@pytest.mark.parametrize(
    ("rule", "tier"), [("first-line", "first_line"), ("second-line", "second_line"), ("joint", "joint")]
)
def test_a_tier_that_no_rule_leads_to_is_refused(rule: str, tier: str) -> None:
    (fault,) = faults_of(small(routing=(f"[routing.{rule}]", f'[routing.{rule}]\nworkflow = "incident"')))
    assert (fault.file, fault.key) == ("organisations.toml", "organisation.boden")
    assert f"at tier {tier}, about: platform" in fault.problem
    assert f'tier = "{tier}"' in fault.remedy


def test_a_rule_for_one_kind_of_fault_does_not_route_the_others() -> None:
    (fault,) = faults_of(small(routing=("[routing.joint]", '[routing.joint]\nfault = "platform"')))
    assert "at tier joint" in fault.problem


def test_a_role_that_two_teams_have_does_not_choose_between_them() -> None:
    second = SMALL["teams.toml"].split("\n\n")[0].replace("boden-desk", "boden-switchboard")
    documents = {**SMALL, "more.toml": second}
    (fault,) = faults_of(documents)
    assert "at tier first_line" in fault.problem
    named = '\n[routing.boden]\norder = 1\ntier = "first_line"\nmunicipality = "boden"\nteam = "boden-switchboard"\n'
    assert faults_of({**documents, "named.toml": named}) == ()


def test_a_service_whose_supplier_has_no_team_is_refused() -> None:
    documents = small(services=('supplier = "maker"', 'supplier = "other"'))
    documents["more.toml"] = '[organisation.other]\nkind = "supplier"\nname = "Other"\n'
    documents["agreements.toml"] = documents["agreements.toml"].split("[agreement.maker-uc]")[0]
    (fault,) = faults_of(documents)
    assert (fault.file, fault.key) == ("services.toml", "service.platform.supplier")
    assert 'organisation = "other"' in fault.remedy


def test_a_rule_whose_conditions_exclude_each_other_is_refused() -> None:
    rule = """
[routing.permits]
order = 1
tier = "second_line"
e_service = "boden-permits"
service = "archive"
role = "business_system_manager"
"""
    archive = '[service.archive]\nname = "Archive"\nowner = "board"\n'
    documents = small(agreements=('services = ["platform"]', 'services = "all"'))
    (fault,) = faults_of({**documents, "archive.toml": archive, "rule.toml": rule})
    assert (fault.file, fault.key) == ("rule.toml", "routing.permits.service")
    assert "never matches" in fault.problem
    assert 'service = "platform"' in fault.remedy


def test_a_person_may_serve_two_municipalities() -> None:
    shared = """
[person.shared]
name = "Shared"
email = "shared@boden.example"
memberships = [
  { team = "boden-managers", role = "local_it" },
  { team = "kiruna-managers", role = "local_it", lead = true },
]

[organisation.kiruna]
kind = "municipality"
name = "Kiruna kommun"
"""
    kiruna = SMALL["teams.toml"].split("[team.board")[0].replace("boden", "kiruna")
    installation = parse_installation({**SMALL, "shared.toml": shared, "kiruna.toml": kiruna + SLA_KIRUNA})
    teams = [installation.teams[m.team].organisation for m in installation.people["shared"].memberships]
    assert teams == ["boden", "kiruna"]


def test_the_whole_is_not_judged_before_its_parts_can_be_read() -> None:
    """A misspelt team would otherwise also be missed as the municipality's first line."""
    (fault,) = faults_of(small(teams=('name = "Desk"', "name = 3")))
    assert fault.key == "team.boden-desk.name"
    assert small_installation().teams["boden-desk"].name == "Desk"
