"""A major incident from its first ticket to its end: whoever leads it and the first lines, each at a browser."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from servicedesk.actions.steps import perform
from servicedesk.core.vocabulary import Category
from tests.actions.life import differences, state
from tests.browser.conftest import AtTheKeys, Open
from tests.browser.test_requester import DESK, PHONE
from tests.support.desk import WRITTEN, new_ticket, persona, ticket_after
from tests.support.hands import Hands, arrive

if TYPE_CHECKING:
    from servicedesk.actions.desk import Desk

MANAGER, LULEA, PITEA = "it_service_manager", "first_line_lulea", "first_line_pitea"
LED, OWN, THEIRS = "2026-00001", "2026-00002", "2026-00003"
TITLE, NEWS, SOLUTION = "Ingen kan logga in", "Felet är hittat. Mer besked kl. 11.", "Certifikatet är bytt."
# Past the frame and what stands before it on a long page.
FAR = 60
EACH_WAY = pytest.mark.parametrize(
    ("size", "scripts"),
    [
        pytest.param(DESK, True, id="desk"),
        pytest.param(PHONE, False, id="phone without scripts"),
        pytest.param(DESK, False, id="desk without scripts", marks=pytest.mark.long),
        pytest.param(PHONE, True, id="phone", marks=pytest.mark.long),
    ],
)


@pytest.fixture(autouse=True)
def reported(desk: "Desk") -> Iterator[None]:
    """The same fault in two municipalities, one ticket of it with the IT service manager. Whatever is done then, the
    journal tells it truly."""
    ticket_after(desk, "accept_in_joint")
    new_ticket(desk)
    new_ticket(desk, "pitea", subject="Vit sida när jag ska logga in")
    yield
    assert differences(desk) == []


def see(who: Hands, number: str) -> str:
    """What stands on a ticket's page."""
    who.goto(f"/tickets/{number}")
    return who.page.locator("main").inner_text()


@EACH_WAY
def test_declared_gathered_told_and_solved_by_keys_alone(hands: AtTheKeys, size: dict[str, int], scripts: bool) -> None:
    manager = hands(MANAGER, viewport=size, java_script_enabled=scripts)
    # 1. Declared out of the ticket before one, in one form.
    manager.goto(f"/tickets/{LED}")
    manager.go(manager.link("Utlys en allvarlig incident ur det här ärendet"), within=FAR)
    manager.type(TITLE)
    manager.write("Vad vet vi, och vad görs?", "Vi söker felet.", within=3)
    manager.go(manager.button("Utlys den allvarliga incidenten"), within=30)
    manager.said("Den allvarliga incidenten är utlyst.")
    address = manager.page.url
    # 2. Its first line meets it where it begins, and attaches what is alike: that is ticked.
    theirs = hands(PITEA, viewport=size, java_script_enabled=scripts)
    theirs.go(theirs.link(TITLE), within=20)
    assert theirs.page.locator(f"#offer-{THEIRS}").is_checked()
    theirs.go(theirs.button("Koppla de ikryssade"), within=FAR)
    theirs.said("Ärendena kopplas.")
    assert theirs.page.locator("#attached-heading .count").inner_text() == "1"
    # 3. Another attaches its own from the ticket.
    own = hands(LULEA, viewport=size, java_script_enabled=scripts)
    own.goto(f"/tickets/{OWN}")
    own.go(own.button(f"Koppla till: {TITLE}"), within=FAR)
    own.said("Ärendet är kopplat till den allvarliga incidenten.")
    # 4. One text to all.
    manager.goto(address)
    manager.write("Vad vill du säga?", NEWS, within=FAR)
    manager.go(manager.button("Skriv i alla ärenden (3)"), within=6)
    manager.said("Alla som berörs får besked.")
    assert NEWS in see(own, OWN) and NEWS in see(theirs, THEIRS)
    # 5. Solved once; each ticket by its own process.
    manager.goto(address)
    manager.tab_to(manager.page.locator("summary", has_text="Det är löst"), within=FAR)
    manager.press("Enter")
    manager.write("Lösning", SOLUTION, within=3)
    manager.go(manager.button("Lös i alla ärenden (3)"), within=4)
    manager.said("Den allvarliga incidenten är över")
    assert manager.page.get_by_text("3 av 3 ärenden klara").count() == 2
    for who, number in ((own, LED), (own, OWN), (theirs, THEIRS)):
        assert SOLUTION in see(who, number)
        assert who.page.locator(".state").inner_text().startswith("Löst")
    theirs.goto("/queue")
    assert theirs.page.get_by_role("link", name=TITLE).count() == 0


def test_on_a_phone_by_touch_what_could_not_be_solved_is_tried_again(open_as: Open, desk: "Desk") -> None:
    held = ticket_after(desk, "accept_at_supplier").number
    page = open_as(MANAGER, viewport=PHONE, has_touch=True)
    page.goto(f"/major-incidents/new?ticket={held}")
    arrive(page)
    page.locator("#major-title").fill(TITLE)
    page.locator("#major-text").fill("Leverantören söker felet.")
    page.get_by_role("button", name="Utlys den allvarliga incidenten").tap()
    page.wait_for_url("**/major-incidents/*-*")
    page.locator("summary", has_text="Det är löst").tap()
    page.get_by_label("Lösning").fill(SOLUTION)
    page.get_by_role("button", name="Lös i alla ärenden").tap()
    page.locator(".major-refused").get_by_role("link", name=held).wait_for()
    given = {need: WRITTEN[need] for need in ("solution", "resolution_code")}
    perform(desk, held, "propose_solution", actor=persona(desk, "supplier_technician"), given=given)
    with page.expect_navigation():
        page.locator(".major-refused button").tap()
    page.locator(".major-news").wait_for()
    assert page.locator(".major-refused").count() == 0
    assert state(desk, held).category is Category.RESOLVED
