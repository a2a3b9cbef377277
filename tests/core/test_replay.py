"""What-if on single tickets: other agreements, opening hours and workflows, each outcome worked out by hand."""

import json
from dataclasses import replace

import msgspec.structs
import pytest

from servicedesk.core.canonical import agreement_version
from servicedesk.core.errors import FileFaults
from servicedesk.core.events import (
    AgreementChanged,
    MunicipalityChanged,
    PriorityChanged,
    PromiseWarned,
    TicketClassified,
    WorkflowChanged,
)
from servicedesk.core.facts import Target
from servicedesk.core.outcomes import Outcome
from servicedesk.core.replay.comparison import Pair
from servicedesk.core.vocabulary import AgreementKind, ClockEffect, Fault, Level, Metric, Tier
from servicedesk.core.workflows.definition import Definition
from tests.actions.versions import changed, declare, rename, without
from tests.core.replay_stories import (
    BOOK,
    FOUR_HOURS,
    HOLDERS,
    SERVICE,
    SUPPLIER,
    TO_SUPPLIER,
    V1,
    Story,
    at_supplier,
    compared,
    local,
    misfit,
    pinned,
    substitutes,
)

CONTRACT = f"contract/supplier/{SUPPLIER}"
ALL_HOURS = "[calendar.leverantor-plattform]\nalways = true\n"
OF_PITEA = """
[agreement.pitea-snabb]
kind = "SLA"
party = "pitea"
services = ["e-tjansteplattform"]
valid_from = 2026-01-01
target = [{ metric = "resolution", time = "1h", calendar = "always" }]
"""


def outcomes(pair: Pair) -> tuple[Outcome, Outcome]:
    return pair.before.verdict.outcome, pair.after.verdict.outcome


def test_nothing_in_place_of_anything_changes_nothing() -> None:
    found = compared(at_supplier("2026-03-02 10:00", "2026-03-03 12:00"), substitutes())
    assert len(found) == 10
    assert [pair for pair in found.values() if pair.before != pair.after] == []


@pytest.mark.parametrize(("opened", "is_covered"), [("2026-03-09 23:50", False), ("2026-03-10 00:10", True)])
@pytest.mark.parametrize("is_end", [False, True])
def test_an_agreement_stands_in_on_the_civil_days_of_its_own_validity(
    opened: str, is_covered: bool, is_end: bool
) -> None:
    dated = "2026-01-01\nvalid_to = 2026-03-10" if is_end else "2026-03-10"
    found = compared(at_supplier(opened, "2026-03-10 13:00"), substitutes(FOUR_HOURS.replace("2026-01-01", dated)))
    # 6 hours of the supplier's time, from seven in the morning
    other = Outcome.BROKEN if is_covered is not is_end else Outcome.KEPT
    assert outcomes(found[CONTRACT]) == (Outcome.KEPT, other)


def test_a_promise_that_only_one_of_the_two_makes() -> None:
    silent = FOUR_HOURS[: FOUR_HOURS.index('  { metric = "contract"')] + "]\n"
    story = at_supplier("2026-03-02 10:00", "2026-03-02 13:00")
    assert outcomes(compared(story, substitutes(silent))[CONTRACT]) == (Outcome.KEPT, Outcome.NONE)


def test_a_promise_at_one_priority_alone_is_none_at_another_until_the_priority_changes() -> None:
    only_high = FOUR_HOURS.replace('"contract", time', '"contract", priorities = [2], time')
    low = at_supplier("2026-03-02 10:00", "2026-03-02 16:00")
    assert outcomes(compared(low, substitutes(only_high))[CONTRACT]) == (Outcome.KEPT, Outcome.NONE)
    raised = (
        Story()
        .opened("2026-03-02 10:00")
        .steps(
            "2026-03-02 10:00",
            "take",
            "escalate_to_second_line",
            "accept_in_second_line",
            "escalate_to_joint",
            "accept_in_joint",
            "order_from_supplier",
        )
    )
    raised.happened("2026-03-02 12:00", PriorityChanged(Level.HIGH, Level.MEDIUM, 2))
    raised.steps("2026-03-02 15:00", "accept_at_supplier", "propose_solution")
    pair = compared(raised, substitutes(only_high), "2026-03-02 16:00")[CONTRACT]
    # what had been spent stays spent: 2 h before, 3 h after; 4 h are promised at priority 2 under both
    assert (pair.before.spent, pair.after.spent) == (18000, 18000)
    assert outcomes(pair) == (Outcome.BROKEN, Outcome.BROKEN)
    assert pair.before.due_at == pair.after.due_at == local("2026-03-02 14:00")


def test_a_ticket_moved_to_another_municipality_is_bound_by_what_stands_in_there_from_then_on() -> None:
    story = Story().opened("2026-03-02 10:00")
    stays = compared(story, substitutes(OF_PITEA), "2026-03-02 13:00")["resolution"]
    assert stays.before == stays.after
    there = MunicipalityChanged(
        "pitea", HOLDERS[Tier.FIRST_LINE], V1.initial, pinned("pitea", local("2026-03-02 11:00"))
    )
    moved = compared(story.happened("2026-03-02 10:30", there), substitutes(OF_PITEA), "2026-03-02 13:00")["resolution"]
    assert outcomes(moved) == (Outcome.RUNNING, Outcome.BROKEN)
    # half an hour was spent in Luleå
    assert (moved.after.due_at, moved.after.party) == (local("2026-03-02 11:00"), "pitea")


def test_what_bound_a_ticket_binds_it_still_when_something_else_is_said_after_its_last_day() -> None:
    """The event names the agreements again; they bind it since the day on which it was opened."""
    story = Story().opened("2026-03-09 10:00")
    said = TicketClassified(Fault.E_SERVICE, SERVICE, "", SUPPLIER, pinned("lulea", local("2026-03-09 10:00")))
    story.happened("2026-03-10 09:00", said)
    own = OF_PITEA.replace("pitea", "lulea").replace("2026-01-01", "2026-01-01\nvalid_to = 2026-03-10")
    pair = compared(story, substitutes(own), "2026-03-10 10:00")["resolution"]
    assert (pair.after.target, pair.after.due_at) == (3600, local("2026-03-09 11:00"))


def test_a_ticket_moved_to_another_version_stays_moved_unless_that_is_replaced() -> None:
    """Moved on the 3rd to a contract of 6 h; the files' own begins on the 3rd, or ends there."""
    six = replace(BOOK.agreement(pinned("lulea", local("2026-03-02 10:00"))["UC"]), key="sex-timmar")
    six = replace(six, targets=(Target(Metric.CONTRACT, 6 * 3600, SUPPLIER),))
    BOOK.agreements[agreement_version(six)] = six
    story = Story().opened("2026-03-02 10:00").steps("2026-03-02 10:00", *TO_SUPPLIER)
    story.happened("2026-03-03 09:00", AgreementChanged(AgreementKind.UC, agreement_version(six), SUPPLIER))
    targets = {}
    for dated in ("2026-01-01", "2026-03-03", "2026-01-01\nvalid_to = 2026-03-03"):
        pair = compared(story, substitutes(FOUR_HOURS.replace("2026-01-01", dated)), "2026-03-03 10:00")[CONTRACT]
        targets[dated] = (pair.before.target, pair.after.target)
    assert list(targets.values()) == [(21600, 14400), (21600, 14400), (21600, 21600)]


def test_a_move_of_one_agreement_leaves_what_stands_in_for_another() -> None:
    """What stood in when the ticket was opened has ended when another of its agreements is changed."""
    six = BOOK.agreement(pinned("lulea", local("2026-03-02 10:00"))["UC"])
    story = Story().opened("2026-03-02 10:00")
    story.happened("2026-03-10 09:00", AgreementChanged(AgreementKind.UC, agreement_version(six), SUPPLIER))
    own = OF_PITEA.replace("pitea", "lulea")
    ends = own.replace("2026-01-01", "2026-01-01\nvalid_to = 2026-03-05")
    follows = own.replace("lulea-snabb", "lulea-sedan").replace("2026-01-01", "2026-03-05").replace('"1h"', '"9h"')
    pair = compared(story, substitutes(ends, follows), "2026-03-11 10:00")["resolution"]
    assert (pair.after.target, pair.after.due_at) == (3600, local("2026-03-02 11:00"))


def test_with_grace_a_promise_is_due_before_it_is_broken() -> None:
    lenient = FOUR_HOURS.replace(
        'time = "4h", calendar = "leverantor-plattform" },\n]',
        'time = "4h", grace = "1h", calendar = "leverantor-plattform" },\n]',
    )
    assert lenient != FOUR_HOURS
    for solved, outcome in (("2026-03-02 14:30", Outcome.KEPT), ("2026-03-02 15:30", Outcome.BROKEN)):
        pair = compared(at_supplier("2026-03-02 10:00", solved), substitutes(lenient))[CONTRACT]
        assert outcomes(pair) == (Outcome.KEPT, outcome)
    assert (pair.after.due_at, pair.after.verdict.decided_at) == (local("2026-03-02 14:00"), local("2026-03-02 15:00"))


def test_a_promise_for_another_request_type_is_none() -> None:
    of_orders = FOUR_HOURS.replace('"contract", time', '"contract", workflows = ["service_request"], time')
    pair = compared(at_supplier("2026-03-02 10:00", "2026-03-02 16:00"), substitutes(of_orders))[CONTRACT]
    assert outcomes(pair) == (Outcome.KEPT, Outcome.NONE)


def test_history_is_as_it_was_last_corrected() -> None:
    """Priority 2 was chosen wrongly, at which the sample's contract gives 4 h; it was 3 all along."""
    story = at_supplier("2026-03-02 10:00", "2026-03-02 16:00", priority=2)
    three_hours = substitutes(
        FOUR_HOURS.replace("4h", "3h").replace('"contract", time', '"contract", priorities = [3], time')
    )
    assert outcomes(compared(story, three_hours)[CONTRACT]) == (Outcome.BROKEN, Outcome.NONE)
    corrected = msgspec.structs.replace(
        story.happened("2026-03-03 09:00", PriorityChanged(Level.MEDIUM, Level.MEDIUM, 3)).events[-1], amends=1
    )
    story.events[-1] = corrected
    assert outcomes(compared(story, three_hours)[CONTRACT]) == (Outcome.KEPT, Outcome.BROKEN)


def test_the_same_agreement_from_a_file_changes_nothing() -> None:
    text = "".join(f"{line}\n" for line in FOUR_HOURS.splitlines() if '"contract"' not in line and line != "]")
    sample = (
        '  { metric = "contract", priorities = [1], time = "2h", calendar = "always" },\n'
        '  { metric = "contract", priorities = [2], time = "4h", calendar = "leverantor-plattform" },\n'
        '  { metric = "contract", priorities = [3], time = "8h", calendar = "leverantor-plattform" },\n'
        '  { metric = "contract", priorities = [4], time = "32h", calendar = "leverantor-plattform" },\n]\n'
    )
    for priority in (1, 2, 3, 4):
        found = compared(at_supplier("2026-03-06 16:30", "2026-03-09 12:00", priority), substitutes(text + sample))
        assert [pair for pair in found.values() if pair.before != pair.after] == []


def test_a_calendar_replaces_the_hours_of_the_whole_past_also_over_a_weekend() -> None:
    """Friday 16.30 to Monday 08.00: 1.5 + 4 + 1 h of the supplier's hours, but 63.5 h round the clock."""
    pair = compared(at_supplier("2026-03-06 16:30", "2026-03-09 08:00"), substitutes(ALL_HOURS))[CONTRACT]
    assert outcomes(pair) == (Outcome.KEPT, Outcome.BROKEN)
    assert (pair.before.spent, pair.after.spent) == (6.5 * 3600, 63.5 * 3600)
    # kept with 1.5 h left, which would have been used by half past nine
    assert (pair.before.due_at, pair.after.due_at) == (local("2026-03-09 09:30"), local("2026-03-07 00:30"))


def test_hours_that_begin_on_a_day_leave_those_before_it_as_they_were() -> None:
    text = "[[calendar.leverantor-plattform.version]]\nvalid_from = 2026-03-07\nalways = true\n"
    pair = compared(at_supplier("2026-03-06 16:30", "2026-03-07 02:00"), substitutes(text))[CONTRACT]
    assert (pair.before.spent, pair.after.spent) == (1.5 * 3600, 3.5 * 3600)


def test_holidays_are_those_that_history_was_reckoned_by() -> None:
    """The days that were stored close, and not what the library knows today: here the 11th of March."""
    text = (
        '[calendar.leverantor-plattform]\nholidays = "SE"\nholiday_categories = ["public"]\n'
        'week = { mon-fri = ["07:00-18:00"], sat = ["09:00-13:00"] }\n'
    )
    pair = compared(at_supplier("2026-03-11 10:00", "2026-03-12 10:00"), substitutes(text))[CONTRACT]
    assert (pair.before.spent, pair.after.spent) == (11 * 3600, 3 * 3600)


@pytest.mark.parametrize(
    ("ordered", "on_time"),
    [("2026-03-28 23:00", "2026-03-29 08:00"), ("2026-10-24 23:00", "2026-10-25 06:00")],
)
@pytest.mark.parametrize("late", [0, 1])
def test_eight_hours_over_a_night_on_which_the_clock_changes(ordered: str, on_time: str, late: int) -> None:
    """An hour later by the clock on the wall where it goes forward, an hour sooner where it goes back."""
    solved = f"{on_time[:-1]}{late}"
    pair = compared(at_supplier(ordered, solved), substitutes(ALL_HOURS))[CONTRACT]
    assert outcomes(pair) == (Outcome.KEPT, Outcome.BROKEN if late else Outcome.KEPT)
    assert (pair.before.spent, pair.after.spent) == (0, 8 * 3600 + 60 * late)
    assert pair.after.due_at == local(on_time)


def waited_for_a_change() -> Story:
    """Ten days in the second line's wait for a planned change, in which the sample lets the resolution's clock run."""
    story = Story().opened("2026-03-02 09:00")
    story.steps("2026-03-02 09:00", "take", "escalate_to_second_line", "accept_in_second_line")
    story.steps("2026-03-02 10:00", "wait_for_change_in_second_line", until="2026-03-20T08:00:00Z")
    return story.steps("2026-03-12 10:00", "end_wait_in_second_line", "resolve_in_second_line", "confirm")


def pausing(*changes: object) -> Definition:
    clocks = json.loads(V1.content)["state"]["second_waiting_change"]["clocks"]
    return changed(declare("second_waiting_change", clocks={**clocks, "resolution": "pause"}), *changes)  # type: ignore[arg-type]


def test_a_wait_that_pauses_the_clock_in_place_of_letting_it_run() -> None:
    story = waited_for_a_change()
    found = compared(story, substitutes(workflow=pausing()))
    assert outcomes(found["resolution"]) == (Outcome.BROKEN, Outcome.KEPT)
    assert found["resolution"].after.spent == 3600
    assert [key for key, pair in found.items() if pair.before != pair.after] == ["resolution"]
    assert V1.states["second_waiting_change"].clocks[Metric.RESOLUTION] is ClockEffect.RUN


def test_a_state_that_the_changed_workflow_calls_otherwise_must_be_named() -> None:
    story, new = waited_for_a_change(), pausing(rename("second_waiting_change", "second_planned"))
    found = misfit(story.events, substitutes(workflow=new))
    assert found is not None
    assert (found.seq, found.kind) == (5, "WaitStarted")
    assert "second_waiting_change is no state of the new version" in found.why
    what = substitutes(workflow=new, states={"second_waiting_change": "second_planned"})
    assert misfit(story.events, what) is None
    assert outcomes(compared(story, what)["resolution"]) == (Outcome.BROKEN, Outcome.KEPT)


def test_the_first_step_that_the_changed_workflow_has_not_is_named() -> None:
    new = changed(without("transition", "wait_for_change_in_second_line"))
    found = misfit(waited_for_a_change().events, substitutes(workflow=new))
    assert found is not None
    assert (found.seq, found.at) == (5, local("2026-03-02 10:00"))
    assert found.why == "no step wait leads from second_active to second_waiting_change."
    assert misfit(at_supplier("2026-03-02 10:00", "2026-03-02 12:00").events, substitutes(workflow=new)) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"tier": "joint"}, "belongs to second_line, and second_waiting_change of the changed workflow to joint."),
        ({"category": "resolved"}, "is waiting, and second_waiting_change of the changed workflow resolved."),
        ({"received": True}, "of the changed workflow is yet to be accepted."),
    ],
)
def test_a_state_of_another_kind_stands_for_none(change: dict[str, object], why: str) -> None:
    new = changed(declare("second_waiting_change", **change))
    found = misfit(waited_for_a_change().events, substitutes(workflow=new))
    assert found is not None
    assert found.why.endswith(why)


def test_a_ticket_that_was_moved_between_versions_is_seen_through_the_changed_one_in_both() -> None:
    old = changed(rename("second_waiting_change", "second_planned"))
    BOOK.definitions[old.version] = old
    story = Story().opened("2026-03-02 09:00")
    story.steps("2026-03-02 09:00", "take", "escalate_to_second_line", "accept_in_second_line")
    story.steps("2026-03-02 10:00", "wait_for_change_in_second_line", until="2026-03-20T08:00:00Z")
    story.happened(
        "2026-03-05 10:00", WorkflowChanged(old.version, V1.version, "second_waiting_change", "second_planned")
    )
    unnamed = misfit(story.events, substitutes(workflow=pausing()))
    assert unnamed is not None and unnamed.seq == 6
    what = substitutes(workflow=pausing(), states={"second_planned": "second_waiting_change"})
    assert misfit(story.events, what) is None
    pair = compared(story, what, "2026-03-12 10:00")["resolution"]
    assert (outcomes(pair), pair.after.spent) == ((Outcome.BROKEN, Outcome.RUNNING), 3600)


def test_a_warning_of_a_promise_that_would_not_have_been_made_stands_in_the_way_of_nothing() -> None:
    silent = FOUR_HOURS[: FOUR_HOURS.index('  { metric = "contract"')] + "]\n"
    story = at_supplier("2026-03-02 10:00", "2026-03-02 16:00")
    story.happened("2026-03-02 16:00", PromiseWarned(CONTRACT, 50))
    assert misfit(story.events, substitutes(silent)) is None


def test_a_bad_file_is_refused_with_every_fault_that_load_would_find() -> None:
    wrong = FOUR_HOURS.replace('"4h", calendar = "leverantor-plattform"', '"4 days", calendar = "plattform"')
    wrong = wrong.replace('party = "leverantor-plattform"', 'party = "lulea"')
    with pytest.raises(FileFaults) as refused:
        substitutes(wrong, "[team.x]\nname = 'X'\n", "[calendar.natt]\nweek = { mon = ['18:00-07:00'] }\n", "")
    said = "\n".join(str(fault) for fault in refused.value.faults)
    for words in (
        "0.toml: agreement.leverantor-plattform-uc.target[3].time:",
        'target[4].calendar: "plattform" is not declared',
        "1.toml: team.x: is neither an agreement nor a calendar.",
        '2.toml: calendar.natt.week.mon: "18:00-07:00" ends before it begins.',
    ):
        assert words in said, said


def test_two_agreements_of_a_file_that_cover_the_same_are_refused_but_not_one_beside_the_stored() -> None:
    other = FOUR_HOURS.replace("leverantor-plattform-uc", "annat-avtal")
    with pytest.raises(FileFaults, match="covers e-tjansteplattform at the same time"):
        substitutes(FOUR_HOURS, other)
    pair = compared(at_supplier("2026-03-02 10:00", "2026-03-02 16:00"), substitutes(other))[CONTRACT]
    assert outcomes(pair) == (Outcome.KEPT, Outcome.BROKEN)
