"""An employee who asks, and a supplier's technician without an API: on a telephone and at a desk, with scripts and
without; and nothing for axe to find on their pages."""

from typing import TYPE_CHECKING

import pytest

from servicedesk.actions.steps import perform
from tests.browser.conftest import Open
from tests.browser.test_requester import DESK, PHONE
from tests.support.axe import all_findings, findings
from tests.support.desk import WRITTEN, persona, ticket_after
from tests.support.hands import arrive

if TYPE_CHECKING:
    from servicedesk.actions.desk import Desk

EMPLOYEE, SECOND, TECHNICIAN = "developer_lulea", "second_line_lulea", "supplier_technician"
NUMBER = "2026-00001"
ON_EACH = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
WITH_AND_WITHOUT = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


def step(desk: "Desk", name: str, *needs: str) -> None:
    perform(desk, NUMBER, name, actor=persona(desk, SECOND), given={need: WRITTEN[need] for need in needs})


@WITH_AND_WITHOUT
@ON_EACH
def test_an_employee_reports_answers_and_says_how_it_went(
    open_as: Open, desk: "Desk", size: dict[str, int], scripts: bool
) -> None:
    page = open_as(EMPLOYEE, viewport=size, java_script_enabled=scripts)
    page.goto("/mina-arenden")
    page.locator("main").get_by_role("link", name="Anmäl något").first.click()
    page.wait_for_url("**/mina-arenden/nytt")
    arrive(page)
    page.get_by_label("Vad gäller det?").fill("Formuläret sparar inte")
    page.get_by_label("Vad händer, och vad hade du väntat dig?").fill("Det står att något saknas.")
    page.get_by_label("Vilken e-tjänst eller vilket system?").fill("Ansök om bygglov")
    page.get_by_role("button", name="Skicka").click()
    page.wait_for_url(f"**/mina-arenden/{NUMBER}*")
    assert page.get_by_role("status").inner_text() == "Tack. Vi har tagit emot ditt ärende."
    step(desk, "take")
    step(desk, "ask_requester_from_second_line", "question")
    page.goto("/mina-arenden")
    page.get_by_role("link", name="Formuläret sparar inte").click()
    page.get_by_label("Ditt svar").fill("Den senaste Firefox.")
    page.get_by_role("button", name="Skicka svaret").click()
    page.wait_for_url("**done=answer*")
    step(desk, "resolve", "solution", "resolution_code")
    page.goto(f"/mina-arenden/{NUMBER}")
    page.get_by_role("button", name="Ja, det fungerar").click()
    page.wait_for_url("**done=confirm*")
    page.get_by_label("Bra").check()
    page.get_by_role("button", name="Skicka").click()
    page.wait_for_url("**done=rate*")
    assert "Du har svarat: Bra." in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@WITH_AND_WITHOUT
@ON_EACH
def test_a_technician_looks_in_tells_how_it_goes_and_what_they_call_it(
    open_as: Open, desk: "Desk", size: dict[str, int], scripts: bool
) -> None:
    ticket_after(desk, "accept_at_supplier")
    page = open_as(TECHNICIAN, viewport=size, java_script_enabled=scripts)
    assert page.url.endswith("/supplier") and page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.locator("section[aria-labelledby=next] a", has_text="Inloggningen").click()
    page.wait_for_url(f"**/tickets/{NUMBER}")
    page.locator("#change-update > summary").click()
    page.locator("#change-update textarea").fill("Vi har hittat felet och rättar i kväll.")
    page.locator("#change-update").get_by_role("button").click()
    page.get_by_text("Beskedet är sparat.").first.wait_for()
    page.locator("#change-reference > summary").click()
    page.locator("#change-reference input[name=reference]").fill("INC-42")
    page.locator("#change-reference").get_by_role("button").click()
    page.get_by_text("Referensen är sparad.").first.wait_for()
    assert "INC-42" in page.locator("main").inner_text() and "Anna Exempel" not in page.content()


def test_axe_finds_nothing_where_an_employee_has_asked_and_forgets_to_say_what(open_as: Open, desk: "Desk") -> None:
    ticket_after(desk, "accept_at_supplier", requester_kind="employee", requester_contact="e-tjanster@lulea.example")
    page = open_as(EMPLOYEE, reduced_motion="reduce")
    found = all_findings(page, "/mina-arenden")
    page.goto("/mina-arenden/nytt")
    page.get_by_role("button", name="Skicka").click()
    page.locator(".trouble, [aria-invalid=true]").first.wait_for()
    assert found + findings(page) == []
