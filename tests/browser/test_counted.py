"""The commonest tasks on a ticket, keys counted from its page: `python -m tests.browser.counting` makes the table."""

from typing import TYPE_CHECKING

from servicedesk.actions.desk import Desk
from tests.browser.conftest import Open
from tests.browser.counting import Counted
from tests.support.desk import ticket_after
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Page

TICKET = "/tickets/2026-00001"


def at_the_ticket(open_as: Open, who: str) -> "tuple[Page, Counted]":
    page = open_as(who)
    page.goto(TICKET)
    return page, Counted(page)


def digit(page: "Page", step: str) -> str:
    """The key that stands on the button of this step of the workflow."""
    button = page.locator(f'#ticket-actions :is(a[href$="/{step}"], form[action$="/{step}"] button)')
    key = button.get_attribute("data-key")
    assert key, f"{step} has no key"
    return key


def to_its_form(page: "Page", at: Counted, step: str) -> None:
    with page.expect_navigation():
        at.press(digit(page, step))
    arrive(page)


def sent(page: "Page", at: Counted, key: str = "Control+Enter") -> None:
    with page.expect_navigation():
        at.press(key)
    page.get_by_role("status").filter(has_text="Klart.").wait_for()


def test_replying_to_the_requester(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    page, at = at_the_ticket(open_as, "first_line_lulea")
    at.press("r")
    at.hears("Vi tittar på det nu.")
    with page.expect_navigation():
        at.press("Control+Enter")
    page.get_by_role("status").filter(has_text="Svaret är sparat.").wait_for()
    at.tell("reply to the requester", most=3)


def test_asking_the_requester(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    page, at = at_the_ticket(open_as, "first_line_lulea")
    to_its_form(page, at, "ask_requester_from_first_line")
    at.hears("Vilken webbläsare gäller det?")
    sent(page, at)
    at.tell("ask the requester for more", most=3)


def test_solving(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "accept_in_second_line")
    page, at = at_the_ticket(open_as, "second_line_lulea")
    to_its_form(page, at, "resolve_in_second_line")
    at.hears("Kvittensen låg i skräpposten.")
    at.press("Tab", "I")
    sent(page, at)
    at.tell("solve a ticket", most=5)


def test_handing_over_to_the_supplier(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint")
    page, at = at_the_ticket(open_as, "it_service_manager")
    to_its_form(page, at, "order_from_supplier")
    at.hears("Inloggningen ger fel 500.")
    at.press("Tab")
    at.hears("Det är plattformen.")
    at.press("Tab")
    at.hears("Omstart.")
    sent(page, at)
    at.tell("hand over to the supplier", most=5)


def test_confirming_and_closing(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "resolve_in_second_line")
    page, at = at_the_ticket(open_as, "first_line_lulea")
    at.press(digit(page, "confirm"))
    sent(page, at, "Enter")
    at.tell("confirm the solution and close", most=2)
