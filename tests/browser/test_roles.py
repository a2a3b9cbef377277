"""Each role that works at the desk, from signing in to done: on a telephone and at a desk, with scripts and without.

One text a role, carried out in four looks. Whoever asks, signed in or by a link, and a supplier's technician:
test_outside.py, test_requester.py. By keyboard alone: test_journeys.py.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from servicedesk.actions.steps import perform
from tests.actions.life import differences
from tests.browser.conftest import Open
from tests.browser.test_requester import DESK, PHONE
from tests.support.desk import PASSWORD, PLATFORM, WRITTEN, person, persona, ticket_after
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from servicedesk.actions.desk import Desk

NUMBER = "2026-00001"
LOOKS = [(size, scripts) for size in (PHONE, DESK) for scripts in (True, False)]
NAMES = [f"{size}, {scripts} scripts" for size in ("phone", "desk") for scripts in ("with", "without")]
in_four_looks = pytest.mark.parametrize(("size", "scripts"), LOOKS, ids=NAMES)


class Person:
    """Somebody who points and writes; what they want is in sight, or one press away under what is folded."""

    def __init__(self, page: "Page", width: int) -> None:
        self.page, self.width = page, width

    def sign_in(self, email: str) -> None:
        self.page.goto("/sign-in")
        arrive(self.page)
        self.page.get_by_label("E-postadress").fill(email)
        self.page.get_by_label("Lösenord").fill(PASSWORD)
        self.press(self.page.get_by_role("button", name="Logga in"))

    def press(self, what: "Locator") -> None:
        """Something that leads to another page, or to this one anew."""
        with self.page.expect_navigation():
            what.click()
        arrive(self.page)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width, self.page.url

    def menu(self, label: str) -> None:
        """By the menu; on a telephone most of it lies under one button."""
        named = self.page.locator(".menu, .topbar").get_by_role("link", name=label).locator("visible=true")
        if not named.count():
            self.page.locator(".menu-more > summary").click()
        self.press(named.first)

    def step(self, label: str, **given: str) -> None:
        """One of the ticket's steps; in its form what it asks for."""
        button = self.page.locator("#ticket-actions .ds-button").filter(has_text=label).first
        if not button.is_visible():
            self.page.locator(".more-button").click()
        self.press(button)
        if given:
            self.send(**given)
        self.said("Klart.")

    def send(self, **given: str) -> None:
        """The form of a page, filled in."""
        form = self.page.locator("main form:not([role=search])").filter(
            has=self.page.locator(f"[name={next(iter(given))}]")
        )
        for name, value in given.items():
            field = form.locator(f"[name={name}]").first
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        self.press(form.locator("button[type=submit]").last)

    def said(self, words: str) -> None:
        self.page.get_by_role("status").filter(has_text=words).first.wait_for()


@pytest.fixture
def signed_in(browse: Open, desk: "Desk", size: dict[str, int], scripts: bool) -> Iterator[Callable[[str], Person]]:
    """Whatever they did, the journal tells it truly."""

    def entered(name: str) -> Person:
        someone = Person(browse(viewport=size, java_script_enabled=scripts), size["width"])
        someone.sign_in(person(desk, name).email)
        return someone

    yield entered
    assert differences(desk) == []


@in_four_looks
def test_the_first_line_logs_answers_and_closes(signed_in: Callable[[str], Person], desk: "Desk") -> None:
    clerk = signed_in("first_line_lulea")
    clerk.menu("Nytt ärende")
    clerk.page.get_by_label("Namn").fill("Anna Exempel")
    clerk.page.get_by_label("Vad gäller det?").fill("Kvittensen saknas")
    clerk.press(clerk.page.get_by_role("button", name="Registrera ärendet"))
    clerk.press(clerk.page.get_by_role("link", name="Öppna ärendet"))
    clerk.step("Ta ärendet")
    clerk.page.get_by_label("Svar till anmälaren").first.fill("Vi tittar på det.")
    clerk.press(clerk.page.get_by_role("button", name="Spara svaret"))
    clerk.said("Svaret är sparat.")
    clerk.step("Markera som löst", solution="Den låg i skräpposten.", resolution_code="solved")
    clerk.step("Bekräfta att felet är löst")
    assert clerk.page.locator(".state").first.inner_text() == "Avslutat"


@in_four_looks
def test_the_second_line_accepts_asks_and_hands_over(signed_in: Callable[[str], Person], desk: "Desk") -> None:
    ticket_after(desk, "escalate_to_second_line")
    manager = signed_in("second_line_lulea")
    manager.menu("Kö")
    manager.press(manager.page.locator("[data-row]").first)
    manager.step("Ta emot")
    manager.step("Ställ en fråga till första linjen", question="Vilken webbläsare?")
    answer = {"answer": WRITTEN["answer"]}
    perform(desk, NUMBER, "answer_second_line_from_first_line", actor=persona(desk, "first_line_lulea"), given=answer)
    manager.menu("Kö")
    manager.press(manager.page.locator("[data-row]").first)
    manager.step("Lämna över till förvaltningsledare IT", reason="Hela plattformen.", tried="Annan webbläsare.")
    assert "förvaltningsledare IT" in manager.page.locator(".state").first.inner_text()


@in_four_looks
def test_the_service_manager_orders_approves_and_leads_an_incident(
    signed_in: Callable[[str], Person], desk: "Desk"
) -> None:
    ticket_after(desk, "escalate_to_joint")
    board = signed_in("it_service_manager")
    board.menu("Att fördela")
    board.press(board.page.locator(f"#step-{NUMBER}"))
    board.press(board.page.locator(f"#row-{NUMBER}"))
    order = {"supplier_description": "Fel 500 vid inloggning.", "reason": "Plattformen.", "tried": "Omstart."}
    board.step("Lämna över till leverantören", **order)
    technician = persona(desk, "supplier_technician")
    perform(desk, NUMBER, "accept_at_supplier", actor=technician)
    solved = {name: WRITTEN[name] for name in ("solution", "resolution_code")}
    perform(desk, NUMBER, "propose_solution", actor=technician, given=solved)
    board.page.goto(f"/tickets/{NUMBER}")
    board.step("Godkänn lösningen", tried="Inloggning med Firefox.")
    board.menu("Allvarliga incidenter")
    board.press(board.page.locator("main").get_by_role("link", name="Utlys en allvarlig incident").first)
    board.page.locator("[name=municipalities]").first.check()
    board.send(title="Inloggningen ligger nere", service=PLATFORM, text="Vi söker felet.")
    assert "Inloggningen ligger nere" in board.page.locator("h1").inner_text()


@in_four_looks
def test_the_administrator_adds_somebody_who_then_signs_in(
    signed_in: Callable[[str], Person], browse: Open, desk: "Desk", size: dict[str, int], scripts: bool
) -> None:
    administrator = signed_in("administrator_lulea")
    administrator.menu("Administration")
    administrator.press(administrator.page.locator("main").get_by_role("link", name="Personer"))
    administrator.press(administrator.page.get_by_role("link", name="Lägg till en person"))
    seat = "lulea-kundcenter/first_line_staff"
    administrator.send(name="Nils Ny", email="nils.ny@lulea.example", seat=seat)
    administrator.press(administrator.page.get_by_role("button", name="Gör en länk"))
    invitation = administrator.page.locator("#invitation-link").input_value()
    administrator.menu("Administration")
    administrator.page.locator(".part-search input").fill("nils")
    administrator.press(administrator.page.locator(".part-search button"))
    administrator.press(administrator.page.locator("main").get_by_role("link", name="Nils Ny"))
    administrator.press(administrator.page.get_by_role("link", name="Lägg in frånvaro"))
    administrator.send(first="2026-03-09", last="2026-03-13")
    assert "2026-03-09" in administrator.page.locator("main").inner_text()
    newcomer = Person(browse(viewport=size, java_script_enabled=scripts), size["width"])
    newcomer.page.goto(invitation)
    newcomer.send(password="ett eget långt lösenord", again="ett eget långt lösenord")
    assert newcomer.page.locator("h1").inner_text()


@in_four_looks
def test_the_system_owner_reads_a_figure_down_to_its_ticket(signed_in: Callable[[str], Person], desk: "Desk") -> None:
    ticket_after(desk, "confirm")
    owner = signed_in("system_owner")
    owner.menu("Uppföljning")
    owner.press(owner.page.locator("main").get_by_role("link", name="I år").first)
    owner.press(owner.page.locator("a.figure").locator("visible=true").first)
    owner.press(owner.page.locator("[data-row]").first)
    owner.page.locator("details.ledger > summary").click()
    owner.page.locator(".ledger tfoot").wait_for()
