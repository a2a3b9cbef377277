"""The palette: from anywhere, by keys alone, to any page, any ticket that one remembers, any step and any choice."""

import re
from typing import TYPE_CHECKING

from servicedesk.actions.desk import Desk
from tests.browser.conftest import Open
from tests.browser.counting import Counted
from tests.support.desk import new_ticket, ticket_after
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Page


def called_up(page: "Page", *typed: str) -> Counted:
    """The palette over the page, filled with the pages."""
    at = Counted(page)
    at.press("Control+k")
    page.get_by_role("option", name="Aviseringar").first.wait_for()
    for words in typed:
        at.hears(words)
    return at


def marked(page: "Page") -> str:
    """The option that Enter would take, as the field says it."""
    there = (
        "() => document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.innerText ?? ''"
    )
    return str(page.evaluate(there))


def test_a_ticket_is_found_by_anything_one_remembers_in_three_keys(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, subject="Kvittens saknas", requester_name="Kim Sundqvist", requester_contact="070-555 12 34")
    new_ticket(desk, subject="Något annat")
    page = open_as("first_line_lulea")
    remembered = {"number": "2026-00001", "words": "kvittens", "requester": "kim sundq", "telephone": "0705551234"}
    for kind, words in remembered.items():
        page.goto("/notices")
        at = Counted(page)
        at.press("Control+k")
        at.hears(words)
        with page.expect_navigation():
            at.press("Enter")
        assert page.url.endswith("/tickets/2026-00001"), words
        at.tell(f"find a ticket by its {kind}", most=3)


def test_any_page_by_a_few_letters_and_back_to_where_one_was(open_as: Open) -> None:
    page = open_as("it_service_manager")
    arrive(page)
    page.locator("#search-box").focus()
    at = called_up(page)
    page.keyboard.press("Escape")
    page.locator("#palette").wait_for(state="hidden")
    assert page.locator("#search-box").evaluate("field => field === document.activeElement")
    called_up(page, "att förd")
    assert marked(page).startswith("Att fördela")
    with page.expect_navigation():
        at.press("Enter")
    assert page.url.endswith("/triage")


def test_arrows_go_round_and_the_field_says_where_one_is(open_as: Open) -> None:
    page = open_as("first_line_lulea")
    at = called_up(page, "kö")
    first = marked(page)
    at.press("ArrowDown")
    assert marked(page) != first
    at.press("ArrowUp")
    assert marked(page) == first
    at.press("ArrowUp")
    assert page.locator("#palette-list [role=option]").last.get_attribute("aria-selected") == "true"
    assert page.get_by_role("combobox", expanded=True).count() == 1


def test_the_look_and_the_language_are_chosen_there_too(open_as: Open) -> None:
    page = open_as("first_line_lulea")
    at = called_up(page, "mörkt")
    with page.expect_response("**/settings"):
        at.press("Enter")
    assert page.locator("html").get_attribute("data-color-scheme") == "dark"
    at = called_up(page, "english")
    with page.expect_navigation():
        at.press("Enter")
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_steps_of_the_ticket_stand_first_and_each_is_a_key_away(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    page = open_as("first_line_lulea")
    page.goto("/tickets/2026-00001")
    at = called_up(page, "lämna över")
    assert page.locator(".palette-head").first.inner_text() == "Det här ärendet"
    with page.expect_navigation():
        at.press("Enter")
    assert "/steps/" in page.url


def test_handing_over_takes_four_keys(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    page = open_as("first_line_lulea")
    page.goto("/tickets/2026-00001")
    step = page.locator("#ticket-actions a.ds-button[data-key]", has_text="Lämna över")
    key = step.first.get_attribute("data-key")
    assert key
    at = Counted(page)
    with page.expect_navigation():
        at.press(key)
    arrive(page)
    at.hears("Felet ligger högre upp.")
    at.press("Tab")
    at.hears("Vi har startat om.")
    with page.expect_navigation():
        at.press("Control+Enter")
    page.get_by_role("status").filter(has_text="Klart.").wait_for()
    at.tell("hand over to the second line", most=4)


def test_a_key_leads_to_a_step_that_acts_at_once_and_enter_takes_it(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = open_as("first_line_lulea")
    page.goto("/tickets/2026-00001")
    at = Counted(page)
    at.press("1")
    assert page.locator(":focus").inner_text().startswith("Ta ärendet")
    with page.expect_navigation():
        at.press("Enter")
    page.get_by_role("status").filter(has_text="Klart.").wait_for()
    at.tell("take a ticket", most=2)


def test_nothing_is_found_that_one_may_not_see(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, "pitea", subject="Bara Piteås")
    page = open_as("first_line_lulea")
    called_up(page)
    with page.expect_response(re.compile("/commands.q=")):
        page.keyboard.type("piteås")
    page.get_by_role("option", name="Sök i alla ärenden").wait_for()
    assert page.locator("#palette-list [role=option]").count() == 1


def test_without_the_network_the_pages_can_still_be_found(open_as: Open) -> None:
    page = open_as("first_line_lulea")
    called_up(page)
    page.context.set_offline(True)
    page.keyboard.type("avise")
    page.locator("#palette-said").filter(has_text="Det gick inte att söka").wait_for(state="attached")
    assert marked(page).startswith("Aviseringar")
    page.context.set_offline(False)
