"""Mail goes out once, whatever the server does: it is gone, full, slow, refuses one address, or the sender dies."""

import logging
from email.message import EmailMessage
from threading import Event, Thread

import pytest
from sqlalchemy import select

from servicedesk.actions import mailing
from servicedesk.actions.desk import Desk
from servicedesk.actions.mailing import LEASE, Envelope
from servicedesk.actions.outbox import drain
from servicedesk.core.letters import Letter
from servicedesk.core.webhooks import ATTEMPTS, DELAYS
from servicedesk.mail.office import MailOffice
from servicedesk.store.outbox import Notice
from servicedesk.web.requester.letters import LetterWriter
from tests.actions.life import do, wait
from tests.mail.sending import ADDRESS, PUBLIC, office, post, reachable, rows, sends, states
from tests.support.desk import PERSONAS, ticket_after
from tests.support.mailbox import CUT, OK, mailbox

FIRST = "first_line_lulea"


def test_a_server_that_is_gone_is_tried_again_and_gets_everything_in_order_when_it_is_back(keyed: Desk) -> None:
    desk = sends(keyed)
    with mailbox() as there:
        port = there.port
    first = reachable(desk, "take").number
    assert post(desk, there) == 0
    assert states(desk) == [("logged", "waiting", 1)]
    wait(desk, seconds=1)
    reachable(desk)
    do(desk, first, FIRST, "ask_requester_from_first_line", question="Vilken webbläsare?")
    assert post(desk, there) == 0, "it is asked once a round"
    wait(desk, hours=3)
    assert post(desk, there) == 0
    wait(desk, hours=3)
    with mailbox(port) as there:
        post(desk, there)
    assert [row.state for row in rows(desk)].count("waiting") == 0
    assert "Vi har en fråga till dig" in there.news
    ids = [mail["Message-ID"] for mail in there.mails]
    assert len(ids) == len(set(ids))


def test_what_is_refused_for_now_comes_later_under_the_same_id(keyed: Desk) -> None:
    desk, answers, seen = sends(keyed), ["451 later", OK], []

    def later(mail: EmailMessage) -> str:
        seen.append(mail["Message-ID"])
        return answers.pop(0)

    with mailbox(on_mail=later) as there:
        reachable(desk)
        assert post(desk, there) == 0 and post(desk, there) == 0
        wait(desk, seconds=DELAYS[0].total_seconds() * 1.2)
        assert post(desk, there) == 1
    assert len(set(seen)) == 1 and states(desk) == [("logged", "sent", 2)]


def test_an_address_that_is_refused_for_good_is_set_aside_and_told_to_those_who_speak_with_the_requester(
    keyed: Desk,
) -> None:
    desk = sends(keyed)
    number = ticket_after(desk, "order_from_supplier", requester_contact=ADDRESS).number
    with mailbox(on_recipient=lambda address: f"550 {address} unknown here") as there:
        post(desk, there)
        wait(desk, days=3)
        assert post(desk, there) == 0
    [row] = rows(desk)
    assert (row.state, row.attempts, row.response, row.failure) == ("failed", 1, 550, "answered 550")
    with desk.reading() as connection:
        told = connection.execute(select(Notice.person).where(Notice.why == "mail_failed")).scalars().all()
    assert told == [PERSONAS["second_line_lulea"]] or PERSONAS["second_line_lulea"] in told
    assert not any(person.startswith(("leverantor", "e-namnden")) for person in told), number


def test_one_that_is_never_taken_is_given_up_in_the_end_and_reported(keyed: Desk) -> None:
    desk = sends(keyed)
    with mailbox(on_mail=lambda mail: "452 full") as there:
        reachable(desk)
        for _ in range(ATTEMPTS + 2):
            post(desk, there)
            wait(desk, hours=27)
    assert states(desk) == [("logged", "failed", ATTEMPTS)]


def test_a_server_that_refuses_us_costs_no_mail_its_life(keyed: Desk) -> None:
    desk = sends(keyed)
    with mailbox(on_sender=lambda sender: "550 who are you") as there:
        reachable(desk)
        reachable(desk)
        post(desk, there)
    assert {state for _, state, _ in states(desk)} == {"waiting"}
    assert sorted(attempts for *_, attempts in states(desk)) == [0, 1], "the others are not tried in vain"


def test_one_bad_mail_holds_up_no_other(keyed: Desk) -> None:
    desk = sends(keyed)
    bad, good = reachable(desk).number, reachable(desk).number
    write = LetterWriter(PUBLIC).write

    def cannot(envelope: Envelope) -> tuple[Letter, str]:
        if envelope.view.ticket.number == bad:
            raise RuntimeError(ADDRESS)
        return write(envelope)

    with mailbox() as there:
        drain(desk)
        assert MailOffice(desk, there.server(), cannot).run() == 1
    assert good in str(there.mails[0]["Subject"])
    assert [row.state for row in rows(desk)] == ["failed", "sent"]


def test_a_sender_that_dies_after_the_server_has_taken_it_sends_it_again_under_the_same_id(
    keyed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = sends(keyed)
    with mailbox() as there:
        number = reachable(desk, "take").number
        real = mailing._record

        def dies(*given: object) -> None:
            raise SystemExit

        monkeypatch.setattr(mailing, "_record", dies)
        with pytest.raises(SystemExit):
            post(desk, there)
        monkeypatch.setattr(mailing, "_record", real)
        do(desk, number, FIRST, "ask_requester_from_first_line", question="Vilken webbläsare?")
        assert post(desk, there) == 0, "until the lease ends, nobody else takes it, nor what comes after it"
        wait(desk, seconds=LEASE.total_seconds() + 1)
        post(desk, there)
    assert there.news[0] == "Vi har tagit emot ditt ärende" and there.news[-1] == "Vi har en fråga till dig"
    assert len({mail["Message-ID"] for mail in there.mails if "tagit emot" in mail["Subject"]}) == 1


def test_a_line_that_is_cut_in_the_middle_is_no_refusal(keyed: Desk) -> None:
    desk, answers = sends(keyed), [CUT, OK]
    with mailbox(on_mail=lambda mail: answers.pop(0)) as there:
        reachable(desk)
        assert post(desk, there) == 0
        assert states(desk) == [("logged", "waiting", 1)]
        wait(desk, minutes=1)
        assert post(desk, there) == 1
    assert len({mail["Message-ID"] for mail in there.mails}) == 1


def test_a_server_that_hangs_is_left(keyed: Desk) -> None:
    desk, is_left = sends(keyed), Event()

    def hangs(address: str) -> str:
        is_left.wait()
        return OK

    with mailbox(on_recipient=hangs) as there:
        reachable(desk)
        assert post(desk, there, seconds=0.1) == 0
        is_left.set()
        [row] = rows(desk)
        assert (row.state, row.failure) == ("waiting", "timed_out")
        wait(desk, minutes=1)
        is_left.clear()
        assert post(desk, there, at_most=0.1) == 0
        is_left.set()


def test_however_many_send_each_mail_goes_once(either_desk: Desk) -> None:
    desk = sends(either_desk)
    for _ in range(6):
        reachable(desk)
    drain(desk)
    with mailbox() as there:
        offices = [Thread(target=office(desk, there).run) for _ in range(3)]
        for each in offices:
            each.start()
        for each in offices:
            each.join()
    ids = [mail["Message-ID"] for mail in there.mails]
    assert len(ids) == len(set(ids)) == 6
    assert {state for _, state, _ in states(desk)} == {"sent"}


def test_no_log_says_to_whom_or_about_what(keyed: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk = sends(keyed)
    caplog.set_level(logging.DEBUG)
    with mailbox(on_recipient=lambda address: f"550 {address} unknown") as there:
        number = reachable(desk).number
        post(desk, there)
    ours = [record for record in caplog.records if record.name.startswith("servicedesk")]
    told = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in ours)
    assert "a mail was not sent" in told
    assert ADDRESS not in told and number not in told and "logga in" not in told
