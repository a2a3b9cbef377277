"""axe-core finds nothing on a page in any of its states and dialogs, in any look (tests/support/axe.py). Pages as they
are, without more ado: test_every_page.py."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from servicedesk.actions.changes import assign, change_priority
from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note, note_to_supplier, reply
from servicedesk.actions.outbox import drain
from servicedesk.actions.relations import link
from servicedesk.actions.steps import perform
from servicedesk.actions.sweep import sweep
from servicedesk.core.clock import ControlledClock
from servicedesk.core.vocabulary import Fault, Level, Relation
from servicedesk.store.queries.whose import Scope
from tests.browser.conftest import Open
from tests.support.axe import LOOKS, SCHEMES, all_findings, findings, run
from tests.support.desk import PASSWORD, new_ticket, persona, ticket_after
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Page

TICKET = "/tickets/2026-00001"
RESOLVED = "/workflows/citizen_incident/resolved"


def queues() -> list[str]:
    return [f"/queue?scope={scope}" for scope in Scope]


def told_in_full(desk: Desk) -> None:
    """A ticket with the supplier that carries every kind of text, and others beside it: waiting, overdue, closed."""
    manager, clerk = persona(desk, "it_service_manager"), persona(desk, "first_line_lulea")
    ticket_after(desk, "accept_at_supplier")
    reply(desk, "2026-00001", "Vi återkommer.", actor=clerk)
    note(desk, "2026-00001", "Bara för oss.", actor=clerk)
    note(desk, "2026-00001", "Även för e-nämnden.", to_joint=True, actor=clerk)
    note_to_supplier(desk, "2026-00001", "Gäller det alla?", actor=manager)
    ticket_after(desk, "confirm")
    waiting = ticket_after(desk, "take")
    perform(
        desk, waiting.number, "ask_requester_from_first_line", actor=clerk, given={"question": "Vilken webbläsare?"}
    )
    link(desk, waiting.number, Relation.DUPLICATE_OF, "2026-00001", actor=clerk)
    later(desk)
    assign(desk, new_ticket(desk).number, clerk.key, actor=persona(desk, "first_line_colleague_lulea"))
    drain(desk)


def later(desk: Desk) -> None:
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(days=3))


def test_axe_sees_what_is_wrong_where_it_is_wrong(reader: Callable[[str], "Page"]) -> None:
    page = reader("first_line_lulea")
    page.locator("h1").evaluate("h1 => h1.append(new Image())")
    page.locator("h1").evaluate("h1 => h1.style.color = 'black'")
    seen = {each.removeprefix(f"{page.url} ").partition(": ")[0] for each in findings(page)}
    finds = {"light": "image-alt", "dark": "color-contrast"}
    assert seen == {f"{width} {scheme} {finds[scheme]}" for width, scheme in LOOKS}


def test_signing_in_without_success(browse: Open) -> None:
    page = browse(reduced_motion="reduce")
    page.goto("/sign-in")
    page.get_by_label("E-postadress").fill("ingen@lulea.example")
    page.get_by_label("Lösenord").fill("fel lösenord")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert findings(page) == []


def test_a_form_sent_after_signing_out(reader: Callable[[str], "Page"]) -> None:
    page = reader("first_line_lulea")
    page.goto("/tickets/new")
    page.get_by_label("Vad gäller det?").fill("Det jag skrev")
    page.context.clear_cookies()
    page.get_by_role("button", name="Registrera ärendet").click()
    page.get_by_text("Det jag skrev").wait_for()
    found = findings(page)
    page.get_by_label("E-postadress").fill("forsta.linjen@lulea.example")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Inget av det här är sparat än.").wait_for()
    assert found + findings(page) == []


def test_empty_lists_and_addresses_that_lead_nowhere(reader: Callable[[str], "Page"]) -> None:
    assert all_findings(reader("first_line_lulea"), *queues(), "/notices", RESOLVED, "/no-such-page") == []


def test_logging_a_ticket(reader: Callable[[str], "Page"], desk: Desk) -> None:
    new_ticket(desk, subject="Går inte att logga in")
    page = reader("first_line_lulea")
    page.goto("/tickets/new")
    page.get_by_role("button", name="Registrera ärendet").click()
    page.locator(".trouble").wait_for()
    found = findings(page)
    page.get_by_label("Namn").press_sequentially("Anna Ex")
    page.locator(".people button").first.wait_for()
    found += findings(page)
    page.get_by_label("Vad gäller det?").fill("Det går inte att logga in med BankID")
    page.get_by_role("link", name="Går inte att logga in").wait_for()
    page.get_by_label("Vilken e-tjänst?").press_sequentially("a")
    page.get_by_role("option").first.wait_for()
    found += findings(page)
    page.keyboard.press("F8")
    page.locator(".attached").wait_for()
    page.keyboard.press("F2")
    page.get_by_label("Lösning").wait_for()
    found += findings(page)
    page.get_by_role("button", name="Registrera och avsluta").click()
    page.get_by_text("Ärendet är registrerat och avslutat").wait_for()
    assert found + findings(page) == []


def test_the_accessibility_statement_to_everybody(browse: Open) -> None:
    assert all_findings(browse(reduced_motion="reduce"), "/tillganglighet?lang=en") == []


def test_full_lists(reader: Callable[[str], "Page"], desk: Desk) -> None:
    told_in_full(desk)
    filtered = "/queue?scope=open&priority=4&unassigned=1"
    assert all_findings(reader("first_line_lulea"), *queues(), filtered) == []


def test_selecting_and_what_comes_of_it(reader: Callable[[str], "Page"], desk: Desk) -> None:
    ticket_after(desk, "take")
    new_ticket(desk)
    page, both = reader("first_line_lulea"), "ticket=2026-00001&ticket=2026-00002"
    page.goto("/queue")
    page.locator("details.save > summary").click()
    page.get_by_label("Vad ska den heta?").fill("Kritiska")
    found = findings(page)
    # By key: everything is unfolded by now, and the menu may lie above the button.
    page.get_by_role("button", name="Spara", exact=True).press("Enter")
    page.get_by_text("Listan är sparad.").wait_for()
    found += all_findings(page, "/queue?words=nonsens", "/views")
    found += all_findings(page, f"/selection?{both}&do=priority", f"/selection?{both}&do=step:take")
    page.get_by_role("button", name="Ta ärendet").click()
    page.get_by_role("button", name="Ångra").wait_for()
    assert found + findings(page) == []


def test_searching(reader: Callable[[str], "Page"], desk: Desk) -> None:
    told_in_full(desk)
    searches = ["", "?q=och+det", "?q=drake&show=open", "?q=det+certifikatet", "?q=00001"]
    assert all_findings(reader("first_line_lulea"), *(f"/search{search}" for search in searches)) == []


def test_the_palette_and_the_list_of_keys(reader: Callable[[str], "Page"], desk: Desk) -> None:
    told_in_full(desk)
    page = reader("first_line_lulea")
    found = all_findings(page, "/commands?q=inloggningen")
    page.goto(TICKET)
    arrive(page)
    page.keyboard.press("Control+k")
    page.get_by_role("option", name="Aviseringar").first.wait_for()
    found += findings(page)
    page.keyboard.type("inloggning")
    page.locator("#palette-list [role=option]", has_text="2026-").first.wait_for()
    found += findings(page)
    page.keyboard.press("Escape")
    page.locator("#palette").wait_for(state="hidden")
    page.wait_for_function("() => !document.activeElement.closest('#palette')")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Kortkommandon").wait_for()
    assert found + findings(page) == []


def test_a_ticket_with_everything_on_it_to_the_second_line(reader: Callable[[str], "Page"], desk: Desk) -> None:
    """To the others: test_every_page.py, where it is the ticket with the longest story that they have."""
    told_in_full(desk)
    assert all_findings(reader("second_line_lulea"), TICKET) == []


@pytest.mark.parametrize(
    ("who", "last"),
    [
        ("first_line_lulea", ""),
        ("second_line_lulea", "escalate_to_second_line"),
        ("it_service_manager", "accept_in_joint"),
        ("first_line_lulea", "confirm"),
    ],
)
def test_a_ticket_that_waits_for_its_reader(reader: Callable[[str], "Page"], desk: Desk, who: str, last: str) -> None:
    ticket_after(desk, last)
    assert all_findings(reader(who), TICKET) == []


def test_writing_with_something_to_see_to(reader: Callable[[str], "Page"], desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint")
    begun = "?template=lulea-vi-har-tagit-emot"
    page = reader("first_line_lulea")
    paths = (f"{TICKET}/writing/joint-note{begun}", f"{TICKET}/writing/reply")
    assert all_findings(page, *paths) == []
    page.locator(".begin > summary").click()
    assert findings(page) == []


def test_a_step_its_faults_and_being_too_late(reader: Callable[[str], "Page"], desk: Desk) -> None:
    ticket_after(desk, "take")
    page = reader("first_line_lulea")
    page.goto(f"{TICKET}/steps/escalate_to_second_line")
    page.locator("main form button[type=submit]").click()
    page.locator(".trouble").wait_for()
    found = findings(page)
    note(desk, "2026-00001", "Någon annan skrev.", actor=persona(desk, "first_line_colleague_lulea"))
    page.locator("[name=reason]").fill("Felet är större.")
    page.locator("[name=tried]").fill("Omstart.")
    page.locator("main form button[type=submit]").click()
    page.get_by_text("Någon annan skrev.").wait_for()
    assert found + findings(page) == []


def test_a_refusal_and_what_can_be_done_instead(reader: Callable[[str], "Page"], desk: Desk) -> None:
    ticket_after(desk, "accept_in_second_line", fault=Fault.E_SERVICE)
    page = reader("second_line_lulea")
    found = all_findings(page, TICKET)
    page.goto(f"{TICKET}/steps/resolve_in_second_line")
    page.locator("main form").evaluate("form => form.action = form.action.replace(/[^/]+$/, 'escalate_to_joint')")
    page.locator("main form button[type=submit]").click()
    page.get_by_text("Felet ligger i kommunens egen e-tjänst.").wait_for()
    assert found + findings(page) == []


def test_what_can_be_called_up_on_a_phone_and_news_while_one_writes(
    reader: Callable[[str], "Page"], desk: Desk
) -> None:
    ticket_after(desk, "take")
    page = reader("first_line_lulea")
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(TICKET)
    page.locator(".more-button").click()
    page.locator(".destructive").wait_for()
    found = run(page, *SCHEMES["light"])
    page.keyboard.press("Escape")
    page.locator(".composer textarea:visible").fill("Ett halvt svar")
    note(desk, "2026-00001", "Nytt.", actor=persona(desk, "first_line_colleague_lulea"))
    page.evaluate("htmx.trigger('#news', 'renew')")
    page.locator("#news-bar").wait_for()
    assert found + findings(page) == []


def test_two_people_at_once_with_facts_that_changed(reader: Callable[[str], "Page"], desk: Desk) -> None:
    ticket_after(desk, "take")
    page = reader("first_line_lulea")
    page.goto(TICKET)
    arrive(page)
    # The first letter asks for news, which has to be there before there is any.
    with page.expect_response(lambda answer: "x-writes" in answer.request.headers):
        page.locator(".composer textarea:visible").fill("Mitt svar")
    clerk = persona(desk, "first_line_colleague_lulea")
    change_priority(desk, "2026-00001", Level.HIGH, Level.HIGH, reason="Alla drabbas.", actor=clerk)
    page.get_by_role("button", name="Spara svaret").click()
    page.locator(".changed").wait_for()
    assert findings(page) == []


def test_a_long_life_with_texts_that_are_folded_returned_and_destroyed(
    reader: Callable[[str], "Page"], desk: Desk
) -> None:
    ticket_after(desk, "escalate_to_second_line", impact="high", urgency="high", description="ord " * 2_000)
    manager, clerk = persona(desk, "second_line_lulea"), persona(desk, "first_line_lulea")
    perform(desk, "2026-00001", "return_to_first_line", actor=manager, given={"reason": "Fråga mer."})
    for n in range(40):
        note(desk, "2026-00001", f"Anteckning {n}", actor=clerk)
    later(desk)
    sweep(desk)
    page = reader("first_line_lulea")
    assert all_findings(page, TICKET, f"{TICKET}?show=steps") == []
