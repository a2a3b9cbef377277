"""A call at a real browser: who it is, what is known, what it belongs to, in few keys; and nothing written is lost."""

import json
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from sqlalchemy import select

from servicedesk.actions.desk import Desk
from servicedesk.core.ticket import Link
from servicedesk.core.vocabulary import Category, RequesterKind
from servicedesk.store.queries.tickets import state_of, view_ticket
from servicedesk.store.tickets import Ticket
from tests.browser.conftest import Open
from tests.browser.counting import Counted
from tests.support.desk import PASSWORD, new_ticket, persona
from tests.support.hands import arrive

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

SUBJECT = "Vad gäller det?"
WHEN_KEPT = "Utkast sparat"


def log_page(open_as: Open, who: str = "first_line_lulea", **options: object) -> "Page":
    page = open_as(who, **options)
    page.goto("/tickets/new")
    arrive(page)
    return page


def test_a_known_fault_is_logged_and_closed_in_a_handful_of_keys(open_as: Open, desk: Desk) -> None:
    page = open_as("first_line_lulea")
    at = Counted(page)
    at.press("n")
    page.wait_for_url("**/tickets/new")
    page.locator("#new-requester_name:focus").wait_for()
    at.hears("Anna Exempel")
    at.press("Tab")
    at.hears("070-000 00 00")
    at.press("Tab", "Tab")
    at.hears("Kan inte logga in med BankID")
    page.locator("[data-press=F2]").wait_for()
    at.press("F2")
    page.locator("#new-solution:focus").wait_for()
    at.press("Control+Enter")
    page.wait_for_url("**/receipt")
    assert page.get_by_text("Ärendet är registrerat och avslutat").is_visible()
    at.tell("log a known fault and close it", most=12)
    with desk.reading() as connection:
        view = view_ticket(connection, desk.book(connection), persona(desk, "first_line_lulea"), "2026-00001")
    assert (view.ticket.category, view.ticket.resolution_code) == (Category.CLOSED, "workaround")
    assert view.requester and view.requester.name == "Anna Exempel"
    arrive(page)
    page.keyboard.press("Enter")  # the next call
    page.wait_for_url("**/tickets/new")


def test_who_calls_again_is_found_and_the_call_is_attached_by_one_key(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, subject="Kartan visas inte", requester_name="Anna Exempel", requester_contact="070-123 45 67")
    page = open_as("first_line_lulea")
    at = Counted(page)
    at.press("n")
    page.wait_for_url("**/tickets/new")
    page.locator("#new-requester_name:focus").wait_for()
    at.hears("0701234567")
    page.locator(".people button").wait_for()
    at.press("ArrowDown", "Enter", "Tab", "Tab")
    assert page.get_by_label("Telefon eller e-post").input_value() == "070-123 45 67"
    at.hears("Kartan igen")
    page.locator("[data-press=F8]").wait_for()
    at.press("F8")
    page.locator(".attached").wait_for()
    at.press("Control+Enter")
    page.wait_for_url("**/receipt")
    at.tell("log a call that belongs to another ticket, from somebody found by telephone", most=12)
    with desk.reading() as connection:
        assert state_of(connection, "2026-00002").links == [Link("child_of", "2026-00001")]


def test_a_key_pressed_the_moment_that_its_offer_comes_leaves_the_page_where_it_is(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, subject="Kartan visas inte")
    page = log_page(open_as)
    page.evaluate("""() => {
        window.isStillThere = true;
        document.getElementById("similar").addEventListener("htmx:afterSwap", (event) => {
            event.target.dispatchEvent(new KeyboardEvent("keydown", { key: "F8", bubbles: true }));
        }, { once: true });
    }""")
    page.get_by_label(SUBJECT).press_sequentially("Kartan")
    page.locator(".attached").wait_for()
    assert page.evaluate("window.isStillThere")


def test_a_slow_answer_about_one_field_does_not_undo_what_a_known_answer_filled_in(open_as: Open) -> None:
    page = log_page(open_as)
    late = []

    def hold(route: "Route") -> None:
        if route.request.headers.get("hx-trigger-name") == "e_service":
            late.append(route)
        else:
            route.continue_()

    page.route("**/tickets/new", hold)
    page.get_by_label(SUBJECT).press_sequentially("Kan inte logga in med BankID")
    page.locator("[data-press=F2]").wait_for()
    page.get_by_label("Vilken e-tjänst?").press_sequentially("a")
    with page.expect_request(lambda request: request.headers.get("hx-trigger-name") == "e_service"):
        page.get_by_label(SUBJECT).focus()
    page.keyboard.press("F2")
    page.locator("#new-solution:focus").wait_for()
    if not late[0].request.failure:
        with page.expect_event("requestfinished", lambda request: request == late[0].request):
            late[0].continue_()
    page.get_by_role("button", name="Registrera och avsluta").click()
    page.wait_for_url("**/receipt")


def test_the_arrows_walk_among_what_is_found_and_escape_leads_back(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, requester_name="Anna Exempel")
    page = log_page(open_as)
    page.get_by_label("Namn").fill("Exempel Förvaltning")  # at once, so that it is asked once
    page.locator(".people button").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert page.locator(".people button:focus").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("#new-requester_name:focus").count() == 1
    assert page.locator(".people button").count() == 0
    page.get_by_label("Namn").fill("")
    page.get_by_label("Namn").press_sequentially("Exempel Adm")
    page.locator(".people button").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("[name=requester_kind]:checked").input_value() == RequesterKind.EMPLOYEE


def test_an_answer_that_comes_late_does_not_take_the_list_from_who_walks_in_it(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, requester_name="Anna Exempel")
    page = log_page(open_as)
    page.keyboard.type("Exempel")
    page.locator(".people button").first.wait_for()
    late: list[Route] = []
    page.route("**/tickets/new", lambda route: late.append(route))
    with page.expect_request("**/tickets/new"):
        page.keyboard.type(" F")
    page.keyboard.press("ArrowDown")
    chosen = page.locator(".people button:focus").inner_text()
    with page.expect_event("requestfinished"):
        late[0].continue_()
    page.evaluate("() => new Promise((done) => setTimeout(done, 60))")  # htmx has done what it does with an answer
    assert page.locator(".people button:focus").inner_text() == chosen


def test_an_e_service_is_found_by_the_first_letters_of_its_words_and_lately_ones_come_first(open_as: Open) -> None:
    page = log_page(open_as)
    field = page.get_by_label("Vilken e-tjänst?")
    for letters, first in (
        ("aob", "Ansök om bygglov"),
        ("forskola", "Ansök om plats i förskola"),
        ("e-ark", "E-arkivet"),
    ):
        field.fill("")
        field.press_sequentially(letters)
        page.locator("[role=option]").filter(has_text=first).first.wait_for()
        assert page.locator("[role=option][aria-selected=true]").inner_text().startswith(first)
    with page.expect_response("**/tickets/new"):
        page.keyboard.press("Tab")
    assert page.get_by_label("Vilken gemensam tjänst?").input_value() == "e-arkiv"
    page.reload()
    page.get_by_label("Vilken e-tjänst?").press("ArrowDown")
    assert page.locator("[role=option]").first.inner_text().startswith("E-arkivet")


def test_a_draft_is_kept_at_each_pause_and_gone_on_from(open_as: Open) -> None:
    page = log_page(open_as)
    page.get_by_label(SUBJECT).press_sequentially("Halvskrivet")
    page.get_by_text(WHEN_KEPT).wait_for()
    page.reload()
    page.get_by_role("link", name="Halvskrivet").click()
    expect(page.get_by_label(SUBJECT)).to_have_value("Halvskrivet")
    page.get_by_role("button", name="Registrera ärendet").click()
    page.wait_for_url("**/receipt")
    page.goto("/tickets/new")
    assert page.get_by_text("Utkast som inte").count() == 0


def test_two_windows_with_one_draft_lose_neither(open_as: Open) -> None:
    page = log_page(open_as)
    page.get_by_label(SUBJECT).press_sequentially("Början")
    page.get_by_text(WHEN_KEPT).wait_for()
    page.reload()
    address = page.get_by_role("link", name="Början").get_attribute("href") or ""
    other = page.context.new_page()
    for window in (page, other):
        window.goto(address)
    for window, words in ((page, " i ett fönster"), (other, " i ett annat")):
        window.get_by_label(SUBJECT).press("End")
        window.get_by_label(SUBJECT).press_sequentially(words)
        window.get_by_text(WHEN_KEPT).wait_for()
    page.goto("/tickets/new")
    kept = page.locator(".drafts li a").all_inner_texts()
    assert sorted(kept) == ["Fortsätt med Början i ett annat", "Fortsätt med Början i ett fönster"]


def sign_in_again(page: "Page", email: str) -> None:
    page.goto("/tickets/new")
    page.get_by_label("E-postadress").fill(email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    page.wait_for_url("**/tickets/new")


def test_a_session_that_ends_while_one_types_loses_nothing(open_as: Open) -> None:
    page = log_page(open_as)
    page.get_by_label(SUBJECT).press_sequentially("Först")
    page.get_by_text(WHEN_KEPT).wait_for()
    page.context.clear_cookies()
    page.get_by_label(SUBJECT).press_sequentially(" och sedan")
    page.get_by_text("Du är utloggad. Det du har skrivit finns kvar").wait_for()
    sign_in_again(page, "forsta.linjen@lulea.example")
    page.get_by_role("link", name="Först").wait_for()
    page.get_by_role("button", name="Hämta tillbaka det").click()
    expect(page.get_by_label(SUBJECT)).to_have_value("Först och sedan")


def test_a_colleague_who_signs_in_in_the_same_window_sees_nothing_of_it(open_as: Open) -> None:
    page = log_page(open_as)
    page.context.clear_cookies()
    page.get_by_label(SUBJECT).press_sequentially("Hemligt")
    page.get_by_text("Du är utloggad. Det du har skrivit finns kvar").wait_for()
    sign_in_again(page, "forsta.linjen.2@lulea.example")
    assert "Hemligt" not in page.content()
    assert page.evaluate("sessionStorage.getItem('call')") is None


def test_a_network_that_is_gone_while_one_types_loses_nothing(open_as: Open) -> None:
    page = log_page(open_as)
    page.context.set_offline(True)
    page.get_by_label(SUBJECT).press_sequentially("Utan nät ‮😀 <b>")
    page.get_by_text("Ingen kontakt just nu.").wait_for()
    page.context.set_offline(False)
    page.get_by_text(WHEN_KEPT).wait_for()  # it tries again by itself
    page.reload()
    assert page.get_by_role("link", name="Utan nät").is_visible()


def test_a_huge_paste_is_said_to_be_too_long_and_stays(open_as: Open, desk: Desk) -> None:
    page = log_page(open_as)
    page.get_by_label(SUBJECT).fill("Ett klistrat ärende")
    page.get_by_label("Beskriv vad som händer").fill("lång rad " * 20_000)
    page.get_by_text("för långt för att sparas").wait_for()
    page.get_by_role("button", name="Registrera ärendet").click()
    page.get_by_text("Korta ner texten").first.wait_for()
    assert len(page.get_by_label("Beskriv vad som händer").input_value()) == 180_000
    with desk.reading() as connection:
        assert connection.execute(select(Ticket.id)).all() == []


def test_nothing_that_is_written_in_moves_when_suggestions_come(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, subject="Kan inte logga in med BankID", requester_name="Anna Exempel")
    for width in (320, 1440):
        page = log_page(open_as, viewport={"width": width, "height": 900})
        field = page.get_by_label("Beskriv vad som händer")
        before = json.dumps(field.bounding_box())
        page.get_by_label("Namn").press_sequentially("Anna E")
        page.locator(".people button").first.wait_for()
        page.get_by_label(SUBJECT).press_sequentially("logga in bankid")
        page.locator(".known").first.wait_for()
        page.evaluate("scrollTo(0, 0)")
        assert json.dumps(field.bounding_box()) == before
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_javascript_all_of_it_is_done_by_buttons(open_as: Open, desk: Desk) -> None:
    new_ticket(desk, subject="Kan inte logga in", requester_name="Anna Exempel", requester_contact="070-123 45 67")
    page = log_page(open_as, java_script_enabled=False)
    page.get_by_label("Namn").fill("anna")
    page.get_by_role("button", name="Sök bland dem som hört av sig förut").click()
    page.get_by_role("button", name="Anna Exempel").click()
    expect(page.get_by_label("Telefon eller e-post")).to_have_value("070-123 45 67")
    page.get_by_label(SUBJECT).fill("Kan inte logga in med BankID")
    page.get_by_role("button", name="Spara som utkast").click()
    page.get_by_text("Utkastet är sparat").wait_for()
    page.get_by_role("button", name="Koppla hit").first.click()
    page.get_by_role("button", name="Svara med det här").first.click()
    page.get_by_label("Lösning").wait_for()
    page.get_by_role("button", name="Registrera och avsluta").click()
    page.get_by_text("Ärendet är registrerat och avslutat").wait_for()
    with desk.reading() as connection:
        made = state_of(connection, "2026-00002")
    assert (made.category, made.links) == (Category.CLOSED, [Link("child_of", "2026-00001")])
