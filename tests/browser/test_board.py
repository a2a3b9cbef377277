"""A card is moved on the board by the mouse, by the keys, and where scripts are off: to the form of what it means. And
what lies with somebody who is away is given to another."""

from typing import TYPE_CHECKING

import pytest

from servicedesk.actions.administering.absences import add_absence
from servicedesk.actions.changes import assign
from servicedesk.store.queries.administration import state_of
from tests.actions.life import state
from tests.browser.conftest import Open
from tests.support.desk import PERSONAS, persona, ticket_after
from tests.support.hands import arrive

if TYPE_CHECKING:
    from servicedesk.actions.desk import Desk

DEPUTY = PERSONAS["it_service_manager_deputy"]
BOARD = "/triage?by=tier"
TO_SECOND_LINE = "**/triage/move/*to=second_line*"


@pytest.fixture
def number(desk: "Desk") -> str:
    ticket_after(desk, "accept_at_supplier", "pitea")
    return ticket_after(desk, "accept_in_joint").number


def test_a_card_is_dragged_to_another_column_and_a_drop_that_is_refused_says_why(open_as: Open, number: str) -> None:
    page = open_as("it_service_manager")
    page.goto(BOARD)
    arrive(page)
    page.locator(f'[data-number="{number}"]').drag_to(page.locator('[data-column="supplier"] h2'))
    page.wait_for_url("**/triage/move/*to=supplier*")
    page.locator("[name=supplier_description]").wait_for()
    page.goto("/triage?by=municipality")
    arrive(page)
    page.locator(f'[data-number="{number}"]').drag_to(page.locator('[data-column="pitea"] h2'))
    page.wait_for_url("**/triage/move/*to=pitea*")
    page.locator("#trouble").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_card_is_moved_by_the_keys_with_and_without_scripts(open_as: Open, number: str, scripts: bool) -> None:
    page = open_as("it_service_manager", java_script_enabled=scripts, viewport={"width": 390, "height": 844})
    page.goto(BOARD)
    if scripts:
        arrive(page)
    page.locator(f"#to-{number}").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(TO_SECOND_LINE)
    page.locator("[name=reason]").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_lies_with_somebody_who_is_away_is_given_to_another(
    open_as: Open, desk: "Desk", number: str, scripts: bool
) -> None:
    assign(desk, number, DEPUTY, actor=persona(desk, "it_service_manager"))
    today = desk.clock.now().date()
    with desk.reading() as connection:
        seen = state_of(connection, "person", DEPUTY)
    add_absence(desk, DEPUTY, today, today, "", actor=persona(desk, "it_service_manager_deputy"), seen=seen)
    page = open_as("it_service_manager", java_script_enabled=scripts)
    page.goto("/load")
    page.locator(".load-away").get_by_role("link", name="Öppna ärenden hos personen: 1").click()
    page.wait_for_url("**/load?team=*")
    page.locator(f"#select-{number}").check()
    page.get_by_role("button", name="Gör något med de valda").click()
    page.get_by_role("link", name="Tilldela").click()
    page.wait_for_url("**do=assign**")
    page.locator("main select").select_option(label="Exempel Förvaltningsledare IT")
    page.locator("main form button[type=submit]").last.click()
    page.get_by_role("button", name="Ångra").wait_for()
    assert state(desk, number).assignee == PERSONAS["it_service_manager"]
