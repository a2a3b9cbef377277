"""Triage: what waits at one's tier, by what is to be done, with the next step on the card."""

from datetime import timedelta

import pytest

from servicedesk.actions.changes import assign
from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from servicedesk.core.clock import ControlledClock
from servicedesk.core.ticket import TicketState
from servicedesk.store.queries.tickets import state_of
from servicedesk.web.lists import triage as triage_page
from tests.support.desk import WRITTEN, new_ticket, persona, ticket_after
from tests.support.pages import Page
from tests.web.conftest import People


def lanes(page: Page) -> list[str]:
    return [attributes["data-lane"] for _tag, attributes in page.elements if "data-lane" in attributes]


def test_each_ticket_is_in_the_lane_of_what_is_to_be_done(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "escalate_to_joint", subject="Just överlämnat")
    ticket_after(desk, "accept_in_joint", subject="Mottaget av ingen")
    manager = persona(desk, "it_service_manager")
    assign(desk, "2026-00002", "", actor=manager)
    ticket_after(desk, "accept_in_joint", subject="Mitt arbete")
    assign(desk, "2026-00003", manager.key, actor=manager)
    ticket_after(desk, "propose_solution", subject="Löst av leverantören")
    ticket_after(desk, "accept_at_supplier", subject="Hos leverantören")
    ticket_after(desk, "accept_at_supplier", subject="En fråga")
    technician = persona(desk, "supplier_technician")
    perform(desk, "2026-00006", "ask_joint", actor=technician, given={"question": "Vilken version?"})
    page = person_at("it_service_manager").get("/triage")
    assert lanes(page) == ["accept", "answer", "assign", "verify", "work", "wait"]
    assert "Att ta emot 1 " in page.text
    assert "Inget att göra: riskerar att brytas hos andra." in page.text


def test_what_is_not_theirs_to_do_anything_with_is_on_nobodys_board(person_at: People, desk: Desk) -> None:
    new_ticket(desk, subject="Hos första linjen")
    ticket_after(desk, "verify", subject="Åter i kommunen")
    page = person_at("it_service_manager").get("/triage")
    assert lanes(page) == []
    assert "Inget väntar på dig." in page.text


def test_the_second_line_has_a_board_of_its_own(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "escalate_to_second_line", subject="Att ta emot i Luleå")
    ticket_after(desk, "escalate_to_second_line", "pitea", subject="Att ta emot i Piteå")
    page = person_at("second_line_lulea").get("/triage")
    assert "Att ta emot i Luleå" in page.text
    assert "Att ta emot i Piteå" not in page.text


def test_what_runs_out_with_others_is_to_be_pushed_on(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier")
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(days=30))
    assert lanes(person_at("it_service_manager").get("/triage")) == ["at_risk"]


def test_a_hand_over_is_accepted_from_the_board_and_the_board_comes_back(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "escalate_to_joint")
    visitor = person_at("it_service_manager")
    page = visitor.send("/triage?municipality=lulea", "/steps/accept_in_joint")
    assert page.location == "/triage?municipality=lulea"
    assert state_of_ticket(desk).accepted
    assert "Klart." in visitor.follow(page).text


def test_a_step_that_asks_for_something_leads_to_its_form(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "propose_solution")
    page = person_at("it_service_manager").get("/triage")
    assert "/tickets/2026-00001/steps/verify" in page.links()
    assert not page.has_form("/steps/verify")


def test_a_ticket_that_nobody_has_is_taken_from_the_board(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint")
    manager = persona(desk, "it_service_manager")
    assign(desk, "2026-00001", "", actor=manager)
    visitor = person_at("it_service_manager")
    visitor.send("/triage", "/assignments")
    assert state_of_ticket(desk).assignee == manager.key
    assert lanes(visitor.get("/triage")) == ["work"]


def test_somebody_who_was_faster_is_shown_and_nothing_is_overwritten(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "escalate_to_joint")
    visitor = person_at("it_service_manager")
    form = visitor.get("/triage").form("/steps/accept_in_joint")
    given = {"reason": WRITTEN["reason"]}
    perform(desk, "2026-00001", "return_from_joint", actor=persona(desk, "it_service_manager_deputy"), given=given)
    assert visitor.post("/tickets/2026-00001/steps/accept_in_joint", form).status == 409


def test_the_board_is_filtered_by_municipality(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "escalate_to_joint", subject="Från Luleå")
    ticket_after(desk, "escalate_to_joint", "pitea", subject="Från Piteå")
    page = person_at("it_service_manager").get("/triage?municipality=pitea")
    assert "Från Piteå" in page.text
    assert "Från Luleå" not in page.text
    assert "Att ta emot 1 " in page.text


def test_a_lane_counts_all_and_shows_the_first(person_at: People, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triage_page, "SHOWN", 2)
    for number in range(5):
        ticket_after(desk, "escalate_to_joint", subject=f"Ärende nummer {number}")
    visitor = person_at("it_service_manager")
    page = visitor.get("/triage")
    assert "Att ta emot 5 " in page.text
    assert "3 till" in page.text
    assert page.html.count('class="card"') == 2
    whole = visitor.get("/triage?lane=accept")
    assert all(f"Ärende nummer {number}" in whole.text for number in range(5))


def test_several_municipalities_with_the_same_on_the_same_day_are_noticed(person_at: People, desk: Desk) -> None:
    for municipality in ("lulea", "pitea"):
        ticket_after(desk, "escalate_to_joint", municipality)
    visitor = person_at("it_service_manager")
    assert "kommuner har anmält" not in visitor.get("/triage").text
    ticket_after(desk, "escalate_to_joint", "pajala")
    page = visitor.get("/triage")
    assert "3 kommuner har anmält E-tjänsteplattformen i dag, i 3 öppna ärenden." in page.text
    assert "/queue?scope=open&service=e-tjansteplattform" in page.links()


def test_nobody_is_told_of_tickets_they_do_not_see(person_at: People, desk: Desk) -> None:
    """Not escalated, they are nobody's business but the municipalities'."""
    for municipality in ("lulea", "pitea", "pajala"):
        new_ticket(desk, municipality)
    for name in ("it_service_manager", "second_line_lulea"):
        assert "kommuner har anmält" not in person_at(name).get("/triage").text


def test_yesterday_is_no_sign_of_today(person_at: People, desk: Desk) -> None:
    for municipality in ("lulea", "pitea", "pajala"):
        ticket_after(desk, "escalate_to_joint", municipality)
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(days=1))
    assert "kommuner har anmält" not in person_at("it_service_manager").get("/triage").text


def test_it_is_in_the_menu_of_those_who_share_work_out(person_at: People) -> None:
    assert "/triage" in person_at("it_service_manager").get("/queue").links()
    assert "/triage" in person_at("second_line_lulea").get("/queue").links()
    assert "/triage" not in person_at("first_line_lulea").get("/queue").links()
    assert "/triage" not in person_at("supplier_technician").get("/queue").links()


@pytest.mark.parametrize("query", ["lane=nonsense", "municipality=a%00b", "priority=x&tier=moon"])
def test_an_address_that_was_tampered_with_shows_the_board(person_at: People, desk: Desk, query: str) -> None:
    ticket_after(desk, "escalate_to_joint")
    assert lanes(person_at("it_service_manager").get(f"/triage?{query}")) == ["accept"]


def state_of_ticket(desk: Desk) -> TicketState:
    with desk.reading() as connection:
        return state_of(connection, "2026-00001")
