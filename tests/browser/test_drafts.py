"""What is being written on a ticket outlives the page, the session and the network; what is sent is sent once."""

from typing import TYPE_CHECKING

from flask import Flask
from playwright.sync_api import expect

from servicedesk.actions.desk import Desk
from tests.actions.life import kinds
from tests.browser.conftest import Open
from tests.support.desk import WRITTEN, new_ticket, ticket_after
from tests.support.hands import arrive
from tests.support.pages import cookie_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

NUMBER = "2026-00001"
TICKET = f"/tickets/{NUMBER}"
FIELD = ".composer textarea:visible"
LINE = ".composer [data-draft-line]:visible"


def at(open_as: Open, path: str = TICKET) -> "Page":
    page = open_as("first_line_lulea")
    page.goto(path)
    arrive(page)
    return page


def kept(page: "Page", line: str = LINE) -> None:
    page.locator(line).filter(has_text="Utkast sparat").first.wait_for()


def send(page: "Page") -> None:
    page.get_by_role("button", name="Spara svaret").click()
    page.get_by_role("status").filter(has_text="Svaret är sparat").wait_for()


def test_it_is_there_when_the_page_is_opened_again_and_gone_when_it_is_sent(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as)
    page.locator(FIELD).fill("Ett halvt svar")
    kept(page)
    page.goto("/queue")
    page.goto(TICKET)
    arrive(page)
    assert page.locator(FIELD).input_value() == "Ett halvt svar"
    send(page)
    assert page.locator(FIELD).input_value() == ""
    assert kinds(desk, NUMBER) == ["TicketLogged", "EntryAdded"]


def test_what_a_page_fills_in_is_nobodys_draft(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, requester_name="Anna Exempel", requester_contact="anna@brev.example")
    page = open_as("first_line_lulea")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/drafts/")[2]))
    page.goto(TICKET)
    arrive(page)
    assert page.locator("[name=requester_contact]").input_value() == "anna@brev.example"
    page.locator(FIELD).fill("Ett halvt svar")
    kept(page)
    assert "contact" not in asked and "reply" in asked


def test_of_a_step_too(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    page = at(open_as, f"{TICKET}/steps/escalate_to_second_line")
    page.locator("textarea").first.fill(WRITTEN["reason"])
    kept(page, "[data-draft-line]")
    page.reload()
    assert page.locator("textarea").first.input_value() == WRITTEN["reason"]


def test_a_network_that_goes_while_one_types_takes_nothing(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as)
    page.context.set_offline(True)
    page.locator(FIELD).fill("Skrivet utan nät")
    page.locator(LINE).filter(has_text="Ingen kontakt").or_(
        page.locator(LINE).filter(has_text="det här fönstret")
    ).first.wait_for()
    page.context.set_offline(False)
    kept(page)
    page.reload()
    assert page.locator(FIELD).input_value() == "Skrivet utan nät"


def test_what_was_sent_at_once_does_not_come_back(open_as: Open, desk: Desk) -> None:
    """Before the first pause, so that nothing of it was kept but on its way."""
    new_ticket(desk)
    page = at(open_as)
    page.locator(FIELD).fill("Skickat direkt")
    send(page)
    page.reload()
    arrive(page)
    page.wait_for_load_state("networkidle")
    assert page.locator(FIELD).input_value() == ""
    assert kinds(desk, NUMBER) == ["TicketLogged", "EntryAdded"]


def test_what_was_sent_into_no_network_is_given_back_and_sent_once(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as)
    page.context.set_offline(True)
    page.locator(FIELD).fill("Skickat utan nät")
    page.get_by_role("button", name="Spara svaret").click()
    page.locator("form.write-reply:not([data-sent]) .doubts p").wait_for()
    assert page.locator(FIELD).input_value() == "Skickat utan nät"
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#reply-body")).to_have_value("Skickat utan nät")
    send(page)
    page.goto("/queue")
    page.goto(TICKET)
    arrive(page)
    assert page.locator(FIELD).input_value() == ""
    assert kinds(desk, NUMBER) == ["TicketLogged", "EntryAdded"]


def test_a_session_that_ends_while_one_types_takes_nothing(app: Flask, open_as: Open, address: str, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as)
    page.context.clear_cookies()
    page.locator(FIELD).fill("Skrivet utloggad")
    page.locator(LINE).filter(has_text="Du är utloggad").wait_for()
    assert page.locator(FIELD).input_value() == "Skrivet utloggad"
    page.context.add_cookies([{"name": "session", "value": cookie_of(app, "first_line_lulea"), "url": address}])
    page.goto(TICKET)
    expect(page.locator("#reply-body")).to_have_value("Skrivet utloggad")


def test_a_text_that_is_meant_for_others_after_all_is_kept_for_them(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = at(open_as)
    page.locator(FIELD).fill("Bara för oss.")
    kept(page)
    page.locator(".whom").get_by_text("Kommunen", exact=True).click()
    kept(page)
    page.reload()
    assert page.locator("#to-note").is_checked()
    assert page.locator("#note-body").input_value() == "Bara för oss."
    expect(page.locator("#reply-body")).to_have_value("")
