"""Who may take a step: the roles of the ticket's own parties, and nobody else."""

from servicedesk.core.facts import IMPORTER, OPERATOR, SCHEDULER, Actor, Seat
from servicedesk.core.vocabulary import Role, Tier
from tests.core.workflow_chain import CHAIN, TO_SUPPLIER, after, moved, offered, refused
from tests.workflows.cast import (
    EVERYBODY,
    a_ticket,
    citizen,
    first_line_lulea,
    local_it_lulea,
    other_supplier,
    second_line_lulea,
    second_line_pajala,
    supplier_client,
    take,
)


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


def test_what_staff_record_for_the_requester_is_on_behalf() -> None:
    ticket = after("take", "resolve_in_first_line")
    assert moved(ticket, "confirm", first_line_lulea).on_behalf
    assert not moved(ticket, "confirm", citizen).on_behalf
    assert not moved(after(), "take", first_line_lulea).on_behalf


def test_the_requester_has_only_their_own_steps() -> None:
    assert offered(after("take"), citizen) == []
    assert offered(after("take", "ask_requester_from_first_line"), citizen) == ["answer_first_line"]
    assert offered(after("take", "resolve_in_first_line"), citizen) == ["confirm", "reopen"]


def test_everybody_in_the_cast_has_something_to_do_in_the_chain() -> None:
    acted = set()
    ticket = a_ticket(CHAIN)
    for step in CHAIN.scenarios["to_the_supplier_and_back"].steps:
        acted |= {actor.key for actor in EVERYBODY if step in offered(ticket, actor)}
        ticket = take(CHAIN, ticket, step)
    assert acted == {actor.key for actor in EVERYBODY} - {"citizen"}
