"""The palette: from anywhere, by keys alone, to any page, any ticket that one remembers, any step and any choice."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

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


SCROLLED = "() => document.scrollingElement.scrollTop"
ON_TOP = "() => document.elementFromPoint(8, 300).closest('.layer')?.id ?? ''"


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


@pytest.mark.parametrize(("key", "layer"), [("Control+k", "#palette"), ("?", "#keys")])
def test_what_lies_over_the_page_keeps_the_focus_and_the_keys_until_one_turns_away(
    open_as: Open, desk: Desk, key: str, layer: str
) -> None:
    """As a modal dialog would, and it says that it is one: nothing behind it can be reached by key or pointer."""
    for number in range(12):
        new_ticket(desk, subject=f"Ärende {number}")
    page = open_as("first_line_lulea", viewport={"width": 800, "height": 500})
    page.goto("/queue?scope=open")
    arrive(page)
    page.keyboard.press("j")
    page.keyboard.press(key)
    over = page.locator(layer)
    over.wait_for()
    assert over.get_by_role("dialog").get_attribute("aria-modal") == "true"
    is_within = "() => Boolean(document.activeElement.closest('.layer'))"
    for pressed in ("Tab", "Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab"):
        page.keyboard.press(pressed)
        assert page.evaluate(is_within), pressed
    page.evaluate("() => document.querySelector('#search-box').focus()")
    assert page.evaluate(is_within), "a script that puts the focus elsewhere does not get it out"
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("x")
    assert page.evaluate(is_within) and not page.locator("input[name=ticket]:checked").count()
    page.mouse.move(8, 300)
    page.mouse.wheel(0, 400)
    assert page.evaluate(ON_TOP) == layer.lstrip("#")
    page.mouse.click(8, 300)
    over.wait_for(state="hidden")
    assert page.evaluate(SCROLLED) == 0 and "/queue" in page.url
    page.wait_for_function("() => document.activeElement.matches('[data-row]')")
    page.keyboard.press("x")
    assert page.locator("input[name=ticket]:checked").count() == 1


def test_one_lies_over_the_page_at_a_time_and_the_focus_goes_back_past_both(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = open_as("first_line_lulea")
    arrive(page)
    page.keyboard.press("j")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Kortkommandon").wait_for()
    page.keyboard.press("Control+k")
    page.locator("#palette").wait_for()
    assert page.locator(".layer:popover-open").count() == 1
    page.keyboard.press("Control+k")
    page.locator("#palette").wait_for(state="hidden")
    page.wait_for_function("() => document.activeElement.matches('[data-row]')")


def test_the_palette_opens_and_fills_without_drawing_the_list_behind_it_anew(open_as: Open, desk: Desk) -> None:
    """What made it slow over a long list was not the palette: each change in the page had the style of all of it
    reckoned anew. How many elements that is, a browser counts, on a slow machine as on a fast one."""
    for number in range(25):
        new_ticket(desk, subject=f"Ärende {number}")
    page = open_as("first_line_lulea")
    page.goto("/queue?scope=open")
    at = called_up(page)
    page.keyboard.press("Escape")
    page.locator("#palette").wait_for(state="hidden")
    whole = page.locator("*").count()
    with restyled(page) as counted:
        at.press("Control+k", "k", "ArrowDown", "Escape")
        page.locator("#palette").wait_for(state="hidden")
        page.locator("input[name=ticket]").nth(3).check()
        page.locator("#selection-bar").wait_for()
    assert whole > 600
    assert 0 < sum(counted) < whole / 2, (whole, counted)


@contextmanager
def restyled(page: "Page") -> Iterator[list[int]]:
    """How many elements had their style reckoned anew, each time that it was done."""
    counted: list[int] = []
    ended: list[object] = []
    told = page.context.new_cdp_session(page)
    told.on("Tracing.tracingComplete", lambda answer: ended.append(answer))
    told.on(
        "Tracing.dataCollected",
        lambda some: counted.extend(
            one["args"].get("elementCount", 0) for one in some["value"] if one["name"] == "UpdateLayoutTree"
        ),
    )
    traced = {"includedCategories": ["devtools.timeline", "disabled-by-default-devtools.timeline"]}
    told.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": traced})
    yield counted
    told.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(10)
    told.detach()


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
