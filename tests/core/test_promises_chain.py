"""Which promises stand behind the one to the requester: whose, on which hours, and from when to when."""

from datetime import date, timedelta
from typing import Any

from servicedesk.core.calendars.calendar import Calendar, compile_calendar
from servicedesk.core.installations.file import parse_installation
from servicedesk.core.promises.chain import Matter
from servicedesk.core.promises.check import Finding, Proof
from servicedesk.core.vocabulary import Tier
from servicedesk.core.workflows.definition import Definition
from tests.core.calendar_samples import HOUR, local
from tests.core.installation_small import small
from tests.workflows.cast import shipped

MATTER = Matter("platform", "boden", 1)
WEEK = date(2026, 11, 23), date(2026, 11, 30)
SLA = """
[agreement.boden-sla]
kind = "SLA"
party = "boden"
services = "all"
valid_from = 2026-01-01
target = [{ metric = "resolution", time = "8h", calendar = "office" }]
"""
OLA = """
[agreement.board-ola]
kind = "OLA"
party = "board"
services = "all"
valid_from = 2026-01-01
target = [
  { metric = "holding", time = "1h", calendar = "holder", tier = "first_line" },
  { metric = "holding", time = "2h", calendar = "holder", tier = "second_line" },
  { metric = "holding", time = "1h", calendar = "always", tier = "joint", priorities = [1, 2] },
]
"""
UC = """
[agreement.maker-uc]
kind = "UC"
party = "maker"
services = "all"
valid_from = 2026-01-01
target = [{ metric = "contract", time = "2h", calendar = "always", priorities = [1] }]
"""

DEVELOPERS = """
[team.boden-developers]
organisation = "boden"
tier = "second_line"
role = "e_service_developer"
name = "Developers"
calendar = "mornings"

"""
THEIR_RULE = """
[routing.developers]
order = 10
tier = "second_line"
fault = "e_service"
role = "e_service_developer"

"""


def all_found(
    agreements: str,
    *workflows: Definition,
    matter: Matter = MATTER,
    days: tuple[date, date] = WEEK,
    **changes: tuple[str, str],
) -> list[Finding]:
    documents = small(**changes) | {"agreements.toml": agreements}
    installation = parse_installation(documents)
    compiled = {key: compile_calendar(facts) for key, facts in installation.calendars.items()}

    def calendar(key: str) -> Calendar:
        return compiled[key]

    return Proof(installation, workflows or (shipped("citizen_incident"),), calendar, *days).find(matter)


def found(*asked: Any, **more: Any) -> Finding | None:
    """Where one promise holds for all request types."""
    findings = all_found(*asked, **more)
    assert len(findings) <= 1
    return findings[0] if findings else None


def times(finding: Finding | None) -> list[tuple[str, str, int]]:
    assert finding
    return [(link.tier, link.calendar, link.seconds // HOUR) for link in finding.chain]


def test_every_tier_of_the_workflow_and_the_supplier_each_on_its_own_hours() -> None:
    finding = found(SLA + OLA + UC)
    assert times(finding) == [
        (Tier.FIRST_LINE, "office", 1),
        (Tier.SECOND_LINE, "office", 2),
        (Tier.JOINT, "always", 1),
        (Tier.SUPPLIER, "always", 2),
    ]
    assert finding and finding.fits and finding.agreements == ("boden-sla", "board-ola", "maker-uc")


def test_employees_begin_at_the_second_line_and_get_it_later_only_where_citizens_do_not() -> None:
    assert times(found(SLA + OLA + UC, shipped("internal_incident")))[0] == (Tier.SECOND_LINE, "office", 2)
    both = found(SLA + OLA + UC, shipped("internal_incident"), shipped("citizen_incident"))
    assert both == found(SLA + OLA + UC)


def test_a_service_without_a_supplier_ends_at_the_joint_organisation() -> None:
    finding = found(SLA + OLA, services=('supplier = "maker"', ""))
    assert finding and [link.tier for link in finding.chain] == [Tier.FIRST_LINE, Tier.SECOND_LINE, Tier.JOINT]


def test_who_has_promised_nothing_is_named_and_nothing_bounds_the_rest() -> None:
    finding = found(SLA + OLA + UC, matter=Matter("platform", "boden", 2))
    assert finding and not finding.fits and finding.worst is None
    assert [link.team for link in finding.chain if not link.seconds] == ["maker-support"]


def test_where_the_requester_is_promised_no_solution_there_is_nothing_to_exceed() -> None:
    assert found(SLA.replace("resolution", "response") + OLA + UC) is None


def test_the_worst_start_is_named_to_the_second_with_who_is_done_when() -> None:
    """A second after nine, the second line is not done by lunch; those who work around the clock do not wait for it."""
    finding = found(SLA.replace("8h", "5h30m") + OLA + UC)
    assert finding and finding.worst and not finding.fits
    assert finding.worst.start == local("2026-11-23 09:00:01")
    assert finding.worst.until == (
        local("2026-11-23 10:00:01"),
        local("2026-11-23 13:00:01"),
        local("2026-11-23 14:00:01"),
        local("2026-11-23 16:00:01"),
    )
    assert finding.worst.seconds == 6 * HOUR
    assert finding.shortfall == HOUR // 2


def test_a_half_day_in_one_place_is_where_promises_break() -> None:
    """The second line goes home at noon on a day when the requester's clock runs on."""
    hours = (
        "[calendar.office]",
        '[calendar.desk]\nweek = { mon-fri = ["08:00-16:30"] }\nholidays = "SE"\n[calendar.office]',
    )
    agreements = SLA.replace('"office"', '"desk"').replace('"8h"', '"8h30m"') + OLA + UC
    ordinary = found(agreements, calendars=hours)
    finding = found(agreements, calendars=hours, days=(date(2026, 12, 20), date(2026, 12, 24)))
    assert ordinary and ordinary.fits
    assert finding and finding.worst
    assert finding.worst.start.astimezone(local("2026-12-23 00:00").tzinfo).date() in {
        date(2026, 12, 22),
        date(2026, 12, 23),
    }
    assert not finding.fits


def test_a_break_can_be_met_twice_by_a_tier_that_is_visited_twice() -> None:
    """The second line keeps an hour for the way down: it goes home once on the way up, and to lunch on the way down."""
    hours = ("[calendar.office]", '[calendar.desk]\nweek = { mon-fri = ["08:00-16:30"] }\n[calendar.office]')
    finding = found(SLA.replace('"office"', '"desk"') + OLA + UC, calendars=hours)
    assert finding and finding.worst and finding.worst.seconds == 7 * HOUR + HOUR // 2 and not finding.shortfall
    assert finding.back and finding.back.worst and finding.back.shortfall == HOUR // 2 and not finding.fits
    tiers = [finding.chain[visit.step].tier for visit in finding.back.worst.visits]
    assert tiers.count(Tier.SECOND_LINE) == 2 and tiers[-1] is Tier.SECOND_LINE
    assert sum(visit.seconds for visit in finding.back.worst.visits) == 6 * HOUR


def test_each_start_counts_under_the_versions_of_its_own_day() -> None:
    """A ticket of the last old day keeps the old promise, though it is solved under the new one."""
    early = SLA + "".join(
        SLA.replace("boden-sla", f"boden-sla-{n}").replace("8h", time).replace("2026-01-01", begins)
        for n, time, begins in ((2, "4h", "2026-11-26"), (3, "2h", "2026-11-28"))
    )
    early = early.replace("valid_from = 2026-01-01\n", "valid_from = 2026-01-01\nvalid_to = 2026-11-26\n", 1)
    early = early.replace("valid_from = 2026-11-26\n", "valid_from = 2026-11-26\nvalid_to = 2026-11-28\n", 1)
    first = found(early + OLA + UC, days=(date(2026, 11, 24), date(2026, 11, 26)))
    second = found(early + OLA + UC, days=(date(2026, 11, 24), date(2026, 11, 27)))
    third = found(early + OLA + UC, days=(date(2026, 11, 24), date(2026, 11, 29)))
    assert [one.promised.seconds // HOUR for one in (first, second, third) if one] == [8, 4, 2]
    assert [one.agreements[0] for one in (first, second, third) if one] == ["boden-sla", "boden-sla-2", "boden-sla-3"]
    assert second and second.worst and second.worst.start >= local("2026-11-26 00:00")


def test_a_gap_in_validity_is_not_searched() -> None:
    gap = SLA.replace("valid_from = 2026-01-01", "valid_from = 2026-01-01\nvalid_to = 2026-11-24")
    finding = found(gap + OLA + UC)
    assert finding and finding.worst and finding.worst.start < local("2026-11-24 00:00") - timedelta(seconds=1)


def test_a_team_that_routing_gives_only_to_some_is_counted_with() -> None:
    """Faults in an e-service go to developers with shorter days: their hours are the worst."""
    finding = found(
        SLA + OLA + UC,
        teams=(
            "[team.board-managers]",
            DEVELOPERS + "[team.board-managers]",
        ),
        calendars=("[calendar.office]", '[calendar.mornings]\nweek = { mon = ["08:00-09:00"] }\n[calendar.office]'),
        routing=(
            "[routing.joint]",
            THEIR_RULE + "[routing.joint]",
        ),
    )
    assert times(finding)[1] == (Tier.SECOND_LINE, "mornings", 2)
    assert finding and not finding.fits


def test_request_types_that_are_promised_something_else_are_told_apart() -> None:
    """A service request may take the supplier longer, and the requester is promised it later."""
    sla = SLA.replace("}]", '}, { metric = "resolution", time = "24h", calendar = "office", workflows = ["request"] }]')
    sla = sla.replace("request", "service_request")
    uc = UC.replace(
        "}]", '}, { metric = "contract", time = "9h", calendar = "always", workflows = ["service_request"] }]'
    )
    workflows = (shipped("citizen_incident"), shipped("internal_incident"), shipped("service_request"))
    incidents, requests = all_found(sla + OLA + uc, *workflows)
    assert (incidents.request_types, requests.request_types) == (
        ("citizen_incident", "internal_incident"),
        ("service_request",),
    )
    assert [one.promised.seconds // HOUR for one in (incidents, requests)] == [8, 24]
    assert [one.chain[-1].seconds // HOUR for one in (incidents, requests)] == [2, 9]
    assert [link.tier for link in requests.chain] == [Tier.SECOND_LINE, Tier.JOINT, Tier.SUPPLIER]


def test_a_tier_may_take_its_grace_too_but_nothing_is_promised_of_the_requesters() -> None:
    plain = found(SLA.replace("8h", "6h") + OLA + UC)
    assert plain and plain.fits
    inside = found(SLA.replace("8h", "6h") + OLA + UC.replace('time = "2h"', 'time = "2h", grace = "10m"'))
    assert inside and inside.shortfall == 600
    outside = found(SLA.replace('"8h"', '"5h50m", grace = "10m"') + OLA + UC)
    assert outside and outside.shortfall == 600


def test_a_request_type_of_its_own_begins_where_its_workflow_does() -> None:
    own = SLA.replace("}]", '}, { metric = "resolution", time = "1h", calendar = "office", workflows = ["OWN"] }]')
    both = shipped("citizen_incident"), shipped("internal_incident")
    _, inside = all_found(own.replace("OWN", "internal_incident") + OLA + UC, *both)
    assert not inside.fits and inside.request_types == ("internal_incident",)
    assert [link.tier for link in inside.chain] == [Tier.SECOND_LINE, Tier.JOINT, Tier.SUPPLIER]
    assert inside.promised.seconds == HOUR
