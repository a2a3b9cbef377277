"""Idempotency-Key: what is sent again takes effect once, and is answered as the first time."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note_to_supplier
from servicedesk.actions.once import Once, claim
from servicedesk.api.v1.examples import NEW_TICKET
from servicedesk.core.errors import KeyInUse
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow
from servicedesk.store.schema import upgrade
from tests.api.conftest import Caller, MakeCaller
from tests.api.test_refused_requests import assert_problem
from tests.support.desk import persona, ticket_after

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"
QUESTION = {"question": "Sedan när?"}


@pytest.fixture
def questions(desk: Desk) -> str:
    return f"/api/v1/tickets/{ticket_after(desk, 'accept_at_supplier').number}/information-requests"


def events(desk: Desk) -> int:
    with desk.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(JournalRow)).scalar_one())


def test_the_same_again_does_nothing_and_answers_the_same_although_others_went_on(
    desk: Desk, supplier: Caller, questions: str
) -> None:
    """Also with the ETag that the first sending has made stale."""
    number = questions.split("/")[4]
    tag = supplier.get(f"/api/v1/tickets/{number}").headers["ETag"]
    first = supplier.post(questions, QUESTION, Idempotency_Key=KEY, If_Match=tag)
    note_to_supplier(desk, number, "Vi frågar.", actor=persona(desk, "it_service_manager"))
    desk.clock.move_to(desk.clock.now() + timedelta(hours=3))  # type: ignore[attr-defined]
    before = events(desk)
    again = supplier.post(questions, QUESTION, Idempotency_Key=KEY, If_Match=tag)
    assert again.json == first.json
    assert (again.status_code, again.headers["ETag"]) == (200, first.headers["ETag"])
    assert again.headers["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first.headers
    assert events(desk) == before


def test_a_ticket_is_logged_once(desk: Desk, make_caller: MakeCaller) -> None:
    lulea = make_caller("lulea")
    first = lulea.post("/api/v1/tickets", NEW_TICKET, Idempotency_Key=KEY)
    again = lulea.post("/api/v1/tickets", dict(reversed(NEW_TICKET.items())), Idempotency_Key=KEY)
    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert again.headers["Location"] == first.headers["Location"]
    other = make_caller("pitea").post("/api/v1/tickets", {**NEW_TICKET, "e_service": ""}, Idempotency_Key=KEY)
    assert other.status_code == 201, "a key is its sender's own"


def test_a_key_for_something_else_is_refused(desk: Desk, supplier: Caller, questions: str) -> None:
    assert supplier.post(questions, QUESTION, Idempotency_Key=KEY).status_code == 200
    before = events(desk)
    other = questions.replace("information-requests", "notes")
    for path, given in ((questions, {"question": "Annat?"}), (other, {"body": "Hej"})):
        assert_problem(supplier.post(path, given, Idempotency_Key=KEY), 422, "idempotency_key_reused")
    assert events(desk) == before


def test_what_was_refused_is_not_remembered(supplier: Caller, questions: str) -> None:
    assert supplier.post(questions, {}, Idempotency_Key=KEY).status_code == 422
    assert supplier.post(questions, QUESTION, Idempotency_Key=KEY, If_Match='"1"').status_code == 412
    done = supplier.post(questions, QUESTION, Idempotency_Key=KEY)
    assert (done.status_code, "Idempotency-Replayed" in done.headers) == (200, False)


def test_after_a_day_a_key_is_free_again(desk: Desk, supplier: Caller, questions: str) -> None:
    notes = questions.replace("information-requests", "notes")
    for hours, replayed in ((0, False), (23, True), (2, False)):
        desk.clock.move_to(desk.clock.now() + timedelta(hours=hours))  # type: ignore[attr-defined]
        done = supplier.post(notes, {"body": "Hej"}, Idempotency_Key=KEY)
        assert (done.status_code, "Idempotency-Replayed" in done.headers) == (200, replayed)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "idempotency_key_missing"),
        ("", "idempotency_key_malformed"),
        ("x" * 256, "idempotency_key_malformed"),
        ("två ord", "idempotency_key_malformed"),
    ],
)
def test_without_a_key_nothing_is_done(
    desk: Desk, supplier: Caller, questions: str, key: str | None, code: str
) -> None:
    before = events(desk)
    assert_problem(supplier.post(questions, QUESTION, Idempotency_Key=key), 400, code)
    assert events(desk) == before


def test_sent_by_many_at_once_it_happens_once(app: Flask, desk: Desk, supplier: Caller, questions: str) -> None:
    before, found = events(desk), []

    def send() -> None:
        caller = Caller(app.test_client(), supplier.token)
        found.append(caller.post(questions, QUESTION, Idempotency_Key=KEY))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done: list[Any] = [each.json for each in found if each.status_code == 200]
    assert done and all(each == done[0] for each in done)
    assert all(each.status_code == 200 or "idempotency_key_in_use" in each.text for each in found)
    assert events(desk) == before + 1


def test_while_the_first_is_under_way_the_second_is_told_so(postgres_url: str) -> None:
    desk = Desk(make_engine(postgres_url))
    upgrade(desk.engine)
    once = Once("client:x", "k" * 64, "f" * 64, waits=False)
    with desk.transaction() as first:
        claim(first, once, desk.now(first))
        with desk.transaction() as second, pytest.raises(KeyInUse):
            claim(second, once, desk.now(second))
    desk.engine.dispose()
