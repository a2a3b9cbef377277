"""What a clean log becomes."""

from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.core.events import Moved, TicketLogged
from servicedesk.core.ledger import adds_up, ledger
from servicedesk.core.vocabulary import Category
from servicedesk.store.queries.journal import texts_of
from servicedesk.store.queries.verification import ticket_ids
from tests.import_.logs import bring, differences, events, kinds, log, mapping, row, said, ticket, times

ENDS = {"resolved_at": "01-03-2016 12:00", "closed_at": "06-03-2016 12:00"}
WHOLE_LIFE = [
    row("New", 0, "09:10", **ENDS),
    row("Active", 1, "10:00", **ENDS),
    row("Active", 2, "10:30", **ENDS),
    row("Active", 3, "11:00", group="Group 12", **ENDS),
    row("Awaiting User Info", 4, "11:10", group="Group 12", **ENDS),
    row("Active", 5, "11:40", group="Group 12", **ENDS),
    row("Resolved", 6, "12:00", group="Group 12", **ENDS),
    row("Closed", 7, "06-03-2016 12:00", group="Group 12", **ENDS),
]


def test_a_whole_life_becomes_its_events_at_its_own_times(desk: Desk) -> None:
    imported = bring(desk, log(WHOLE_LIFE))
    assert kinds(desk) == [
        "TicketLogged",
        "TicketTaken",
        "TicketHandedOver",
        "QuestionAsked",
        "WorkResumed",
        "TicketResolved",
        "TicketClosed",
    ]
    assert times(desk) == ["01 08:00", "01 09:00", "01 10:00", "01 10:10", "01 10:40", "01 11:00", "06 11:00"]
    assert said(imported) == []
    assert imported.account.equation().startswith("8 rows read = 7 imported + 1 no change + 0 repaired")
    assert differences(desk) == []


def test_the_ticket_keeps_the_number_of_the_log(desk: Desk) -> None:
    bring(desk, log(WHOLE_LIFE))
    assert ticket(desk).number == "INC1"
    bring(desk, log(WHOLE_LIFE), mapping(("# number_prefix", "number_prefix")))
    assert ticket(desk, "SN-INC1").category is Category.CLOSED


def test_every_imported_event_is_observed_and_tells_when_it_was_written_down(desk: Desk) -> None:
    bring(desk, log(WHOLE_LIFE))
    now = desk.clock.now()
    assert all(event.observed and event.recorded_at == now and event.actor == "import:import" for event in events(desk))


def test_each_group_is_a_holder_and_the_times_add_up(desk: Desk) -> None:
    bring(desk, log(WHOLE_LIFE))
    found = ticket(desk)
    assert [stretch.holder.team for stretch in found.custody] == ["lulea-kundcenter"] * 2 + ["logg-group-12"] * 5
    assert found.handovers == 1
    with desk.reading() as connection:
        book = ledger(found, desk.clock.now(), desk.book(connection))
    assert adds_up(book)
    assert {share.of: share.seconds for share in book.holders}["first_line/lulea/lulea-kundcenter"] == 2 * 3600


def test_a_row_that_changes_the_urgency_changes_the_priority(desk: Desk) -> None:
    bring(
        desk, log([row(), row(count=1, at="09:30", impact="1 - High", priority="2 - High"), row("Active", 2, "10:00")])
    )
    assert kinds(desk)[:3] == ["TicketLogged", "PriorityChanged", "PriorityChanged"]


def test_promises_are_those_of_the_day_on_which_it_was_opened(desk: Desk) -> None:
    bring(desk, log(WHOLE_LIFE))
    first = events(desk)[0].payload
    assert isinstance(first, TicketLogged)
    assert set(first.agreements) == {"SLA", "OLA", "UC"}
    assert ticket(desk).clocks["resolution"].target > 0


def test_an_incident_older_than_every_agreement_has_no_promise(desk: Desk) -> None:
    bring(desk, log([row(at="01-03-2011 09:00", opened_at="01-03-2011 09:00")]))
    assert ticket(desk).clocks == {}


def test_a_solution_keeps_its_code_and_a_reopening_clears_it(desk: Desk) -> None:
    rows = [row(), row("Resolved", 1, "10:00", closed_code="code 4"), row("Active", 2, "11:00")]
    bring(desk, log(rows[:2]))
    assert ticket(desk).resolution_code == "software_fix"
    bring(desk, log(rows))
    assert (ticket(desk).resolution_code, ticket(desk).reopenings) == ("", 1)


def test_handing_over_and_moving_in_one_row_are_two_events(desk: Desk) -> None:
    bring(desk, log([row(), row("Active", 1, "10:00", group="Group 9")]))
    moves = [event.payload for event in events(desk)[1:]]
    assert [move.to_state for move in moves if isinstance(move, Moved)] == ["second_received", "second_active"]
    assert ticket(desk).accepted


def test_the_caller_is_personal_text_and_the_subject_what_the_mapping_names(desk: Desk) -> None:
    bring(desk, log([row()]))
    with desk.reading() as connection:
        texts = texts_of(connection, ticket_ids(connection, ["INC1"])[0])
    assert texts == {(1, "subject"): "Category 1, Subcategory 2", (1, "requester_name"): "Caller 7"}


def test_only_people_whom_the_mapping_names_become_assignees(desk: Desk) -> None:
    by = mapping(("[assignee]\nmap = {}", '[assignee]\nmap = { "Resolver 1" = "lulea-forsta-linjen" }'))
    rows = [row(assigned_to="Resolver 1"), row("Active", 1, "10:00", assigned_to="Resolver 2")]
    bring(desk, log(rows), by)
    assert ticket(desk).assignee == "lulea-forsta-linjen"


def test_nobody_is_told_today_of_what_happened_then(desk: Desk) -> None:
    bring(desk, log(WHOLE_LIFE))
    assert drain(desk) == 0


def test_a_cancelled_state_of_the_workflow_is_a_cancellation(desk: Desk) -> None:
    by = mapping(('[state."Closed"]', '[state."Cancelled"]\nany = "cancelled"\n\n[state."Closed"]'))
    bring(desk, log([row(), row("Cancelled", 1, "10:00")]), by)
    assert kinds(desk) == ["TicketLogged", "TicketCancelled"]
