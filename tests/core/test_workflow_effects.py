"""What the steps leave behind on the ticket."""

from servicedesk.core.vocabulary import Tier, WaitsOn
from tests.core.workflow_chain import CHAIN, TO_SECOND_LINE, TO_SUPPLIER, after, offered
from tests.workflows.cast import (
    citizen,
    first_line_lulea,
    holder,
    local_it_lulea,
    take,
)


def test_the_way_up_and_down_keeps_one_holder_and_counts_every_change() -> None:
    ticket = after(*TO_SUPPLIER)
    assert ticket.holder == holder("plattform-support")
    assert [h.tier for h in ticket.handed_over_by] == [Tier.FIRST_LINE, Tier.SECOND_LINE, Tier.JOINT]
    ticket = take(CHAIN, ticket, "propose_solution")
    assert ticket.holder == holder("enamnden-forvaltning")
    assert [h.tier for h in ticket.handed_over_by] == [Tier.FIRST_LINE, Tier.SECOND_LINE]
    assert (ticket.handovers, ticket.returns) == (4, 0)


def test_a_return_gives_the_ticket_back_and_is_counted() -> None:
    ticket = after(*TO_SECOND_LINE, "hand_over_sideways", "return_sideways")
    assert ticket.holder == holder("lulea-forvaltning")
    assert (ticket.handovers, ticket.returns, ticket.assignee) == (3, 1, "")


def test_who_accepts_becomes_the_assignee() -> None:
    ticket = after("take", "escalate_to_second_line")
    assert ticket.assignee == ""
    assert take(CHAIN, ticket, "accept_in_second_line", local_it_lulea).assignee == "local_it_lulea"


def test_who_recalls_a_ticket_has_it() -> None:
    ticket = after(*TO_SUPPLIER, "ask_joint", "recall")
    assert (ticket.holder.tier, ticket.assignee, ticket.question) == (Tier.JOINT, "it_service_manager", None)


def test_a_question_is_open_until_it_is_answered() -> None:
    ticket = after(*TO_SECOND_LINE, "ask_first_line")
    assert ticket.question
    assert (ticket.question.asked_by, ticket.question.of) == ("lulea-forvaltning", WaitsOn.FIRST_LINE)
    assert take(CHAIN, ticket, "answer_second_line_from_first_line").question is None


def test_a_rejected_solution_stands_no_more() -> None:
    ticket = after(*TO_SUPPLIER, "propose_solution")
    assert (ticket.solution_seq, ticket.resolution_code) == (ticket.seq, "solved")
    ticket = take(CHAIN, ticket, "reject")
    assert (ticket.solution_seq, ticket.resolution_code, ticket.returns) == (0, "", 1)


def test_the_description_for_the_supplier_is_approved_by_handing_over() -> None:
    ticket = after(*TO_SUPPLIER[:-1])
    assert ticket.descriptions == {"plattform": ticket.seq}


def test_a_wait_ends_at_the_moment_given() -> None:
    ticket = after(*TO_SECOND_LINE, "wait_for_change_in_second_line")
    assert ticket.resume_at and ticket.resume_at.isoformat() == "2026-12-01T07:00:00+00:00"


def test_a_ticket_reopened_where_it_was_closed_is_no_handover() -> None:
    ticket = after("solve_at_once")
    again = take(CHAIN, ticket, "reopen", citizen)
    assert (again.holder, again.handovers, again.handed_over_by) == (ticket.holder, 0, [])
    assert again.holding_number == ticket.holding_number + 1


def test_a_ticket_reopened_from_the_second_line_comes_to_the_first() -> None:
    ticket = after(*TO_SECOND_LINE, "resolve_in_second_line", "reopen")
    assert ticket.holder == holder("lulea-kundcenter")
    assert "return_to_second_line" in offered(ticket, first_line_lulea)
