"""Attempts: a move, or a refusal that says why and what could be done instead."""

from copy import deepcopy

from servicedesk.core.facts import SCHEDULER, Actor
from servicedesk.core.vocabulary import Category, Fault, Language, RequesterKind, Tier, Verb, WaitsOn
from servicedesk.core.workflows.engine import options
from tests.core.workflow_chain import CHAIN, TO_SECOND_LINE, TO_SUPPLIER, after, moved, offered, refused
from tests.workflows.cast import (
    PARTIES,
    citizen,
    first_line_lulea,
    it_service_manager,
    second_line_lulea,
    walk,
)


def test_a_move_says_everything_the_fold_needs() -> None:
    move = moved(after("take"), "escalate_to_second_line", first_line_lulea)
    assert (move.verb, move.from_state, move.to_state) == (Verb.HAND_OVER, "first_active", "second_received")
    assert (move.category, move.tier, move.received, move.waits_on) == (
        Category.ACTIVE,
        Tier.SECOND_LINE,
        True,
        None,
    )
    assert move.effects == ("pass_to_tier",)
    assert move.given == {"reason": "It belongs there.", "tried": "Signed in again."}
    assert move.clocks == CHAIN.states["second_received"].clocks


def test_a_step_from_another_state_is_refused_with_what_is_possible_instead() -> None:
    refusal = refused(after("take"), "take", first_line_lulea)
    assert refusal.code == "wrong_state"
    assert "Pågår hos första linjen" in str(refusal)
    assert refusal.allowed[:2] == ("solve_at_once", "escalate_to_second_line")


def test_the_state_is_named_in_the_readers_language() -> None:
    reader = Actor("person", "a", "a", first_line_lulea.seats, Language.ENGLISH)
    assert "In progress at first line" in str(refused(after("take"), "take", reader))


def test_a_step_that_does_not_exist_is_refused() -> None:
    refusal = refused(after(), "tkae", first_line_lulea)
    assert (refusal.code, refusal.allowed) == ("unknown_step", ("take", "solve_at_once", "cancel_in_first_line"))


def test_a_reminder_leaves_the_state_as_it_is() -> None:
    move = moved(after("take", "ask_requester_from_first_line"), "timed:remind_requester", SCHEDULER)
    assert move.from_state == move.to_state == "first_waiting_requester"
    assert (move.effects, move.waits_on) == ((), WaitsOn.REQUESTER)


def test_an_e_service_fault_stays_with_the_municipality() -> None:
    refusal = refused(after(*TO_SECOND_LINE, fault=Fault.E_SERVICE), "escalate_to_joint", second_line_lulea)
    assert refusal.code == "e_service_fault"
    assert "escalate_to_joint" not in refusal.allowed
    assert "resolve_in_second_line" in refusal.allowed


def test_a_fault_that_nobody_has_classified_is_not_escalated() -> None:
    refusal = refused(after(*TO_SECOND_LINE, fault=Fault.UNKNOWN), "escalate_to_joint", second_line_lulea)
    assert refusal.code == "fault_unknown"


def test_an_anonymous_requester_cannot_be_asked() -> None:
    ticket = after("take", requester_kind=RequesterKind.ANONYMOUS)
    assert refused(ticket, "ask_requester_from_first_line", first_line_lulea).code == "requester_anonymous"


def test_without_a_supplier_nothing_is_ordered() -> None:
    ticket = after(*TO_SECOND_LINE, "escalate_to_joint", "accept_in_joint", supplier="")
    refusal = refused(ticket, "order_from_supplier", it_service_manager)
    assert refusal.code == "no_supplier"
    assert "e-tjanster" in str(refusal)


def test_without_a_solution_nothing_is_verified() -> None:
    ticket = after(*TO_SUPPLIER, "propose_solution")
    ticket.solution_seq = 0
    assert refused(ticket, "verify", it_service_manager).code == "no_solution"


def test_a_merged_ticket_is_not_reopened() -> None:
    ticket = after("take", "cancel_in_first_line")
    ticket.merged_into = "LUL-7"
    refusal = refused(ticket, "reopen", citizen)
    assert refusal.code == "merged"
    assert "LUL-7" in str(refusal)


def test_a_step_that_a_guard_refuses_is_offered_with_its_reason() -> None:
    ticket = after(*TO_SECOND_LINE, fault=Fault.E_SERVICE)
    refusals = {o.step.step: o.refusal for o in options(CHAIN, ticket, second_line_lulea, PARTIES)}
    refusal = refusals["escalate_to_joint"]
    assert refusal and refusal.code == "e_service_fault"
    assert refusals["resolve_in_second_line"] is None


def test_options_come_in_declared_order() -> None:
    declared = list(CHAIN.transitions)
    found = offered(after("take"), first_line_lulea)
    assert len(found) > 3
    assert found == sorted(found, key=declared.index)


def test_a_return_leads_only_to_where_the_ticket_came_from() -> None:
    from_below = after("take", "escalate_to_second_line")
    sideways = walk(CHAIN, from_below, "accept_in_second_line", "hand_over_sideways")
    from_above = walk(
        CHAIN, from_below, "accept_in_second_line", "escalate_to_joint", "accept_in_joint", "hand_down_to_second_line"
    )
    for ticket, only in (
        (from_below, "return_to_first_line"),
        (sideways, "return_sideways"),
        (from_above, "return_to_joint"),
    ):
        assert [step for step in offered(ticket, second_line_lulea) if step.startswith("return")] == [only]
    assert refused(from_above, "return_to_first_line", second_line_lulea).code == "came_from_elsewhere"


def test_a_ticket_that_nobody_moved_is_the_same_after_a_refusal() -> None:
    ticket = after("take")
    before = deepcopy(ticket)
    refused(ticket, "take", first_line_lulea)
    assert ticket == before
