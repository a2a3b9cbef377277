"""What a ticket's page renews by itself: only when there is something new that its reader may see."""

import json

from servicedesk.actions import entries
from servicedesk.actions.desk import Desk
from tests.support.desk import new_ticket, persona, ticket_after
from tests.support.pages import Page, Visitor
from tests.web.conftest import People

TICKET = "/tickets/2026-00001"
PARTS = {
    *("ticket-head", "ticket-chain", "ticket-actions", "happened", "ticket-clocks", "ticket-facts", "ticket-changing"),
    *("news", "news-bar", "ticket-composer"),
}


def seen(page: Page) -> str:
    return page.element("news")["hx-headers"]


def news(visitor: Visitor, version: str) -> Page:
    headers = {"HX-Request": "true", "HX-Target": "news", "X-Seen": version}
    return Page(visitor.client.get(TICKET, headers=headers))


def test_a_page_that_shows_everything_is_sent_nothing(person_at: People, desk: Desk) -> None:
    ticket = ticket_after(desk, "take")
    visitor = person_at("first_line_lulea")
    assert seen(visitor.get(TICKET)) == f'{{"X-Seen": "{ticket.version}", "X-Present": ""}}'
    answer = news(visitor, str(ticket.version))
    assert (answer.status, answer.html) == (204, "")


def test_what_is_new_comes_in_every_part_that_shows_it(person_at: People, desk: Desk) -> None:
    ticket = ticket_after(desk, "take")
    visitor = person_at("first_line_lulea")
    visitor.get(TICKET)
    entries.note(desk, "2026-00001", "Nytt.", actor=persona(desk, "first_line_colleague_lulea"))
    answer = news(visitor, str(ticket.version))
    assert "Nytt." in answer.text
    renewed = {a["id"] for _, a in answer.elements if "hx-swap-oob" in a}
    assert renewed == PARTS
    assert answer.form("/replies")["version"] == str(ticket.version + 1)
    assert news(visitor, str(ticket.version + 1)).status == 204


def test_the_parts_are_the_pages_own(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    visitor = person_at("first_line_lulea")
    whole, renewed = visitor.get(TICKET), news(visitor, "0")
    assert {a["id"] for _, a in whole.elements if a.get("id") in PARTS} == PARTS
    assert {a["id"] for _, a in whole.elements if "hx-swap-oob" in a} == set()
    assert renewed.text.startswith("2026-00001")


def test_a_supplier_is_not_told_that_something_it_may_not_see_has_happened(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier")
    visitor = person_at("supplier_technician")
    version = json.loads(seen(visitor.get(TICKET)))["X-Seen"]
    entries.note(desk, "2026-00001", "Bara för oss.", actor=persona(desk, "first_line_lulea"))
    assert news(visitor, version).status == 204
    entries.note_to_supplier(desk, "2026-00001", "Till er.", actor=persona(desk, "it_service_manager"))
    answer = news(visitor, version)
    assert "Till er." in answer.text
    assert "Bara för oss." not in answer.html


def test_the_clocks_that_run_come_alone(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    answer = Page(person_at("first_line_lulea").client.get(TICKET, headers={"HX-Target": "running"}))
    assert "kvar" in answer.text
    assert {a["id"] for _, a in answer.elements if "id" in a} == {"running", "next-clock"}


def test_a_ticket_that_is_gone_from_ones_sight_gives_no_news(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    assert news(person_at("first_line_pitea"), "1").status == 404
