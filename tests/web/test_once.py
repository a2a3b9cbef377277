"""What is sent twice is done once, and the person is told so kindly."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from tests.actions.life import kinds
from tests.support.desk import WRITTEN, new_ticket, ticket_after
from tests.support.pages import Page, Visitor
from tests.web.conftest import People

NUMBER = "2026-00001"
TICKET = f"/tickets/{NUMBER}"
SAID = {"subject": "Kvittensen kommer aldrig fram", "description": "Rad ett.\nRad två."}


def filled(visitor: Visitor, **said: str) -> dict[str, str]:
    return {**visitor.get("/tickets/new").form("/tickets/new"), **SAID, **said}


def test_the_same_form_again_leads_to_the_same_receipt_and_says_why(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    form = filled(visitor)
    first, second = visitor.post("/tickets/new", form), visitor.post("/tickets/new", form)
    assert first.location == second.location == f"{TICKET}/receipt"
    assert "Du hade redan skickat formuläret. Ärendet är registrerat en gång." in visitor.follow(second).text
    assert visitor.get("/tickets/2026-00002").status == 404


def test_also_when_another_process_answers(app: Flask, person_at: People, desk: Desk) -> None:
    """Nothing is remembered but in the database: the session before the first answer is all that the second has."""
    visitor = person_at("first_line_lulea")
    form, cookie = filled(visitor), visitor.client.get_cookie("session")
    assert cookie is not None

    def click(_: int) -> str:
        client = app.test_client()
        client.set_cookie("session", cookie.value)
        return client.post("/tickets/new", data=form).headers["Location"]

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(click, range(4))) == {f"{TICKET}/receipt"}
    assert visitor.get("/tickets/2026-00002").status == 404


def test_other_words_in_a_form_that_was_sent_are_not_taken_for_the_first_ones(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    form = filled(visitor)
    visitor.post("/tickets/new", form)
    page = visitor.post("/tickets/new", {**form, "subject": "Ett annat ärende"})
    assert page.status == 409
    assert "Formuläret har redan blivit ett ärende" in page.text
    assert TICKET in page.links()
    again = page.form("/tickets/new")
    assert (again["subject"], again["description"]) == ("Ett annat ärende", SAID["description"])
    assert visitor.post("/tickets/new", again).location == "/tickets/2026-00002/receipt"


def test_a_form_with_a_number_that_is_not_ours_is_logged_all_the_same(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    assert visitor.post("/tickets/new", filled(visitor, nonce="å" * 9_000)).location == f"{TICKET}/receipt"


ENTRIES = {
    "/replies": ("first_line_lulea", {"body": "Vi återkommer."}),
    "/notes": ("first_line_lulea", {"body": "Bara för oss."}),
    "/supplier-notes": ("it_service_manager", {"body": "Gäller det alla?"}),
    "/supplier-descriptions": ("it_service_manager", {"body": "Fel 500 sedan klockan åtta."}),
    "/priority": ("it_service_manager", {"impact": "high", "urgency": "high", "reason": "Alla är drabbade."}),
    "/corrections/priority": ("it_service_manager", {"impact": "high", "urgency": "high", "reason": "Från början."}),
    "/classification": ("it_service_manager", {"fault": "platform", "service": "e-arkiv", "reason": "Fel tjänst."}),
}


@pytest.mark.parametrize("action", ENTRIES)
def test_a_double_click_on_any_form_is_no_conflict_with_oneself(person_at: People, desk: Desk, action: str) -> None:
    ticket_after(desk, "accept_in_joint")
    who, said = ENTRIES[action]
    visitor = person_at(who)
    form = {**visitor.get(TICKET).form(action), **said}
    before = len(kinds(desk, NUMBER))
    pages = [visitor.post(f"{TICKET}{action}", form) for _ in range(2)]
    assert [(page.status, page.location) for page in pages] == [(303, TICKET)] * 2
    assert len(kinds(desk, NUMBER)) == before + 1


def test_a_double_click_on_a_step_is_one_step(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    take = visitor.get(TICKET).form("/steps/take")
    assert [visitor.post(f"{TICKET}/steps/take", take).location for _ in range(2)] == [TICKET] * 2
    escalate = visitor.get(f"{TICKET}/steps/escalate_to_second_line").form("escalate_to_second_line")
    form = {**escalate, "reason": WRITTEN["reason"], "tried": WRITTEN["tried"]}
    pages = [visitor.post(f"{TICKET}/steps/escalate_to_second_line", form) for _ in range(2)]
    assert [page.location for page in pages] == [TICKET] * 2
    assert kinds(desk, NUMBER) == ["TicketLogged", "TicketTaken", "TicketHandedOver"]


def test_a_reply_sent_again_with_other_words_is_asked_about(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = visitor.get(TICKET).form("/replies")
    visitor.post(f"{TICKET}/replies", {**form, "body": "Det första."})
    page: Page = visitor.post(f"{TICKET}/replies", {**form, "body": "Det andra."})
    assert page.status == 409
    assert "Formuläret har redan skickats" in page.text
    assert page.form("/replies")["body"] == "Det andra."
    assert visitor.post(f"{TICKET}/replies", page.form("/replies")).location == TICKET
    assert kinds(desk, NUMBER) == ["TicketLogged", "EntryAdded", "EntryAdded"]


@pytest.mark.parametrize("way", ["/replies", "/notes"])
def test_the_same_words_in_another_form_are_asked_about(person_at: People, desk: Desk, way: str) -> None:
    """As a browser does that goes back: it fills in again what was sent, in a page that is new."""
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    for _ in range(2):
        page = visitor.send(TICKET, way, body="Vi återkommer.")
    assert page.status == 422
    assert "Du skrev precis det här i dag 09.00." in page.text
    assert len(kinds(desk, NUMBER)) == 2
    assert visitor.post(TICKET + way, {**page.form(way), "as_it_stands": "yes"}).location == TICKET
    assert len(kinds(desk, NUMBER)) == 3
    assert visitor.send(TICKET, way, body="Något annat.").location == TICKET
    assert visitor.send(TICKET, way, body="Vi återkommer.").location == TICKET  # said again later
