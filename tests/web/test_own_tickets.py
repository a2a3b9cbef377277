"""An employee signs in to what they have asked themselves: exactly that, with the same page as by link."""

from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from servicedesk.actions.desk import Desk
from servicedesk.actions.erase import erase_texts
from servicedesk.actions.installation import load_installation
from servicedesk.actions.steps import perform
from servicedesk.core.facts import OPERATOR
from servicedesk.core.vocabulary import RequesterKind
from servicedesk.store.queries.journal import events_of
from servicedesk.store.queries.requesters import own_tickets
from servicedesk.store.queries.tickets import view_ticket
from servicedesk.store.queries.verification import verify_ticket
from tests.support.desk import new_ticket, person, persona
from tests.support.pages import Page, Visitor
from tests.web.conftest import People

FIRST, DEVELOPER, OTHER = "first_line_lulea", "developer_lulea", "administrator_lulea"
SAID = {"subject": "Formuläret sparar inte", "description": "Det står att något saknas.", "e_service": "bygglov"}


def asked_by(desk: Desk, name: str = DEVELOPER, **given: str) -> str:
    contact = person(desk, name).email
    return new_ticket(
        desk, requester_kind=RequesterKind.EMPLOYEE, requester_contact=f"{contact}, 070-1", **given
    ).number


def reported(visitor: Visitor, **said: str) -> Page:
    return visitor.send("/mina-arenden/nytt", "/mina-arenden/nytt", **{**SAID, **said})


def test_a_person_sees_what_they_have_asked_and_nothing_else(person_at: People, desk: Desk) -> None:
    mine, others = asked_by(desk, subject="Mitt eget"), asked_by(desk, OTHER, subject="Någon annans")
    citizens = new_ticket(desk, requester_contact=person(desk, DEVELOPER).email, subject="Privat").number
    page = person_at(DEVELOPER).get("/mina-arenden")
    assert "Mitt eget" in page.text and "Vi har tagit emot ditt ärende" in page.text
    assert "Någon annans" not in page.text and "Privat" not in page.text, "what a citizen asks is their private matter"
    for number in (others, citizens, "2026-99999"):
        assert person_at(DEVELOPER).get(f"/mina-arenden/{number}").status == 404
    assert person_at(DEVELOPER).get(f"/mina-arenden/{mine}").status == 200


def test_it_is_by_the_key_that_was_kept_and_not_by_an_address_that_somebody_has_later(desk: Desk) -> None:
    number = asked_by(desk)
    with desk.reading() as connection:
        who, other = persona(desk, DEVELOPER), persona(desk, OTHER)
        assert [own.ticket.number for own in own_tickets(connection, who)[0]] == [number]
        assert own_tickets(connection, replace(other, name=who.name))[0] == []
        assert own_tickets(connection, replace(who, kind="client"))[0] == []
        [first] = [event for event in events_of(connection, 1) if event.seq == 1]
        assert "requester_person" in first.texts, "the journal says that it was kept"
        assert verify_ticket(connection, desk.book(connection), 1) == []


def test_who_asks_is_erased_with_the_rest(person_at: People, desk: Desk) -> None:
    number = asked_by(desk)
    perform(desk, number, "take", actor=persona(desk, FIRST))
    perform(
        desk,
        number,
        "resolve_in_first_line",
        actor=persona(desk, FIRST),
        given={"solution": "Klart", "resolution_code": "solved"},
    )
    perform(desk, number, "confirm", actor=persona(desk, FIRST))
    erase_texts(desk, number, "Beslut 1", actor=OPERATOR)
    assert person_at(DEVELOPER).get(f"/mina-arenden/{number}").status == 404


def test_the_key_is_nobodys_to_read(desk: Desk) -> None:
    number = asked_by(desk)
    key = persona(desk, DEVELOPER).key
    with desk.reading() as connection:
        view = view_ticket(connection, desk.book(connection), persona(desk, FIRST), number)
    assert view.requester is not None and view.requester.person == key
    assert all("requester_person" not in entry.texts for entry in view.entries)


def test_an_employee_reports_a_matter_and_is_its_requester(person_at: People, desk: Desk) -> None:
    visitor = person_at(DEVELOPER)
    sent = reported(visitor)
    page = visitor.follow(sent)
    assert "Tack. Vi har tagit emot ditt ärende." in page.text and "Formuläret sparar inte" in page.text
    staff = person_at("second_line_lulea").get("/tickets/2026-00001")
    assert "Anmälaren" in staff.text and "Webb" in staff.text and "Följer ärendet inloggad" in staff.text
    with desk.reading() as connection:
        [first] = events_of(connection, 1)
        assert first.actor == "requester:2026-00001", "nobody above the municipality learns who it was"
        assert verify_ticket(connection, desk.book(connection), 1) == []


def test_the_same_report_sent_twice_is_one_ticket(person_at: People) -> None:
    visitor = person_at(DEVELOPER)
    form = visitor.get("/mina-arenden/nytt").form("/mina-arenden/nytt")
    sent = [visitor.post("/mina-arenden/nytt", {**form, **SAID}) for _ in range(2)]
    assert [page.location for page in sent] == ["/mina-arenden/2026-00001?done=report"] * 2
    changed = visitor.post("/mina-arenden/nytt", {**form, **SAID, "subject": "Något annat"})
    assert changed.status == 409 and "Något annat" in changed.html


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"subject": ""}, "Skriv med några ord vad det gäller"),
        ({"description": " "}, "Berätta vad som händer"),
        ({"e_service": "finns inte"}, "Välj ett av namnen i listan"),
        ({"municipality": "pitea"}, "Välj en kommun"),
        ({"subject": "x" * 300}, "Korta ner texten"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field_and_nothing_is_lost(
    person_at: People, wrong: dict[str, str], words: str
) -> None:
    page = reported(person_at(DEVELOPER), **wrong)
    assert page.status == 422 and words in page.text
    assert "Det står att något saknas." in page.html or "description" in wrong


def test_files_come_along_and_an_answer_goes_back(person_at: People, desk: Desk) -> None:
    visitor = person_at(DEVELOPER)
    form = visitor.get("/mina-arenden/nytt").form("/mina-arenden/nytt")
    file = FileStorage(BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 90), "bild.png", "file")
    visitor.client.post("/mina-arenden/nytt", data={**form, **SAID, "file": file}, content_type="multipart/form-data")
    page = visitor.get("/mina-arenden/2026-00001")
    assert "bild.png" in page.text
    assert visitor.get("/mina-arenden/2026-00001/attachments/2").status == 200
    visitor.send("/mina-arenden/2026-00001", "/messages", body="En sak till.")
    assert "En sak till." in visitor.get("/mina-arenden/2026-00001").text
    assert "En sak till." in person_at("second_line_lulea").get("/tickets/2026-00001").text


def test_a_form_of_another_site_does_nothing(person_at: People, desk: Desk) -> None:
    number = asked_by(desk)
    assert person_at(DEVELOPER).post(f"/mina-arenden/{number}/messages", {"body": "hej"}).status == 400


def test_the_joint_organisation_and_suppliers_report_nothing_here(person_at: People) -> None:
    for name in ("it_service_manager", "supplier_technician"):
        assert person_at(name).get("/mina-arenden/nytt").status == 404
        assert person_at(name).get("/mina-arenden").status == 200


def test_who_has_no_seat_comes_to_their_own_tickets_and_reports_where_they_work(person_at: People, desk: Desk) -> None:
    visitor = person_at(OTHER)
    with desk.reading() as connection:
        book = desk.book(connection)
    key = persona(desk, OTHER).key
    people = {**book.installation.people, key: replace(book.installation.people[key], memberships=())}
    load_installation(desk, replace(book.installation, people=people), list(book.workflows()))
    assert visitor.get("/").location == "/mina-arenden"
    page = visitor.get("/mina-arenden")
    assert "Kö" not in page.text.split() and "Anmäl något" in page.text
    assert "Välj en kommun." in reported(visitor).text
    sent = reported(visitor, municipality="lulea")
    assert visitor.follow(sent).status == 200
    for address in (
        "/queue",
        "/notices",
        "/search?q=a",
        "/tickets/2026-00001",
        "/tickets/new",
        "/triage",
        "/workflows",
    ):
        assert visitor.get(address).status in (200, 404, 409), address
    assert visitor.get("/tickets/2026-00001").status == 404, "as a member of staff they are nobody"


def test_an_employee_of_the_file_reports_to_their_own_municipality_and_is_found_by_those_who_log(
    person_at: People, desk: Desk
) -> None:
    visitor, key = person_at(OTHER), persona(desk, OTHER).key
    with desk.reading() as connection:
        book = desk.book(connection)
    asks = replace(book.installation.people[key], memberships=(), employer="lulea")
    load_installation(
        desk, replace(book.installation, people={**book.installation.people, key: asks}), list(book.workflows())
    )
    sent = reported(visitor)
    assert sent.status == 303 and "Luleå" in visitor.follow(sent).text, "where they work is known"
    assert reported(visitor, municipality="pitea").status == 422
    found = person_at(FIRST).send("/tickets/new", show="people", requester_name=asks.email)
    assert f"staff {key}" in found.html
    assert (
        f"staff {key}"
        not in person_at("first_line_pitea").send("/tickets/new", show="people", requester_name=asks.email).html
    )


def test_what_was_written_when_the_session_was_over_is_given_back(person_at: People, app: Flask, desk: Desk) -> None:
    number = asked_by(desk)
    visitor = person_at(DEVELOPER)
    form = visitor.get(f"/mina-arenden/{number}").form("/messages")
    stranger = Visitor(app)
    shown = stranger.post(f"/mina-arenden/{number}/messages", {**form, "body": "Det gäller hela lagret."})
    assert shown.status == 401 and "Det gäller hela lagret." in shown.html
    assert "Det gäller hela lagret." not in visitor.get(f"/mina-arenden/{number}").text, "nothing was saved"
