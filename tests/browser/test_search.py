"""Searching by keyboard, as one types, in a real browser."""

import re

from servicedesk.actions.desk import Desk
from tests.browser.conftest import Open
from tests.support.desk import new_ticket, ticket_after
from tests.support.hands import arrive


def test_from_any_page_to_the_ticket_without_the_mouse(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, subject="Kvittens saknas", description="Hon fick inget svar.")
    new_ticket(desk, subject="Bygglov borta", description="Det gäller en <b>ansökan</b>.")
    page = open_as("first_line_lulea")
    page.keyboard.press("/")
    page.keyboard.type("kvitt")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=kvitt")
    assert page.locator(".hit mark").all_inner_texts() == ["Kvittens"]
    page.keyboard.press("/")
    page.keyboard.type("ansökning")
    page.locator(".hit", has_text="Bygglov borta").wait_for()
    assert page.locator(".hit").count() == 1
    assert page.get_by_role("status").filter(has_text="Ett ärende hittades").count() == 1
    assert page.locator("#q").input_value() == "ansökning"
    assert page.locator(".hit-words").inner_text() == "Beskrivning: Det gäller en <b>ansökan</b>."
    page.wait_for_url(re.compile(r"/search\?q=ans.*kning$"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tickets/2026-00002")
    page.go_back()
    page.wait_for_url("**/search?q=*")
    assert page.locator(".hit").count() == 1


def test_a_whole_number_leads_nowhere_until_it_is_sent(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = open_as("first_line_lulea")
    page.goto("/search")
    arrive(page)
    page.keyboard.type("2026-00001")
    page.locator("#row-2026-00001").wait_for()
    assert "/search" in page.url
    page.keyboard.press("Enter")
    page.wait_for_url("**/tickets/2026-00001")


def test_a_filter_stays_while_one_types_on(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "confirm", subject="Kvittens stängd")
    new_ticket(desk, subject="Kvittens öppen")
    page = open_as("first_line_lulea")
    page.goto("/search?q=kvitt&show=open")
    page.locator("#q").press("End")
    page.keyboard.type("ens")
    page.wait_for_url(re.compile(r"q=kvittens&show=open$"))
    assert page.locator(".hit .subject").all_inner_texts() == ["Kvittens öppen"]


def test_on_a_phone_the_top_bar_has_a_way_there_and_nothing_is_wider_than_it(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, subject="Kvittens " + "saknas" * 20, description="ord " * 200 + "kvittens")
    page = open_as("first_line_lulea", viewport={"width": 320, "height": 640})
    assert not page.locator("#search-box").is_visible()
    page.get_by_role("link", name="Sök", exact=True).click()
    page.wait_for_url("**/search")
    arrive(page)
    page.keyboard.type("kvittens")
    page.locator(".hit").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
