"""resolved_at and closed_at stand in every row: they are believed where no row says otherwise."""

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.core.servicenow.account import Kind, Outcome
from tests.import_.logs import bring, differences, kinds, log, row, said, ticket, times

RESOLVED, CLOSED = "01-03-2016 11:00", "05-03-2016 11:00"
END = {"resolved_at": RESOLVED, "closed_at": CLOSED}


def test_endings_that_the_rows_bear_out_need_no_remark(desk: Desk) -> None:
    rows = [row(**END), row("Resolved", 1, RESOLVED, **END), row("Closed", 2, CLOSED, **END)]
    assert said(bring(desk, log(rows))) == []


def test_closed_without_a_resolved_row_is_resolved_at_resolved_at(desk: Desk) -> None:
    imported = bring(desk, log([row(**END), row("Closed", 1, CLOSED, **END)]))
    assert kinds(desk) == ["TicketLogged", "TicketResolved", "TicketClosed"]
    assert times(desk)[1] == "01 10:00"
    assert said(imported) == [(3, Outcome.REPAIRED, Kind.ENDING_ADDED)]


def test_a_resolution_that_no_row_tells_of_comes_before_what_the_closing_row_changes(desk: Desk) -> None:
    bring(desk, log([row(**END), row("Closed", 1, CLOSED, group="Group 12", impact="1 - High", **END)]))
    assert kinds(desk) == ["TicketLogged", "TicketResolved", "PriorityChanged", "TicketHandedOver", "TicketClosed"]
    assert differences(desk) == []


@pytest.mark.parametrize("resolved_at", ["?", "01-03-2016 08:00", "09-03-2016 08:00", "nonsense"])
def test_closed_without_a_usable_resolution_is_closed_at_once(desk: Desk, resolved_at: str) -> None:
    rows = [row(), row("Closed", 1, CLOSED, resolved_at=resolved_at, closed_at=CLOSED)]
    imported = bring(desk, log(rows))
    assert kinds(desk) == ["TicketLogged", "TicketResolved"]
    assert ticket(desk).category == "closed"
    assert said(imported)[0] == (3, Outcome.REPAIRED, Kind.STATE_SKIPPED)


def test_a_log_cut_short_ends_as_its_rows_say_that_it_did(desk: Desk) -> None:
    imported = bring(desk, log([row(**END), row("Active", 1, "10:00", **END)]))
    assert kinds(desk) == ["TicketLogged", "TicketTaken", "TicketResolved", "TicketClosed"]
    assert times(desk)[2:] == ["01 10:00", "05 10:00"]
    assert said(imported) == [(3, Outcome.REPAIRED, Kind.ENDING_ADDED)] * 2
    assert differences(desk) == []


def test_an_open_incident_stays_open(desk: Desk) -> None:
    imported = bring(desk, log([row(), row("Active", 1, "10:00")]))
    assert ticket(desk).is_open
    assert said(imported) == []


def test_an_ending_before_the_last_row_is_not_believed(desk: Desk) -> None:
    imported = bring(desk, log([row(**END), row("Active", 1, "06-03-2016 10:00", **END)]))
    assert ticket(desk).is_open
    assert said(imported) == [(3, Outcome.REPAIRED, Kind.ENDING_DIFFERS)] * 2


def test_an_ending_that_is_still_to_come_is_not_believed(desk: Desk) -> None:
    imported = bring(desk, log([row(closed_at="01-01-2030 10:00")]))
    assert ticket(desk).is_open
    assert said(imported) == [(2, Outcome.REPAIRED, Kind.ENDING_DIFFERS)]


def test_an_ending_that_differs_from_the_rows_is_named_and_the_rows_hold(desk: Desk) -> None:
    other = {"resolved_at": "01-03-2016 10:30", "closed_at": CLOSED}
    imported = bring(
        desk, log([row(**other), row("Resolved", 1, RESOLVED, **other), row("Closed", 2, CLOSED, **other)])
    )
    assert times(desk)[1] == "01 10:00"
    assert said(imported) == [(3, Outcome.REPAIRED, Kind.ENDING_DIFFERS)]


def test_a_reopened_incident_ends_anew(desk: Desk) -> None:
    rows = [
        row(**END),
        row("Resolved", 1, "09:30", **END),
        row("Active", 2, "10:00", **END),
        row("Resolved", 3, RESOLVED, **END),
        row("Closed", 4, CLOSED, **END),
    ]
    imported = bring(desk, log(rows))
    assert kinds(desk)[1:] == ["TicketResolved", "TicketReopened", "TicketResolved", "TicketClosed"]
    assert ticket(desk).reopenings == 1
    assert said(imported) == []


def test_a_log_that_goes_from_closed_to_open_is_a_reopening(desk: Desk) -> None:
    rows = [row(), row("Closed", 1, "10:00"), row("New", 2, "11:00"), row("Awaiting Problem", 3, "12:00")]
    bring(desk, log(rows))
    assert kinds(desk) == ["TicketLogged", "TicketResolved", "TicketReopened", "TicketTaken"]
    assert differences(desk) == []
