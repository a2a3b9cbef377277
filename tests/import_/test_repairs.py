"""What is out of order, missing or impossible in a log is repaired in one known way, and said."""

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.core.servicenow.account import Kind, Outcome
from tests.import_.logs import (
    ROW,
    bring,
    differences,
    events,
    is_accounted,
    kinds,
    log,
    mapping,
    mapping_without_made_teams,
    row,
    said,
    ticket,
    times,
)


def test_the_counter_decides_the_order_and_not_the_file(desk: Desk) -> None:
    imported = bring(desk, log([row("Resolved", 2, "11:00"), row("New", 0), row("Active", 1, "10:00")]))
    assert kinds(desk) == ["TicketLogged", "TicketTaken", "TicketResolved"]
    assert said(imported) == []


def test_a_counter_counts_as_a_number_and_not_as_text(desk: Desk) -> None:
    bring(desk, log([row(count=0), row("Active", 2, "09:30"), row("Resolved", 10, "11:00")]))
    assert ticket(desk).state == "resolved"


def test_a_time_before_the_row_before_it_gives_way_to_the_counter(desk: Desk) -> None:
    imported = bring(desk, log([row(), row("Active", 1, "11:00"), row("Resolved", 2, "10:00")]))
    assert times(desk) == ["01 08:00", "01 10:00", "01 10:00"]
    assert said(imported) == [(4, Outcome.REPAIRED, Kind.TIME_BEFORE)]
    assert "'01-03-2016 10:00'" in imported.account.remarks[0].why and "11:00" in imported.account.remarks[0].why
    assert differences(desk) == []


def test_equal_times_are_no_fault(desk: Desk) -> None:
    imported = bring(desk, log([row(), row("Active", 1), row("Resolved", 2), row("Closed", 3)]))
    assert (kinds(desk)[-1], said(imported)) == ("TicketClosed", [])


def test_a_row_that_stands_twice_is_used_once(desk: Desk) -> None:
    again = row("Active", 1, "10:00")
    imported = bring(desk, log([row(), again, row("Resolved", 2, "11:00"), again]))
    assert said(imported) == [(5, Outcome.DUPLICATE, Kind.DUPLICATE)]
    assert kinds(desk) == ["TicketLogged", "TicketTaken", "TicketResolved"]


def test_rows_with_one_counter_are_both_kept_by_their_times(desk: Desk) -> None:
    imported = bring(desk, log([row(), row("Resolved", 1, "11:00"), row("Active", 1, "10:00")]))
    assert kinds(desk) == ["TicketLogged", "TicketTaken", "TicketResolved"]
    assert said(imported) == [(4, Outcome.REPAIRED, Kind.ORDER_TWICE)]


def test_gaps_in_the_counter_are_no_fault(desk: Desk) -> None:
    assert said(bring(desk, log([row(count=3), row("Active", 17, "10:00")]))) == []


@pytest.mark.parametrize("counter", ["", "?", "seven", "-1", "1e9"])
def test_a_row_without_a_counter_stays_behind_the_one_before_it(desk: Desk, counter: str) -> None:
    imported = bring(desk, log([row(), row("Active", 4, "10:00"), row("Resolved", counter, "11:00")]))
    assert kinds(desk)[-1] == "TicketResolved"
    assert said(imported)[0] == (4, Outcome.REPAIRED, Kind.ORDER_UNREADABLE)


@pytest.mark.parametrize(
    ("time", "kind"),
    [
        ("?", Kind.TIME_UNREADABLE),
        ("", Kind.TIME_UNREADABLE),
        ("31-02-2016 10:00", Kind.TIME_UNREADABLE),
        ("2016/03/01", Kind.TIME_UNREADABLE),
        ("01-03-2106 10:00", Kind.TIME_IMPOSSIBLE),
        ("01-03-0001 10:00", Kind.TIME_IMPOSSIBLE),
        ("31-12-9999 23:59", Kind.TIME_IMPOSSIBLE),
        ("03-03-2026 10:00", Kind.TIME_IMPOSSIBLE),
    ],
)
def test_a_time_that_cannot_be_used_gives_way_to_that_of_the_row_before(desk: Desk, time: str, kind: Kind) -> None:
    imported = bring(desk, log([row(), row("Active", 1, "10:00"), row("Resolved", 2, sys_updated_at=time)]))
    assert times(desk)[-1] == "01 09:00"
    assert said(imported) == [(4, Outcome.REPAIRED, kind)]


def test_an_incident_without_any_time_is_refused_row_by_row(desk: Desk) -> None:
    lost = [row(at="?", opened_at="?"), row("Active", 1, at="soon", opened_at="")]
    imported = bring(desk, log([*lost, row(number="INC2")]))
    assert said(imported) == [(2, Outcome.REFUSED, Kind.NO_TIME), (3, Outcome.REFUSED, Kind.NO_TIME)]
    assert imported.numbers == ["INC2"]
    assert imported.incidents == {"refused": 1, "new": 1}
    assert is_accounted(imported, 3)


def test_opened_after_the_first_row_is_opened_with_it(desk: Desk) -> None:
    imported = bring(desk, log([row(at="08:00", opened_at="01-03-2016 09:00"), row("Active", 1, "10:00")]))
    assert times(desk)[0] == "01 07:00"
    assert said(imported) == [(2, Outcome.REPAIRED, Kind.OPENED_LATE)]


def test_an_incident_that_does_not_say_when_it_was_opened_begins_with_its_first_row(desk: Desk) -> None:
    imported = bring(desk, log([row(at="08:00", opened_at="?"), row("Active", 1, "10:00", opened_at="?")]))
    assert times(desk)[0] == "01 07:00"
    assert said(imported) == [(2, Outcome.REPAIRED, Kind.OPENED_MISSING)]


def test_rows_that_disagree_on_when_it_was_opened_are_named(desk: Desk) -> None:
    imported = bring(desk, log([row(), row("Active", 1, "10:00", opened_at="01-03-2016 09:05")]))
    assert said(imported) == [(3, Outcome.REPAIRED, Kind.OPENED_DIFFERS)]


def test_a_log_that_begins_later_takes_for_granted_that_it_was_new(desk: Desk) -> None:
    imported = bring(desk, log([row("Active", 3, "10:00")]))
    assert kinds(desk) == ["TicketLogged", "TicketTaken"]
    assert said(imported) == [(2, Outcome.REPAIRED, Kind.STATE_SKIPPED)]


@pytest.mark.parametrize(
    ("state", "kind"), [("-100", Kind.STATE_UNKNOWN), ("On hold", Kind.STATE_UNKNOWN), ("?", Kind.STATE_MISSING)]
)
def test_a_state_without_meaning_leaves_the_ticket_where_it_was(desk: Desk, state: str, kind: Kind) -> None:
    imported = bring(desk, log([row(), row("Active", 1, "10:00"), row(state, 2, "11:00"), row("Resolved", 3, "12:00")]))
    assert kinds(desk) == ["TicketLogged", "TicketTaken", "TicketResolved"]
    assert said(imported) == [(4, Outcome.REPAIRED, kind)]


def test_a_log_that_begins_in_a_state_without_meaning_begins_as_new(desk: Desk) -> None:
    imported = bring(desk, log([row("-100"), row("Active", 1, "10:00")]))
    assert kinds(desk) == ["TicketLogged", "TicketTaken"]
    assert said(imported) == [(2, Outcome.REPAIRED, Kind.STATE_UNKNOWN)]


def test_words_compare_without_case_and_spacing(desk: Desk) -> None:
    assert said(bring(desk, log([row("NEW"), row(" awaiting  user info ", 1, "10:00")]))) == []
    assert ticket(desk).state == "first_waiting_requester"


def test_a_row_without_a_group_leaves_the_ticket_with_its_holder(desk: Desk) -> None:
    imported = bring(desk, log([row(group="Group 12"), row("Active", 1, "10:00", group="?")]))
    assert ticket(desk).holder.team == "logg-group-12"
    assert said(imported) == [(3, Outcome.REPAIRED, Kind.GROUP_MISSING)]


def test_an_incident_that_begins_without_a_group_has_a_holder_all_the_same(desk: Desk) -> None:
    imported = bring(desk, log([row(group="?"), row("Active", 1, "10:00", group="Group 70")]))
    assert ticket(desk).custody[0].holder.team.startswith("logg-okand-grupp")
    assert ticket(desk).handovers == 1
    assert said(imported) == [(2, Outcome.REPAIRED, Kind.GROUP_MISSING)]


def test_without_made_teams_an_unknown_group_goes_to_the_default_and_is_named(desk: Desk) -> None:
    imported = bring(desk, log([row(group="Group 99"), row("Active", 1, "10:00")]), mapping_without_made_teams())
    assert [stretch.holder.team for stretch in ticket(desk).custody][0] == "lulea-forvaltning"
    assert said(imported) == [(2, Outcome.REPAIRED, Kind.GROUP_UNKNOWN)]
    assert imported.made == []


@pytest.mark.parametrize(
    ("column", "text", "kind"),
    [
        ("impact", "4 - Tiny", Kind.VALUE_UNKNOWN),
        ("urgency", "?", Kind.VALUE_MISSING),
        ("priority", "", Kind.VALUE_MISSING),
        ("contact_type", "Pigeon", Kind.VALUE_UNKNOWN),
    ],
)
def test_a_value_without_meaning_is_taken_by_default_and_named(desk: Desk, column: str, text: str, kind: Kind) -> None:
    imported = bring(desk, log([row(**{column: text})]))
    assert said(imported) == [(2, Outcome.REPAIRED, kind)]
    assert (ticket(desk).impact, ticket(desk).priority, ticket(desk).channel) == ("medium", 3, "phone")


def test_a_solution_without_a_known_code_is_taken_by_default_and_named(desk: Desk) -> None:
    imported = bring(desk, log([row(), row("Resolved", 1, "10:00", closed_code="?")]))
    assert (ticket(desk).resolution_code, said(imported)) == (
        "solved",
        [(3, Outcome.REPAIRED, Kind.VALUE_MISSING)],
    )


def test_a_ticket_stays_with_the_municipality_of_its_first_row(desk: Desk) -> None:
    by = mapping(
        ('subject = ["category"', 'municipality = "category"\nsubject = ["category"'),
        ('[municipality]\ndefault = "lulea"', '[municipality]\ndefault = "lulea"\nmap = { "Category 2" = "lulea" }'),
    )
    assert said(bring(desk, log([row(), row("Active", 1, "10:00", category="Category 2")]), by)) == []
    service = mapping(
        ('subject = ["category"', 'service = "category"\nsubject = ["category"'),
        ('default = "e-tjansteplattform"', 'default = "e-tjansteplattform"\nmap = { "Category 2" = "e-arkiv" }'),
    )
    rows = [row(number="INC2"), row("Active", 1, "10:00", number="INC2", category="Category 2")]
    assert said(bring(desk, log(rows), service)) == [(3, Outcome.REPAIRED, Kind.PLACE_KEPT)]


def test_a_night_when_clocks_go_back_takes_the_hour_that_keeps_the_order(desk: Desk) -> None:
    night = {"opened_at": "30-10-2016 01:00"}
    rows = [
        row(at="30-10-2016 02:50", **night),
        row("Active", 1, "30-10-2016 02:10", **night),
        row("Resolved", 2, "30-10-2016 03:05", **night),
    ]
    imported = bring(desk, log(rows))
    assert [event.occurred_at.strftime("%H:%M") for event in events(desk)] == ["23:00", "01:10", "02:05"]
    assert said(imported) == [(2, Outcome.REPAIRED, Kind.TIME_TWICE), (3, Outcome.REPAIRED, Kind.TIME_TWICE)]
    assert "the second was taken" in imported.account.remarks[1].why


def test_a_time_that_clocks_skipped_is_read_as_long_after_the_change(desk: Desk) -> None:
    imported = bring(desk, log([row(at="27-03-2016 01:30"), row("Active", 1, "27-03-2016 02:30")]))
    assert times(desk)[-1] == "27 01:30"
    assert said(imported) == [(3, Outcome.REPAIRED, Kind.TIME_SKIPPED)]


def test_times_are_read_in_the_zone_of_the_mapping_and_kept(desk: Desk) -> None:
    bring(desk, log([row()]), mapping(("Europe/Stockholm", "America/Sao_Paulo")))
    assert times(desk) == ["01 12:00"]


@pytest.mark.parametrize("time", ["1/3/2016 09:00", "2016-03-01 09:00:00", "01-03-2016 09:00:59", "2016-03-01 09:00"])
def test_several_forms_of_time_are_tried_in_order(desk: Desk, time: str) -> None:
    assert said(bring(desk, log([row(sys_updated_at=time, opened_at=time)]))) == []
    assert times(desk) == ["01 08:00"]


def test_a_time_with_its_own_offset_needs_no_zone(desk: Desk) -> None:
    by = mapping(('"%Y-%m-%d %H:%M:%S"', '"%Y-%m-%dT%H:%M:%S%z"'))
    bring(desk, log([row(at="2016-03-01T12:00:00+0300", opened_at="2016-03-01T09:00:00Z")]), by)
    assert times(desk) == ["01 09:00"]


def test_columns_the_log_can_do_without_may_be_missing(desk: Desk) -> None:
    headings = [name for name in ROW if name not in ("closed_code", "resolved_at", "opened_at", "urgency")]
    imported = bring(desk, log([row(), row("Resolved", 1, "10:00")], headings=headings))
    assert kinds(desk) == ["TicketLogged", "TicketResolved"]
    assert {kind for line, _, kind in said(imported) if line == 0} == {Kind.COLUMN_MISSING}
    assert len(said(imported)) == 4
