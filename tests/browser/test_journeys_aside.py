"""What happens beside a ticket's straight way, by keyboard alone: wrong turns, two at once, looks, and the way out."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from servicedesk.actions.outbox import drain
from tests.actions.life import differences
from tests.browser.conftest import AtTheKeys
from tests.support.desk import new_ticket, ticket_after
from tests.support.hands import Hands

if TYPE_CHECKING:
    from servicedesk.actions.desk import Desk

FIRST, OTHER = "2026-00001", "2026-00002"
TO_A_CHANGE = 32  # the last part of a ticket's page


@pytest.fixture(autouse=True)
def proven(desk: "Desk") -> Iterator[None]:
    """Whatever was done, the journal tells it truly."""
    yield
    assert differences(desk) == []


def find(who: Hands, number: str) -> None:
    """From anywhere, by its number."""
    who.press("/")
    who.type(number)
    who.enter()
    who.page.wait_for_url(f"**/tickets/{number}")


def unfold(who: Hands, label: str) -> None:
    """One of the changes, which lie folded."""
    who.tab_to(who.page.locator("summary", has_text=label), within=TO_A_CHANGE)
    who.press("Enter", "Tab")


def state(who: Hands) -> str:
    return who.page.locator(".state").inner_text()


def test_a_ticket_is_returned_and_the_reason_goes_with_it(hands: AtTheKeys, desk: "Desk") -> None:
    ticket_after(desk, "escalate_to_second_line")
    manager = hands("second_line_lulea")
    find(manager, FIRST)
    manager.step("Lämna tillbaka till första linjen", "Fråga vilken e-tjänst det gäller.")
    drain(desk)
    clerk = hands("first_line_lulea")
    clerk.shortcut("g", "n")
    clerk.go(clerk.button(FIRST), within=13)
    assert clerk.page.get_by_text("Fråga vilken e-tjänst det gäller.").is_visible()
    assert state(clerk) == "Pågår hos första linjen"
    clerk.shortcut("g", "n")
    assert clerk.page.locator(".unread").count() == 0


def test_a_caller_of_the_wrong_municipality_is_moved_to_the_right_one(hands: AtTheKeys, desk: "Desk") -> None:
    new_ticket(desk)
    clerk = hands("first_line_lulea")
    find(clerk, FIRST)
    unfold(clerk, "Flytta till rätt kommun")
    clerk.type("Piteå")
    clerk.press("Tab")
    clerk.type("Bor i Piteå, och vet att vi flyttar det.")
    clerk.shortcut("Control+Enter")
    clerk.said("Ärendet är flyttat.")
    assert clerk.page.url.endswith("/queue")
    neighbour = hands("first_line_pitea")
    find(neighbour, FIRST)
    neighbour.step("Ta ärendet")


def test_a_duplicate_is_cancelled(hands: AtTheKeys, desk: "Desk") -> None:
    new_ticket(desk)
    new_ticket(desk)
    clerk = hands("first_line_lulea")
    find(clerk, OTHER)
    clerk.go(clerk.link("Makulera…"), within=18)
    clerk.press("1", "Tab")
    clerk.type("Hon ringde två gånger.")
    clerk.write("Numret på ärendet", FIRST, within=1)
    clerk.shortcut("Control+Enter")
    clerk.said("Klart.")
    assert state(clerk) == "Makulerat"


def test_two_tickets_are_merged(hands: AtTheKeys, desk: "Desk") -> None:
    new_ticket(desk)
    new_ticket(desk)
    clerk = hands("first_line_lulea")
    find(clerk, OTHER)
    unfold(clerk, "Slå ihop med ett annat ärende")
    clerk.type(FIRST)
    clerk.press("Tab")
    clerk.type("Samma fel.")
    clerk.go(clerk.button("Slå ihop och avsluta"), within=1)
    clerk.said("Ärendet är ihopslaget och avslutat.")


def test_of_two_at_once_the_slower_sees_both_and_chooses(hands: AtTheKeys, desk: "Desk") -> None:
    new_ticket(desk)
    slow, fast = hands("first_line_lulea"), hands("first_line_colleague_lulea")
    for who in (slow, fast):
        find(who, FIRST)
        who.tab_to(who.page.locator("#reply-body"), within=18)
        who.type(f"Skrivet av {'den ena' if who is slow else 'den andra'}.")
    fast.shortcut("Control+Enter")
    fast.said("Svaret är sparat.")
    slow.shortcut("Control+Enter")
    slow.look()  # on what is wrong
    slow.tab_to(slow.page.locator(".yours textarea"), within=2)
    slow.go(slow.page.locator(".yours button[type=submit]"), within=2)  # past the files
    slow.said("Svaret är sparat.")
    assert slow.page.locator(".event.written").count() == 2


def test_language_look_and_density_are_chosen_from_ones_menu(hands: AtTheKeys) -> None:
    clerk = hands("first_line_lulea")
    html = clerk.page.locator("html")
    menu = clerk.page.locator("details.person > summary")
    clerk.tab_to(menu, within=6)
    clerk.press("Enter")
    for label, attribute, value in (("Mörkt", "data-color-scheme", "dark"), ("Kompakt", "data-size", "sm")):
        clerk.tab_to(clerk.button(label), within=10)
        clerk.press("Space")
        expect(html).to_have_attribute(attribute, value)
    clerk.press("Escape")
    assert menu.evaluate("summary => summary === document.activeElement")
    clerk.press("Enter")
    clerk.go(clerk.button("English"), within=3)
    assert clerk.page.get_by_role("heading", name="Queue").is_visible()
    expect(html).to_have_attribute("data-color-scheme", "dark")
    expect(html).to_have_attribute("data-size", "sm")


def test_the_list_of_keys_gives_the_focus_back(hands: AtTheKeys, desk: "Desk") -> None:
    new_ticket(desk)
    clerk = hands("first_line_lulea")
    clerk.press("j", "?")
    assert clerk.page.get_by_role("dialog").is_visible()
    clerk.press("Enter")
    assert clerk.page.locator("[data-row]").evaluate("row => row === document.activeElement")


def test_what_has_happened_is_filtered_without_losing_ones_place(hands: AtTheKeys, desk: "Desk") -> None:
    ticket_after(desk, "take")
    clerk = hands("first_line_lulea")
    find(clerk, FIRST)
    clerk.tab_to(clerk.page.locator("#show-steps"), within=24)
    with clerk.page.expect_response("**/tickets/**"):
        clerk.page.keyboard.press("Enter")
    clerk.page.locator("#show-steps[aria-current]").wait_for()
    clerk.look()
    assert clerk.page.locator("#show-steps").evaluate("link => link === document.activeElement")


def test_a_step_is_not_taken_from_under_a_finger(hands: AtTheKeys, desk: "Desk") -> None:
    ticket_after(desk, "take")
    clerk, colleague = hands("first_line_lulea"), hands("first_line_colleague_lulea")
    find(clerk, FIRST)
    clerk.tab_to(clerk.link("Lämna över till andra linjen"), within=12)
    find(colleague, FIRST)
    colleague.step("Ta över ärendet")
    with clerk.page.expect_response(lambda answer: answer.request.headers.get("hx-target") == "news"):
        clerk.page.evaluate("htmx.trigger('#news', 'renew')")
    clerk.page.locator("#news-bar").wait_for()
    clerk.look()
    clerk.tab_to(clerk.page.locator("#news-bar a"), within=30)
    clerk.press("Enter")
    clerk.page.get_by_text("Handläggare: Exempel Kollega Första linjen Luleå").first.wait_for()


def test_a_process_is_read_down_to_the_tickets_in_a_state(hands: AtTheKeys, desk: "Desk") -> None:
    ticket_after(desk, "take")
    clerk = hands("first_line_lulea")
    clerk.go(clerk.link("Processer"), within=8)
    clerk.go(clerk.link("Incident, invånare"), within=9)
    clerk.tab_to(clerk.link("I ord"), within=12)
    clerk.page.keyboard.press("Enter")  # past the picture: the next Tab goes on from there
    clerk.go(clerk.page.locator(".workflow-state a").first, within=4)
    clerk.press("j")
    clerk.enter()
    clerk.page.wait_for_url(f"**/tickets/{FIRST}")


def test_after_signing_out_the_way_back_shows_nothing(hands: AtTheKeys, desk: "Desk") -> None:
    new_ticket(desk, subject="Bara för den som är inloggad")
    clerk = hands("first_line_lulea")
    find(clerk, FIRST)
    clerk.tab_to(clerk.page.locator("details.person > summary"), within=6)
    clerk.press("Enter")
    clerk.go(clerk.button("Logga ut"), within=15)
    assert "/sign-in" in clerk.page.url
    clerk.page.go_back()
    clerk.page.wait_for_url("**/sign-in**")
    assert "Bara för den" not in clerk.page.content()
