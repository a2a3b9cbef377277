"""The shipped sample loads, is clean, and shows every role, tier and service of the support chain."""

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest

from servicedesk.core.agreements import agreement_for, target_for
from servicedesk.core.calendars.calendar import always_open, compile_calendar
from servicedesk.core.facts import Installation
from servicedesk.core.installations.diff import difference
from servicedesk.core.installations.file import read_installation
from servicedesk.core.promises.check import Proof
from servicedesk.core.routing import route
from servicedesk.core.vocabulary import ROLE_TIERS, AgreementKind, Fault, Metric, OrganisationKind, Role, Tier
from servicedesk.core.workflows.file import parse_workflow
from servicedesk.paths import samples
from servicedesk.paths import workflows as shipped_workflows

FOLDER = samples() / "norrbotten"
TODAY = date(2026, 11, 21)
CODES = {
    "arjeplog": "2506",
    "arvidsjaur": "2505",
    "boden": "2582",
    "gallivare": "2523",
    "haparanda": "2583",
    "jokkmokk": "2510",
    "kalix": "2514",
    "kiruna": "2584",
    "lulea": "2580",
    "pajala": "2521",
    "pitea": "2581",
    "alvsbyn": "2560",
    "overkalix": "2513",
    "overtornea": "2518",
}


@pytest.fixture(scope="module")
def norrbotten() -> Installation:
    return read_installation(FOLDER)


def roles_in(installation: Installation, organisation: str) -> set[Role]:
    return {
        membership.role
        for person in installation.people.values()
        for membership in person.memberships
        if installation.teams[membership.team].organisation == organisation
    }


def test_it_is_the_same_when_read_again(norrbotten: Installation) -> None:
    assert difference(norrbotten, read_installation(FOLDER)) == []


def test_it_has_the_fourteen_municipalities_with_their_codes(norrbotten: Installation) -> None:
    found = {o.key: o.code for o in norrbotten.organisations.values() if o.kind is OrganisationKind.MUNICIPALITY}
    assert found == CODES
    assert norrbotten.organisations["lulea"].population == 78549
    assert sum(o.population for o in norrbotten.organisations.values()) == 249614


def test_first_lines_differ_in_name_and_most_in_hours(norrbotten: Installation) -> None:
    first_lines = [team for team in norrbotten.teams.values() if team.tier is Tier.FIRST_LINE]
    assert {team.organisation for team in first_lines} == set(CODES)
    assert len({team.name for team in first_lines}) == 14
    assert len({norrbotten.calendars[team.calendar].versions[-1].week for team in first_lines}) >= 10
    assert len({team.channels for team in first_lines}) >= 3
    has_lunch = {len(norrbotten.calendars[team.calendar].versions[-1].week[0]) for team in first_lines}
    assert has_lunch == {1, 2}


def test_what_is_invented_is_marked_so(norrbotten: Installation) -> None:
    assert all(team.sample for team in norrbotten.teams.values())
    assert all(person.sample for person in norrbotten.people.values())
    assert all(person.name.startswith("Exempel ") for person in norrbotten.people.values())
    assert all(person.email.endswith(".example") for person in norrbotten.people.values())
    suppliers = [o for o in norrbotten.organisations.values() if o.kind is OrganisationKind.SUPPLIER]
    assert len(suppliers) >= 3
    assert all(supplier.name.startswith("Exempelleverantören ") for supplier in suppliers)
    assert all("(exempel)" in agreement.name for agreement in norrbotten.agreements.values())


def test_every_role_has_somebody(norrbotten: Installation) -> None:
    held = {membership.role for person in norrbotten.people.values() for membership in person.memberships}
    assert held == set(ROLE_TIERS)


@pytest.mark.parametrize("municipality", CODES)
def test_every_municipality_can_do_every_job(norrbotten: Installation, municipality: str) -> None:
    assert roles_in(norrbotten, municipality) == {
        Role.FIRST_LINE_STAFF,
        Role.BUSINESS_SYSTEM_MANAGER,
        Role.ADMINISTRATOR,
        Role.E_SERVICE_DEVELOPER,
        Role.LOCAL_IT,
    }


def test_every_team_has_a_leader(norrbotten: Installation) -> None:
    led = {m.team for person in norrbotten.people.values() for m in person.memberships if m.lead}
    assert led == set(norrbotten.teams)


def test_overkalix_and_overtornea_share_their_local_it(norrbotten: Installation) -> None:
    shared = norrbotten.people["overkalix-overtornea-lokal-it"]
    assert {norrbotten.teams[m.team].organisation for m in shared.memberships} == {"overkalix", "overtornea"}


def test_in_arjeplog_one_person_is_the_second_line(norrbotten: Installation) -> None:
    everyone = [
        person.key
        for person in norrbotten.people.values()
        if any(m.team == "arjeplog-andra-linjen" for m in person.memberships)
    ]
    assert everyone == ["arjeplog-forvaltningsledare"]


def test_eight_shared_services_each_have_a_supplier_and_its_contract(norrbotten: Installation) -> None:
    assert len(norrbotten.services) == 8
    for service in norrbotten.services.values():
        assert service.owner == "e-namnden"
        contract = agreement_for(norrbotten, AgreementKind.UC, service.supplier, service.key, TODAY)
        assert contract, service.key
        assert all(target_for(contract, Metric.CONTRACT, priority) for priority in (1, 2, 3, 4))
        assert all(target_for(contract, Metric.ACKNOWLEDGEMENT, priority) for priority in (1, 2, 3, 4))


def test_priority_one_is_around_the_clock_at_the_platforms_supplier(norrbotten: Installation) -> None:
    contract = agreement_for(norrbotten, AgreementKind.UC, "leverantor-plattform", "e-tjansteplattform", TODAY)
    assert contract
    critical, high = (target_for(contract, Metric.CONTRACT, priority) for priority in (1, 2))
    assert critical and norrbotten.calendars[critical.calendar] == always_open()
    assert high and high.calendar != critical.calendar


@pytest.mark.parametrize("municipality", CODES)
def test_every_municipality_has_e_services(norrbotten: Installation, municipality: str) -> None:
    assert len([e for e in norrbotten.e_services.values() if e.municipality == municipality]) >= 2


def promises(installation: Installation, day: date) -> Iterator[tuple[str, int, list[int], int]]:
    """(service, priority, the parts' seconds, the whole's seconds) for each municipality's SLA."""
    for service in installation.services.values():
        ola = agreement_for(installation, AgreementKind.OLA, "e-namnden", service.key, day)
        contract = agreement_for(installation, AgreementKind.UC, service.supplier, service.key, day)
        assert ola and contract
        for municipality in CODES:
            sla = agreement_for(installation, AgreementKind.SLA, municipality, service.key, day)
            assert sla
            for priority in (1, 2, 3, 4):
                tiers = (Tier.FIRST_LINE, Tier.SECOND_LINE, Tier.JOINT)
                parts = [target_for(ola, Metric.HOLDING, priority, tier) for tier in tiers]
                parts.append(target_for(contract, Metric.CONTRACT, priority))
                whole = target_for(sla, Metric.RESOLUTION, priority)
                assert whole
                yield service.key, priority, [part.seconds for part in parts if part], whole.seconds


@pytest.mark.parametrize("day", [date(2016, 3, 1), date(2025, 12, 31), date(2026, 1, 1), TODAY])
def test_what_the_tiers_promise_each_other_fits_in_what_the_requester_is_promised(
    norrbotten: Installation, day: date
) -> None:
    for service, priority, parts, whole in promises(norrbotten, day):
        assert len(parts) == 4, (service, priority)
        assert sum(parts) <= whole, (service, priority)


def test_second_by_second_they_fit_too_but_in_pajala_the_day_before_christmas_eve(norrbotten: Installation) -> None:
    """As the sample says itself: there the first line has open while those it relies on have gone home."""
    calendar = cache(lambda key: compile_calendar(norrbotten.calendars[key]))
    workflows = [parse_workflow(path.read_text(), path.name) for path in sorted(shipped_workflows().glob("*.toml"))]
    proof = Proof(norrbotten, workflows, calendar, date(2026, 12, 1), date(2027, 1, 11))
    matters = [matter for matter in proof.matters() if matter.service in ("e-tjansteplattform", "e-arkiv")]
    found = [finding for matter in matters for finding in proof.find(matter)]
    assert {finding.matter for finding in found} == set(matters)
    wrong = [one for one in found if not one.fits]
    assert {(one.matter.municipality, one.matter.priority) for one in wrong} == {("pajala", 1), ("pajala", 2)}
    assert {one.worst.start.date() for one in wrong if one.worst} == {date(2026, 12, 23)}


@pytest.mark.parametrize("municipality", CODES)
def test_every_ticket_finds_its_way_up_the_chain(norrbotten: Installation, municipality: str) -> None:
    for service in norrbotten.services:
        tiers = [
            route(norrbotten, tier=tier, municipality=municipality, service=service, fault=Fault.PLATFORM)[0].tier
            for tier in Tier
        ]
        assert tiers == list(Tier)


def test_routing_names_workflows_that_are_shipped() -> None:
    shipped = {tomllib.loads(path.read_text())["workflow"]["key"] for path in shipped_workflows().glob("*.toml")}
    assert "service_request" in shipped
    assert read_installation(FOLDER, shipped)


def test_requests_go_to_administrators_where_there_are_any(norrbotten: Installation) -> None:
    def to(municipality: str) -> str:
        found, _ = route(
            norrbotten,
            tier=Tier.SECOND_LINE,
            municipality=municipality,
            service="e-tjansteplattform",
            workflow="service_request",
        )
        return found.key

    assert to("lulea") == "lulea-administration"
    assert to("kalix") == "kalix-forvaltning"


def test_faults_in_an_e_service_go_to_who_builds_it(norrbotten: Installation) -> None:
    def to(municipality: str) -> str:
        found, _ = route(
            norrbotten,
            tier=Tier.SECOND_LINE,
            municipality=municipality,
            service="e-tjansteplattform",
            fault=Fault.E_SERVICE,
        )
        return found.key

    assert to("lulea") == "lulea-e-tjanster"
    assert to("arjeplog") == "arjeplog-andra-linjen"


def test_warnings_climb_the_ladder(norrbotten: Installation) -> None:
    assert [(rung.share, rung.tell) for rung in norrbotten.ladder] == [
        (50, ("holder",)),
        (75, ("team_lead",)),
        (90, ("business_system_manager",)),
        (100, ("business_system_manager", "it_service_manager", "system_owner")),
    ]
