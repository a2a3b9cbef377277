from html import escape
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import event

from servicedesk.actions import entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.erase import erase_texts
from servicedesk.core.facts import OPERATOR
from servicedesk.web.lists import search as search_page
from tests.support.desk import new_ticket, persona, ticket_after
from tests.support.pages import Page, tickets_over_pages
from tests.web.conftest import People

# The session's person and their settings; revision, unread; the named ones, two counts, the page and its texts.
MOST_QUERIES = 12


def test_every_page_has_a_field_to_search_in(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    for path in ("/queue", "/notices", "/tickets/new"):
        page = visitor.get(path)
        assert page.has_form("/search") and "/search" in page.links()
    assert len([form for form in visitor.get("/search").forms if form.action == "/search"]) == 1


def test_what_is_found_says_why_and_where_it_is(person_at: People, desk: Desk) -> None:
    new_ticket(desk, subject="Kvittens saknas", description="Hon ansökte om bygglov men fick ingen bekräftelse.")
    page = person_at("first_line_lulea").get("/search?q=bygglov+kvittens")
    assert "Ett ärende hittades" in page.text
    assert "Alla 1 Öppna 1 Avslutade 0" in page.text
    assert "Beskrivning: Hon ansökte om bygglov men fick ingen bekräftelse." in page.text
    assert "<mark>Kvittens</mark> saknas" in page.html and "<mark>bygglov</mark>" in page.html
    assert "Att ta emot hos första linjen" in page.text or "Nytt" in page.text
    assert "/tickets/2026-00001" in page.links()


def test_a_whole_number_leads_straight_to_its_ticket(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    new_ticket(desk, "pitea")
    visitor = person_at("first_line_lulea")
    assert visitor.get("/search?q=2026-00001").location == "/tickets/2026-00001"
    assert visitor.get("/search?q=+2026-00001+").location == "/tickets/2026-00001"
    for asked in ("q=2026-00002", "q=00001", "q=2026-00001&show=open", "q=2026-0000"):
        assert visitor.get(f"/search?{asked}").status == 200, asked


def test_as_one_types_only_the_part_below_is_renewed_and_nobody_is_led_away(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    headers = {"HX-Request": "true", "HX-Target": "results"}
    page = Page(person_at("first_line_lulea").client.get("/search?q=2026-00001", headers=headers))
    assert page.status == 200 and "<html" not in page.html
    assert page.element("row-2026-00001")["href"] == "/tickets/2026-00001"
    assert page.element("found")["hx-swap-oob"] == "true"


def test_open_and_closed_can_be_looked_at_alone(person_at: People, desk: Desk) -> None:
    new_ticket(desk, subject="Bygglov öppet")
    ticket_after(desk, "confirm", subject="Bygglov stängt")
    visitor = person_at("first_line_lulea")
    assert "Alla 2 Öppna 1 Avslutade 1" in visitor.get("/search?q=bygglov").text
    assert "stängt" not in visitor.get("/search?q=bygglov&show=open").text
    assert "öppet" not in visitor.get("/search?q=bygglov&show=closed").text
    assert "öppet" in visitor.get("/search?q=bygglov&show=nonsense").text


def test_pages_follow_one_another(person_at: People, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_page, "PAGE", 2)
    for number in range(5):
        new_ticket(desk, subject=f"Bygglov {number}")
    visitor = person_at("first_line_lulea")
    seen = tickets_over_pages(visitor, "/search?q=bygglov")
    assert sorted(seen) == [f"/tickets/2026-0000{n}" for n in range(1, 6)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Sök i det som är skrivet"),
        ("   ", "Sök i det som är skrivet"),
        ("och", "”och” finns i nästan alla ärenden"),
        ("och det", "”och” och ”det” finns i nästan alla ärenden"),
        ("???", "Skriv ett ord, ett namn eller ett nummer"),
        ("😀", "Skriv ett ord, ett namn eller ett nummer"),
        ("\x00", "Skriv ett ord, ett namn eller ett nummer"),
        ("bygglov " * 40, "Sök på högst 200 tecken åt gången."),
        (" ".join(f"ord{n}" for n in range(20)), "Sök på högst 12 ord åt gången."),
        ("drake", "Inget ärende som du kan se innehåller allt det här."),
        ("är bygglovet klart", "Sökte utan ”är”, som finns i nästan alla ärenden."),
        ("\ud800", "Inget ärende som du kan se innehåller allt det här."),
        ("' OR 1=1 --", "Inget ärende som du kan se innehåller allt det här."),
        ('"NEAR(a b)" words:* ^c', "Inget ärende som du kan se innehåller allt det här."),
    ],
)
def test_whatever_is_typed_is_answered_with_a_sentence_that_helps(
    person_at: People, desk: Desk, typed: str, said: str
) -> None:
    new_ticket(desk, subject="Bygglovet är klart")
    page = person_at("first_line_lulea").get(f"/search?q={quote(typed, errors='surrogatepass')}")
    assert page.status == 200
    assert said in page.text


def test_what_was_typed_is_shown_as_it_was_and_never_as_markup(person_at: People, desk: Desk) -> None:
    script = "<script>alert(1)</script> kvittens"
    new_ticket(desk, subject=script, description=f"{script} & <b>fet</b>")
    page = person_at("first_line_lulea").get(f"/search?q={quote(script)}")
    assert "<script>alert" not in page.html and "<b>fet" not in page.html
    assert page.element("q")["value"] == script
    assert escape("<") + "<mark>script</mark>" in page.html


def test_whoever_is_found_by_their_number_is_shown_with_their_name(person_at: People, desk: Desk) -> None:
    new_ticket(desk, requester_name="Kim Exempel", requester_contact="070-123 45 67")
    page = person_at("first_line_lulea").get("/search?q=0701234567")
    assert "Anmälare: Kim Exempel, 070-123 45 67" in page.text and "<mark>070-123 45 67</mark>" in page.html


def test_the_platforms_case_number_is_said_where_it_is_what_was_found(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier", platform_case="EP-778899")
    page = person_at("first_line_lulea").get("/search?q=ep-778899")
    assert "<mark>EP-778899</mark>" in page.html and "Plattformens ärendenummer" in page.text
    assert "EP-778899" not in person_at("supplier_technician").get("/search?q=2026-0").text


def test_a_supplier_finds_by_what_was_written_for_it_and_is_shown_that(person_at: People, desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier", subject="Sagobok", description="Drakar").number
    entries.note_to_supplier(
        desk, number, "Se fel 500 i loggen.\nDet började i natt.", actor=persona(desk, "it_service_manager")
    )
    visitor = person_at("supplier_technician")
    page = visitor.get("/search?q=loggen")
    assert number in page.text and "Se fel 500 i <mark>loggen</mark>." in page.html
    assert "Sagobok" not in page.text
    assert page.text.count("Se fel 500") == 1 and "Det började i natt" in page.text, "what the title says is said once"
    for hidden in ("sagobok", "drakar", "anna"):
        assert number not in visitor.get(f"/search?q={hidden}").text


def test_what_is_erased_shows_nowhere(person_at: People, desk: Desk) -> None:
    number = ticket_after(desk, "confirm", subject="Sagobok").number
    erase_texts(desk, number, "Beslut 2026:1", actor=OPERATOR)
    visitor = person_at("first_line_lulea")
    assert number not in visitor.get("/search?q=sagobok").text
    assert number in visitor.get("/search?q=00001").text


def test_a_search_takes_few_queries(person_at: People, desk: Desk) -> None:
    for _ in range(30):
        new_ticket(desk, subject="Bygglov 4711")
    visitor = person_at("first_line_lulea")
    asked: list[str] = []
    event.listen(desk.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert "30 ärenden hittades" in visitor.get("/search?q=bygglov+4711").text
    assert len(visitor.get("/search?q=4711").links()) > 0
    assert len(asked) <= 2 * MOST_QUERIES, asked


def test_the_search_is_served_also_without_a_session_as_a_way_to_sign_in(app: Flask) -> None:
    response = app.test_client().get("/search?q=bygglov")
    assert response.status_code == 303 and response.headers["Location"].startswith("/sign-in?next=/search")
