"""How often a client may call: told with every answer, the same however many processes answer, and cheap."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask

from servicedesk.actions.clients import ClientGiven, create_client
from servicedesk.actions.desk import Desk
from servicedesk.actions.rates import PARTS, Rates
from servicedesk.actions.tokens import READ, make_token
from servicedesk.core.errors import Unavailable
from servicedesk.core.facts import OPERATOR
from servicedesk.store.queries.clients import TOKEN
from tests.api.conftest import SUPPLIER, Caller
from tests.performance.pages import statements
from tests.support.desk import START, DeskFactory


@pytest.fixture
def slow(app: Flask, desk: Desk) -> Caller:
    """A client that may call three times a minute."""
    client = create_client(desk, SUPPLIER, ClientGiven("Larm", (READ,), rate=3), actor=OPERATOR)
    return Caller(app.test_client(), make_token(desk, client.key, TOKEN, "x", actor=OPERATOR).text)


def test_every_answer_says_how_it_stands_and_the_last_says_wait(desk: Desk, slow: Caller) -> None:
    desk.clock.move_to(START + timedelta(seconds=20))  # type: ignore[attr-defined]
    answers = [slow.get("/api/v1/tickets") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"minute";q=3;w=60'}
    told = [answer.headers["RateLimit"] for answer in answers]
    assert told == [f'"minute";r={left};t=40' for left in (2, 1, 0, 0)]
    assert (answers[3].headers["Retry-After"], answers[3].json["code"]) == ("40", "rate_limited")  # type: ignore[index]
    desk.clock.move_to(START + timedelta(seconds=60))  # type: ignore[attr-defined]
    assert slow.get("/api/v1/tickets").status_code == 200


def test_the_usual_limit_is_the_installations(supplier: Caller) -> None:
    assert supplier.get("/api/v1/tickets").headers["RateLimit-Policy"] == '"minute";q=18000;w=60'


def test_processes_share_one_limit(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    first, second = Rates(desk), Rates(desk)
    passed = sum(rates.take("client:1", 10, START).passes for _ in range(20) for rates in (first, second))
    assert passed == 10
    assert first.take("client:2", 10, START).passes
    assert first.take("client:1", 10, START + timedelta(minutes=1)).passes


def test_a_busy_client_costs_some_fifty_writes_a_minute(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    rates, written = Rates(desk), 0
    with counting(desk) as sent:
        passed = sum(rates.take("client:1", 6000, START).passes for _ in range(7000))
        written = sum("UPDATE" in statement for statement in sent)
    assert (passed, written) == (6000, PARTS)


def test_a_client_in_its_stride_costs_one_query_and_no_write(app: Flask, supplier: Caller) -> None:
    supplier.get("/api/v1/tickets")
    with statements(app) as sent:
        supplier.get("/api/v1/tickets")
    assert [statement for statement in sent if "api_" in statement] == [sent[0]]
    assert not any(statement.startswith(("INSERT", "UPDATE")) for statement in sent)


def test_a_database_that_is_busy_stops_nobody(desk_factory: DeskFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_factory()

    def busy() -> None:
        raise Unavailable("The database is busy.")

    monkeypatch.setattr(desk, "transaction", busy)
    rates = Rates(desk)
    assert all(rates.take("client:1", 100, START).passes for _ in range(300))


@contextmanager
def counting(desk: Desk) -> Iterator[list[str]]:
    from sqlalchemy import event

    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(desk.engine, "before_cursor_execute", note)
    yield sent
    event.remove(desk.engine, "before_cursor_execute", note)
