"""Logging at a real browser: by keyboard alone, without JavaScript, in a hurry, and when the session ends."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from servicedesk.actions.desk import Desk
from servicedesk.store.queries.tickets import state_of, view_ticket
from servicedesk.store.tickets import Ticket
from tests.browser.conftest import Open
from tests.support.desk import PASSWORD, new_ticket, persona
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

NUMBER = "2026-00001"
# Somebody who types while listening: 40 words a minute, and half a second to reach each next field.
A_KEY, A_FIELD, HALF_A_MINUTE = 0.3, 0.5, 30.0


def logged(desk: Desk) -> int:
    with desk.reading() as connection:
        return connection.execute(select(func.count()).select_from(Ticket)).scalar_one()


class Keys:
    """Hands that never leave the keys, and how long they take at the telephone."""

    def __init__(self, page: "Page") -> None:
        arrive(page)
        self.page, self.seconds = page, 0.0

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.seconds += A_KEY * len(text)

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
        self.seconds += A_FIELD * times

    def at(self) -> str:
        name: str = self.page.evaluate("document.activeElement.name")
        return name


def test_a_whole_ticket_is_logged_by_keyboard_in_under_half_a_minute(open_as: Open, desk: Desk) -> None:
    page = open_as("first_line_lulea")
    page.goto("/tickets/new")
    hands = Keys(page)
    assert hands.at() == "requester_name"
    hands.write("Anna Exempel")
    hands.press("Tab")
    hands.write("070-000 00 00")
    hands.press("Tab", 2)
    assert hands.at() == "subject"
    hands.write("Kan inte logga in")
    hands.press("Tab", 2)
    assert hands.at() == "e_service"
    hands.write("bygg")
    with page.expect_response("**/tickets/new"):
        hands.press("Tab")
    page.locator("[name=e_service][value='Ansök om bygglov']").wait_for()
    assert hands.at() == "service"
    hands.press("Tab", 3)
    assert hands.at() == "impact"
    with page.expect_response("**/tickets/new"):
        hands.press("2")
    hands.press("Tab")
    with page.expect_response("**/tickets/new"):
        hands.press("1")
    page.get_by_text("Prioritet 2 hög").wait_for()
    hands.press("Control+Enter")
    page.wait_for_url("**/receipt")
    assert hands.seconds < HALF_A_MINUTE
    with desk.reading() as connection:
        view = view_ticket(connection, desk.book(connection), persona(desk, "first_line_lulea"), NUMBER)
    assert (view.title, view.ticket.e_service, view.ticket.priority) == ("Kan inte logga in", "lulea-bygglov", 2)
    assert view.requester and (view.requester.name, view.requester.contact) == ("Anna Exempel", "070-000 00 00")
    arrive(page)
    page.keyboard.press("Enter")  # the next call
    page.wait_for_url("**/tickets/new")


def test_what_the_subject_asks_for_does_not_take_the_place_of_what_the_promise_does(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, subject="Kan inte logga in")
    page = open_as("first_line_lulea")
    page.goto("/tickets/new")
    with page.expect_response("**/tickets/new"):
        page.locator("[name=impact]").first.check()
    asked: list[Route] = []
    page.route("**/tickets/new", lambda route: asked.append(route))
    page.get_by_label("Vad gäller det?").press_sequentially("Kan inte logga in")
    page.locator("[name=urgency]").first.check()
    while len(asked) < 2:
        page.wait_for_timeout(20)
    for route in asked:
        route.continue_()
    page.locator(".promise-priority").wait_for()
    page.get_by_role("link", name="Kan inte logga in").wait_for()


def test_every_field_is_one_stop_of_the_tab_key_and_nothing_holds_it(open_as: Open) -> None:
    page = open_as("first_line_lulea")
    page.goto("/tickets/new")
    hands = Keys(page)
    stops: list[str] = []
    while hands.at() or len(stops) < 2:
        stops.append(hands.at())
        hands.press("Tab")
        if page.evaluate("document.activeElement.type") == "submit":
            break
    assert stops == [
        "requester_name",
        "requester_contact",
        "requester_kind",
        "subject",
        "description",
        "e_service",
        "service",
        "workflow",
        "fault",
        "impact",
        "urgency",
        "solved",
        "channel",
        "platform_case",
    ]


def test_without_javascript_the_promise_is_a_button_and_everything_else_is_there(open_as: Open, desk: Desk) -> None:
    page = open_as("first_line_lulea", java_script_enabled=False)
    page.goto("/tickets/new")
    page.get_by_label("Vad gäller det?").fill("Utan skript")
    page.get_by_label("Vilken e-tjänst?").fill("Ansök om bygglov")
    page.get_by_label("Många: en hel tjänst").check()
    page.get_by_label("Det kan inte vänta").check()
    page.get_by_role("button", name="Visa prioritet och tid").click()
    page.get_by_text("Prioritet 1 kritisk").wait_for()
    assert logged(desk) == 0
    page.get_by_role("button", name="Registrera ärendet").click()
    page.get_by_text(NUMBER).first.wait_for()
    with desk.reading() as connection:
        assert state_of(connection, NUMBER).e_service == "lulea-bygglov"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_click_logs_one_ticket(open_as: Open, desk: Desk, scripts: bool) -> None:
    page = open_as("first_line_lulea", java_script_enabled=scripts)
    page.goto("/tickets/new")
    page.get_by_label("Vad gäller det?").fill("En gång")
    page.get_by_role("button", name="Registrera ärendet").dblclick()
    page.wait_for_url("**/receipt")
    assert logged(desk) == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_the_back_button_after_logging_logs_nothing_twice(open_as: Open, desk: Desk, scripts: bool) -> None:
    """Whatever the browser puts back in the form: sent again it is the same ticket, or it says what it lacks."""
    page = open_as("first_line_lulea", java_script_enabled=scripts)
    page.goto("/tickets/new")
    page.get_by_label("Vad gäller det?").fill("Tillbaka")
    page.get_by_role("button", name="Registrera ärendet").click()
    page.wait_for_url("**/receipt")
    page.go_back()
    page.get_by_role("button", name="Registrera ärendet").click()
    page.locator("main .trouble").or_(page.locator(".receipt")).first.wait_for()
    assert logged(desk) == 1


def sign_in_again(page: "Page", email: str) -> None:
    page.get_by_label("E-postadress").fill(email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_session_that_ends_in_the_middle_takes_nothing_with_it(open_as: Open, desk: Desk, scripts: bool) -> None:
    page = open_as("first_line_lulea", java_script_enabled=scripts)
    page.goto("/tickets/new")
    page.get_by_label("Vad gäller det?").fill("Det jag skrev")
    page.get_by_label("Beskriv vad som händer").fill("Rad ett.\nRad två.")
    page.get_by_label("Det kan inte vänta").check()
    if scripts:
        page.get_by_text("Prioritet 3 normal").wait_for()  # the answer brings the session with it
    page.context.clear_cookies()
    page.get_by_role("button", name="Registrera ärendet").click()
    page.get_by_role("heading", name="Du är utloggad").wait_for()
    sign_in_again(page, "forsta.linjen@lulea.example")
    if not scripts:
        page.get_by_role("button", name="Tillbaka till det jag skrev").click()
    page.get_by_text("Inget av det här är sparat än.").wait_for()
    assert logged(desk) == 0
    assert page.get_by_label("Vad gäller det?").input_value() == "Det jag skrev"
    assert page.get_by_label("Beskriv vad som händer").input_value() == "Rad ett.\nRad två."
    assert page.get_by_label("Det kan inte vänta").is_checked()
    page.get_by_role("button", name="Registrera ärendet").click()
    page.wait_for_url("**/receipt")
    assert logged(desk) == 1


def test_who_turns_out_to_be_protected_stands_nowhere_and_comes_back_after_a_slip(open_as: Open) -> None:
    page = open_as("first_line_lulea")
    page.goto("/tickets/new")
    arrive(page)
    page.keyboard.type("Anna Exempel")
    name = page.locator("[name=requester_name]")
    page.locator("[name=requester_kind][value=protected]").check()
    expect(name).to_have_value("")
    page.locator("[name=requester_kind][value=employee]").check()
    expect(name).to_have_value("Anna Exempel")
    page.locator("[name=requester_kind][value=protected]").check()
    page.locator("[name=subject]").fill("Kommer inte in")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/receipt")


def test_what_is_alike_is_shown_beside_and_moves_nothing_that_is_written_in(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, subject="Inloggningen med BankID går runt")
    page = open_as("first_line_lulea", viewport={"width": 1440, "height": 900})
    page.goto("/tickets/new")
    arrive(page)
    before = page.get_by_label("Beskriv vad som händer").bounding_box()
    page.get_by_label("Vad gäller det?").focus()
    page.keyboard.type("bankid inloggning")
    page.get_by_role("link", name="Inloggningen med BankID går runt").wait_for()
    assert page.get_by_label("Beskriv vad som händer").bounding_box() == before
