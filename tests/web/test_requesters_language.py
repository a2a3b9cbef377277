"""Whoever asks is told in their own language: said once as it is logged, kept, found again, and theirs to change."""

import pytest
from flask import Flask
from sqlalchemy import Connection

from servicedesk.actions.desk import Desk
from servicedesk.actions.erase import erase_texts
from servicedesk.actions.links import give_link
from servicedesk.core.facts import OPERATOR
from servicedesk.core.visibility import LANGUAGE
from servicedesk.core.vocabulary import Language, RequesterKind
from servicedesk.store.queries.journal import texts_of
from servicedesk.store.queries.requesters import language_of
from servicedesk.store.queries.tickets import find_ticket
from servicedesk.store.queries.verification import verify_ticket
from tests.mail.sending import post, sends
from tests.support.desk import new_ticket, persona, ticket_after
from tests.support.mailbox import mailbox
from tests.support.pages import Visitor
from tests.web.conftest import People

FIRST = "first_line_lulea"
CALL = {"subject": "Kartan är tom", "requester_name": "Berit Exempel", "requester_contact": "berit@brev.example"}


def id_of(connection: Connection, desk: Desk, number: str) -> int:
    return find_ticket(connection, persona(desk, FIRST), number)[0]


def language(desk: Desk, number: str = "2026-00001") -> Language:
    with desk.reading() as connection:
        return language_of(connection, desk.book(connection).installation, id_of(connection, desk, number))


def in_swedish(app: Flask, address: str) -> Visitor:
    visitor = Visitor(app)
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "sv"
    assert visitor.get(address).status == 200
    return visitor


def test_mail_and_page_speak_what_was_said_at_logging_until_the_requester_chooses(
    app: Flask, person_at: People, desk: Desk
) -> None:
    sends(desk)
    with mailbox() as there:
        assert person_at(FIRST).send("/tickets/new", **CALL, language="en").status == 303
        post(desk, there)
        assert there.news == ["We have received your ticket"] and there.mails[0]["Content-Language"] == "en"
        address = f"/arende/{give_link(desk, '2026-00001', actor=persona(desk, FIRST))}"
        visitor = in_swedish(app, address)
        assert '<html lang="en"' in visitor.get(address).html, "whatever the browser says"
        assert visitor.send(address, "/language", language="sv").status == 303
        assert '<html lang="sv"' in Visitor(app).get(address).html, "kept, and not by the browser"
        person_at(FIRST).send("/tickets/2026-00001", "/replies", body="Hej!")
        post(desk, there)
        assert there.news[-1] == "Vi har skrivit till dig"


def test_who_logs_is_not_asked_anything_more_where_it_is_swedish(person_at: People, desk: Desk) -> None:
    form = person_at(FIRST).get("/tickets/new").form("/tickets/new")
    assert form["language"] == "sv"
    assert person_at(FIRST).send("/tickets/new", **CALL).status == 303
    with desk.reading() as connection:
        kept = texts_of(connection, id_of(connection, desk, "2026-00001"))
    assert language(desk) is Language.SWEDISH and not any(field == LANGUAGE for _, field in kept)
    assert person_at(FIRST).send("/tickets/new", **CALL, language="xx").status == 422


@pytest.mark.parametrize("how", ["said", "chosen"])
def test_it_is_found_again_with_the_person(app: Flask, person_at: People, desk: Desk, how: str) -> None:
    number = new_ticket(desk, **CALL, **({"language": Language.ENGLISH} if how == "said" else {})).number
    if how == "chosen":
        address = f"/arende/{give_link(desk, number, actor=persona(desk, FIRST))}"
        in_swedish(app, address).send(address, "/language", language="en")
    clerk = person_at(FIRST)
    found = clerk.send("/tickets/new", show="people", requester_name="berit")
    assert 'data-language="en"' in found.html
    assert clerk.send("/tickets/new", show=f"person ticket {number}").form("/tickets/new")["language"] == "en"
    assert clerk.send("/tickets/new", show="person staff lulea-administrator").form("/tickets/new")["language"] == "sv"


def test_nobody_above_the_municipality_reads_it_and_it_goes_with_the_rest(person_at: People, desk: Desk) -> None:
    number = ticket_after(desk, "confirm", language=Language.ENGLISH).number
    assert language(desk, number) is Language.ENGLISH
    with desk.reading() as connection:
        ticket_id = id_of(connection, desk, number)
        assert verify_ticket(connection, desk.book(connection), ticket_id) == []
    assert "requester_language" not in person_at(FIRST).get(f"/tickets/{number}").html
    erase_texts(desk, number, "beslut", actor=OPERATOR)
    assert language(desk, number) is Language.SWEDISH


def test_of_a_protected_identity_not_even_that_is_kept(desk: Desk) -> None:
    given = {"requester_name": "", "requester_contact": "", "language": Language.ENGLISH}
    number = new_ticket(desk, requester_kind=RequesterKind.PROTECTED, **given).number
    with desk.reading() as connection:
        assert {field for _, field in texts_of(connection, id_of(connection, desk, number))} == {
            "subject",
            "description",
        }


def test_an_employee_is_told_in_the_language_in_which_they_reported(person_at: People, desk: Desk) -> None:
    employee = person_at("developer_lulea")
    employee.send("/mina-arenden", "/settings", language="en")
    said = {"subject": "The form saves nothing", "description": "It says something is missing.", "e_service": "bygglov"}
    assert employee.send("/mina-arenden/nytt", "/mina-arenden/nytt", **said).status == 303
    assert language(desk) is Language.ENGLISH
