"""A ticket through the hands of people at real browsers."""

from itertools import product
from typing import TYPE_CHECKING, Literal

from servicedesk.actions.desk import Desk
from tests.browser.conftest import Open
from tests.support.desk import new_ticket, ticket_after
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Page


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def do(page: "Page", label: str, **said: str) -> None:
    """Take a step by its button, and fill in what it asks for."""
    with page.expect_navigation():
        page.locator(".actions").get_by_text(label).click()
    for field, text in said.items():
        page.locator(f"[name={field}]").fill(text)
    if said:
        with page.expect_navigation():
            page.locator("main form button[type=submit]").click()
    page.get_by_role("status").filter(has_text="Klart.").wait_for()


def test_a_ticket_logged_at_the_counter_reaches_the_it_service_manager(open_as: Open) -> None:
    clerk = open_as("first_line_lulea")
    clerk.get_by_role("link", name="Nytt ärende").click()
    clerk.get_by_label("Vad gäller det?").fill("Det går inte att logga in")
    clerk.get_by_label("Beskriv vad som händer").fill("Sidan blir vit.\nSedan i morse.")
    clerk.get_by_label("Den gemensamma plattformen").check()
    clerk.get_by_label("Namn").fill("Anna Exempel")
    clerk.get_by_role("button", name="Registrera ärendet").click()
    assert clerk.get_by_text("2026-00001").first.is_visible()
    clerk.get_by_role("link", name="Öppna ärendet").click()
    do(clerk, "Ta ärendet")
    do(clerk, "Lämna över till andra linjen", reason="Felet är större.", tried="Omstart.")

    manager = open_as("second_line_lulea")
    manager.get_by_role("link", name="Det går inte att logga in").click()
    do(manager, "Ta emot")
    do(manager, "Lämna över till förvaltningsledare IT", reason="Hela plattformen.", tried="Annan webbläsare.")

    board = open_as("it_service_manager")
    board.get_by_role("link", name="Det går inte att logga in").click()
    board.get_by_text("Hela plattformen.").wait_for()
    assert board.locator("[aria-current=step]").get_by_text("Förvaltningsledare IT").first.is_visible()
    assert board.get_by_text("Anna Exempel").count() == 0


def test_the_day_can_be_done_without_a_mouse(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, subject="Kvittensen saknas")
    page = open_as("first_line_lulea")
    page.get_by_role("link", name="Kvittensen saknas").focus()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Ta ärendet")
    for _ in range(40):
        page.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            break
    outline = button.evaluate("element => getComputedStyle(element).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    page.get_by_text("Handläggare: Exempel Första linjen Luleå").wait_for()


def test_the_summary_of_what_is_wrong_is_in_focus_and_leads_to_the_field(open_as: Open) -> None:
    page = open_as("first_line_lulea")
    page.goto("/tickets/new")
    page.get_by_role("button", name="Registrera ärendet").click()
    summary = page.locator(".trouble")
    summary.wait_for()
    arrive(page)
    assert summary.evaluate("element => element === document.activeElement")
    summary.get_by_role("link", name="Vad gäller det?").click()
    assert page.locator("#new-subject").evaluate("element => element === document.activeElement")


def test_a_double_click_logs_one_ticket(open_as: Open) -> None:
    page = open_as("first_line_lulea")
    page.goto("/tickets/new")
    page.get_by_label("Vad gäller det?").fill("En gång")
    page.get_by_role("button", name="Registrera ärendet").dblclick()
    page.get_by_text("Ärendet är registrerat").wait_for()
    page.goto("/queue?scope=open")
    assert page.get_by_role("link", name="En gång").count() == 1


def test_everything_can_be_done_without_javascript(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    page = open_as("first_line_lulea", java_script_enabled=False)
    page.goto("/tickets/2026-00001")
    page.locator(".composer textarea:visible").fill("Vi återkommer.")
    page.get_by_role("button", name="Spara svaret").click()
    assert page.get_by_text("Vi återkommer.").is_visible()


def test_no_page_is_wider_than_its_screen(open_as: Open, desk: Desk) -> None:
    long = "Ansökanomförskoleplatsförsvinnervidbyteavvårdnadshavare och mer därtill " * 2
    ticket_after(desk, "accept_at_supplier", subject=long, description=long * 9)
    page = open_as("first_line_lulea")
    for path in ("/queue?scope=open", "/tickets/2026-00001", "/tickets/new", "/notices", "/no-such-page"):
        page.goto(path)
        for scheme, width in product(SCHEMES, (320, 390, 1440, 1920)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, scheme, width)
