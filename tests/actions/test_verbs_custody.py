"""Taking, handing over up, down and sideways, accepting, returning, recalling: one holder at every moment."""

from dataclasses import replace

import pytest

from servicedesk.actions import changes, entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.events import Moved
from servicedesk.core.vocabulary import Category, Fault
from tests.actions.life import do, journal, kinds, proved, refused, state
from tests.support.desk import PERSONAS, WRITTEN, new_ticket, persona, ticket_after

JOINT = "it_service_manager"
WHY = {"reason": WRITTEN["reason"], "tried": WRITTEN["tried"]}


def holder(desk: Desk, number: str) -> tuple[str, str, bool]:
    """(team, assignee, accepted)."""
    ticket = state(desk, number)
    return ticket.holder.team, ticket.assignee, ticket.accepted


def last_rule(desk: Desk, number: str) -> str:
    payload = journal(desk, number)[-1].payload
    assert isinstance(payload, Moved)
    return payload.rule


def test_taking_makes_it_ones_own_and_a_colleague_may_take_over(desk: Desk) -> None:
    number = new_ticket(desk).number
    do(desk, number, "first_line_lulea", "take")
    assert holder(desk, number) == ("lulea-kundcenter", PERSONAS["first_line_lulea"], True)
    do(desk, number, "first_line_colleague_lulea", "take_over_in_first_line")
    assert holder(desk, number)[1] == PERSONAS["first_line_colleague_lulea"]
    assert kinds(desk, number) == ["TicketLogged", "TicketTaken", "TicketTaken"]
    assert len({stretch.number for stretch in state(desk, number).custody}) == 1


def test_custody_passes_at_the_hand_over_and_not_at_the_acceptance(desk: Desk) -> None:
    number = ticket_after(desk, "escalate_to_second_line").number
    assert holder(desk, number) == ("lulea-forvaltning", "", False)
    assert (kinds(desk, number)[-1], last_rule(desk, number)) == ("TicketHandedOver", "andra-linjen")
    do(desk, number, "second_line_lulea", "accept_in_second_line")
    assert holder(desk, number) == ("lulea-forvaltning", PERSONAS["second_line_lulea"], True)
    assert kinds(desk, number)[-1] == "TicketAccepted"


def test_a_hand_over_says_why_and_what_has_been_tried(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    refusal = refused(desk, number, "first_line_lulea", "escalate_to_second_line", reason="Högre upp")
    assert isinstance(refusal, Invalid) and list(refusal.fields) == ["tried"]
    assert set(journal(desk, do(desk, number, "first_line_lulea", "escalate_to_second_line").number)[-1].texts) == {
        "reason",
        "tried",
    }


def test_a_return_goes_to_the_one_who_handed_over_and_is_counted(desk: Desk) -> None:
    number = ticket_after(desk, "escalate_to_second_line").number
    do(desk, number, "second_line_lulea", "return_to_first_line", reason="Vad sa hon?")
    ticket = state(desk, number)
    assert (ticket.holder.team, ticket.returns, ticket.handed_over_by) == ("lulea-kundcenter", 1, [])
    assert kinds(desk, number)[-1] == "TicketReturned"


def test_a_return_to_somebody_it_did_not_come_from_is_refused(desk: Desk) -> None:
    number = ticket_after(desk, "escalate_to_second_line").number
    refusal = refused(desk, number, "second_line_lulea", "return_to_joint", reason="Nej")
    assert refusal.code == "came_from_elsewhere"
    assert "return_to_first_line" in getattr(refusal, "allowed", ())


def test_sideways_it_goes_to_another_team_of_the_tier_and_back_again(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_second_line").number
    do(desk, number, "second_line_lulea", "hand_over_sideways", team="lulea-it", **WHY)
    assert holder(desk, number) == ("lulea-it", "", False)
    do(desk, number, "local_it_lulea", "return_sideways", reason="Inte nätet.")
    assert holder(desk, number) == ("lulea-forvaltning", "", True)
    proved(desk)


@pytest.mark.parametrize("team", ["lulea-forvaltning", "lulea-kundcenter", "pitea-forvaltning", "nowhere"])
def test_sideways_goes_nowhere_else(desk: Desk, team: str) -> None:
    number = ticket_after(desk, "accept_in_second_line").number
    refusal = refused(desk, number, "second_line_lulea", "hand_over_sideways", team=team, **WHY)
    assert isinstance(refusal, Invalid) and list(refusal.fields) == ["team"]


def test_on_the_way_down_it_goes_to_those_who_know_it(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_second_line").number
    do(desk, number, "second_line_lulea", "hand_over_sideways", team="lulea-it", **WHY)
    do(desk, number, "local_it_lulea", "accept_in_second_line")
    do(desk, number, "local_it_lulea", "escalate_to_joint")
    do(desk, number, "it_service_manager", "accept_in_joint")
    do(desk, number, "it_service_manager", "hand_down_to_second_line", **WHY)
    assert holder(desk, number)[0] == "lulea-it"
    do(desk, number, "local_it_lulea", "accept_in_second_line")
    do(desk, number, "local_it_lulea", "hand_down_to_first_line", **WHY)
    assert holder(desk, number)[0] == "lulea-kundcenter"
    proved(desk)


def test_an_e_service_fault_stays_in_the_municipality_and_a_platform_fault_goes_up(desk: Desk) -> None:
    own = ticket_after(desk, "accept_in_second_line", fault=Fault.E_SERVICE).number
    assert holder(desk, own)[0] == "lulea-forvaltning" or holder(desk, own)[0] == "lulea-e-tjanster"
    refusal = refused(desk, own, "second_line_lulea", "escalate_to_joint", **WHY)
    assert refusal.code == "e_service_fault" and "escalate_to_joint" not in getattr(refusal, "allowed", ())
    unknown = ticket_after(desk, "accept_in_second_line", fault=Fault.UNKNOWN).number
    assert refused(desk, unknown, "second_line_lulea", "escalate_to_joint", **WHY).code == "fault_unknown"
    actor = persona(desk, "second_line_lulea")
    changes.classify(desk, unknown, Fault.PLATFORM, "e-tjansteplattform", "", "Alla drabbas.", actor=actor)
    do(desk, unknown, "second_line_lulea", "escalate_to_joint")
    assert state(desk, unknown).joint == "e-namnden"


@pytest.mark.parametrize(
    ("last", "who", "step"),
    [
        ("take", "first_line_lulea", "order_from_supplier"),
        ("take", "second_line_lulea", "escalate_to_second_line"),
        ("take", "it_service_manager", "escalate_to_second_line"),
        ("escalate_to_second_line", "first_line_lulea", "accept_in_second_line"),
        ("accept_at_supplier", "other_supplier_technician", "propose_solution"),
        ("accept_at_supplier", "it_service_manager", "propose_solution"),
    ],
)
def test_a_step_is_taken_by_those_it_belongs_to(desk: Desk, last: str, who: str, step: str) -> None:
    number = ticket_after(desk, last).number
    code = refused(desk, number, who, step).code
    # Who may not see the ticket is told that there is none.
    hidden = who == "other_supplier_technician" or (who == "it_service_manager" and last == "take")
    assert code == ("not_found" if hidden else "not_yours")


def test_another_municipality_sees_no_ticket_to_act_on(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    for who in ("first_line_pitea", "second_line_pajala"):
        assert refused(desk, number, who, "escalate_to_second_line", **WHY).code == "not_found"


def test_a_step_from_another_state_is_refused_with_what_can_be_done(desk: Desk) -> None:
    number = new_ticket(desk).number
    refusal = refused(desk, number, "first_line_lulea", "escalate_to_second_line", **WHY)
    assert refusal.code == "wrong_state"
    assert set(getattr(refusal, "allowed", ())) == {"take", "solve_at_once", "cancel_in_first_line"}
    assert refused(desk, number, "first_line_lulea", "fly").code == "unknown_step"


def test_the_supplier_gets_a_description_of_its_own_or_nothing(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_joint").number
    refusal = refused(desk, number, "it_service_manager", "order_from_supplier", **WHY)
    assert isinstance(refusal, Invalid) and list(refusal.fields) == ["supplier_description"]
    do(desk, number, "it_service_manager", "order_from_supplier")
    ticket = state(desk, number)
    assert ticket.descriptions == {"leverantor-plattform": ticket.seq}
    assert ticket.suppliers == ["leverantor-plattform"]


def test_a_service_without_a_supplier_goes_to_none(desk: Desk) -> None:
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    ours = replace(installation.services["e-arkiv"], key="intranat", supplier="")
    promises = {
        key: a if a.kind == "UC" else replace(a, services=(*a.services, ours.key))
        for key, a in installation.agreements.items()
    }
    services = {**installation.services, ours.key: ours}
    load_installation(desk, replace(installation, services=services, agreements=promises), [])
    number = ticket_after(desk, "accept_in_joint").number
    manager = persona(desk, JOINT)
    changes.classify(desk, number, Fault.PLATFORM, ours.key, "", "Vårt eget.", actor=manager)
    given = {need: WRITTEN[need] for need in ("reason", "tried", "supplier_description")}
    assert refused(desk, number, JOINT, "order_from_supplier", **given).code == "no_supplier"
    for write in (entries.note_to_supplier, entries.describe_for_supplier):
        with pytest.raises(Refusal) as refusal:
            write(desk, number, "Hej", actor=manager)
        assert refusal.value.code == "no_supplier"
    proved(desk)


def test_a_rejected_solution_goes_back_to_the_supplier_that_gave_it_whatever_the_service_is_now(desk: Desk) -> None:
    number = ticket_after(desk, "propose_solution").number
    changes.classify(desk, number, Fault.PLATFORM, "e-arkiv", "", "Eller arkivet?", actor=persona(desk, JOINT))
    ticket = do(desk, number, JOINT, "reject", reason="Felet är kvar.")
    assert (ticket.holder.organisation, ticket.suppliers) == ("leverantor-plattform", ["leverantor-plattform"])
    proved(desk)


def test_a_ticket_can_always_be_recalled_from_a_silent_supplier(desk: Desk) -> None:
    number = ticket_after(desk, "order_from_supplier").number
    do(desk, number, "it_service_manager", "recall", reason="Ingen svarar.")
    assert holder(desk, number) == ("e-namnden-forvaltning", PERSONAS["it_service_manager"], True)
    assert kinds(desk, number)[-1] == "TicketRecalled"
    assert refused(desk, number, "supplier_technician", "accept_at_supplier").code in ("not_yours", "wrong_state")
    proved(desk)


def test_the_supplier_may_return_before_and_after_accepting(desk: Desk) -> None:
    for last in ("order_from_supplier", "accept_at_supplier"):
        number = ticket_after(desk, last).number
        do(desk, number, "supplier_technician", "return_from_supplier", reason="Inte vårt.")
        ticket = state(desk, number)
        assert (ticket.holder.organisation, ticket.returns, ticket.category) == ("e-namnden", 1, Category.ACTIVE)
    proved(desk)
