"""The queue by keyboard, and as it renews itself under the eyes of its reader."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from servicedesk.core.clock import ControlledClock
from tests.browser.conftest import Open
from tests.support.desk import WRITTEN, new_ticket, persona, ticket_after
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Page

MANY = 30
# The answer's status, after whatever htmx and the page do with an answer: their timers are all shorter than this one.
RENEW = """() => new Promise((done) => {
  const heard = (event) => {
    if (!event.detail.pathInfo.requestPath.startsWith("/queue")) return;
    document.removeEventListener("htmx:afterRequest", heard);
    setTimeout(() => done(event.detail.xhr.status), 60);
  };
  document.addEventListener("htmx:afterRequest", heard);
  htmx.trigger("#live", "renew");
})"""
URGENT = {"impact": "high", "urgency": "high"}


@pytest.fixture
def full(desk: Desk) -> Desk:
    for number in range(MANY):
        new_ticket(desk, subject=f"Ärende nummer {number}")
    return desk


def focused(page: "Page") -> str:
    return str(page.evaluate("document.activeElement.id"))


def renew(page: "Page", status: int = 200) -> None:
    """As after 25 seconds, without waiting for them; until the list stands as it then stands."""
    assert page.evaluate(RENEW) == status


def place(page: "Page", number: int) -> float:
    return float(page.locator(f"#row-2026-{number:05}").evaluate("row => row.getBoundingClientRect().top"))


def test_to_a_ticket_and_back_by_keyboard_with_ones_place_kept(open_as: Open, full: Desk) -> None:
    page = open_as("first_line_lulea")
    for _ in range(12):
        page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("ArrowDown")
    row = focused(page)
    assert row == "row-2026-00012"
    scrolled = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tickets/2026-00012")
    page.go_back()
    page.locator(f"#{row}").wait_for()
    page.wait_for_function("id => document.activeElement.id === id", arg=row)
    assert abs(page.evaluate("scrollY") - scrolled) < 200
    page.keyboard.press("j")
    assert focused(page) == "row-2026-00013"


def test_back_from_a_ticket_the_filter_and_ones_place_are_as_they_were(open_as: Open, full: Desk) -> None:
    page = open_as("first_line_lulea")
    page.goto("/queue?scope=open")
    arrive(page)
    page.get_by_label("Filtrera med ord").fill("prioritet:4")
    page.get_by_label("Filtrera med ord").press("Enter")
    page.wait_for_url("**/queue?*priority=4*")
    arrive(page)
    filtered = page.url
    page.locator("#row-2026-00009").press("Enter")
    page.wait_for_url("**/tickets/2026-00009")
    arrive(page)
    page.go_back()
    page.wait_for_function("() => document.activeElement.id === 'row-2026-00009'")
    assert page.url == filtered
    assert page.get_by_label("Filtrera med ord").input_value() == "prioritet:4"
    assert page.locator("#filter-priority").input_value() == "4"
    page.get_by_role("link", name="4 låg ta bort").wait_for()


def test_the_ends_of_the_list_are_its_ends(open_as: Open, full: Desk) -> None:
    page = open_as("first_line_lulea")
    page.keyboard.press("k")
    assert focused(page) == "row-2026-00001"
    for _ in range(MANY + 3):
        page.keyboard.press("j")
    assert focused(page) == f"row-2026-{MANY:05}"


def test_nothing_jumps_when_a_ticket_comes_in_above(open_as: Open, full: Desk) -> None:
    page = open_as("first_line_lulea")
    page.locator("#row-2026-00020").focus()
    before = place(page, 20)
    new_ticket(full, subject="Brådskande", **URGENT)
    renew(page)
    assert page.get_by_text("Brådskande").count() == 1
    assert focused(page) == "row-2026-00020"
    assert abs(place(page, 20) - before) < 2


def test_nothing_jumps_for_one_who_has_only_scrolled(open_as: Open, full: Desk) -> None:
    page = open_as("first_line_lulea")
    page.evaluate("scrollTo(0, 600)")
    page.wait_for_function("() => scrollY === 600")
    before = place(page, 25)
    new_ticket(full, subject="Brådskande", **URGENT)
    renew(page)
    assert abs(place(page, 25) - before) < 2


def test_a_new_ticket_is_seen_by_one_who_is_at_the_top(open_as: Open, full: Desk) -> None:
    page = open_as("first_line_lulea")
    new_ticket(full, subject="Brådskande", **URGENT)
    renew(page)
    assert page.evaluate("scrollY") == 0
    assert page.locator(".subject").first.inner_text() == "Brådskande"


def test_a_ticket_that_has_gone_leaves_the_focus_beside_it(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    ticket_after(desk, "take")
    page = open_as("first_line_lulea")
    page.locator("#row-2026-00001").focus()
    given = {need: WRITTEN[need] for need in ("reason", "tried")}
    actor = persona(desk, "first_line_lulea")
    perform(desk, "2026-00001", "escalate_to_second_line", actor=actor, given=given)
    renew(page)
    assert focused(page) == "row-2026-00002"


def test_a_list_that_has_not_changed_is_left_alone(open_as: Open, full: Desk) -> None:
    page = open_as("first_line_lulea")
    page.locator("#live").evaluate("list => list.dataset.mark = 'same'")
    renew(page, 204)
    assert page.locator("#live").get_attribute("data-mark") == "same"


def test_what_is_marked_stays_marked(open_as: Open, full: Desk) -> None:
    """Somebody who copies a number is not disturbed: the list waits for the next time."""
    page = open_as("first_line_lulea")
    page.locator(".number").first.evaluate("number => getSelection().selectAllChildren(number)")
    new_ticket(full, subject="Brådskande", **URGENT)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(200)
    assert asked == []
    page.evaluate("getSelection().removeAllRanges()")
    with page.expect_response("**/queue"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_time_goes_on_in_the_list(open_as: Open, full: Desk) -> None:
    page = open_as("first_line_lulea")
    assert isinstance(full.clock, ControlledClock)
    before = page.locator(".left").first.inner_text()
    full.clock.move_to(full.clock.now() + timedelta(hours=3))
    renew(page)
    assert page.locator(".left").first.inner_text() != before


def test_a_list_left_open_through_the_end_of_the_session_leads_to_the_door_and_back(open_as: Open, full: Desk) -> None:
    page = open_as("first_line_lulea")
    page.goto("/queue?scope=open")
    page.context.clear_cookies()
    page.evaluate("htmx.trigger('#live', 'renew')")
    page.wait_for_url(lambda url: "/sign-in?next=/queue" in url)
    assert "scope%3Dopen" in page.url


def test_what_is_typed_is_not_lost_when_the_session_ends(open_as: Open, full: Desk) -> None:
    page = open_as("first_line_lulea")
    page.locator("input[type=search]").first.fill("det jag söker")
    page.context.clear_cookies()
    page.evaluate("htmx.trigger('#live', 'renew')")
    page.get_by_text("Du är utloggad. Det du har skrivit står kvar").wait_for()
    assert "/queue" in page.url


def test_a_failure_is_said_quietly_and_forgotten_when_it_is_over(open_as: Open, full: Desk) -> None:
    page = open_as("first_line_lulea")
    page.route("**/queue", lambda route: route.fulfill(status=429, body=""))
    before = place(page, 5)
    page.evaluate("htmx.trigger('#live', 'renew')")
    line = page.get_by_text("Sidan gick inte att uppdatera. Den försöker igen.")
    line.wait_for()
    assert place(page, 5) == before
    page.unroute("**/queue")
    new_ticket(full)
    renew(page)
    line.wait_for(state="hidden")


def test_the_filter_is_set_and_taken_away_by_keyboard(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, subject="Bråttom", **URGENT)
    new_ticket(desk, subject="Ingen brådska")
    page = open_as("first_line_lulea")
    page.locator("details.filter > summary", has_text="Filtrera").focus()
    page.keyboard.press("Enter")
    page.locator("#filter-priority").select_option("1 kritisk")
    page.locator("#filter-priority").press("Tab")
    page.get_by_role("button", name="Visa").press("Enter")
    page.wait_for_url("**/queue?*priority=1*")
    assert page.locator(".subject").all_inner_texts() == ["Bråttom"]
    page.get_by_role("link", name="1 kritisk ta bort").press("Enter")
    page.wait_for_url(lambda url: "priority=1" not in url)
    assert page.locator(".subject").count() == 2
