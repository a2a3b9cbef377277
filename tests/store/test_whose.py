"""The scopes of the queue: whose move it is, what has been handed on, what is late soon. On both: test_lists.py."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from servicedesk.actions.changes import assign
from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note
from servicedesk.actions.steps import perform
from servicedesk.actions.sweep import sweep
from servicedesk.core.clock import ControlledClock
from servicedesk.core.facts import Actor, Seat
from servicedesk.core.vocabulary import Role, Tier
from servicedesk.store.queries.lists import Filter, count_tickets, list_tickets
from servicedesk.store.queries.verification import ticket_ids, verify_tickets
from servicedesk.store.queries.whose import Scope, scopes_of
from servicedesk.store.tickets import Visibility
from tests.support.desk import START, WRITTEN, DeskFactory, along_the_chain, new_ticket, persona, ticket_after


@pytest.fixture
def desk(desk_factory: DeskFactory) -> Desk:
    return desk_factory()


def numbers(desk: Desk, who: str, scope: Scope) -> list[int]:
    viewer, now = persona(desk, who), desk.clock.now()
    with desk.reading() as connection:
        lines = list_tickets(connection, viewer, scope, now=now).lines
        assert count_tickets(connection, viewer, now=now)[scope] == len(lines)
    return [int(line.number[-5:]) for line in lines]


def do(desk: Desk, number: int, step: str, who: str, *needs: str) -> None:
    perform(desk, f"2026-{number:05}", step, actor=persona(desk, who), given={need: WRITTEN[need] for need in needs})


def test_a_question_is_a_move_of_those_who_are_asked_until_they_have_answered(desk: Desk) -> None:
    ticket_after(desk, "accept_in_second_line")
    do(desk, 1, "ask_first_line", "second_line_lulea", "question")
    assert numbers(desk, "first_line_lulea", Scope.WAITING) == [1]
    assert numbers(desk, "second_line_lulea", Scope.WAITING) == []
    assert numbers(desk, "first_line_pitea", Scope.WAITING) == []
    do(desk, 1, "answer_second_line_from_first_line", "first_line_lulea", "answer")
    assert numbers(desk, "first_line_lulea", Scope.WAITING) == []
    assert numbers(desk, "second_line_lulea", Scope.WAITING) == [1]
    do(desk, 1, "escalate_to_joint", "second_line_lulea", "reason", "tried")
    assert numbers(desk, "second_line_lulea", Scope.WAITING) == []


def test_a_note_answers_no_question(desk: Desk) -> None:
    """The clocks wait for the tier that was asked until the step is taken: so does its list."""
    ticket_after(desk, "accept_in_second_line")
    do(desk, 1, "ask_first_line", "second_line_lulea", "question")
    note(desk, "2026-00001", "Jag frågar kunden.", actor=persona(desk, "first_line_lulea"))
    assert numbers(desk, "first_line_lulea", Scope.WAITING) == [1]


def test_an_answer_comes_back_to_the_one_who_has_the_ticket_else_to_the_team(desk: Desk) -> None:
    ticket_after(desk, "accept_in_second_line")
    do(desk, 1, "ask_first_line", "second_line_lulea", "question")
    do(desk, 1, "answer_second_line_from_first_line", "first_line_lulea", "answer")
    someone = persona(desk, "second_line_lulea")
    assign(desk, "2026-00001", someone.key, actor=someone)
    assert numbers(desk, "second_line_lulea", Scope.WAITING) == [1]
    with desk.transaction() as connection:
        connection.execute(update(Visibility).values(assignee="somebody-else"))
    assert numbers(desk, "second_line_lulea", Scope.WAITING) == []
    with desk.transaction() as connection:
        connection.execute(update(Visibility).values(assignee=""))
    assert numbers(desk, "second_line_lulea", Scope.WAITING) == [1]


def test_what_the_requester_is_asked_is_further_down_from_the_first_line(desk: Desk) -> None:
    ticket_after(desk, "take")
    do(desk, 1, "ask_requester_from_first_line", "first_line_lulea", "question")
    assert numbers(desk, "first_line_lulea", Scope.BELOW) == [1]
    assert numbers(desk, "second_line_lulea", Scope.BELOW) == [1]
    assert numbers(desk, "first_line_lulea", Scope.WAITING) == []
    do(desk, 1, "answer_first_line", "first_line_lulea", "answer")
    assert numbers(desk, "first_line_lulea", Scope.BELOW) == []
    assert numbers(desk, "first_line_lulea", Scope.WAITING) == [1]


def test_what_a_tier_hands_on_stays_in_its_sight_until_it_is_back(desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier")
    ticket_after(desk, "escalate_to_second_line")
    assert sorted(numbers(desk, "first_line_lulea", Scope.ABOVE)) == [1, 2]
    assert numbers(desk, "second_line_lulea", Scope.ABOVE) == [1]
    assert numbers(desk, "it_service_manager", Scope.ABOVE) == [1]
    assert numbers(desk, "first_line_pitea", Scope.ABOVE) == []
    do(desk, 2, "return_to_first_line", "second_line_lulea", "reason")
    assert numbers(desk, "first_line_lulea", Scope.ABOVE) == [1]
    assert numbers(desk, "first_line_lulea", Scope.WAITING) == [2], "what has come back is the first line's move"
    do(desk, 1, "propose_solution", "supplier_technician", "solution", "resolution_code")
    assert numbers(desk, "it_service_manager", Scope.ABOVE) == []
    assert numbers(desk, "it_service_manager", Scope.WAITING) == [1]


def test_a_ticket_that_was_logged_further_up_was_handed_on_by_nobody(desk: Desk) -> None:
    ticket_after(desk, "escalate_to_second_line")
    assert numbers(desk, "administrator_lulea", Scope.ABOVE) == []


def test_the_joint_tier_sees_below_what_has_been_with_it(desk: Desk) -> None:
    ticket_after(desk, "verify")
    new_ticket(desk)
    assert numbers(desk, "it_service_manager", Scope.BELOW) == [1]
    assert numbers(desk, "second_line_lulea", Scope.BELOW) == [2]


def test_a_supplier_learns_from_no_scope_where_a_ticket_is_that_has_left_it(desk: Desk) -> None:
    ticket_after(desk, "propose_solution")
    assert numbers(desk, "supplier_technician", Scope.BELOW) == [1]
    do(desk, 1, "verify", "it_service_manager", "tried")
    assert {scope: numbers(desk, "supplier_technician", scope) for scope in Scope if scope is not Scope.OPEN} == {
        scope: [] for scope in Scope if scope is not Scope.OPEN
    }
    with desk.reading() as connection:
        row = connection.execute(
            select(Visibility.turn, Visibility.handed_by, Visibility.tier).where(
                Visibility.organisation == "leverantor-plattform"
            )
        ).one()
    assert tuple(row) == ("", "", "")


def test_what_is_at_risk_is_neither_calm_nor_late_and_comes_in_the_order_in_which_it_runs_out(desk: Desk) -> None:
    new_ticket(desk)
    new_ticket(desk, impact="high", urgency="high")
    viewer = persona(desk, "first_line_lulea")
    with desk.reading() as connection:
        lines = {line.number[-1]: line for line in list_tickets(connection, viewer, now=START).lines}
    for number, line in lines.items():
        assert line.due_at and line.promised_at
        from_then = line.due_at - max((line.due_at - line.promised_at) / 4, timedelta(hours=1))
        for moment, is_there in (
            (from_then - timedelta(seconds=1), False),
            (from_then, True),
            (line.due_at - timedelta(seconds=1), True),
            (line.due_at, False),
        ):
            with desk.reading() as connection:
                found = list_tickets(connection, viewer, Scope.AT_RISK, now=moment).lines
            assert (number in [one.number[-1] for one in found]) is is_there, (number, moment)


def test_what_has_run_out_is_left_out_once_a_timer_has_said_so_and_no_list_shows_a_difference(desk: Desk) -> None:
    for priority in ("high", "low"):
        new_ticket(desk, impact=priority, urgency=priority)
    ticket_after(desk, "accept_at_supplier")
    viewer, clock = persona(desk, "it_service_manager"), desk.clock
    kept: set[int] = set()
    assert isinstance(clock, ControlledClock)

    def shown() -> list[list[tuple[str, datetime | None]]]:
        with desk.reading() as connection:
            kept.update(connection.execute(select(func.length(Visibility.risks))).scalars())
            wanted = (Filter(), Filter(late=True), Filter(at_risk=True), Filter(late=True, at_risk=True))
            pages = [
                list_tickets(connection, viewer, scope, each, now=clock.now())
                for scope in (Scope.AT_RISK, Scope.OPEN)
                for each in wanted
            ]
        return [[(line.number, line.due_at) for line in page.lines] for page in pages]

    for _ in range(90):
        clock.move_to(clock.now() + timedelta(minutes=35))
        before = shown()
        sweep(desk)
        assert shown() == before
    assert min(kept) == 0 < max(kept)


def test_each_is_offered_what_there_can_be_something_in(desk: Desk) -> None:
    every = list(Scope)
    assert scopes_of(persona(desk, "first_line_lulea")) == every
    assert scopes_of(persona(desk, "it_service_manager")) == every
    assert scopes_of(persona(desk, "supplier_technician")) == [scope for scope in every if scope is not Scope.ABOVE]


def test_a_team_is_not_taken_for_one_whose_name_it_is_part_of(desk: Desk) -> None:
    ticket_after(desk, "escalate_to_second_line")
    for team in ("lulea-kund", "kundcenter", "lulea_kundcenter", "%"):
        viewer = Actor("person", "p", "P", (Seat(Role.FIRST_LINE_STAFF, team, Tier.FIRST_LINE, "lulea"),))
        with desk.reading() as connection:
            assert list_tickets(connection, viewer, Scope.ABOVE, now=START).lines == [], team


def test_all_of_it_is_proved_by_verification(desk: Desk) -> None:
    for last in ("", "accept_in_second_line", "accept_at_supplier", "propose_solution", "confirm"):
        ticket = new_ticket(desk)
        if last:
            along_the_chain(desk, ticket.number, last)
    for name, value in (("turn", "joint"), ("handed_by", "|x|"), ("risk_at", START), ("risks", "1")):
        with desk.transaction() as connection:
            book, ids = desk.book(connection), ticket_ids(connection)
            assert list(verify_tickets(connection, book, ids)) == []
            saved = connection.begin_nested()
            connection.execute(update(Visibility).where(Visibility.ticket_id == ids[0]).values({name: value}))
            assert list(verify_tickets(connection, book, ids)), name
            saved.rollback()
