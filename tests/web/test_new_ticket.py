from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.store.queries.tickets import view_ticket
from tests.support.desk import PLATFORM, persona
from tests.support.pages import Page, Visitor
from tests.web.conftest import People

SAID = {
    "subject": "Kvittensen kommer aldrig fram",
    "description": "Rad ett.\nRad två.",
    "requester_name": "Anna Exempel",
    "requester_contact": "070-000 00 00",
}


def log(visitor: Visitor, **said: str) -> Page:
    return visitor.send("/tickets/new", **{**SAID, **said})


def test_a_ticket_is_logged_and_its_number_can_be_read_out(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    page = log(visitor, impact="high", urgency="high")
    assert page.location == "/tickets/2026-00001/receipt"
    receipt = visitor.follow(page)
    assert "2026-00001" in receipt.text
    assert "Luleå kundcenter" in receipt.text
    assert "1 kritisk" in receipt.text
    assert "senast 2 mars 2026 kl." in receipt.text


def test_everything_said_stands_on_the_ticket(person_at: People, desk: Desk) -> None:
    log(person_at("first_line_lulea"), platform_case="LUL-77", fault="platform", channel="visit")
    with desk.reading() as connection:
        view = view_ticket(connection, desk.book(connection), persona(desk, "first_line_lulea"), "2026-00001")
    assert (view.title, view.description) == (SAID["subject"], SAID["description"])
    assert view.requester is not None
    assert (view.requester.name, view.requester.contact) == ("Anna Exempel", "070-000 00 00")
    assert (view.ticket.platform_case, view.ticket.fault, view.ticket.channel) == ("LUL-77", "platform", "visit")
    assert (view.ticket.municipality, view.ticket.service) == ("lulea", PLATFORM)


def test_a_missing_subject_is_explained_beside_its_field_and_nothing_typed_is_lost(person_at: People) -> None:
    page = log(person_at("first_line_lulea"), subject=" ", impact="medium", channel="mail", platform_case="LUL-1")
    assert page.status == 422
    assert "Skriv med några ord vad det gäller." in page.text
    field = page.element("new-subject")
    assert field["aria-invalid"] == "true"
    assert "new-subject-fault" in field["aria-describedby"]
    assert page.element("new-subject-fault")
    form = page.form("/tickets/new")
    kept = {name: form[name] for name in ("description", "requester_name", "impact", "channel", "platform_case")}
    assert kept == {
        "description": SAID["description"],
        "requester_name": "Anna Exempel",
        "impact": "medium",
        "channel": "mail",
        "platform_case": "LUL-1",
    }


def test_every_field_at_fault_is_named_at_once(person_at: People) -> None:
    page = log(person_at("first_line_lulea"), subject="", e_service="pitea-bygglov", platform_case="x" * 201)
    assert page.status == 422
    assert [id for id in ("subject", "e_service", "platform_case") if f'id="new-{id}-fault"' in page.html] == [
        "subject",
        "e_service",
        "platform_case",
    ]
    assert "Korta ner texten till 200 tecken; nu har den 201." in page.text


def test_a_choice_that_was_not_offered_is_refused_as_one(person_at: People) -> None:
    page = log(person_at("first_line_lulea"), impact="enormous")
    assert page.status == 422
    assert "Välj ett av alternativen." in page.text


def test_only_ones_own_municipality_is_offered_and_no_other_is_taken(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    page = visitor.get("/tickets/new")
    assert page.form("/tickets/new")["municipality"] == "lulea"
    assert "Piteå kommun" not in page.text
    refused = log(visitor, municipality="pitea")
    assert refused.status == 409
    assert "Du kan bara registrera ärenden i en kommun där du arbetar." in refused.text
    assert SAID["subject"] in refused.text


@pytest.mark.parametrize("name", ["it_service_manager", "supplier_technician"])
def test_those_who_log_nothing_are_told_so_and_not_invited(person_at: People, name: str) -> None:
    visitor = person_at(name)
    assert "/tickets/new" not in visitor.get("/queue").links()
    page = visitor.get("/tickets/new")
    assert page.status == 409
    assert "Du kan bara registrera ärenden" in page.text


def test_what_they_log_most_stands_first(person_at: People) -> None:
    assert person_at("first_line_lulea").get("/tickets/new").form("/tickets/new")["workflow"] == "citizen_incident"
    assert person_at("second_line_lulea").get("/tickets/new").form("/tickets/new")["workflow"] != "citizen_incident"


def test_the_back_button_and_a_second_click_give_the_same_ticket(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    form = {**visitor.get("/tickets/new").form("/tickets/new"), **SAID}
    first, second = visitor.post("/tickets/new", form), visitor.post("/tickets/new", form)
    assert first.location == second.location == "/tickets/2026-00001/receipt"
    assert visitor.get("/tickets/2026-00002").status == 404


def test_two_clicks_at_the_same_moment_give_one_ticket(app: Flask, person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    form = {**visitor.get("/tickets/new").form("/tickets/new"), **SAID}
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None

    def click(_: int) -> str:
        client = app.test_client()
        client.set_cookie("session", cookie.value)
        return client.post("/tickets/new", data=form).headers["Location"]

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(click, range(4))) == {"/tickets/2026-00001/receipt"}
    assert visitor.get("/tickets/2026-00002").status == 404


def test_after_a_fault_the_same_form_can_be_sent_again(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    page = log(visitor, subject="")
    again = visitor.post("/tickets/new", {**page.form("/tickets/new"), "subject": "Nu rätt"})
    assert again.location == "/tickets/2026-00001/receipt"


def test_a_caller_without_name_and_contact_is_anonymous(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    log(visitor, requester_name="", requester_contact="")
    assert "Anonym" in visitor.get("/tickets/2026-00001").text
