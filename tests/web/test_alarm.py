"""The IT service manager is told on every page that no scheduler sweeps; nobody else is, and never without reason."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from servicedesk.actions.desk import Desk
from servicedesk.actions.sweep import sweep
from servicedesk.core.clock import ControlledClock
from servicedesk.web.alarm import HOLDS
from tests.support.pages import Visitor, session_of

SAYS = "schemaläggaren"
At = Callable[[str], Visitor]


@pytest.fixture
def at(app: Flask, desk: Desk) -> At:
    """A persona who has signed in before."""

    def visitor(name: str) -> Visitor:
        made = Visitor(app)
        with made.client.session_transaction() as session:
            session.update(session_of(desk, name))
        return made

    return visitor


def later(desk: Desk, **span: int) -> None:
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(**span))


def test_it_comes_after_two_minutes_and_goes_by_itself(desk: Desk, at: At) -> None:
    visitor = at("it_service_manager")
    sweep(desk)
    later(desk, minutes=2)
    assert SAYS not in visitor.get("/queue").text
    later(desk, seconds=HOLDS.seconds)
    for path in ("/queue", "/triage", "/management", "/notices", "/workflows"):
        page = visitor.get(path)
        assert "Ingen har bevakat tiderna sedan 2 mars 2026 kl. 09.00: schemaläggaren står still." in page.text, path
        assert "Inget går förlorat" in page.text and "servicedesk scheduler" in page.text
    sweep(desk)
    later(desk, seconds=HOLDS.seconds)
    assert SAYS not in visitor.get("/queue").text


def test_it_says_that_no_scheduler_has_ever_run(at: At) -> None:
    assert "schemaläggaren har aldrig körts här" in at("it_service_manager").get("/queue").text


def test_nobody_else_is_troubled(at: At) -> None:
    for name in ("first_line_lulea", "second_line_lulea", "supplier_technician"):
        assert SAYS not in at(name).get("/queue").text


def test_it_is_asked_for_once_in_some_seconds(app: Flask, desk: Desk, at: At) -> None:
    visitor = at("it_service_manager")
    asked: list[str] = []

    @event.listens_for(desk.engine, "before_cursor_execute")
    def count(_c: object, _k: object, statement: str, *_: object) -> None:
        asked.extend([statement] if "heartbeat" in statement else [])

    for _ in range(5):
        visitor.get("/notices")
    assert len(asked) <= 1
    later(desk, seconds=HOLDS.seconds)
    visitor.get("/notices")
    assert len(asked) <= 2 and asked
