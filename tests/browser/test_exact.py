"""Relative times with the exact one where one points and where the focus is (1.4.13)."""

from servicedesk.actions.desk import Desk
from tests.browser.conftest import Open
from tests.support.desk import ticket_after
from tests.support.hands import arrive

SHOWN = """selector => {
    const seen = getComputedStyle(document.querySelector(selector), "::after");
    return seen.display === "block" ? seen.content.slice(1, -1) : "";
}"""
AGE, LEFT = ".cell-age time", ".cell-clock .left"


def test_a_row_tells_its_exact_moments_to_keys_and_pointer_until_they_are_put_away(open_as: Open, desk: Desk) -> None:
    for _ in range(2):
        ticket_after(desk, "take")
    page = open_as("first_line_lulea")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/queue?scope=open")
    arrive(page)
    assert page.evaluate(SHOWN, AGE) == ""
    height = page.locator("tbody tr").first.bounding_box()
    page.keyboard.press("j")
    assert page.evaluate(SHOWN, AGE) == "Kom in 2 mars 2026 kl. 09.00"
    assert page.evaluate(SHOWN, LEFT).startswith("Nästa tidsgräns ") and " kl. " in page.evaluate(SHOWN, LEFT)
    assert page.locator("tbody tr").first.bounding_box() == height, "nothing moves"
    page.keyboard.press("Escape")
    assert page.evaluate(SHOWN, AGE) == ""
    assert page.locator("[data-row]").first.evaluate("row => row === document.activeElement")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate(SHOWN, AGE)
    page.locator("#search-box").focus()
    assert page.evaluate(SHOWN, AGE) == ""
    page.locator("tbody tr").first.hover()
    assert page.evaluate(SHOWN, AGE)
    box = page.locator("tbody tr").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 40, box["y"] + box["height"] + 4)
    assert page.evaluate(SHOWN, AGE), "what is shown can itself be pointed at"
