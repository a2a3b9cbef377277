"""What stands around every page: its look, its keys, its width."""

from itertools import product
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from servicedesk.actions.desk import Desk
from tests.browser.conftest import Open
from tests.support.desk import new_ticket, ticket_after
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Page


def background(page: "Page") -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def letters(page: "Page") -> float:
    return float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)"))


def choose(page: "Page", label: str) -> None:
    if not page.locator("details.person").evaluate("menu => menu.open"):
        page.locator("details.person > summary").click()
    with page.expect_response("**/settings"):
        page.get_by_role("button", name=label, exact=True).click()


def test_light_and_dark_are_a_choice_that_stays(open_as: Open) -> None:
    page = open_as("first_line_lulea", color_scheme="light")
    light = background(page)
    choose(page, "Mörkt")
    dark = background(page)
    assert dark != light, "at once"
    page.goto("/notices")
    assert background(page) == dark, "on every page"
    page.emulate_media(color_scheme="dark")
    choose(page, "Ljust")
    assert background(page) == light, "whatever the machine has"


def test_a_choice_that_has_not_arrived_yet_goes_along_with_the_next(open_as: Open) -> None:
    page = open_as("first_line_lulea")
    page.route("**/settings", lambda route: None, times=1)
    page.locator("details.person > summary").click()
    page.get_by_role("button", name="Mörkt", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("button", name="English", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("data-color-scheme", "dark")


def test_the_machine_decides_until_somebody_does(open_as: Open) -> None:
    page = open_as("first_line_lulea", color_scheme="dark")
    dark = background(page)
    page.emulate_media(color_scheme="light")
    assert background(page) != dark


def test_what_is_being_written_stays_while_the_look_changes(open_as: Open) -> None:
    page = open_as("first_line_lulea")
    page.goto("/tickets/new")
    page.get_by_label("Vad gäller det?").fill("Halvskrivet")
    normal = letters(page)
    choose(page, "Kompakt")
    compact = letters(page)
    choose(page, "Rymlig")
    assert compact < normal < letters(page)
    assert page.get_by_label("Vad gäller det?").input_value() == "Halvskrivet"
    page.reload()
    assert letters(page) > normal


def test_the_choices_need_no_script(open_as: Open) -> None:
    page = open_as("first_line_lulea", java_script_enabled=False)
    page.locator("details.person > summary").click()
    page.get_by_role("button", name="Rymlig").click()
    expect(page.locator("html")).to_have_attribute("data-size", "lg")


def test_the_menu_closes_by_escape_and_gives_back_the_focus(open_as: Open) -> None:
    page = open_as("first_line_lulea")
    menu = page.locator("details.person")
    menu.locator("> summary").click()
    page.get_by_role("button", name="Mörkt").focus()
    page.keyboard.press("Escape")
    assert not menu.evaluate("menu => menu.open")
    assert menu.locator("> summary").evaluate("summary => summary === document.activeElement")


def test_the_list_of_shortcuts_opens_and_closes_by_keys(open_as: Open) -> None:
    page = open_as("it_service_manager")
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Kortkommandon")
    listed.wait_for()
    assert "Att fördela" in listed.inner_text()
    page.keyboard.press("Escape")
    listed.wait_for(state="hidden")


def test_keys_lead_to_pages_but_not_while_one_writes(open_as: Open) -> None:
    page = open_as("first_line_lulea")
    page.keyboard.press("n")
    page.wait_for_url("**/tickets/new")
    page.get_by_label("Vad gäller det?").press_sequentially("gn? nq")
    assert page.get_by_label("Vad gäller det?").input_value() == "gn? nq"
    assert page.url.endswith("/tickets/new")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_url("**/queue")


def test_keys_can_be_turned_off(open_as: Open) -> None:
    page = open_as("first_line_lulea")
    page.locator("details.person > summary").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Av", exact=True).click()
    page.keyboard.press("n")
    page.keyboard.press("?")
    assert page.url.endswith("/queue")
    assert not page.get_by_role("dialog").is_visible()


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("it_service_manager", ("/queue?scope=open&municipality=lulea&tier=joint", "/triage", "/triage?lane=verify")),
        ("first_line_lulea", ("/queue?scope=open", "/tickets/2026-00002", "/tickets/new", "/notices", "/no-such-page")),
    ],
)
def test_no_page_is_wider_than_its_screen_however_large_its_letters_and_long_its_words(
    open_as: Open, desk: Desk, who: str, paths: tuple[str, ...]
) -> None:
    long = "Ansökanomförskoleplatsförsvinnervidbyteavvårdnadshavare och mer därtill " * 2
    ticket_after(desk, "propose_solution", subject=long)
    ticket_after(desk, "accept_at_supplier", subject=long, description=long * 9)
    ticket_after(desk, "accept_at_supplier", "pitea", subject=long)
    new_ticket(desk, subject=long)
    page = open_as(who)
    for path in paths:
        page.goto(path)
        for width, size in product((320, 390, 768, 1024, 1920), ("sm", "lg")):
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate("size => document.documentElement.dataset.size = size", size)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, size, width)


@pytest.mark.parametrize("width", [320, 1440])
def test_the_doors_fit_their_screens_too(browse: Open, width: int) -> None:
    page = browse(viewport={"width": width, "height": 700})
    page.goto("/sign-in")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    arrive(page)
    assert page.locator("[autofocus]").evaluate("field => field === document.activeElement")


def test_a_phone_has_at_most_five_things_under_the_thumb_and_the_rest_one_press_away(open_as: Open) -> None:
    page = open_as("second_line_lulea", viewport={"width": 390, "height": 800})
    shown = page.locator(".menu > :visible")
    assert shown.count() == 5
    page.locator(".menu").get_by_text("Mer", exact=True).click()
    page.locator(".menu-rest").get_by_role("link", name="Uppföljning").click()
    page.wait_for_url("**/management*")
    assert page.locator(".menu-more[data-here]").count() == 1


def test_the_longest_words_of_a_clock_have_room_in_every_list(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    page = open_as("first_line_lulea")
    page.goto("/queue?scope=open")
    longest = """() => [...document.querySelectorAll(".cell-clock .left")].map(one => {
        const words = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
        while (words.nextNode()) if (words.currentNode.data.trim()) words.currentNode.data = "9 tim 59 min försenat";
        one.dataset.tone = "overdue";
        const cell = one.closest(".cell-clock");
        return one.getBoundingClientRect().right - cell.getBoundingClientRect().right;
    })"""
    for width in (320, 390, 768, 1024, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate(longest)
        assert over and max(over) <= 0, width
