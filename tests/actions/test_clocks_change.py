"""Another promise for what remains: reopening, another priority, another municipality, merging."""

import pytest

from servicedesk.actions import changes, relations
from servicedesk.actions.desk import Desk
from servicedesk.actions.sweep import sweep
from servicedesk.core.ledger import ledger
from servicedesk.core.vocabulary import ClockEffect, Level
from tests.actions.life import HOUR, at, clock, do, go_to, journal, proved, state, wait, warnings
from tests.support.desk import new_ticket, persona, ticket_after

HIGH, MEDIUM, LOW = Level.HIGH, Level.MEDIUM, Level.LOW


def reprioritise(desk: Desk, number: str, impact: Level, urgency: Level) -> None:
    changes.change_priority(desk, number, impact, urgency, "Fler drabbas.", actor=persona(desk, "second_line_lulea"))


def test_time_closed_before_a_reopening_is_nobodys(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    wait(desk, hours=2)
    do(desk, number, "first_line_lulea", "solve_at_once", solution="Klart", resolution_code="solved")
    wait(desk, days=3)
    do(desk, number, "first_line_lulea", "reopen", reason="Felet är tillbaka.")
    wait(desk, hours=1)
    ticket = state(desk, number)
    with desk.reading() as connection:
        account = ledger(ticket, desk.clock.now(), desk.book(connection))
    assert account.closed.seconds == 3 * 24 * HOUR
    assert [(share.of, share.seconds) for share in account.accounts] == [("first_line", 3 * HOUR)]
    assert account.whole.seconds == 3 * 24 * HOUR + 3 * HOUR
    resolution = ticket.clocks["resolution"]
    assert (resolution.state, resolution.spent, resolution.stopped_at) == (ClockEffect.RUN, 2 * HOUR, None)
    proved(desk)


def test_time_resolved_and_not_yet_confirmed_runs_no_promise_but_has_a_holder(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    wait(desk, hours=1)
    do(desk, number, "first_line_lulea", "resolve_in_first_line", solution="Klart", resolution_code="solved")
    wait(desk, hours=3)
    do(desk, number, "first_line_lulea", "reopen", reason="Nej.")
    ticket = state(desk, number)
    assert ticket.clocks["resolution"].spent == HOUR
    assert [stretch.account for stretch in ticket.custody] == ["first_line", "first_line", "requester", "first_line"]
    assert ticket.resolved_at is None and ticket.reopenings == 1


def test_a_promise_that_was_broken_stays_broken_after_reopening(desk: Desk) -> None:
    number = ticket_after(desk, "take", impact=HIGH, urgency=HIGH).number
    due = clock(desk, number, "resolution").due_at
    wait(desk, days=1)
    do(desk, number, "first_line_lulea", "solve_at_once", solution="Klart", resolution_code="solved")
    wait(desk, days=1)
    do(desk, number, "first_line_lulea", "reopen", reason="Nej.")
    assert (clock(desk, number, "resolution").broken_at, clock(desk, number, "resolution").due_at) == (due, due)


def test_a_higher_priority_leaves_what_is_spent_and_shortens_what_remains(desk: Desk) -> None:
    number = ticket_after(desk, "take", impact=MEDIUM, urgency=MEDIUM).number  # 24 hours
    wait(desk, hours=3)
    reprioritise(desk, number, HIGH, HIGH)  # 4 hours
    resolution = clock(desk, number, "resolution")
    assert (resolution.spent, resolution.target) == (3 * HOUR, 4 * HOUR)
    assert resolution.due_at == at("2026-03-02", "13:00")
    proved(desk)


def test_what_has_waited_is_still_not_counted_after_a_change_of_priority(desk: Desk) -> None:
    number = ticket_after(desk, "take", impact=MEDIUM, urgency=MEDIUM).number
    do(desk, number, "first_line_lulea", "ask_requester_from_first_line", question="När?")
    wait(desk, hours=3)
    reprioritise(desk, number, HIGH, HIGH)
    paused = clock(desk, number, "resolution")
    assert (paused.state, paused.spent, paused.due_at) == (ClockEffect.PAUSE, 0, None)
    wait(desk, hours=1)
    do(desk, number, "first_line_lulea", "answer_first_line", answer="Nu.")
    assert clock(desk, number, "resolution").due_at == at("2026-03-02", "17:00")


def test_a_priority_for_which_too_much_is_spent_already_is_broken_at_once(desk: Desk) -> None:
    number = ticket_after(desk, "take", impact=MEDIUM, urgency=MEDIUM).number
    changed = wait(desk, hours=6)
    reprioritise(desk, number, HIGH, HIGH)
    assert clock(desk, number, "resolution").broken_at == changed


def test_a_broken_promise_is_not_mended_by_a_lower_priority(desk: Desk) -> None:
    number = ticket_after(desk, "take", impact=HIGH, urgency=HIGH).number
    due = clock(desk, number, "resolution").due_at
    wait(desk, hours=5)
    reprioritise(desk, number, LOW, LOW)
    wait(desk, hours=1)
    resolution = clock(desk, number, "resolution")
    assert (resolution.target, resolution.broken_at) == (80 * HOUR, due)
    proved(desk)


def test_a_promise_already_kept_keeps_its_outcome_whatever_the_priority_becomes(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_second_line", impact=MEDIUM, urgency=MEDIUM).number
    key = "acknowledgement/second_line/lulea/2"
    before = clock(desk, number, key)
    reprioritise(desk, number, HIGH, HIGH)
    assert clock(desk, number, key) == before


@pytest.mark.parametrize(("impact", "urgency"), [(LOW, LOW), (HIGH, HIGH)])
def test_a_change_of_priority_says_nothing_a_second_time(desk: Desk, impact: Level, urgency: Level) -> None:
    number = ticket_after(desk, "take", impact=HIGH, urgency=MEDIUM).number
    wait(desk, hours=5)  # of eight: half of it is announced
    sweep(desk)
    reprioritise(desk, number, impact, urgency)
    go_to(desk, at("2026-03-30"))
    sweep(desk)
    said = [(key, share) for key, share, _ in warnings(desk, number)]
    assert len(said) == len(set(said))
    assert [share for key, share in said if key == "resolution"] == [50, 75, 90, 100]
    proved(desk)


def test_the_right_municipality_takes_over_what_is_spent_and_promises_the_rest_on_its_own_hours(desk: Desk) -> None:
    number = ticket_after(desk, "take", impact=MEDIUM, urgency=MEDIUM).number
    wait(desk, hours=2)
    mover = persona(desk, "first_line_lulea")
    changes.move_municipality(desk, number, "pajala", "Hon bor i Pajala och vet om det.", actor=mover)
    ticket = state(desk, number)
    resolution = ticket.clocks["resolution"]
    assert (resolution.spent, resolution.party, resolution.calendar) == (2 * HOUR, "pajala", "pajala-kundtjanst")
    # 22 hours of Pajala's: one on Monday before lunch, three after it, seven on Tuesday and Wednesday, four on Thursday
    assert resolution.due_at == at("2026-03-05", "12:00")
    assert ticket.clocks["holding/first_line/lulea"].state is ClockEffect.PAUSE
    assert ticket.clocks["holding/first_line/pajala"].state is ClockEffect.RUN
    proved(desk)


def test_merging_stops_the_clocks_of_the_one_and_leaves_those_of_the_other(desk: Desk) -> None:
    kept, gone = new_ticket(desk).number, ticket_after(desk, "take").number
    before = state(desk, kept).clocks
    wait(desk, hours=1)
    relations.merge(desk, gone, kept, "Samma fel.", actor=persona(desk, "first_line_lulea"))
    assert state(desk, kept).clocks == before
    assert {c.state for c in state(desk, gone).clocks.values()} == {ClockEffect.STOP}
    assert clock(desk, gone, "resolution").spent == HOUR
    wait(desk, days=60)
    sweep(desk)
    assert [e.kind for e in journal(desk, gone)][-1] == "TicketMerged"
    proved(desk)


def test_another_service_changes_the_suppliers_promise_only_where_it_is_not_yet_made(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_joint").number
    manager = persona(desk, "it_service_manager")
    changes.classify(desk, number, state(desk, number).fault, "datahall", "", "Det är hallen.", actor=manager)
    assert state(desk, number).supplier == "leverantor-drift"
    do(desk, number, "it_service_manager", "order_from_supplier")
    contracts = {key: c.party for key, c in state(desk, number).clocks.items() if c.metric == "contract"}
    assert contracts == {"contract/supplier/leverantor-drift": "leverantor-drift"}


def test_whether_a_promise_was_kept_is_written_down_when_the_ticket_ends(desk: Desk) -> None:
    kept, late = ticket_after(desk, "take").number, ticket_after(desk, "take", impact=HIGH, urgency=HIGH).number
    wait(desk, hours=5)
    for number in (kept, late):
        do(desk, number, "first_line_lulea", "solve_at_once", solution="Klart", resolution_code="solved")
    assert clock(desk, kept, "resolution").broken_at is None
    assert clock(desk, late, "resolution").broken_at == at("2026-03-02", "13:00")
    assert clock(desk, late, "resolution").due_at is None
