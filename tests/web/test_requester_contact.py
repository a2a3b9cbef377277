"""How the requester is reached is corrected on the ticket, and a mail that failed is sent again by hand."""

import pytest
from flask import Flask
from sqlalchemy import select

from servicedesk.actions.contact import correct_contact, resend_mail
from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import reply
from servicedesk.actions.erase import erase_texts
from servicedesk.actions.links import give_link
from servicedesk.actions.requesting import act_as_requester
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.facts import OPERATOR
from servicedesk.core.requesters import requester
from servicedesk.core.vocabulary import RequesterKind, Verb
from servicedesk.store.journal import PersonalText
from servicedesk.store.queries.asked_before import find_requesters
from servicedesk.store.queries.requesters import contact_of
from servicedesk.store.queries.tickets import find_ticket, view_ticket
from servicedesk.store.queries.verification import verify_ticket
from tests.actions.life import do
from tests.mail.sending import ADDRESS, post, reachable, rows, sends
from tests.support.desk import new_ticket, person, persona, ticket_after
from tests.support.mailbox import OK, mailbox
from tests.support.pages import Visitor
from tests.web.conftest import People

FIRST, NEW = "first_line_lulea", "anna.ny@medborgare.example"
CORRECTED = {"requester_contact": NEW, "reason": "Hon stavade den för oss."}


def correct(desk: Desk, number: str, contact: str = NEW) -> None:
    correct_contact(desk, number, contact, "Fel antecknat.", actor=persona(desk, FIRST))


def refused_addresses(*wrong: str):  # type: ignore[no-untyped-def]
    return mailbox(on_recipient=lambda address: "550 unknown" if address in wrong else OK)


def test_mail_goes_to_the_new_address_and_one_that_failed_is_sent_again(person_at: People, desk: Desk) -> None:
    sends(desk)
    clerk = person_at(FIRST)
    with refused_addresses(ADDRESS) as there:
        number = reachable(desk, "take").number
        post(desk, there)
        page = clerk.get(f"/tickets/{number}")
        assert "Kvittensen: gick inte att mejla" in page.text and page.has_form("/resends")
        page = clerk.send(f"/tickets/{number}", "/requester-contact", **CORRECTED)
        assert page.status == 303
        page = clerk.get(f"/tickets/{number}")
        assert NEW in page.text and CORRECTED["reason"] in page.text and "rättade hur anmälaren nås" in page.text
        assert clerk.send(f"/tickets/{number}", "/resends").status == 303
        assert "Mejlet skickas igen." in clerk.get(f"/tickets/{number}").text
        post(desk, there)
        assert [to for to, _ in there.taken] == [NEW]
        [row] = rows(desk)
        assert (row.state, row.attempts) == ("sent", 1)
        reply(desk, number, "Hej igen.", actor=persona(desk, FIRST))
        post(desk, there)
    assert [to for to, _ in there.taken] == [NEW, NEW]
    with desk.reading() as connection:
        book = desk.book(connection)
        ticket_id = find_ticket(connection, persona(desk, FIRST), number)[0]
        assert verify_ticket(connection, book, ticket_id) == []
        found = find_requesters(connection, persona(desk, FIRST), "lulea", NEW)
        assert [one.contact for one in found] == [NEW]
        assert find_requesters(connection, persona(desk, FIRST), "lulea", ADDRESS) == []


def test_what_is_given_is_kept_where_it_cannot_be_used(person_at: People, desk: Desk) -> None:
    number = reachable(desk).number
    clerk = person_at(FIRST)
    page = clerk.send(f"/tickets/{number}", "/requester-contact", requester_contact=NEW, reason=" ")
    assert page.status == 422 and page.form("/requester-contact")["requester_contact"] == NEW
    page = clerk.send(f"/tickets/{number}", "/requester-contact", requester_contact="\u202e", reason="Fel.")
    assert page.status == 422
    page = clerk.send(f"/tickets/{number}", "/requester-contact", requester_contact=NEW * 20, reason="Fel.")
    assert page.status == 422
    with pytest.raises(Refusal) as refused:
        correct(desk, number, f"{ADDRESS}, 070-000 00 00")
    assert refused.value.code == "nothing_changed"


def test_only_the_municipality_corrects_and_nobody_above_it_reads_it(person_at: People, desk: Desk) -> None:
    number = ticket_after(desk, "order_from_supplier", requester_contact=ADDRESS).number
    correct(desk, number)
    for who in ("it_service_manager", "supplier_technician"):
        page = person_at(who).get(f"/tickets/{number}")
        assert page.status == 200 and not page.has_form("/requester-contact")
        assert not any(words in page.html for words in (NEW, ADDRESS, "Fel antecknat.", "rättade hur"))
        with pytest.raises(Refusal) as refused:
            correct_contact(desk, number, "x@y.example", "Nej.", actor=persona(desk, who))
        assert refused.value.code == "not_yours"
    assert person_at("first_line_pitea").post(f"/tickets/{number}/requester-contact", CORRECTED).status in (400, 404)


def test_the_requester_is_not_told_of_it(visitor: Visitor, desk: Desk) -> None:
    number = reachable(desk).number
    address = f"/arende/{give_link(desk, number, actor=persona(desk, FIRST))}"
    correct(desk, number)
    assert NEW not in visitor.get(address).html and "Fel antecknat." not in visitor.get(address).html


def test_a_link_that_may_have_gone_astray_is_taken_out_of_use_with_it(
    app: Flask, person_at: People, desk: Desk
) -> None:
    sends(desk)
    number = reachable(desk).number
    with mailbox() as there:
        post(desk, there)
    old = f"/arende/{give_link(desk, number, actor=persona(desk, FIRST))}"
    assert Visitor(app).get(old).status == 200
    page = person_at(FIRST).get(f"/tickets/{number}")
    assert page.form("/requester-contact")["withdraws"] == "yes", "a mail with it has gone out"
    assert person_at(FIRST).send(f"/tickets/{number}", "/requester-contact", **CORRECTED).status == 303
    assert Visitor(app).get(old).status == 404


def test_of_a_protected_identity_nothing_is_kept_and_who_was_anonymous_can_be_mailed(desk: Desk) -> None:
    sends(desk)
    nobody = {"requester_name": "", "requester_contact": ""}
    with pytest.raises(Refusal) as refused:
        correct(desk, new_ticket(desk, requester_kind=RequesterKind.PROTECTED, **nobody).number)
    assert refused.value.code == "protected"
    number = new_ticket(desk, **nobody).number
    correct(desk, number)
    reply(desk, number, "Hej.", actor=persona(desk, FIRST))
    with mailbox() as there:
        post(desk, there)
    assert [to for to, _ in there.taken] == [NEW]


def test_the_colleague_whose_address_it_was_by_mistake_sees_it_no_longer(person_at: People, desk: Desk) -> None:
    wrong, right = person(desk, "developer_lulea").email, person(desk, "administrator_lulea").email
    number = new_ticket(desk, requester_kind=RequesterKind.EMPLOYEE, requester_contact=wrong).number
    assert person_at("developer_lulea").get(f"/mina-arenden/{number}").status == 200
    correct(desk, number, right)
    assert person_at("developer_lulea").get(f"/mina-arenden/{number}").status == 404
    assert number not in person_at("developer_lulea").get("/mina-arenden").text
    assert person_at("administrator_lulea").get(f"/mina-arenden/{number}").status == 200
    correct(desk, number, "070-174 00 00")
    assert person_at("administrator_lulea").get(f"/mina-arenden/{number}").status == 404
    with desk.reading() as connection:
        view = view_ticket(connection, desk.book(connection), persona(desk, FIRST), number)
    assert view.requester is not None and (view.requester.contact, view.requester.person) == ("070-174 00 00", "")


def test_who_has_reported_it_themselves_keeps_it_whatever_they_are_reached_by(person_at: People, desk: Desk) -> None:
    said = {"subject": "Tomt", "description": "Det står att något saknas.", "e_service": "bygglov"}
    person_at("developer_lulea").send("/mina-arenden/nytt", "/mina-arenden/nytt", **said)
    correct(desk, "2026-00001", "privat@brev.example")
    assert person_at("developer_lulea").get("/mina-arenden/2026-00001").status == 200


def test_both_addresses_go_when_the_ticket_is_erased(desk: Desk) -> None:
    number = ticket_after(desk, "confirm", requester_contact=ADDRESS).number
    correct(desk, number)
    erase_texts(desk, number, "beslut", actor=OPERATOR)
    with desk.reading() as connection:
        ticket_id = find_ticket(connection, persona(desk, FIRST), number)[0]
        assert contact_of(connection, ticket_id) == ""
        assert not any(
            connection.execute(select(PersonalText.text).where(PersonalText.ticket_id == ticket_id)).scalars()
        )
        assert verify_ticket(connection, desk.book(connection), ticket_id) == []


def test_a_mail_is_not_sent_again_that_has_gone_is_overtaken_or_has_no_address(person_at: People, desk: Desk) -> None:
    sends(desk)
    with refused_addresses(ADDRESS) as there:
        number, answered = (reachable(desk, "take").number for _ in range(2))
        for each in (number, answered):
            do(desk, each, FIRST, "ask_requester_from_first_line", question="Vilken webbläsare?")
        post(desk, there)
    clerk = person_at(FIRST)
    asked, late = [row.id for row in rows(desk) if row.state == "failed"]
    act_as_requester(desk, answered, Verb.ANSWER, {"answer": "Firefox"}, actor=requester(answered))
    with pytest.raises(Refusal) as refused:
        resend_mail(desk, answered, late, actor=persona(desk, FIRST))
    assert refused.value.code == "overtaken"
    assert not clerk.get(f"/tickets/{answered}").has_form("/resends")

    def again(mail: int = asked) -> str:
        token = clerk.get(f"/tickets/{number}").form("/requester-link")["csrf_token"]
        answer = clerk.post(f"/tickets/{number}/mails/{mail}/resends", {"csrf_token": token})
        return clerk.get(f"/tickets/{number}").text if answer.status == 303 else str(answer.status)

    assert again(10**12) == "404"
    correct(desk, number, "070-000 00 00")
    assert "Rätta den först." in again()
    correct(desk, number)
    assert "Mejlet skickas igen." in again()
    assert "Mejlet har gått i väg" in again()


@pytest.mark.parametrize("contact, reason, fields", [("", "Fel.", {"requester_contact"}), (NEW, "", {"reason"})])
def test_it_takes_an_address_and_a_reason(desk: Desk, contact: str, reason: str, fields: set[str]) -> None:
    number = reachable(desk).number
    with pytest.raises(Invalid) as invalid:
        correct_contact(desk, number, contact, reason, actor=persona(desk, FIRST))
    assert set(invalid.value.fields) == fields
