"""Questions and waits: always on somebody, with a way out."""

import pytest

from servicedesk.actions import changes, relations
from servicedesk.actions.desk import Desk
from servicedesk.core.errors import Invalid
from servicedesk.core.vocabulary import Category, RequesterKind, WaitsOn
from tests.actions.life import at, do, kinds, proved, refused, state, wait
from tests.support.desk import new_ticket, persona, ticket_after

SECOND, FIRST, JOINT, SUPPLIER = "second_line_lulea", "first_line_lulea", "it_service_manager", "supplier_technician"


@pytest.mark.parametrize(
    ("last", "asker", "ask", "of", "answerer", "answer"),
    [
        ("take", FIRST, "ask_requester_from_first_line", "requester", FIRST, "answer_first_line"),
        ("accept_in_second_line", SECOND, "ask_requester_from_second_line", "requester", FIRST, "answer_second_line"),
        ("accept_in_second_line", SECOND, "ask_first_line", "first_line", FIRST, "answer_second_line_from_first_line"),
        ("accept_in_joint", JOINT, "ask_second_line", "second_line", SECOND, "answer_joint"),
        ("accept_at_supplier", SUPPLIER, "ask_joint", "joint", JOINT, "answer_supplier"),
    ],
)
def test_a_question_waits_on_whoever_is_asked_and_the_holder_stays(
    desk: Desk, last: str, asker: str, ask: str, of: str, answerer: str, answer: str
) -> None:
    before = ticket_after(desk, last)
    number = before.number
    ticket = do(desk, number, asker, ask, question="Hur länge?")
    assert (ticket.category, ticket.holder, ticket.custody[-1].account) == (Category.WAITING, before.holder, of)
    assert ticket.question and (ticket.question.of, ticket.question.asked_by) == (of, before.holder.team)
    wait(desk, hours=1)
    ticket = do(desk, number, answerer, answer, answer="Sedan i går.")
    assert (ticket.category, ticket.holder, ticket.question) == (Category.ACTIVE, before.holder, None)
    assert kinds(desk, number)[-2:] == ["QuestionAsked", "QuestionAnswered"]
    proved(desk)


def test_a_question_must_be_written_and_so_must_its_answer(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    assert isinstance(refused(desk, number, FIRST, "ask_requester_from_first_line", question=" \n"), Invalid)
    do(desk, number, FIRST, "ask_requester_from_first_line", question="När?")
    assert isinstance(refused(desk, number, FIRST, "answer_first_line"), Invalid)


def test_nobody_can_ask_somebody_anonymous(desk: Desk) -> None:
    number = ticket_after(desk, "take", requester_kind=RequesterKind.ANONYMOUS).number
    refusal = refused(desk, number, FIRST, "ask_requester_from_first_line", question="När?")
    assert refusal.code == "requester_anonymous"


def test_the_asker_may_go_on_without_an_answer(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_second_line").number
    do(desk, number, SECOND, "ask_first_line", question="När?")
    ticket = do(desk, number, SECOND, "resume_in_second_line", reason="Vi vet nu.")
    assert (ticket.category, ticket.question) == (Category.ACTIVE, None)
    assert kinds(desk, number)[-1] == "WorkResumed"


def test_a_wait_says_until_when_and_that_must_be_to_come(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_second_line").number
    step = "wait_for_change_in_second_line"
    past, close = desk.clock.now().isoformat(), at("2026-03-10").isoformat()
    for until in ("", "i morgon", "2026-03-10T09:00:00", past, "9999-12-31T23:59:59-23:59", "0001-01-01T00:00+23:00"):
        refusal = refused(desk, number, SECOND, step, reason="Ny version.", until=until)
        assert isinstance(refusal, Invalid) and list(refusal.fields) == ["until"], until
    ticket = do(desk, number, SECOND, step, reason="Ny version.", until=close)
    assert (ticket.resume_at, ticket.custody[-1].account) == (at("2026-03-10"), WaitsOn.PLANNED_CHANGE)
    ticket = do(desk, number, SECOND, "end_wait_in_second_line", reason="Den kom i dag.")
    assert (ticket.category, ticket.resume_at) == (Category.ACTIVE, None)
    assert kinds(desk, number)[-2:] == ["WaitStarted", "WorkResumed"]
    proved(desk)


def test_the_supplier_waits_only_when_it_is_granted(desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    given = {"reason": "Ny version.", "until": at("2026-03-10").isoformat()}
    assert refused(desk, number, SUPPLIER, "grant_wait_to_supplier", **given).code == "not_yours"
    ticket = do(desk, number, JOINT, "grant_wait_to_supplier", **given)
    assert ticket.clocks["contract/supplier/leverantor-plattform"].state == "pause"


def test_a_ticket_that_leaves_a_wait_by_any_door_leaves_no_question_behind(desk: Desk) -> None:
    numbers = [ticket_after(desk, "take").number for _ in range(3)]
    for number in numbers:
        do(desk, number, FIRST, "ask_requester_from_first_line", question="När?")
    actor = persona(desk, FIRST)
    changes.move_municipality(desk, numbers[0], "pitea", "Fel kommun.", actor=actor)
    do(desk, numbers[1], FIRST, "cancel_in_first_line", cancel_reason="mistaken", reason="Test.")
    relations.merge(desk, numbers[2], new_ticket(desk).number, "Samma.", actor=actor)
    assert [state(desk, number).question for number in numbers] == [None, None, None]
    proved(desk)
