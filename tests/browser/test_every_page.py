"""Every page there is, as tests/performance/pages.py names them, each as the person who has it.

States and dialogs of pages are looked at by test_accessible.py and those beside it.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from servicedesk.actions.desk import Desk
from tests.browser.conftest import Open
from tests.browser.test_accessible import told_in_full
from tests.browser.test_keyboard import PAGES as GONE_THROUGH
from tests.performance.pages import PAGES
from tests.support.axe import findings, run
from tests.support.hands import Hands
from tests.support.things import Things

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOVES = """() => [...document.querySelectorAll("body *")].filter(one => {
    const style = getComputedStyle(one);
    const lasts = times => times.split(",").some(time => parseFloat(time) > 0);
    return (style.animationName !== "none" && lasts(style.animationDuration)) || lasts(style.transitionDuration);
}).map(one => `moves: ${one.outerHTML.slice(0, 80)}`)"""
# The reference is drawn by a script, once the document that it is of has come.
DRAWN = "() => !document.getElementById('reference') || document.querySelector('.swagger-ui .opblock')"
# A bar that follows lies over what one can scroll to.
LET_BARS_GO = """() => document.querySelectorAll("body *").forEach(one => {
    if (["fixed", "sticky"].includes(getComputedStyle(one).position)) one.style.position = "static";
})"""
# How large targets are is asked apart: when everything is unfolded, one thing lies over another.
SIZES = ("rule", ["target-size"])
WIDE = {"width": 1440, "height": 900}
# A window of 1280 by 1024, enlarged four times.
ENLARGED = {"width": 320, "height": 256}
# What stands on its own inside another's page has the heading of that page.
NO_HEADING = {"/driftinfo/fragment"}
# The one has no way past a frame either; of the other another maker draws what has hundreds of stops.
NO_FRAME = {"/driftinfo/fragment", "/api/docs"}
# No page has more stops than this.
STOPS = 140

of_each = pytest.mark.parametrize(
    "viewer", tuple(dict.fromkeys(page.viewer for page in PAGES)), ids=lambda viewer: viewer or "nobody"
)


@pytest.fixture
def addresses(desk: Desk) -> Callable[[str], Iterator[tuple[str, str]]]:
    """As it stands in PAGES, and as it is here."""
    told_in_full(desk)
    things = Things(desk)

    def of(viewer: str) -> Iterator[tuple[str, str]]:
        for pattern in dict.fromkeys(page.address for page in PAGES if page.viewer == viewer):
            yield pattern, things.address(pattern, viewer)

    return of


@pytest.fixture
def at(open_as: Open, browse: Open) -> Callable[[str], "Page"]:
    return lambda viewer: open_as(viewer, reduced_motion="reduce") if viewer else browse(reduced_motion="reduce")


@of_each
def test_nothing_is_wrong_with_any_page_of(
    at: Callable[[str], "Page"], addresses: Callable[[str], Iterator[tuple[str, str]]], viewer: str
) -> None:
    """axe-core finds nothing in any look, target size (2.5.8) included; at 320 pixels and at 400 % zoom nothing has to
    be scrolled sideways (1.4.10), and what is pressed is large enough there too; nothing moves for those who ask for
    that (2.3.3); the page says its language (3.1.1) and title (2.4.2), and has one heading above all others."""
    page = at(viewer)
    assert [fault for _, path in addresses(viewer) for fault in wrong_with(page, path)] == []


def wrong_with(page: "Page", path: str) -> list[str]:
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    answer = page.goto(path)
    assert answer is not None and answer.status == 200, path
    page.wait_for_function(DRAWN)
    said = page.locator("html").get_attribute("lang") in ("sv", "en") and page.title()
    found = [] if said else ["no language or no title"]
    headings = page.locator("h1").count()
    found += [] if headings == 1 or path in NO_HEADING else [f"{headings} first headings"]
    found += page.evaluate(MOVES) + run(page, *SIZES)
    page.set_viewport_size(ENLARGED)  # type: ignore[arg-type]
    width = page.evaluate("document.documentElement.scrollWidth")
    found += [f"{width} pixels wide"] if width > ENLARGED["width"] else []
    page.evaluate(LET_BARS_GO)
    found += run(page, *SIZES) + findings(page, sizes=False)
    return [f"{path}: {each}" for each in found]


@of_each
def test_every_page_is_gone_through_by_tab_and_lets_go_of(
    at: Callable[[str], "Page"], addresses: Callable[[str], Iterator[tuple[str, str]]], viewer: str
) -> None:
    """2.1.1, 2.1.2, 2.4.7 and 2.4.11 on those that test_keyboard.py does not go through already."""
    hands, done = Hands(at(viewer)), {path for who, path, *_ in GONE_THROUGH if who == viewer}
    for pattern, path in addresses(viewer):
        if path not in done and pattern not in NO_FRAME:
            hands.goto(path)
            hands.through(at_most=STOPS)
