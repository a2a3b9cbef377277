"""A ticket's whole way by keyboard alone: each role from signing in to done, in a browser of its own, in Swedish.

`Hands` asserts at every key that the focus is somewhere and can be seen; `within` says after how many Tabs at most.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from servicedesk.actions.outbox import drain
from tests.actions.life import differences
from tests.browser.conftest import AtTheKeys
from tests.support.desk import ticket_after
from tests.support.hands import Hands

if TYPE_CHECKING:
    from servicedesk.actions.desk import Desk

NUMBER = "2026-00001"
SUBJECT = "Det går inte att logga in"
TO_A_FIGURE = 32


@pytest.fixture(autouse=True)
def proven(desk: "Desk") -> Iterator[None]:
    """Whatever was done, the journal tells it truly."""
    yield
    assert differences(desk) == []


def log_a_call(clerk: Hands) -> None:
    clerk.shortcut("n")
    clerk.type("Anna Exempel")
    clerk.write("Telefon eller e-post", "070-000 00 00", within=1)
    clerk.write("Vad gäller det?", SUBJECT, within=2)
    clerk.write("Beskriv vad som händer", "Sidan blir vit. Sedan i morse.", within=1)
    clerk.tab_to(clerk.page.locator("[name=fault]:checked"), within=4)
    clerk.press("2", "Tab", "1", "Tab", "1")
    clerk.shortcut("Control+Enter")
    clerk.page.get_by_text(NUMBER).first.wait_for()
    clerk.go(clerk.link("Öppna ärendet"), within=1)


def open_ticket(who: Hands, *keys: str) -> None:
    """The first of the list one stands before, or of this shortcut's."""
    if keys:
        who.shortcut(*keys)
    who.press("j")
    who.enter()
    who.page.wait_for_url(f"**/tickets/{NUMBER}")


def read_notice(who: Hands) -> None:
    """Of what one is told one opens the newest, and is told it no more."""
    who.shortcut("g", "n")
    who.go(who.page.locator(".unread button").first, within=15)
    who.page.wait_for_url(f"**/tickets/{NUMBER}")


def test_from_the_call_to_the_supplier_and_back_and_opened_again(hands: AtTheKeys, desk: "Desk") -> None:
    clerk = hands("first_line_lulea")
    log_a_call(clerk)
    clerk.step("Ta ärendet")
    clerk.step("Lämna över till andra linjen", "Felet är större.", "Omstart.")

    second = hands("second_line_lulea")
    open_ticket(second, "g", "t")
    second.step("Ta emot")
    second.step("Ställ en fråga till första linjen", "Vilken webbläsare?")
    drain(desk)
    read_notice(clerk)
    clerk.step("Svara andra linjen", "Firefox, den senaste.")
    open_ticket(second, "g", "q")
    second.step("Lämna över till förvaltningsledare IT", "Hela plattformen.", "Annan webbläsare.")

    board = hands("it_service_manager")
    board.shortcut("g", "t")
    board.go(board.button("Ta emot"), within=18)
    board.said("Klart.")
    board.go(board.link("Lämna över till leverantören"), within=18)
    board.answer("Inloggningen ger fel 500 sedan klockan åtta.", "Hela plattformen.", "Annan webbläsare.")

    agent = hands("supplier_technician")
    open_ticket(agent)
    assert "Anna Exempel" not in agent.page.content()
    agent.step("Ta emot")
    agent.step("Ställ en fråga till förvaltningsledare IT", "Vilka kommuner?")
    drain(desk)
    read_notice(board)
    board.step("Svara leverantören", "Bara Luleå.")
    open_ticket(agent, "g", "q")
    agent.step("Lämna en lösning", "Certifikatet är bytt.", "Löst")

    board.shortcut("g", "t")
    board.go(board.link("Godkänn lösningen"), within=18)
    board.answer("Inloggning med Firefox.")
    open_ticket(second, "g", "q")
    second.step("Ta emot")
    second.step("Lämna till första linjen för besked", "Löst hos leverantören.", "Inloggning med Firefox.")

    drain(desk)
    read_notice(clerk)
    clerk.step("Ta emot")
    clerk.write("Svar till anmälaren", "Nu fungerar det igen.", within=18)
    clerk.shortcut("Control+Enter")
    clerk.said("Svaret är sparat.")
    clerk.step("Markera som löst", "Certifikatet är bytt.", "Löst")
    clerk.step("Bekräfta att felet är löst")
    assert clerk.page.locator(".state").inner_text() == "Avslutat"

    clerk.press("/")
    clerk.type("webbläsare")
    clerk.enter()
    clerk.press("j")
    clerk.enter()
    clerk.page.wait_for_url(f"**/tickets/{NUMBER}")

    board.shortcut("g", "u")
    board.go(board.page.locator("a.figure").first, within=TO_A_FIGURE)
    open_ticket(board)

    clerk.step("Öppna igen", "Det hände igen i dag.")
    assert clerk.page.locator(".state").inner_text() == "Att ta emot hos första linjen"


@pytest.mark.parametrize(
    ("who", "team"),
    [
        ("administrator_lulea", "Administratörer, Luleå"),
        ("developer_lulea", "Utvecklare e-tjänster, Luleå"),
        ("local_it_lulea", "Lokal IT, Luleå"),
    ],
)
def test_whoever_shares_the_second_line_takes_over_and_solves(
    hands: AtTheKeys, desk: "Desk", who: str, team: str
) -> None:
    ticket_after(desk, "accept_in_second_line")
    manager = hands("second_line_lulea")
    open_ticket(manager)
    manager.step("Lämna över inom andra linjen", team, "Det är ert.", "Kontrollerat kontot.")
    drain(desk)
    colleague = hands(who)
    read_notice(colleague)
    colleague.step("Ta emot")
    colleague.step("Markera som löst och informera anmälaren", "Behörigheten är tillbaka.", "Löst")
    assert colleague.page.locator(".state").inner_text() == "Löst"


def test_the_system_owner_reads_a_figure_down_to_its_ticket(hands: AtTheKeys, desk: "Desk") -> None:
    ticket_after(desk, "confirm")
    owner = hands("system_owner")
    owner.shortcut("g", "u")
    owner.go(owner.link("I år"), within=16)
    owner.go(owner.page.locator("a.figure").first, within=TO_A_FIGURE)
    owner.press("j")
    owner.enter()
    owner.page.wait_for_url(f"**/tickets/{NUMBER}")
    owner.tab_to(owner.page.locator("details.ledger > summary"), within=12)
    owner.press("Enter")
    assert owner.page.locator(".ledger tfoot").is_visible()
