"""Selecting tickets by keyboard, by pointer and without a script; doing one thing to all of them, and undoing it."""

from typing import TYPE_CHECKING

import pytest

from servicedesk.actions.desk import Desk
from tests.browser.conftest import Open
from tests.browser.test_queue import URGENT, focused, place, renew
from tests.support.desk import new_ticket
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def several(desk: Desk) -> Desk:
    for number in range(6):
        new_ticket(desk, subject=f"Ärende nummer {number}")
    return desk


def ticked(page: "Page") -> list[int]:
    values = page.eval_on_selector_all("input[name=ticket]:checked", "ticks => ticks.map((tick) => tick.value)")
    return [int(value[-5:]) for value in values]


def tick(page: "Page", number: int, *, shift: bool = False) -> None:
    page.locator(f"#select-2026-{number:05}").click(modifiers=["Shift"] if shift else [])


def opened(open_as: Open, **options: object) -> "Page":
    page = open_as("first_line_lulea", **options)
    arrive(page)
    return page


def test_selecting_doing_and_undoing_by_keyboard_alone(open_as: Open, several: Desk) -> None:
    page = opened(open_as)
    for key in ("j", "x", "Shift+ArrowDown", "Shift+ArrowDown", "j", "x", "x"):
        page.keyboard.press(key)
    assert ticked(page) == [1, 2, 3]
    page.get_by_text("3 valda").wait_for()
    page.keyboard.press("b")
    page.wait_for_url("**/selection?*")
    arrive(page)
    page.get_by_role("link", name="Ta ärendet").press("Enter")
    page.wait_for_url("**/selection?*do=*")
    arrive(page)
    page.get_by_role("button", name="Ta ärendet").press("Enter")
    page.get_by_text("Gjort: 3.").wait_for()
    arrive(page)
    page.get_by_role("button", name="Ångra").press("Enter")
    page.get_by_text("Ångrat: 3.").wait_for()


def test_with_shift_everything_between_is_selected(open_as: Open, several: Desk) -> None:
    page = opened(open_as)
    bar = page.locator("#selection-bar")
    assert bar.is_hidden()
    tick(page, 2)
    tick(page, 5, shift=True)
    assert ticked(page) == [2, 3, 4, 5]
    assert bar.is_visible()
    page.get_by_label("Välj alla på sidan").check()
    assert ticked(page) == [1, 2, 3, 4, 5, 6]
    page.get_by_label("Välj alla på sidan").uncheck()
    assert ticked(page) == []
    assert bar.is_hidden()


def test_what_is_selected_and_where_one_is_stay_when_the_list_renews_itself(open_as: Open, several: Desk) -> None:
    page = opened(open_as)
    tick(page, 2)
    tick(page, 4)
    assert focused(page) == "select-2026-00004"
    before = place(page, 4)
    new_ticket(several, subject="Brådskande", **URGENT)
    renew(page)
    assert page.get_by_text("Brådskande").count() == 1
    assert ticked(page) == [2, 4]
    assert focused(page) == "select-2026-00004"
    assert abs(place(page, 4) - before) < 2
    page.get_by_text("2 valda").wait_for()


def test_a_ticket_that_has_left_the_list_is_selected_no_more(open_as: Open, several: Desk) -> None:
    page = opened(open_as)
    tick(page, 1)
    tick(page, 2)
    page.locator("#live").evaluate("list => list.setAttribute('hx-get', '/queue?scope=mine')")
    page.locator("h1").click()
    page.evaluate("htmx.process(document.querySelector('#live')) || htmx.trigger('#live', 'renew')")
    page.locator(".empty").wait_for()
    assert ticked(page) == []
    page.locator("#selection-bar").wait_for(state="hidden")


def test_it_all_works_without_a_script(open_as: Open, several: Desk) -> None:
    page = open_as("first_line_lulea", java_script_enabled=False)
    page.locator("#select-2026-00001").check()
    page.locator("#select-2026-00003").check()
    page.get_by_role("button", name="Gör något med de valda").click()
    page.get_by_role("link", name="Tilldela en handläggare").click()
    page.get_by_label("Handläggare").select_option(label="Exempel Första linjen Luleå")
    page.get_by_role("button", name="Visa vad som ändras").click()
    page.locator("ins", has_text="Exempel Första linjen Luleå").nth(1).wait_for()
    page.get_by_role("button", name="Tilldela en handläggare").click()
    page.get_by_text("Gjort: 2.").wait_for()
    page.get_by_role("button", name="Ångra").click()
    page.get_by_text("Ångrat: 2.").wait_for()


def test_a_double_click_does_nothing_twice(open_as: Open, several: Desk) -> None:
    page = opened(open_as)
    page.goto("/selection?ticket=2026-00001&do=note")
    arrive(page)
    page.locator("#selection-body").fill("Gäller hela huset.")
    page.get_by_role("button", name="Skriv en anteckning").dblclick()
    page.get_by_text("Gjort: 1.").wait_for()
    page.goto("/tickets/2026-00001")
    page.get_by_text("Gäller hela huset.").first.wait_for()
    assert page.get_by_text("Gäller hela huset.").count() == 1
