"""Who speaks with the requester sees whether and when they have been told, and have looked; nobody else does."""

from urllib.parse import unquote

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.links import give_link
from servicedesk.core.vocabulary import RequesterKind
from tests.mail.sending import ADDRESS, post, reachable, sends
from tests.support.desk import persona, ticket_after
from tests.support.mailbox import mailbox
from tests.support.pages import Visitor
from tests.web.conftest import People

FIRST = "first_line_lulea"


def test_the_ticket_says_what_has_been_mailed_and_what_could_not_be(person_at: People, desk: Desk) -> None:
    sends(desk)
    with mailbox() as there:
        number = reachable(desk, "take").number
        page = person_at(FIRST).get(f"/tickets/{number}")
        assert f"Anmälaren får besked med mejl till {ADDRESS}." in page.text
        post(desk, there)
        page = person_at(FIRST).get(f"/tickets/{number}")
        assert "Kvittensen: mejlades i dag 09.00" in page.text
    other = reachable(desk).number
    with mailbox(on_recipient=lambda address: "550 no") as there:
        post(desk, there)
    page = person_at(FIRST).get(f"/tickets/{other}")
    assert "Kvittensen: gick inte att mejla" in page.text and "550" in page.text
    assert "Ett mejl till anmälaren kom inte fram." in person_at(FIRST).get("/notices").text


@pytest.mark.parametrize(
    "mails, given, words",
    [
        (False, {}, "Ärendesystemet skickar inga mejl"),
        (True, {"requester_contact": "070-000 00 00"}, "Det finns ingen e-postadress till anmälaren"),
        (
            True,
            {"requester_kind": RequesterKind.PROTECTED, "requester_name": "", "requester_contact": ""},
            "Skyddade personuppgifter: inget skickas med mejl.",
        ),
    ],
)
def test_where_no_mail_goes_out_the_ticket_and_the_receipt_say_so_and_why(
    person_at: People, desk: Desk, mails: bool, given: dict[str, str], words: str
) -> None:
    desk.mails = mails
    number = reachable(desk, **given).number
    for page in (f"/tickets/{number}", f"/tickets/{number}/receipt"):
        assert words in person_at(FIRST).get(page).text


@pytest.mark.parametrize(
    "given, words",
    [
        ({}, "Ett mejl om det går till a…@medborgare.example."),
        ({"requester_contact": "070-000 00 00"}, "så inget skickas med mejl. Berätta själv för anmälaren."),
        (
            {"requester_kind": RequesterKind.PROTECTED, "requester_name": "", "requester_contact": ""},
            "Skyddade personuppgifter: inget skickas med mejl.",
        ),
    ],
)
def test_before_it_is_sent_it_is_said_whether_a_mail_goes_out_and_where_to(
    person_at: People, desk: Desk, given: dict[str, str], words: str
) -> None:
    """Over the reply, the question and the solution; not over what the requester does not read."""
    sends(desk)
    number, who = reachable(desk, "take", **given).number, person_at(FIRST)
    html = who.get(f"/tickets/{number}").html
    for to, is_said in (("reply", True), ("note", False)):
        readers = html.partition(f'id="{to}-readers"')[2].partition("</p>")[0]
        assert readers and (words in readers) is is_said
    may_be_asked = "requester_kind" not in given
    for step in ("ask_requester_from_first_line", "resolve_in_first_line")[not may_be_asked :]:
        assert words in who.get(f"/tickets/{number}/steps/{step}").text


def test_the_receipt_gives_the_link_to_copy_print_or_mail(person_at: People, desk: Desk) -> None:
    number = reachable(desk).number
    who = person_at(FIRST)
    page = who.send(f"/tickets/{number}/receipt", "/requester-link")
    [mail] = [link for link in page.links() if link.startswith("mailto:")]
    assert unquote(mail).startswith(f"mailto:{ADDRESS}?subject=Ditt ärende {number}&body=") and "/arende/" in unquote(
        mail
    )
    assert "Mejla den själv" in page.text and "Det går inte att logga in" not in page.text


def test_the_ticket_says_when_the_requester_last_looked(person_at: People, visitor: Visitor, desk: Desk) -> None:
    number = reachable(desk).number
    token = give_link(desk, number, actor=persona(desk, FIRST))
    assert "Anmälaren har inte öppnat sin sida." in person_at(FIRST).get(f"/tickets/{number}").text
    visitor.get(f"/arende/{token}")
    assert "Anmälaren öppnade sin sida senast i dag 09.00." in person_at(FIRST).get(f"/tickets/{number}").text


def test_nobody_above_the_municipality_is_told_of_any_of_it(person_at: People, desk: Desk) -> None:
    sends(desk)
    number = ticket_after(desk, "order_from_supplier", requester_contact=ADDRESS).number
    with mailbox() as there:
        post(desk, there)
    for who in ("it_service_manager", "supplier_technician"):
        page = person_at(who).get(f"/tickets/{number}").text
        assert ADDRESS not in page and "mejla" not in page
