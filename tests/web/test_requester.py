"""Whoever asked follows their ticket by a link: where it stands, what is asked of them, what they can do."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from servicedesk.actions import entries
from servicedesk.actions.attempts import LINK, WRITING
from servicedesk.actions.desk import Desk
from servicedesk.actions.erase import erase_texts
from servicedesk.actions.links import give_link, withdraw_link
from servicedesk.actions.outbox import drain
from servicedesk.actions.requesting import send_message
from servicedesk.actions.steps import perform
from servicedesk.actions.sweep import sweep
from servicedesk.core.errors import NotFound, Refusal
from servicedesk.core.facts import OPERATOR
from servicedesk.core.requesters import RATED_WITHIN, requester
from servicedesk.core.ticket import TicketState
from servicedesk.store.access import SignInAttempt
from servicedesk.store.outbox import Notice
from servicedesk.store.queries.journal import events_of
from servicedesk.store.queries.tickets import state_of
from servicedesk.store.queries.verification import verify_ticket
from servicedesk.store.requesters import RequesterLink
from servicedesk.store.tickets import Ticket
from tests.support.desk import START, WRITTEN, new_ticket, persona, ticket_after
from tests.support.pages import Page, Visitor
from tests.web.conftest import People

FIRST = "first_line_lulea"
NUMBER = "2026-00001"


def link_to(desk: Desk, ticket: TicketState) -> str:
    return f"/arende/{give_link(desk, ticket.number, actor=persona(desk, FIRST))}"


def step(desk: Desk, name: str, *needs: str) -> None:
    perform(desk, NUMBER, name, actor=persona(desk, FIRST), given={need: WRITTEN[need] for need in needs})


def asked(desk: Desk) -> str:
    address = link_to(desk, ticket_after(desk, "take"))
    step(desk, "ask_requester_from_first_line", "question")
    return address


def resolved(desk: Desk) -> str:
    address = link_to(desk, ticket_after(desk, "take"))
    step(desk, "resolve_in_first_line", "solution", "resolution_code")
    return address


def ticket(desk: Desk) -> TicketState:
    with desk.reading() as connection:
        return state_of(connection, NUMBER)


def kinds(desk: Desk) -> list[str]:
    with desk.reading() as connection:
        return [f"{event.kind} {event.actor.split(':')[0]}" for event in events_of(connection, 1)]


def send(visitor: Visitor, address: str, form: str, *files: tuple[bytes, str], **said: str) -> Page:
    sent = [FileStorage(BytesIO(content), name, "file") for content, name in files]
    fields = {**visitor.get(address).form(form), **said}
    boundary, data = encode_multipart(MultiDict([*fields.items(), *(("file", each) for each in sent)]))
    kind = f"multipart/form-data; boundary={boundary}"
    return Page(visitor.client.post(address + form, data=data, content_type=kind))


def test_the_page_says_where_it_stands_and_by_when_in_plain_words(visitor: Visitor, desk: Desk) -> None:
    address = link_to(desk, new_ticket(desk))
    page = visitor.get(address)
    assert "Vi har tagit emot ditt ärende" in page.text and "Det ska vara löst senast" in page.text
    assert "/dina-uppgifter/lulea?lang=sv" in page.links()
    assert "Sidan blir vit efter inloggningen." in page.text
    assert "Anna Exempel" not in page.html and "070-000 00 00" not in page.html
    step(desk, "take")
    assert "Vi arbetar med ditt ärende" in visitor.get(address).text
    desk.clock.move_to(START + timedelta(days=60))  # type: ignore[attr-defined]
    assert "Vi är sena." in visitor.get(address).text


def test_a_question_stands_on_top_and_the_answer_sets_the_work_going_again(visitor: Visitor, desk: Desk) -> None:
    address = asked(desk)
    page = visitor.get(address)
    assert page.text.index("Vi väntar på svar från dig") < page.text.index(WRITTEN["question"])
    assert "Om du inte svarar avslutar vi ärendet" in page.text
    empty = send(visitor, address, "/answers", answer=" ")
    assert (empty.status, "Skriv svaret." in empty.text) == (422, True)
    done = visitor.follow(send(visitor, address, "/answers", (b"hej", "skärm.txt"), answer="Den senaste Firefox."))
    assert "Tack. Vi har fått ditt svar." in done.text and "Vi arbetar med ditt ärende" in done.text
    assert "Den senaste Firefox." in done.text and "skärm.txt" in done.text
    assert kinds(desk)[-2:] == ["QuestionAnswered requester", "AttachmentAdded requester"]


def test_a_form_that_is_sent_twice_takes_effect_once_and_one_with_other_words_is_given_back(
    visitor: Visitor, desk: Desk
) -> None:
    address = link_to(desk, new_ticket(desk))
    fields = {**visitor.get(address).form("/messages"), "body": "Det blinkar."}
    assert [visitor.post(f"{address}/messages", fields).status for _ in range(2)] == [303, 303]
    assert kinds(desk).count("EntryAdded requester") == 1
    other = visitor.post(f"{address}/messages", {**fields, "body": "Det lyser."})
    assert other.status == 409 and other.form("/messages")["body"] == "Det lyser."


def test_another_file_in_a_form_that_was_sent_is_asked_for_and_never_taken_for_the_first(
    visitor: Visitor, desk: Desk
) -> None:
    address = link_to(desk, new_ticket(desk))
    fields = {**visitor.get(address).form("/messages"), "body": "Se bilden."}
    for name, status in (("en.txt", 303), ("en.txt", 303), ("två.txt", 409)):
        assert visitor.post(f"{address}/messages", {**fields, "file": (BytesIO(b"abc"), name)}).status == status
    assert kinds(desk).count("AttachmentAdded requester") == 1


def test_the_same_words_in_another_form_are_not_sent_again(visitor: Visitor, desk: Desk) -> None:
    """As a browser does that goes back: it fills in again what was sent, in a page that is new."""
    address = link_to(desk, new_ticket(desk))
    assert send(visitor, address, "/messages", body="Det blinkar.").status == 303
    page = send(visitor, address, "/messages", body="Det blinkar. ")
    assert page.status == 409 and "Precis det här har du redan skickat" in page.text
    assert kinds(desk).count("EntryAdded requester") == 1
    assert send(visitor, address, "/messages", body="Det lyser.").status == 303


def test_a_picture_of_twenty_megabytes_takes_no_words_with_it(visitor: Visitor, desk: Desk) -> None:
    address = link_to(desk, new_ticket(desk))
    page = send(visitor, address, "/messages", (bytes(20_000_000), "skärm.png"), body="Se bilden.")
    assert page.status == 422 and page.form("/messages")["body"] == "Se bilden."
    assert "10 MB" in page.text
    assert kinds(desk).count("EntryAdded requester") == 0


def test_a_message_is_news_to_those_who_have_the_ticket_and_answers_nobody(visitor: Visitor, desk: Desk) -> None:
    ticket_after(desk, "", channel="web")
    address = link_to(desk, ticket(desk))
    assert send(visitor, address, "/messages", body="Det gäller även min fru.").status == 303
    assert ticket(desk).responded_at is None
    drain(desk)
    with desk.reading() as connection:
        told = connection.execute(select(Notice.person, Notice.why).where(Notice.kind == "EntryAdded")).all()
        assert ("lulea-forsta-linjen", "EntryAdded") in told
        assert verify_ticket(connection, desk.book(connection), 1) == []
    entries.reply(desk, NUMBER, "Vi tittar på det.", actor=persona(desk, FIRST))
    assert "Luleå kommun skrev" in visitor.get(address).text
    assert ticket(desk).responded_at is not None


def test_what_was_sent_is_had_again_by_the_link_alone(visitor: Visitor, desk: Desk, person_at: People) -> None:
    address, other = link_to(desk, new_ticket(desk)), link_to(desk, new_ticket(desk))
    send(visitor, address, "/messages", (b"<script>alert(1)</script>", "bild.html"))
    entries.note(desk, NUMBER, "internt", actor=persona(desk, FIRST))
    (file,) = [link for link in visitor.get(address).links() if "/attachments/" in link]
    saved = visitor.get(file)
    assert saved.html == "<script>alert(1)</script>"
    assert saved.headers["Content-Disposition"].startswith("attachment; ")
    assert saved.headers["Referrer-Policy"] == "no-referrer"
    assert visitor.get(file.replace(address, other)).status == 404
    assert "bild.html" in person_at(FIRST).get(f"/tickets/{NUMBER}").text
    too_many = send(visitor, address, "/messages", *[(b"x", f"{n}.txt") for n in range(6)], body="Sex filer.")
    assert too_many.status == 422 and too_many.form("/messages")["body"] == "Sex filer."


def test_a_solution_is_confirmed_and_then_one_question_is_asked(
    visitor: Visitor, desk: Desk, person_at: People
) -> None:
    address = resolved(desk)
    page = visitor.get(address)
    assert "Ditt ärende är löst" in page.text and WRITTEN["solution"] in page.text
    assert "Om du inte hör av dig avslutar vi ärendet" in page.text and not page.has_form("/ratings")
    closed = visitor.follow(send(visitor, address, "/confirmations"))
    assert "Tack. Ärendet är avslutat." in closed.text and "Hur gick det?" in closed.text
    assert send(visitor, address, "/ratings", rating="superb").status == 422
    assert send(visitor, address, "/ratings", rating="bad", comment="Det tog en vecka.").status == 303
    assert send(visitor, address, "/ratings", rating="good").status == 303
    page = visitor.get(address)
    assert "Du har svarat: Bra." in page.text and page.form("/ratings")["rating"] == "good"
    team = person_at(FIRST).get(f"/tickets/{NUMBER}").text
    assert "Anmälarens omdöme Bra" in team and "Det tog en vecka." in team
    with desk.reading() as connection:
        assert connection.execute(select(Ticket.rating)).scalar_one() == "good"
        assert verify_ticket(connection, desk.book(connection), 1) == []


def test_how_it_went_is_asked_for_a_while_and_anew_after_a_reopening(visitor: Visitor, desk: Desk) -> None:
    address = resolved(desk)
    send(visitor, address, "/confirmations")
    send(visitor, address, "/ratings", rating="good")
    assert send(visitor, address, "/reopenings", reason="Det kom tillbaka.").status == 303
    assert ticket(desk).rating == ""
    step(desk, "accept_in_first_line")
    step(desk, "resolve_in_first_line", "solution", "resolution_code")
    send(visitor, address, "/confirmations")
    fields = visitor.get(address).form("/ratings")
    desk.clock.move_to(START + RATED_WITHIN)  # type: ignore[attr-defined]
    assert not visitor.get(address).has_form("/ratings")
    late = visitor.post(f"{address}/ratings", {**fields, "rating": "bad"})
    assert late.status == 409 and "inte längre svara på hur det gick" in late.text


def test_a_fault_that_is_still_there_opens_the_ticket_again(visitor: Visitor, desk: Desk) -> None:
    address = resolved(desk)
    assert send(visitor, address, "/reopenings", reason="").status == 422
    done = visitor.follow(send(visitor, address, "/reopenings", reason="Sidan är fortfarande vit."))
    assert "Ärendet är öppet igen." in done.text and "Du öppnade ärendet igen" in done.text
    assert kinds(desk)[-1] == "TicketReopened requester"
    stale = visitor.post(f"{address}/confirmations", {})
    assert stale.status == 409 and "Ärendet har ändrats sedan du öppnade sidan." in stale.text


def test_what_time_does_by_itself_is_told_plainly(visitor: Visitor, desk: Desk) -> None:
    address = asked(desk)
    desk.clock.move_to(START + timedelta(days=30))  # type: ignore[attr-defined]
    sweep(desk)
    text = visitor.get(address).text
    assert "Ditt ärende är avslutat" in text and "Vi påminde dig om frågan" in text
    assert not visitor.get(address).has_form("/messages")


def test_a_link_ends_some_time_after_the_closing_and_a_new_reading_of_it_begins_that_anew(
    visitor: Visitor, desk: Desk, app: Flask
) -> None:
    address, later = link_to(desk, ticket_after(desk, "take")), START + timedelta(days=400)
    desk.clock.move_to(later)  # type: ignore[attr-defined]
    assert visitor.get(address).status == 200, "while the ticket lives it opens"
    step(desk, "resolve_in_first_line", "solution", "resolution_code")
    send(visitor, address, "/confirmations")
    end = later + timedelta(days=app.config["LINK_DAYS"])
    desk.clock.move_to(end - timedelta(seconds=1))  # type: ignore[attr-defined]
    assert visitor.get(address).status == 200
    desk.clock.move_to(end)  # type: ignore[attr-defined]
    assert visitor.get(address).status == 404
    assert link_to(desk, ticket(desk)) == address
    assert visitor.get(address).status == 200


def test_wrong_old_and_withdrawn_links_are_one_and_the_same_calm_page(visitor: Visitor, desk: Desk) -> None:
    address = link_to(desk, new_ticket(desk))
    withdraw_link(desk, NUMBER, actor=persona(desk, FIRST))
    gone, wrong = visitor.get(address), visitor.get("/arende/inget")
    assert gone.status == wrong.status == 404 and gone.text == wrong.text
    assert "Länken går inte att använda" in gone.text and "säg ditt ärendenummer" in gone.text
    assert link_to(desk, ticket(desk)) != address
    assert visitor.get(address).status == 404


def test_guessing_is_slowed_down_by_where_it_comes_from(visitor: Visitor, desk: Desk) -> None:
    address = link_to(desk, new_ticket(desk))
    visitor.get("/arende/gissad")
    with desk.transaction() as connection:
        connection.execute(update(SignInAttempt).where(SignInAttempt.kind == "link").values(attempts=LINK.attempts))
    page = visitor.get("/arende/gissad-igen")
    assert page.status == 429 and "För många försök" in page.text
    assert visitor.get(address).status == 200, "who has a link that opens is never refused"


def test_of_one_ticket_so_much_is_written_and_no_more(visitor: Visitor, desk: Desk) -> None:
    address = link_to(desk, new_ticket(desk))
    send(visitor, address, "/messages", body="Hej.")
    with desk.transaction() as connection:
        mine = SignInAttempt.kind == "writing"
        connection.execute(update(SignInAttempt).where(mine).values(attempts=WRITING.attempts))
    page = send(visitor, address, "/messages", body="Hej igen.")
    assert page.status == 429 and page.form("/messages")["body"] == "Hej igen."


def test_the_page_keeps_no_cookie_and_tells_its_address_to_nobody(visitor: Visitor, desk: Desk) -> None:
    address = link_to(desk, new_ticket(desk))
    for page in (visitor.get(address), visitor.get("/arende/fel")):
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert "Set-Cookie" not in page.headers and "<script" not in page.html


def test_the_database_alone_gives_no_link(desk: Desk) -> None:
    token = link_to(desk, new_ticket(desk)).rsplit("/", 1)[1]
    assert len(token) == 43
    with desk.reading() as connection:
        kept = connection.execute(select(RequesterLink.salt, RequesterLink.token_hash)).one()
    assert token not in kept


def test_the_log_names_no_link(visitor: Visitor, desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    address = link_to(desk, new_ticket(desk))
    with caplog.at_level("INFO"):
        visitor.get(address)
    (record,) = [each for each in caplog.records if each.getMessage() == "request"]
    assert record.told["route"] == "/arende/<link>"  # type: ignore[attr-defined]


@pytest.mark.parametrize(("accepts", "says"), [("en-GB,en;q=0.9", "We have received"), ("de", "Vi har tagit emot")])
def test_the_page_speaks_the_browsers_language_until_another_is_chosen(
    app: Flask, desk: Desk, accepts: str, says: str
) -> None:
    address, visitor = link_to(desk, new_ticket(desk)), Visitor(app)
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = accepts
    page = visitor.get(address)
    assert says in page.text
    other = {"en": "sv", "sv": "en"}["en" if says.startswith("We") else "sv"]
    assert visitor.post(f"{address}/language", {"language": other}).status == 303
    assert f'<html lang="{other}"' in visitor.get(address).html
    assert visitor.post(f"{address}/language", {"language": "xx"}).status == 303


def test_the_municipality_gives_the_link_and_the_journal_says_who(desk: Desk, person_at: People, app: Flask) -> None:
    ticket_after(desk, "accept_in_joint")
    first = person_at(FIRST)
    page = first.send(f"/tickets/{NUMBER}", "/requester-link")
    address = page.element("requester-link")["value"]
    assert page.status == 200 and address.startswith("http://localhost/arende/")
    assert Visitor(app).get(address.removeprefix("http://localhost")).status == 200
    assert "fick se anmälarens länk" in person_at("second_line_lulea").get(f"/tickets/{NUMBER}").text
    board = person_at("it_service_manager")
    assert not board.get(f"/tickets/{NUMBER}").has_form("/requester-link")
    with pytest.raises(Refusal):
        give_link(desk, NUMBER, actor=persona(desk, "it_service_manager"))
    with pytest.raises(NotFound):
        give_link(desk, NUMBER, actor=persona(desk, "first_line_pitea"))
    withdrawn = first.post(f"/tickets/{NUMBER}/requester-link/withdrawal", page.form("/withdrawal"))
    assert "Länken är tagen ur bruk." in first.follow(withdrawn).text
    assert "tog anmälarens länk ur bruk" in first.get(f"/tickets/{NUMBER}").text


def test_a_requester_is_there_for_one_ticket_alone_and_staff_is_no_requester(desk: Desk) -> None:
    new_ticket(desk), new_ticket(desk)
    with pytest.raises(NotFound):
        send_message(desk, "2026-00002", "Hej.", actor=requester(NUMBER))
    with pytest.raises(NotFound):
        perform(desk, "2026-00002", "take", actor=requester(NUMBER))
    with pytest.raises(Refusal):
        perform(desk, NUMBER, "take", actor=requester(NUMBER))
    with pytest.raises(Refusal):
        entries.note(desk, NUMBER, "Hej.", actor=requester(NUMBER))
    with pytest.raises(Refusal):
        send_message(desk, NUMBER, "Hej.", actor=persona(desk, FIRST))


def test_erasing_a_ticket_takes_its_link_and_its_words(visitor: Visitor, desk: Desk) -> None:
    address = resolved(desk)
    send(visitor, address, "/confirmations")
    erase_texts(desk, NUMBER, "Beslut 7", actor=OPERATOR)
    assert visitor.get(address).status == 404
    page = visitor.get(link_to(desk, ticket(desk)))
    assert page.status == 200 and "Texten är borttagen." in page.text and "Sidan blir vit" not in page.html


def test_who_reads_a_question_or_a_solution_is_said_before_it_is_written(desk: Desk, person_at: People) -> None:
    ticket_after(desk, "take")
    for name in ("ask_requester_from_first_line", "resolve_in_first_line"):
        page = person_at(FIRST).get(f"/tickets/{NUMBER}/steps/{name}")
        assert "Syns för anmälaren och Luleå kommun." in page.text
    assert "Syns för anmälaren" not in person_at(FIRST).get(f"/tickets/{NUMBER}/steps/escalate_to_second_line").text


def test_what_is_typed_is_shown_as_it_is_whatever_it_is(visitor: Visitor, desk: Desk) -> None:
    address = link_to(desk, new_ticket(desk))
    typed = "<script>alert(1)</script> שלום 👩‍👩‍👧 & ''"
    send(visitor, address, "/messages", body=typed)
    page = visitor.get(address)
    assert "<script>" not in page.html and typed in page.text
    long = send(visitor, address, "/messages", body="å" * 20_001)
    assert long.status == 422 and len(long.form("/messages")["body"]) == 20_001
