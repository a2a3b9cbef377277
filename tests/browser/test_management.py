"""Follow-up in a real browser: nothing inaccessible, nothing wider than the screen, one page on paper."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from tests.browser.conftest import Open
from tests.support.axe import UNFOLD, all_findings, findings
from tests.support.desk import new_ticket, ticket_after

if TYPE_CHECKING:
    from playwright.sync_api import Page

MONTH = "/management?period=this-month"
LISTS = tuple(
    f"/management/tickets?{query}&period=this-month"
    for query in ("figure=flow&what=logged", "figure=held&tier=supplier", "figure=open&tier=first_line&age=under-1")
)


@pytest.fixture
def busy(desk: Desk) -> None:
    """Tickets everywhere in the chain: late, closed, returned from the supplier and lately logged."""
    for last in ("take", "accept_in_second_line", "escalate_to_joint", "accept_at_supplier", "verify", "confirm"):
        ticket_after(desk, last)
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(days=8))
    new_ticket(desk)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("who", "lists"), [("it_service_manager", LISTS), ("second_line_lulea", ()), ("supplier_technician", ())]
)
def test_axe_finds_nothing(reader: Callable[[str], "Page"], who: str, lists: tuple[str, ...]) -> None:
    assert all_findings(reader(who), MONTH, *lists) == []


def test_axe_finds_nothing_where_there_is_nothing_or_something_is_wrong(reader: Callable[[str], "Page"]) -> None:
    page = reader("it_service_manager")
    assert all_findings(page, LISTS[0], MONTH) == []
    page.goto(MONTH)  # everything was unfolded, the person's menu too, and lay over the form
    page.locator("#asking-from").fill("2026-03-02")
    page.locator("#asking-to").fill("2026-03-01")
    # The browser complains in its console of every answer that is an error.
    page.route("**/management?**", lambda route: route.fulfill(response=route.fetch(), status=200))
    page.get_by_role("button", name="Visa", exact=True).click()
    page.get_by_text("Sista dagen ligger före den första.").wait_for()
    assert findings(page) == []


@pytest.mark.usefixtures("busy")
def test_nothing_is_wider_than_the_screen(open_as: Open) -> None:
    page = open_as("it_service_manager")
    for address in (MONTH, LISTS[1]):
        page.goto(address)
        page.evaluate(UNFOLD)
        for width in (320, 390, 768, 1440, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)


@pytest.mark.usefixtures("busy")
def test_a_month_is_one_page_on_paper(open_as: Open) -> None:
    page = open_as("it_service_manager")
    page.goto(MONTH)
    margin = {"top": "12mm", "bottom": "12mm", "left": "12mm", "right": "12mm"}
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4", margin=margin))) == 1  # type: ignore[arg-type]


@pytest.mark.usefixtures("busy")
def test_from_a_figure_to_its_tickets_and_back_by_keyboard(open_as: Open) -> None:
    page = open_as("it_service_manager")
    page.goto(MONTH)
    figure = page.locator("#open a.figure").first
    figure.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Öppna ärenden").wait_for()
    page.get_by_role("link", name="Tillbaka till uppföljningen").press("Enter")
    page.get_by_role("heading", level=1, name="Uppföljning").wait_for()
