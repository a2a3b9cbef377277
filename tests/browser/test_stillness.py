"""Nothing that stands on a page moves as the rest of it comes."""

from typing import TYPE_CHECKING

import pytest

from servicedesk.actions.desk import Desk
from tests.browser.conftest import Open
from tests.support.desk import ticket_after
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

# All that has moved since the page began, as browsers count it (cumulative layout shift), and what.
MOVED = """() => new Promise(tell => {
    const moved = [];
    const note = entries => {
        for (const one of entries) {
            moved.push([one.value, ...one.sources.map(source => source.node?.outerHTML?.slice(0, 80) ?? "")].join(" "));
        }
    };
    const seen = new PerformanceObserver(list => note(list.getEntries()));
    seen.observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => { note(seen.takeRecords()); tell(moved); }));
})"""
# When the first picture of the page has been drawn.
DRAWN = "() => new Promise(drawn => new PerformanceObserver(() => drawn()).observe({ type: 'paint', buffered: true }))"
SCRIPTS = "**/*.js*"
PATHS = (
    "/queue?scope=open",
    "/tickets/2026-00001",
    "/tickets/new",
    "/search?q=logga",
    "/notices",
    "/driftinfo",
)


def come_with_late_scripts(page: "Page", path: str) -> None:
    """The page is seen before any script of it has come, as on a slow line."""
    held: list[Route] = []
    page.unroute_all()
    page.route(SCRIPTS, lambda route: held.append(route))
    page.goto(path, wait_until="commit")
    page.evaluate(DRAWN)
    for script in held:
        script.continue_()
    page.wait_for_load_state()
    arrive(page)


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_moves_as_it_comes(open_as: Open, desk: Desk, width: int) -> None:
    ticket_after(desk, "accept_at_supplier")
    page = open_as("first_line_lulea", viewport={"width": width, "height": 800})
    moved = {}
    for path in PATHS:
        come_with_late_scripts(page, path)
        page.wait_for_load_state("networkidle")
        moved[path] = page.evaluate(MOVED)
    assert {path: shifts for path, shifts in moved.items() if shifts} == {}


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("at", ["#ticket-changing summary >> nth=-1", "#beside-title a", ".foot a"])
def test_who_has_come_to_the_end_stays_where_one_is_as_the_last_of_it_comes(
    open_as: Open, desk: Desk, width: int, at: str
) -> None:
    ticket_after(desk, "take")
    page = open_as("first_line_lulea", viewport={"width": width, "height": 800})
    asked: list[Route] = []
    page.route("**/beside", lambda route: asked.append(route))
    page.goto("/tickets/2026-00001")
    arrive(page)
    where = page.locator(at)
    with page.expect_request("**/beside"):
        page.evaluate("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
    where.evaluate("one => one.focus({ preventScroll: true })")
    place = "one => one.getBoundingClientRect().top"
    height = "document.documentElement.scrollHeight"
    stood, before = where.evaluate(place), page.evaluate(height)
    assert 0 < stood < 800
    asked[0].continue_()
    page.locator(".health").wait_for()
    assert page.evaluate(height) > before + 100, "something came that could have moved it"
    assert abs(where.evaluate(place) - stood) < 2


def test_a_move_is_seen(open_as: Open) -> None:
    page = open_as("first_line_lulea")
    page.evaluate("document.querySelector('main').prepend(document.createElement('hr'))")
    assert page.evaluate(MOVED)
