"""Criteria of WCAG 2.2 that are asked one by one, by a test each, on the pages of a day. Reflow, target size and motion
are asked of every page there is: test_every_page.py."""

from typing import TYPE_CHECKING

import pytest

from servicedesk.actions.desk import Desk
from tests.browser.conftest import AtTheKeys, Open
from tests.support.desk import ticket_after
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Page

TICKET = "/tickets/2026-00001"
PAGES = ("/queue?scope=open", TICKET, f"{TICKET}/steps/escalate_to_second_line", "/tickets/new", "/search?q=logga")


@pytest.fixture
def page(open_as: Open, desk: Desk) -> "Page":
    ticket_after(desk, "take")
    return open_as("first_line_lulea")


def test_zoom_what_one_comes_for_is_reached_and_seen_at_400_per_cent(hands: AtTheKeys, desk: Desk) -> None:
    """2.4.11: at every stop the focus is seen, whatever lies over the page."""
    ticket_after(desk, "take")
    clerk = hands("first_line_lulea", viewport={"width": 320, "height": 256})
    for path in ("/tickets/new", f"{TICKET}/steps/escalate_to_second_line"):
        clerk.goto(path)
        clerk.through(at_most=60)


def test_focus_order_is_the_order_in_which_the_page_is_read(page: "Page") -> None:
    """2.4.3: every stop comes after the one before it, and none is put first by a number."""
    is_after = """before => {
        const at = document.activeElement;
        if (!at || at === document.body) return null;
        return !before || Boolean(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING);
    }"""
    for path in (*PAGES, "/commands?q=logga"):
        page.goto(path)
        arrive(page)
        assert page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0
        page.evaluate("document.activeElement.blur(); getSelection().collapse(document.body, 0)")
        before, stops = None, 0
        while stops < 60:
            page.keyboard.press("Tab")
            follows = page.evaluate(is_after, before)
            if follows is None or page.evaluate("document.activeElement.matches('.ds-skip-link')") and stops:
                break
            assert follows, (path, page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
            before, stops = page.evaluate_handle("document.activeElement"), stops + 1
        assert stops > 2, path


def test_forced_colours_the_focus_and_what_is_chosen_can_still_be_seen(hands: AtTheKeys, desk: Desk) -> None:
    """Colours that a person forces take away backgrounds and shadows: what they said is said by lines and words too."""
    ticket_after(desk, "take")
    clerk = hands("first_line_lulea", forced_colors="active")
    assert clerk.page.evaluate("matchMedia('(forced-colors: active)').matches")
    for path in ("/queue?scope=open", TICKET):
        clerk.goto(path)
        clerk.through(at_most=70)
    for button in clerk.page.locator("#ticket-actions .ds-button:visible").all():
        assert button.evaluate("one => getComputedStyle(one).borderTopStyle !== 'none'"), button.inner_text()
    clerk.page.keyboard.press("Control+k")
    clerk.page.locator("#palette-list [aria-selected=true]").wait_for()
    clerk.page.wait_for_function("""() => {
        const chosen = document.querySelector("#palette-list [aria-selected=true]");
        return chosen && getComputedStyle(chosen).outlineStyle === "solid";
    }""")


def test_language_of_parts_what_is_in_another_language_says_so(page: "Page") -> None:
    """3.1.1 and 3.1.2: the page, and the names by which languages call themselves."""
    page.goto("/notices")
    assert page.locator("html").get_attribute("lang") == "sv"
    assert page.locator(".person-menu button[value=en]").get_attribute("lang") == "en"
    for path in ("/driftinfo?lang=sv", "/tillganglighet?lang=sv"):
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "sv"
        assert page.get_by_role("link", name="English").get_attribute("lang") == "en"


def test_error_identification_a_fault_is_said_where_it_is_and_first_of_all(page: "Page") -> None:
    """3.3.1, 3.3.3 and 4.1.2: in the title, in a summary that has the focus and leads there, and at the field."""
    page.goto("/tickets/new")
    arrive(page)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    arrive(page)
    assert page.title().startswith("Fel: ")
    summary = page.locator(".trouble")
    assert summary.evaluate("one => one === document.activeElement")
    with page.expect_event("framenavigated"):
        summary.get_by_role("link").first.click()
    field = page.locator("[aria-invalid=true]").first
    told = [page.locator(f"#{one}").inner_text() for one in (field.get_attribute("aria-describedby") or "").split()]
    assert any(told) and field.evaluate("one => one === document.activeElement")


def test_status_messages_are_told_without_taking_the_focus(page: "Page") -> None:
    """4.1.3: what was done, and what was found as one types."""
    page.goto("/search")
    arrive(page)
    page.keyboard.type("logga")
    page.get_by_role("status").filter(has_text="hittades").wait_for()
    assert page.locator("#q").evaluate("one => one === document.activeElement")
    page.goto(TICKET)
    arrive(page)
    page.keyboard.press("r")
    page.keyboard.type("Vi tittar på det.")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    page.get_by_role("status").filter(has_text="Svaret är sparat.").wait_for()
