"""Nothing that stands on a page moves as the rest of it comes."""

import pytest

from servicedesk.actions.desk import Desk
from tests.browser.conftest import Open
from tests.support.desk import ticket_after
from tests.support.hands import arrive

# All that has moved since the page began, as browsers count it (cumulative layout shift), and what.
MOVED = """() => new Promise(tell => {
    const moved = [];
    const seen = new PerformanceObserver(list => {
        for (const one of list.getEntries()) {
            moved.push([one.value, ...one.sources.map(source => source.node?.outerHTML?.slice(0, 80) ?? "")].join(" "));
        }
    });
    seen.observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => { seen.takeRecords(); tell(moved); }));
})"""
PATHS = (
    "/queue?scope=open",
    "/tickets/2026-00001",
    "/tickets/new",
    "/search?q=logga",
    "/notices",
    "/driftinfo",
)


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_moves_as_it_comes(open_as: Open, desk: Desk, width: int) -> None:
    ticket_after(desk, "accept_at_supplier")
    page = open_as("first_line_lulea", viewport={"width": width, "height": 800})
    moved = {}
    for path in PATHS:
        page.goto(path)
        arrive(page)
        page.wait_for_load_state("networkidle")
        moved[path] = page.evaluate(MOVED)
    assert {path: shifts for path, shifts in moved.items() if shifts} == {}


def test_a_move_is_seen(open_as: Open) -> None:
    page = open_as("first_line_lulea")
    page.evaluate("document.querySelector('main').prepend(document.createElement('hr'))")
    assert page.evaluate(MOVED)
