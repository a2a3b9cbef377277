"""Attempts: a move, or a refusal that says why and what could be done instead."""

from copy import deepcopy

import pytest

from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.facts import IMPORTER, OPERATOR, SCHEDULER, Actor, Seat
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Category, Fault, Language, Need, RequesterKind, Role, Tier, Verb, WaitsOn
from servicedesk.core.workflow import Move, attempt, options
from tests.workflows.cast import (
    EVERYBODY,
    PARTIES,
    a_ticket,
    citizen,
    fields_for,
    first_line_lulea,
    holder,
    it_service_manager,
    local_it_lulea,
    other_supplier,
    second_line_lulea,
    second_line_pajala,
    shipped,
    supplier_client,
    take,
    walk,
)

CHAIN = shipped("citizen_incident")
TO_SECOND_LINE = ("take", "escalate_to_second_line", "accept_in_second_line")
TO_SUPPLIER = (*TO_SECOND_LINE, "escalate_to_joint", "accept_in_joint", "order_from_supplier", "accept_at_supplier")


def after(*steps: str, **changes: object) -> TicketState:
    return walk(CHAIN, a_ticket(CHAIN, **changes), *steps)


def refused(ticket: TicketState, step: str, actor: Actor) -> Refusal:
    known = CHAIN.step(step)
    given = fields_for(CHAIN, step, ticket) if known else {}
    with pytest.raises(Refusal) as caught:
        attempt(CHAIN, ticket, step, actor, given, PARTIES)
    return caught.value


def moved(ticket: TicketState, step: str, actor: Actor, **given: str) -> Move:
    return attempt(CHAIN, ticket, step, actor, fields_for(CHAIN, step, ticket) | given, PARTIES)


def offered(ticket: TicketState, actor: Actor) -> list[str]:
    return [option.step.step for option in options(CHAIN, ticket, actor, PARTIES)]


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


def test_a_colleague_in_another_municipality_has_no_step() -> None:
    ticket = after("take", "escalate_to_second_line")
    assert refused(ticket, "accept_in_second_line", second_line_pajala).code == "not_yours"
    assert offered(ticket, second_line_pajala) == []


def test_every_role_of_the_second_line_may_accept() -> None:
    ticket = after("take", "escalate_to_second_line")
    for actor in (second_line_lulea, local_it_lulea):
        assert moved(ticket, "accept_in_second_line", actor).to_state == "second_active"


def test_a_person_who_serves_two_municipalities_acts_in_both() -> None:
    both = Actor("person", "b", "b", (*second_line_pajala.seats, *first_line_lulea.seats))
    assert "take" in offered(after(), both)


def test_a_role_counts_only_at_its_own_tier() -> None:
    seat = Seat(Role.FIRST_LINE_STAFF, "lulea-forvaltning", Tier.SECOND_LINE, "lulea")
    assert offered(after(), Actor("person", "c", "c", (seat,))) == []


def test_only_the_supplier_that_holds_the_ticket_may_act_for_it() -> None:
    ticket = after(*TO_SUPPLIER)
    assert refused(ticket, "propose_solution", other_supplier).code == "not_yours"
    assert moved(ticket, "propose_solution", supplier_client).to_state == "joint_verifying"


def test_a_ticket_with_a_changed_service_is_still_its_holders() -> None:
    ticket = after(*TO_SUPPLIER)
    ticket.supplier = "arkiv"
    assert refused(ticket, "propose_solution", other_supplier).code == "not_yours"
    assert "propose_solution" in offered(ticket, supplier_client)


def test_a_suppliers_system_is_its_agent_whatever_its_role_is_called() -> None:
    seat = Seat(Role.OPERATOR, "plattform-support", Tier.SUPPLIER, "plattform")
    ticket = after(*TO_SUPPLIER)
    assert "propose_solution" in offered(ticket, Actor("client", "d", "d", (seat,)))
    assert offered(ticket, Actor("person", "d", "d", (seat,))) == []


def test_a_supplier_has_no_step_before_and_after_it_holds_the_ticket() -> None:
    for ticket in (after("take"), after(*TO_SUPPLIER, "propose_solution")):
        assert offered(ticket, supplier_client) == []


def test_operator_and_importer_take_no_steps() -> None:
    for actor in (OPERATOR, IMPORTER):
        assert offered(after(), actor) == []


def test_time_takes_only_timed_steps_and_people_take_none_of_them() -> None:
    ticket = after("take", "ask_requester_from_first_line")
    assert offered(ticket, SCHEDULER) == ["timed:remind_requester", "timed:close_unanswered"]
    assert refused(ticket, "timed:close_unanswered", first_line_lulea).code == "not_yours"
    assert refused(ticket, "answer_first_line", SCHEDULER).code == "not_yours"


def test_a_reminder_leaves_the_state_as_it_is() -> None:
    move = moved(after("take", "ask_requester_from_first_line"), "timed:remind_requester", SCHEDULER)
    assert move.from_state == move.to_state == "first_waiting_requester"
    assert (move.effects, move.waits_on) == ((), WaitsOn.REQUESTER)


def test_what_staff_record_for_the_requester_is_on_behalf() -> None:
    ticket = after("take", "resolve_in_first_line")
    assert moved(ticket, "confirm", first_line_lulea).on_behalf
    assert not moved(ticket, "confirm", citizen).on_behalf
    assert not moved(after(), "take", first_line_lulea).on_behalf


def test_the_requester_has_only_their_own_steps() -> None:
    assert offered(after("take"), citizen) == []
    assert offered(after("take", "ask_requester_from_first_line"), citizen) == ["answer_first_line"]
    assert offered(after("take", "resolve_in_first_line"), citizen) == ["confirm", "reopen"]


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


def test_every_missing_field_is_named_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        attempt(CHAIN, after("take"), "escalate_to_second_line", first_line_lulea, {"tried": "  "}, PARTIES)
    assert caught.value.fields == {"reason": ["Say why."], "tried": ["Say what has been tried."]}


def test_a_field_that_the_step_does_not_take_is_not_lost_silently() -> None:
    with pytest.raises(Invalid) as caught:
        attempt(CHAIN, after(), "take", first_line_lulea, {"reason": "because", "tried": ""}, PARTIES)
    assert list(caught.value.fields) == ["reason"]


@pytest.mark.parametrize(
    ("step", "field", "text"),
    [
        ("resolve_in_first_line", "resolution_code", "done"),
        ("cancel_in_first_line", "cancel_reason", "bored"),
    ],
)
def test_a_choice_must_be_one_of_those_offered(step: str, field: str, text: str) -> None:
    with pytest.raises(Invalid) as caught:
        moved(after("take"), step, first_line_lulea, **{field: text})
    assert list(caught.value.fields) == [field]


def test_a_cancelled_duplicate_names_its_original() -> None:
    with pytest.raises(Invalid) as caught:
        moved(after("take"), "cancel_in_first_line", first_line_lulea, cancel_reason="duplicate")
    assert list(caught.value.fields) == ["duplicate_of"]
    move = moved(
        after("take"), "cancel_in_first_line", first_line_lulea, cancel_reason="duplicate", duplicate_of="LUL-2"
    )
    assert move.given["duplicate_of"] == "LUL-2"


@pytest.mark.parametrize("text", ["tomorrow", "2026-12-01", "2026-12-01T08:00:00", "25:00"])
def test_a_moment_has_a_date_a_time_and_a_zone(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        moved(after(*TO_SECOND_LINE), "wait_for_change_in_second_line", second_line_lulea, until=text)
    assert list(caught.value.fields) == ["until"]


def test_a_moment_is_kept_in_one_written_form() -> None:
    move = moved(after(*TO_SECOND_LINE), "wait_for_change_in_second_line", second_line_lulea)
    assert move.given["until"] == "2026-12-01T07:00:00Z"


@pytest.mark.parametrize("team", ["nowhere", "lulea-kundcenter", "pajala-it", "lulea-forvaltning"])
def test_sideways_leads_to_another_team_of_the_same_tier_and_organisation(team: str) -> None:
    ticket = after(*TO_SECOND_LINE)
    assert ticket.holder == holder("lulea-forvaltning")
    with pytest.raises(Invalid) as caught:
        moved(ticket, "hand_over_sideways", second_line_lulea, team=team)
    assert list(caught.value.fields) == ["team"]
    assert moved(ticket, "hand_over_sideways", second_line_lulea, team="lulea-it").given["team"] == "lulea-it"


def test_a_question_says_whom_it_asks() -> None:
    move = moved(after(*TO_SECOND_LINE), "ask_first_line", second_line_lulea)
    assert move.given == {"question": "Which form?", "of": "first_line"}


def test_a_refusal_comes_before_the_form_is_judged() -> None:
    with pytest.raises(Refusal):
        attempt(CHAIN, after(), "escalate_to_second_line", first_line_lulea, {}, PARTIES)


def test_a_ticket_that_nobody_moved_is_the_same_after_a_refusal() -> None:
    ticket = after("take")
    before = deepcopy(ticket)
    refused(ticket, "take", first_line_lulea)
    assert ticket == before


def test_every_need_has_a_question_for_the_field() -> None:
    from servicedesk.core.needs import MISSING

    assert set(MISSING) == set(Need)


# ---- what the steps leave behind


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


def test_everybody_in_the_cast_has_something_to_do_in_the_chain() -> None:
    acted = set()
    ticket = a_ticket(CHAIN)
    for step in CHAIN.scenarios["to_the_supplier_and_back"].steps:
        acted |= {actor.key for actor in EVERYBODY if step in offered(ticket, actor)}
        ticket = take(CHAIN, ticket, step)
    assert acted == {actor.key for actor in EVERYBODY} - {"citizen"}
