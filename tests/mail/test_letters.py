"""Whoever asked is told by mail: when, in which words, and nothing that is not theirs to read."""

import re
from typing import Any

import pytest
from sqlalchemy import update

from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note, reply
from servicedesk.actions.erase import erase_texts
from servicedesk.actions.links import enter_by_link
from servicedesk.actions.outbox import drain
from servicedesk.actions.requesting import act_as_requester
from servicedesk.actions.sweep import sweep
from servicedesk.core.facts import OPERATOR
from servicedesk.core.letters import Letter, address_in
from servicedesk.core.requesters import requester
from servicedesk.core.vocabulary import RequesterKind, Verb
from servicedesk.mail.message import message_of
from servicedesk.store.requesters import RequesterLink
from tests.actions.life import do, wait
from tests.mail.sending import ADDRESS, PUBLIC, post, reachable, rows, sends, states
from tests.support.desk import START, persona
from tests.support.mailbox import SENDER, mailbox, text_of

FIRST = "first_line_lulea"


def solve(desk: Desk, number: str, solution: str = "Certifikatet är bytt.") -> None:
    do(desk, number, FIRST, "resolve_in_first_line", solution=solution, resolution_code="solved")


def test_each_occasion_is_told_once_in_the_order_in_which_it_came(keyed: Desk) -> None:
    desk = sends(keyed)
    with mailbox() as there:
        number = reachable(desk, "take").number
        post(desk, there)
        do(desk, number, FIRST, "ask_requester_from_first_line", question="Vilken webbläsare?")
        post(desk, there)
        wait(desk, days=7)
        sweep(desk)
        post(desk, there)
        act_as_requester(desk, number, Verb.ANSWER, {"answer": "Firefox"}, actor=requester(number))
        reply(desk, number, "Tack, vi tittar på det.", actor=persona(desk, FIRST))
        post(desk, there)
        solve(desk, number)
        post(desk, there)
        wait(desk, days=40)
        sweep(desk)
        post(desk, there)
        assert post(desk, there) == 0
    assert there.news == [
        "Vi har tagit emot ditt ärende",
        "Vi har en fråga till dig",
        "Vi väntar fortfarande på ditt svar",
        "Vi har skrivit till dig",
        "Ditt ärende är löst",
        "Ditt ärende är avslutat",
    ]
    assert {to for to, _ in there.taken} == {ADDRESS}
    root = there.mails[0]["Message-ID"]
    assert [mail["In-Reply-To"] for mail in there.mails] == [None, *[root] * 5], "one thread in the reader's mail"


def test_a_mail_says_the_number_the_subject_what_is_asked_and_the_link_and_nothing_else(keyed: Desk) -> None:
    desk = sends(keyed)
    with mailbox() as there:
        number = reachable(desk, "take", description="HEMLIGT-BESKRIVNING").number
        note(desk, number, "HEMLIGT-ANTECKNING", actor=persona(desk, FIRST))
        reply(desk, number, "HEMLIGT-SVAR", actor=persona(desk, FIRST))
        post(desk, there)
        do(desk, number, FIRST, "ask_requester_from_first_line", question="Vilken <b>webbläsare</b> & version?")
        post(desk, there)
        act_as_requester(desk, number, Verb.ANSWER, {"answer": "HEMLIGT-EGET"}, actor=requester(number))
        solve(desk, number, "HEMLIGT-LÖSNING")
        post(desk, there)
        do(desk, number, FIRST, "confirm")
        post(desk, there)
    texts = [text_of(mail) for mail in there.mails]
    for mail, text in zip(there.mails, texts, strict=True):
        whole = mail.as_string() + text + text_of(mail, "html")
        assert "HEMLIGT" not in whole and "Anna" not in whole
        assert number in text and "Det går inte att logga in" in text
        assert re.search(rf"{PUBLIC}/arende/[\w-]{{43}}", text) and "Luleå" in str(mail["From"])
    asked = there.mails[2]
    assert "    Vilken <b>webbläsare</b> & version?" in text_of(asked)
    assert "Vilken &lt;b&gt;webbläsare&lt;/b&gt; &amp; version?" in text_of(asked, "html")
    assert "hur gick det?" in texts[-1] and "Berätta hur det gick" in texts[-1], "the one question, once it is over"
    link = re.search(r"/arende/([\w-]{43})", texts[-1])
    assert link is not None
    assert enter_by_link(desk, link[1], origin="", days=60)[0] == requester(number)


def test_machines_are_told_not_to_answer(keyed: Desk) -> None:
    desk = sends(keyed)
    with mailbox() as there:
        reachable(desk)
        post(desk, there)
    [mail] = there.mails
    assert mail["Auto-Submitted"] == "auto-generated" and mail["X-Auto-Response-Suppress"] == "All"
    assert mail["List-Id"] == "<tickets.desk.example>" and mail["X-Loop"] == SENDER
    assert mail["Content-Language"] == "sv" and mail.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize(
    "given",
    [
        {"requester_kind": RequesterKind.PROTECTED, "requester_name": "", "requester_contact": ""},
        {"requester_kind": RequesterKind.ANONYMOUS},
        {"requester_contact": "070-000 00 00"},
        {"requester_contact": f"{ADDRESS} eller annan@medborgare.example"},
    ],
)
def test_nobody_is_mailed_whose_identity_is_protected_or_whose_address_is_not_known(
    keyed: Desk, given: dict[str, Any]
) -> None:
    desk = sends(keyed)
    with mailbox() as there:
        reachable(desk, **given)
        assert post(desk, there) == 0
    assert rows(desk) == []


def test_nothing_waits_for_a_mail_server_that_is_not_set(keyed: Desk) -> None:
    with mailbox() as there:
        reachable(keyed)
        assert post(keyed, there) == 0
        keyed.mails = True
        assert post(keyed, there) == 0, "nobody is told later of what happened before"


def test_what_has_been_overtaken_or_erased_is_not_sent_any_more(keyed: Desk) -> None:
    desk = sends(keyed)
    number, erased = (reachable(desk, "take").number for _ in range(2))
    with mailbox() as there:
        post(desk, there)
        do(desk, number, FIRST, "ask_requester_from_first_line", question="Vilken webbläsare?")
        do(desk, erased, FIRST, "ask_requester_from_first_line", question="Vilken webbläsare?")
        act_as_requester(desk, number, Verb.ANSWER, {"answer": "Firefox"}, actor=requester(number))
        solve(desk, number)
        do(desk, erased, FIRST, "answer_first_line", answer="Firefox")
        solve(desk, erased)
        do(desk, erased, FIRST, "confirm")
        drain(desk)
        erase_texts(desk, erased, "Beslut 1", actor=OPERATOR)
        there.taken.clear()
        post(desk, there)
    assert there.news == ["Ditt ärende är löst"]
    assert [state for _, state, _ in states(desk)].count("dropped") == 4


def test_the_mail_is_in_the_language_that_the_requester_has_chosen(keyed: Desk) -> None:
    desk = sends(keyed)
    with mailbox() as there:
        number = reachable(desk, "take").number
        post(desk, there)
        with desk.transaction() as connection:
            connection.execute(update(RequesterLink).values(language="en"))
        solve(desk, number)
        post(desk, there)
    assert there.news[-1] == "Your ticket is solved" and there.mails[-1]["Content-Language"] == "en"
    assert "Try it, and tell us whether it works." in text_of(there.mails[-1])


@pytest.mark.parametrize(
    "contact, address",
    [
        ("anna@x.example", "anna@x.example"),
        ("Anna <anna.b+c@x.example>; 070-1 23", "anna.b+c@x.example"),
        ("mailto:anna@x.example", "anna@x.example"),
        ("anna@x.example.", "anna@x.example"),
        ("anna@åäö.example", "anna@xn--4cab6c.example"),
        ("anna@x.example anna@x.example", "anna@x.example"),
        ("a@x.example, b@x.example", ""),
        ("anna@localhost", ""),
        ("anna@[127.0.0.1]", ""),
        ("åsa@x.example", ""),
        ("anna@x..example", ""),
        ("@x.example", ""),
        (".anna@x.example", ""),
        ("a" * 65 + "@x.example", ""),
        ("anna@x.example\r\nBcc: alla@x.example", ""),
        ("", ""),
    ],
)
def test_an_address_is_found_only_where_there_is_exactly_one(contact: str, address: str) -> None:
    assert address_in(contact) == address


@pytest.mark.parametrize("where", ["subject", "name", "address", "language"])
def test_nothing_breaks_out_of_its_header(where: str) -> None:
    bad = "x\r\nBcc: alla@medborgare.example"
    given = {"subject": "Ämne", "name": "Luleå", "address": ADDRESS, "language": "sv"} | {where: bad}
    letter = Letter(given["subject"], ("Hej.",), "", ("Länk", PUBLIC), (), given["language"])
    with pytest.raises(ValueError):
        message_of(
            letter,
            sender=SENDER,
            name=given["name"],
            address=given["address"],
            message_id="a",
            first_id="a",
            at=START,
        )
