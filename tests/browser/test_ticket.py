"""The ticket's page at real browsers: writing by keyboard, two people at once, news under one's hands, a phone."""

from typing import TYPE_CHECKING

from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note
from servicedesk.actions.outbox import drain
from tests.browser.conftest import Open
from tests.support.desk import new_ticket, persona, ticket_after

if TYPE_CHECKING:
    from playwright.sync_api import Page

TICKET = "/tickets/2026-00001"
FIELD = ".composer textarea:visible"


def renew(page: "Page") -> None:
    """As the clock does every 25 seconds."""
    with page.expect_response(lambda answer: answer.request.headers.get("hx-target") == "news"):
        page.evaluate("htmx.trigger('#news', 'renew')")


def colleague_writes(desk: Desk, words: str = "Kollegan skrev.") -> None:
    note(desk, "2026-00001", words, actor=persona(desk, "first_line_colleague_lulea"))


def test_a_reply_is_written_by_keyboard_alone(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = open_as("first_line_lulea")
    page.goto(TICKET)
    page.locator("#to-reply").focus()
    assert page.get_by_text("Svar till anmälaren. Syns för anmälaren och Luleå kommun.").is_visible()
    page.keyboard.press("ArrowRight")
    assert page.get_by_text("Intern anteckning. Syns för Luleå kommun.").is_visible()
    assert not page.get_by_text("Svar till anmälaren. Syns").is_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    page.keyboard.type("Vi tittar på det.")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Spara svaret"
    page.keyboard.press("Enter")
    card = page.locator(".event.written", has_text="Vi tittar på det.")
    card.wait_for()
    assert card.locator(".sees > summary").inner_text().split() == ["Syns", "för", "Anmälaren"]


def test_ctrl_enter_sends_to_whom_the_page_says(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = open_as("first_line_lulea")
    page.goto(TICKET)
    page.locator(".whom").get_by_text("Kommunen", exact=True).click()
    page.locator(FIELD).fill("Bara för oss.")
    page.locator(FIELD).press("Control+Enter")
    card = page.locator(".event.written", has_text="Bara för oss.")
    card.wait_for()
    assert card.get_attribute("data-audience") == "municipality"


def test_no_key_sends_a_note_to_the_requester(open_as: Open, desk: Desk) -> None:
    """Enter on a radio button presses a form's first button, whichever is shown: here it must press none."""
    new_ticket(desk)
    page = open_as("first_line_lulea")
    page.goto(TICKET)
    page.locator(FIELD).fill("Bara för oss.")
    page.locator("#to-note").check(force=True)
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.locator(FIELD).input_value() == "Bara för oss."
    assert page.locator(".event.written").count() == 0


def test_the_text_stays_when_one_thinks_again_about_whom_it_is_for(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    page = open_as("first_line_lulea")
    page.goto(TICKET)
    page.locator(FIELD).fill("Är det vårt fel?")
    page.locator(".whom").get_by_text("Kommunen och e-nämnden").click()
    page.get_by_role("button", name="Spara anteckningen").click()
    assert page.locator(".event.written").get_attribute("data-audience") == "joint"


def test_of_two_people_at_once_neither_loses_a_word(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    first, second = open_as("first_line_lulea"), open_as("first_line_colleague_lulea")
    for page, words in ((first, "Jag ringer Anna."), (second, "Jag har ringt Anna.")):
        page.goto(TICKET)
        page.locator(FIELD).fill(words)
    second.get_by_role("button", name="Spara svaret").click()
    second.get_by_role("status").filter(has_text="Svaret är sparat").wait_for()
    first.get_by_role("button", name="Spara svaret").click()
    first.get_by_text("Någon hann före").wait_for()
    mine, theirs = first.locator(".yours").bounding_box(), first.locator(".theirs").bounding_box()
    assert mine and theirs
    assert mine["x"] + mine["width"] <= theirs["x"]
    assert mine["y"] == theirs["y"]
    assert first.locator(".theirs").get_by_text("Jag har ringt Anna.").is_visible()
    assert first.locator(".yours textarea").input_value() == "Jag ringer Anna."
    first.locator(".yours button[type=submit]").click()
    first.get_by_role("status").filter(has_text="Svaret är sparat").wait_for()
    for words in ("Jag ringer Anna.", "Jag har ringt Anna."):
        assert first.locator(".event.written", has_text=words).count() == 1


def test_a_filter_keeps_the_draft(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    page = open_as("first_line_lulea")
    page.goto(TICKET)
    page.locator(FIELD).fill("Ett halvt svar")
    page.locator(".filters").get_by_role("link", name="Skrivet").click()
    page.get_by_text("Inget sådant ännu.").wait_for()
    assert page.url.endswith("?show=written")
    assert page.locator(FIELD).input_value() == "Ett halvt svar"


def test_opening_a_ticket_reads_its_notices(open_as: Open, desk: Desk) -> None:
    new_ticket(desk)
    drain(desk)
    page = open_as("first_line_colleague_lulea")
    assert "1" in page.locator(".topbar .badge").inner_text()
    with page.expect_response("**/notices"):
        page.goto(TICKET)
    page.goto("/queue")
    assert page.locator(".topbar .badge").count() == 0


def test_on_a_phone_the_likeliest_step_is_under_the_thumb_and_the_rest_a_tap_away(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    page = open_as("first_line_lulea", viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(TICKET)
    first = page.get_by_role("link", name="Lös och avsluta direkt…")
    box, menu = first.bounding_box(), page.locator(".menu").bounding_box()
    assert box and menu
    assert 700 < box["y"] + box["height"] <= menu["y"]
    cancel = page.get_by_role("link", name="Makulera…")
    assert not cancel.is_visible()
    page.locator(".more-button").tap()
    cancel.wait_for()
    for button in page.locator("#more-actions .ds-button").all():
        box = button.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.keyboard.press("Escape")
    cancel.wait_for(state="hidden")
    assert page.locator(".more-button").evaluate("button => button === document.activeElement")


def test_no_focus_hides_behind_the_bars_of_a_phone(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "take")
    page = open_as("first_line_lulea", viewport={"width": 390, "height": 844})
    page.goto(TICKET)
    page.locator(FIELD).focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        box, bar = page.locator(":focus").bounding_box(), page.locator("#ticket-actions").bounding_box()
        inside = page.evaluate("document.activeElement.closest('#ticket-actions, .menu') !== null")
        assert box and bar
        assert inside or box["y"] < bar["y"], page.locator(":focus").inner_text()


def test_a_ticket_prints_as_a_record(open_as: Open, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier", description="ord " * 900)
    page = open_as("first_line_lulea")
    page.goto(TICKET)
    page.emulate_media(media="print")
    pressed = page.locator("main :is(button, input, textarea, select, .ds-button):visible")
    assert pressed.all_inner_texts() == [], "nothing to press"
    for chrome in (".topbar", ".menu", "#ticket-actions", ".composer", ".filters", ".changing"):
        assert not page.locator(chrome).first.is_visible(), chrome
    for part in (".facts", ".stations", ".ledger tfoot", ".rest > .words", ".event", ".description"):
        assert page.locator(part).first.is_visible(), part
    assert len(page.pdf(format="A4")) > 10_000
