"""Who else has a ticket before them, on top of its page; told by the page itself, and by no poll without need."""

from flask import Flask

from servicedesk.actions.desk import Desk
from tests.performance.pages import statements
from tests.support.desk import person, ticket_after
from tests.support.pages import Page, Visitor
from tests.web.conftest import People

TICKET = "/tickets/2026-00001"


def shown(page: Page) -> str:
    """What its header says of who is here."""
    inside = page.html.partition('id="ticket-presence"')[2].partition("</p>")[0]
    return " ".join(word for part in inside.split("<") for word in part.partition(">")[2].split())


def poll(visitor: Visitor, page: Page, **told: str) -> Page:
    """As the page does every 25 seconds."""
    asked = page.element("news")["hx-headers"].replace("{", "").replace("}", "").replace('"', "").split(", ")
    headers = {name: value for name, _colon, value in (each.partition(": ") for each in asked)}
    headers |= {"HX-Request": "true", "HX-Target": "news"} | {name.replace("_", "-"): v for name, v in told.items()}
    return Page(visitor.client.get(TICKET, headers=headers))


def test_who_opens_a_ticket_is_shown_to_who_opens_it_next(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    first, second = person_at("first_line_lulea"), person_at("first_line_colleague_lulea")
    page = first.get(TICKET)
    assert shown(page) == ""
    assert shown(second.get(TICKET)) == f"Läser nu: {person(desk, 'first_line_lulea').name}"
    answer = poll(first, page)
    assert answer.status == 200
    assert shown(answer) == f"Läser nu: {person(desk, 'first_line_colleague_lulea').name}"
    assert {a["id"] for _, a in answer.elements if "hx-swap-oob" in a} == {"ticket-presence", "news"}
    assert poll(first, answer).status == 204


def test_who_writes_is_said_to_write(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    first, second = person_at("first_line_lulea"), person_at("first_line_colleague_lulea")
    poll(second, second.get(TICKET), X_Writes="requester")
    page = first.get(TICKET)
    assert shown(page) == f"Skriver nu: {person(desk, 'first_line_colleague_lulea').name}"
    assert page.element("ticket-presence")["role"] == "status"


def test_a_supplier_and_its_customer_learn_nothing_of_one_another(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier")
    inside = [person_at(who) for who in ("first_line_lulea", "second_line_lulea", "it_service_manager")]
    technician = person_at("supplier_technician")
    for visitor in (*inside, technician):
        poll(visitor, visitor.get(TICKET), X_Writes="supplier")
    assert shown(technician.get(TICKET)) == ""
    for visitor in inside:
        assert person(desk, "supplier_technician").name not in shown(visitor.get(TICKET))


def test_many_are_counted(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier")
    everybody = ("administrator", "developer", "local_it", "second_line", "first_line_colleague")
    for who in everybody:
        person_at(f"{who}_lulea").get(TICKET)
    person_at("it_service_manager").get(TICKET)
    assert "och 2 till" in shown(person_at("first_line_lulea").get(TICKET))


def test_what_one_may_not_see_one_is_not_at(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    assert person_at("first_line_pitea").get(TICKET).status == 404
    assert shown(person_at("first_line_lulea").get(TICKET)) == ""


def test_a_poll_without_news_asks_little_and_writes_once(app: Flask, person_at: People, desk: Desk) -> None:
    """The person and their session, the rule book's revision, the ticket's row, who else is here: 4; and one write."""
    ticket_after(desk, "take")
    visitor = person_at("first_line_lulea")
    page = visitor.get(TICKET)
    with statements(app) as sent:
        assert poll(visitor, page).status == 204
    assert [one.split()[0] for one in sent] == ["SELECT"] * 4 + ["INSERT"]


def test_a_part_of_the_page_that_is_renewed_tells_nothing(app: Flask, person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    visitor = person_at("first_line_lulea")
    with statements(app) as sent:
        visitor.client.get(TICKET, headers={"HX-Target": "running"})
    assert not any(one.startswith("INSERT") for one in sent)
