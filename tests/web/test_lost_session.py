"""A form that was sent when the session was over: it comes back to the person whose it was, and to nobody else."""

from io import BytesIO

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note
from servicedesk.actions.majors.declaring import NewMajor, declare_major
from servicedesk.actions.signin import set_password
from servicedesk.core.facts import OPERATOR
from tests.actions.life import kinds
from tests.support.desk import PASSWORD, PLATFORM, WRITTEN, new_ticket, person, persona, ticket_after
from tests.support.pages import Page, Visitor
from tests.web.conftest import People

NUMBER = "2026-00001"
TICKET = f"/tickets/{NUMBER}"
HOME = "/"
SAID = {"subject": "Det jag skrev", "description": 'Rad ett.\nRad två med "citat" & <taggar>.', "impact": "high"}


def lose(visitor: Visitor) -> None:
    visitor.client.delete_cookie("session")


def sign_in_on(visitor: Visitor, page: Page, who: str, desk: Desk) -> Page:
    """By the sign-in form that stands on the page."""
    form = {**page.form("/sign-in"), "email": person(desk, who).email, "password": PASSWORD}
    return visitor.post("/sign-in", form)


def sent_without_session(visitor: Visitor, **said: str) -> Page:
    form = {**visitor.get("/tickets/new").form("/tickets/new"), **SAID, **said}
    lose(visitor)
    return visitor.post("/tickets/new", form)


def test_the_form_comes_back_filled_in_and_nothing_is_sent_by_itself(person_at: People, desk: Desk) -> None:
    visitor = person_at("first_line_lulea")
    page = sent_without_session(visitor)
    assert page.status == 401
    assert SAID["description"] in page.html.replace("&#34;", '"').replace("&amp;", "&").replace("&lt;", "<").replace(
        "&gt;", ">"
    )
    back = sign_in_on(visitor, page, "first_line_lulea", desk)
    assert "det du skrev finns kvar" in back.text
    shown = visitor.post("/tickets/new", back.form("/tickets/new"))
    assert shown.status == 200
    assert "Inget av det här är sparat än." in shown.text
    form = shown.form("/tickets/new")
    assert {name: form[name] for name in SAID} == SAID
    assert visitor.get(TICKET).status == 404
    assert visitor.post("/tickets/new", form).location == f"{TICKET}/receipt"


def test_somebody_else_who_signs_in_is_shown_nothing_of_it(person_at: People, desk: Desk) -> None:
    visitor = person_at("first_line_lulea")
    page = sent_without_session(visitor)
    after = sign_in_on(visitor, page, "first_line_colleague_lulea", desk)
    assert after.location == HOME
    assert SAID["subject"] not in visitor.get("/queue").html


def test_a_wrong_password_on_the_way_loses_nothing(person_at: People, desk: Desk) -> None:
    visitor = person_at("first_line_lulea")
    page = sent_without_session(visitor)
    form = {**page.form("/sign-in"), "email": person(desk, "first_line_lulea").email, "password": "fel"}
    wrong = visitor.post("/sign-in", form)
    assert wrong.status == 401
    back = sign_in_on(visitor, wrong, "first_line_lulea", desk)
    assert back.form("/tickets/new")["subject"] == SAID["subject"]


def test_a_password_that_was_changed_meanwhile_loses_nothing(person_at: People, desk: Desk) -> None:
    visitor, email = person_at("first_line_lulea"), person(desk, "first_line_lulea").email
    form = {**visitor.get("/tickets/new").form("/tickets/new"), **SAID}
    set_password(desk, email, "ett-helt-annat-lösenord", actor=OPERATOR)
    page = visitor.post("/tickets/new", form)
    assert page.status == 401
    back = visitor.post("/sign-in", {**page.form("/sign-in"), "email": email, "password": "ett-helt-annat-lösenord"})
    assert back.form("/tickets/new")["subject"] == SAID["subject"]


FORMS = {
    "/replies": {"body": "Vi återkommer."},
    "/notes": {"body": "Bara för oss.", "audience": "municipality"},
    "/steps/escalate_to_second_line": {"reason": WRITTEN["reason"], "tried": WRITTEN["tried"]},
    "/priority": {"impact": "high", "urgency": "high", "reason": "Alla är drabbade."},
    "/corrections/priority": {"impact": "high", "urgency": "high", "reason": "Fel från början."},
}


@pytest.mark.parametrize("action", FORMS)
def test_every_form_on_a_ticket_comes_back(person_at: People, desk: Desk, action: str) -> None:
    ticket_after(desk, "take")
    visitor = person_at("first_line_lulea")
    page = visitor.get(f"{TICKET}{action}" if "steps" in action else TICKET)
    form = {**page.form(action), **FORMS[action]}
    lose(visitor)
    back = sign_in_on(visitor, visitor.post(f"{TICKET}{action}", form), "first_line_lulea", desk)
    before = kinds(desk, NUMBER)
    shown = visitor.post(f"{TICKET}{action}", back.form(action))
    assert shown.status == 200
    assert "Du är inloggad igen" in shown.text
    assert kinds(desk, NUMBER) == before
    again = shown.form(action)
    assert {name: again[name] for name in FORMS[action]} == FORMS[action]
    assert visitor.post(f"{TICKET}{action}", again).location == TICKET
    assert len(kinds(desk, NUMBER)) == len(before) + 1


def test_what_happened_meanwhile_is_shown_beside_it(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = {**visitor.get(TICKET).form("/replies"), "body": "Vi återkommer."}
    lose(visitor)
    page = visitor.post(f"{TICKET}/replies", form)
    note(desk, NUMBER, "Någon annan skrev.", actor=persona(desk, "first_line_colleague_lulea"))
    back = sign_in_on(visitor, page, "first_line_lulea", desk)
    shown = visitor.post(f"{TICKET}/replies", back.form("/replies"))
    assert "Någon annan skrev." in shown.text
    assert shown.form("/replies")["body"] == "Vi återkommer."


def test_a_form_from_before_a_new_sign_in_comes_back_too(app: Flask, person_at: People, desk: Desk) -> None:
    """Two tabs: signed out and in again in the one, the form still open in the other."""
    visitor = person_at("first_line_lulea")
    form = {**visitor.get("/tickets/new").form("/tickets/new"), **SAID}
    visitor.send("/queue", "/sign-out")
    visitor.sign_in(person(desk, "first_line_lulea").email)
    page = visitor.post("/tickets/new", form)
    assert page.status == 400
    assert "Sidan är gammal" in page.text
    shown = visitor.post("/tickets/new", page.form("/tickets/new"))
    assert shown.form("/tickets/new")["subject"] == SAID["subject"]


def test_a_form_of_another_site_is_brought_back_to_nobody(visitor: Visitor, desk: Desk) -> None:
    """It has no number that we gave this person."""
    for nonce in ({}, {"nonce": "abc.0123456789abcdef"}, {"nonce": "å"}):
        page = visitor.post("/tickets/new", {**SAID, **nonce})
        assert page.status == 401
        after = sign_in_on(visitor, page, "first_line_lulea", desk)
        assert after.location == HOME
        visitor.send("/queue", "/sign-out")


@pytest.mark.parametrize("draft", ["x", "[]", "[1, 2]", '["/tickets/new", [["a"]]]', '["//evil.example", []]', "null"])
def test_a_draft_that_is_none_of_ours_is_passed_over(visitor: Visitor, desk: Desk, draft: str) -> None:
    form = visitor.get("/sign-in").form("/sign-in")
    said = {"email": person(desk, "first_line_lulea").email, "password": PASSWORD, "draft": draft}
    assert visitor.post("/sign-in", {**form, **said}).location == HOME


def test_a_draft_leads_to_no_other_site(person_at: People, desk: Desk) -> None:
    visitor = person_at("first_line_lulea")
    page = sent_without_session(visitor)
    draft = page.form("/sign-in")["draft"].replace('"/tickets/new"', '"//evil.example/tickets/new"')
    form = {**page.form("/sign-in"), "draft": draft}
    after = visitor.post("/sign-in", {**form, "email": person(desk, "first_line_lulea").email, "password": PASSWORD})
    assert after.location == HOME


def test_more_than_any_form_takes_is_shown_to_be_copied_and_not_carried(person_at: People) -> None:
    page = sent_without_session(person_at("first_line_lulea"), description="lång text " * 40_000)
    assert page.status == 401
    assert "draft" not in page.form("/sign-in")
    assert "lång text lång text" in page.html


def test_a_picture_of_twenty_megabytes_takes_no_words_with_it(person_at: People, desk: Desk) -> None:
    """It is more than a form without files may be, and nobody is signed in to take it: it is read past."""
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = {**visitor.get(TICKET).form("/replies"), "body": "Se bilden."}
    lose(visitor)
    picture = BytesIO(b"\x89PNG" + bytes(20_000_000))
    page = visitor.post(f"{TICKET}/replies", {**form, "file": (picture, "skärmbild.png")})
    assert page.status == 401
    back = sign_in_on(visitor, page, "first_line_lulea", desk)
    shown = visitor.post(f"{TICKET}/replies", back.form("/replies"))
    assert shown.form("/replies")["body"] == "Se bilden."
    assert "Du hade valt skärmbild.png." in shown.text
    assert visitor.post(f"{TICKET}/replies", shown.form("/replies")).location == TICKET


def test_a_list_to_be_saved_comes_back_and_is_saved_when_it_is_sent_again(person_at: People, desk: Desk) -> None:
    visitor = person_at("first_line_lulea")
    form = {**visitor.get("/queue?scope=open&priority=1").form("/views"), "name": "Akut"}
    lose(visitor)
    back = sign_in_on(visitor, visitor.post("/views", form), "first_line_lulea", desk)
    shown = visitor.post("/views", back.form("/views"))
    assert "Inget av det här är sparat än." in shown.text
    assert "Du har inga sparade listor" in visitor.get("/views").text
    assert shown.form("/views")["name"] == "Akut"
    assert visitor.post("/views", shown.form("/views")).location.startswith("/queue?")
    assert "Akut" in visitor.get("/views").text


def test_what_the_public_is_told_is_looked_through_first(person_at: People, desk: Desk) -> None:
    visitor = person_at("it_service_manager")
    said = {
        "service": PLATFORM,
        "title": "Inloggningen går trögt",
        "text": "Vi söker felet.",
        "municipalities": "lulea",
    }
    form = {**visitor.get("/disruptions").form("/disruptions"), **said}
    lose(visitor)
    back = sign_in_on(visitor, visitor.post("/disruptions", form), "it_service_manager", desk)
    shown = visitor.post("/disruptions", back.form("/disruptions"))
    assert "Inget av det här är sparat än." in shown.text
    assert "Inloggningen går trögt" not in visitor.get("/driftinfo").text
    again = shown.form("/disruptions")
    assert again["text"] == "Vi söker felet."
    assert visitor.post("/disruptions", again).status == 303
    assert "Inloggningen går trögt" in visitor.get("/driftinfo").text


def test_what_a_major_incident_tells_everybody_is_too(person_at: People, desk: Desk) -> None:
    new = NewMajor(PLATFORM, ["lulea"], "Inloggningen fungerar inte", "Vi söker felet.")
    key = declare_major(desk, new, actor=persona(desk, "it_service_manager"))
    visitor, page = person_at("it_service_manager"), f"/major-incidents/{key}"
    for form, said in {"/messages": {"text": "Felet är hittat."}, "/resolution": {"solution": "Omstart."}}.items():
        sent = {**visitor.get(page).form(form), **said}
        lose(visitor)
        back = sign_in_on(visitor, visitor.post(page + form, sent), "it_service_manager", desk)
        shown = visitor.post(page + form, back.form(form))
        assert "Inget av det här är sparat än." in shown.text
        assert said.items() <= shown.form(form).items()
        assert next(iter(said.values())) not in visitor.get(page).text
