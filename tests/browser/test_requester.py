"""Whoever asked, with a link and no account: on a telephone and at a desk, with scripts and without; by keyboard; and
nothing for axe to find. What the public reads, likewise."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from servicedesk.actions.disruptions import NewDisruption, declare_disruption, tell_disruption
from servicedesk.actions.links import give_link
from servicedesk.actions.steps import perform
from tests.browser.conftest import Open
from tests.support.axe import all_findings, findings
from tests.support.desk import PLATFORM, WRITTEN, persona, ticket_after
from tests.support.hands import Hands

if TYPE_CHECKING:
    from servicedesk.actions.desk import Desk

CLERK = "first_line_lulea"
NUMBER = "2026-00001"
PHONE, DESK = {"width": 390, "height": 800}, {"width": 1440, "height": 900}


def step(desk: "Desk", name: str, *needs: str) -> None:
    perform(desk, NUMBER, name, actor=persona(desk, CLERK), given={need: WRITTEN[need] for need in needs})


def asked(desk: "Desk") -> str:
    ticket_after(desk, "take")
    step(desk, "ask_requester_from_first_line", "question")
    return f"/arende/{give_link(desk, NUMBER, actor=persona(desk, CLERK))}"


def told(desk: "Desk") -> None:
    manager = persona(desk, "it_service_manager")
    for title in ("Arkivet", "Inloggningen går trögt"):
        key = declare_disruption(desk, NewDisruption(PLATFORM, ["lulea", "pitea"], title, "Vi söker."), actor=manager)
        tell_disruption(desk, key, "Mer besked kl. 11.", actor=manager, ends=title == "Arkivet")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_from_the_link_to_how_it_went(browse: Open, desk: "Desk", size: dict[str, int], scripts: bool) -> None:
    page = browse(viewport=size, java_script_enabled=scripts)
    page.goto(asked(desk))
    assert page.locator("h1").inner_text() == "Vi väntar på svar från dig"
    page.get_by_label("Ditt svar").fill("Den senaste Firefox.")
    page.get_by_label("Bifoga filer").set_input_files(
        {"name": "skärm.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"}
    )
    page.get_by_role("button", name="Skicka svaret").click()
    expect(page.get_by_role("status")).to_have_text("Tack. Vi har fått ditt svar.")
    assert page.locator("h1").inner_text() == "Vi arbetar med ditt ärende"
    step(desk, "resolve_in_first_line", "solution", "resolution_code")
    page.reload()
    page.get_by_role("button", name="Ja, det fungerar").click()
    expect(page.locator("h1")).to_have_text("Ditt ärende är avslutat")
    page.get_by_label("Bra").check()
    page.get_by_label("Vill du berätta mer?").fill("Snabbt och vänligt.")
    page.get_by_role("button", name="Skicka").click()
    expect(page.locator("main")).to_contain_text("Du har svarat: Bra.")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_fault_that_is_still_there_is_said_by_keyboard_alone(browse: Open, desk: "Desk") -> None:
    address = asked(desk)
    someone = Hands(browse())
    someone.goto(address)
    someone.through(at_most=12)
    someone.goto(address)
    someone.tab_to(someone.page.get_by_label("Ditt svar"), within=4)
    someone.type("Den senaste Firefox.")
    someone.go(someone.page.get_by_role("button", name="Skicka svaret"), within=3)
    step(desk, "resolve_in_first_line", "solution", "resolution_code")
    someone.goto(address)
    someone.tab_to(someone.page.locator("summary", has_text="Nej, felet är kvar"), within=5)
    someone.press("Enter", "Tab")
    someone.type("Sidan är fortfarande vit.")
    someone.go(someone.page.get_by_role("button", name="Öppna ärendet igen"), within=3)
    assert someone.page.get_by_role("status").inner_text() == "Ärendet är öppet igen."


def test_axe_finds_nothing_on_what_whoever_asked_sees(browse: Open, open_as: Open, desk: "Desk") -> None:
    page, address = browse(reduced_motion="reduce"), asked(desk)
    found = all_findings(page, "/arende/fel", address)
    with page.expect_navigation():
        page.get_by_role("button", name="Skicka svaret").click()
    found += findings(page)
    perform(desk, NUMBER, "answer_first_line", actor=persona(desk, CLERK), given={"answer": "Firefox."})
    step(desk, "resolve_in_first_line", "solution", "resolution_code")
    found += all_findings(page, address)
    with page.expect_navigation():
        page.get_by_role("button", name="Ja, det fungerar").click()
    found += findings(page)
    clerk = open_as(CLERK, reduced_motion="reduce")
    clerk.goto(f"/tickets/{NUMBER}")
    with clerk.expect_navigation():
        clerk.get_by_role("button", name="Visa länken").click()
    assert found + findings(clerk) == []


def test_axe_finds_nothing_on_what_the_public_is_told(browse: Open, open_as: Open, desk: "Desk") -> None:
    page = browse(reduced_motion="reduce")
    found = all_findings(page, "/driftinfo")
    told(desk)
    found += all_findings(page, "/driftinfo", "/driftinfo?lang=en&municipality=lulea", "/driftinfo/fragment")
    manager = open_as("it_service_manager", reduced_motion="reduce")
    found += all_findings(manager, "/disruptions")
    with manager.expect_navigation():
        manager.locator("form[action='/disruptions'] button").click()
    assert found + findings(manager) == []
