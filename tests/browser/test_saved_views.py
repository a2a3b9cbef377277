"""Saving a list, opening it and beginning with it, by keyboard and without a script; a filter as words."""

from typing import TYPE_CHECKING

from servicedesk.actions.desk import Desk
from tests.browser.conftest import Open
from tests.support.desk import new_ticket
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Page

URGENT = {"impact": "high", "urgency": "high"}


def save(page: "Page") -> None:
    page.locator("details.save > summary").press("Enter")
    page.get_by_label("Vad ska den heta?").fill("Kritiska")
    page.get_by_label("Börja med den").check()
    page.get_by_role("button", name="Spara", exact=True).press("Enter")
    page.get_by_text("Listan är sparad.").wait_for()


def test_a_filter_typed_saved_and_begun_with_by_keyboard(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, subject="Bråttom", **URGENT)
    new_ticket(desk, subject="Ingen brådska")
    page = open_as("first_line_lulea")
    arrive(page)
    page.get_by_label("Filtrera med ord").fill("prioritet:kritisk")
    page.get_by_label("Filtrera med ord").press("Enter")
    page.wait_for_url("**/queue?*priority=1*")
    assert page.locator(".subject").all_inner_texts() == ["Bråttom"]
    save(page)
    page.goto("/")
    page.wait_for_url("**/queue?*priority=1*")
    page.get_by_role("link", name="Kritiska", exact=True).wait_for()
    assert page.locator(".subject").all_inner_texts() == ["Bråttom"]


def test_saving_needs_no_script(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, subject="Bråttom", **URGENT)
    page = open_as("first_line_lulea", java_script_enabled=False)
    page.goto("/queue?scope=open&priority=1")
    page.locator("details.save > summary").click()
    page.get_by_label("Vad ska den heta?").fill("Kritiska")
    page.get_by_role("button", name="Spara", exact=True).click()
    page.get_by_text("Listan är sparad.").wait_for()
    page.locator("details.columns > summary").click()
    page.get_by_label("Ålder").uncheck()
    page.locator("details.columns").get_by_role("button", name="Visa").click()
    page.wait_for_url("**columns=**")
    assert page.locator("th.cell-age").count() == 0
