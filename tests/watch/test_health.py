"""/healthz asks nothing of anybody; /readyz says of each thing whether it holds, also while the database hangs."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import NullPool, event, insert, text, update

from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.sweep import sweep
from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.store.mails import Mail
from servicedesk.store.outbox import GIVE_UP_AFTER, OutboxRow
from servicedesk.store.schema import newest, revisions, upgrade
from servicedesk.store.timers import Heartbeat
from servicedesk.watch import readiness
from tests.support.desk import START, new_ticket

OLDER = min(revisions().known - {newest()})
KEY = "only-for-tests-0123456789"


@pytest.fixture(autouse=True)
def every_answer_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "HOLDS_SECONDS", -1.0)


def states(app: Flask) -> tuple[int, dict[str, str]]:
    answer = app.test_client().get("/readyz")
    said: dict[str, Any] = answer.get_json()
    assert (said["status"] == "ready") == (answer.status_code == 200)
    assert all(check["detail"].endswith(".") or "Run: " in check["detail"] for check in said["checks"].values())
    return answer.status_code, {name: check["state"] for name, check in said["checks"].items()}


def failed(app: Flask) -> list[str]:
    return [name for name, state in states(app)[1].items() if state == "failed"]


def test_an_installation_at_work_is_ready(app: Flask, desk: Desk) -> None:
    sweep(desk)
    holds = dict.fromkeys(("database", "version", "scheduler", "outbox", "mail", "disk"), "ok")
    assert states(app) == (200, holds)


def test_no_scheduler_for_two_minutes_is_told(app: Flask, desk: Desk) -> None:
    assert failed(app) == ["scheduler"]
    sweep(desk)
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(minutes=2))
    assert failed(app) == []
    desk.clock.move_to(desk.clock.now() + timedelta(seconds=1))
    assert failed(app) == ["scheduler"]


def test_schedulers_that_are_gone_confuse_nobody(app: Flask, desk: Desk) -> None:
    sweep(desk)
    with desk.transaction() as connection:
        gone = {"scheduler": "gone", "swept_at": START - timedelta(days=9)}
        connection.execute(insert(Heartbeat), [gone])
    assert failed(app) == []


def test_what_has_waited_for_five_minutes_is_told_and_what_was_given_up_is_not(app: Flask, desk: Desk) -> None:
    new_ticket(desk)
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(minutes=5, seconds=1))
    sweep(desk)
    assert failed(app) == ["outbox"]
    with desk.transaction() as connection:
        connection.execute(update(OutboxRow).values(attempts=GIVE_UP_AFTER))
    assert failed(app) == []
    with desk.transaction() as connection:
        connection.execute(update(OutboxRow).values(attempts=0))
    drain(desk)
    assert failed(app) == ["outbox"]
    sequence(desk)
    assert failed(app) == []


def test_mail_that_does_not_go_out_is_told_and_an_address_that_is_refused_is_not(app: Flask, desk: Desk) -> None:
    desk.mails = True
    assert isinstance(desk.clock, ControlledClock)
    new_ticket(desk, requester_contact="anna@medborgare.example")
    drain(desk)
    sequence(desk)
    sweep(desk)
    with desk.transaction() as connection:
        connection.execute(update(Mail).values(attempts=1, response=451, next_at=START + timedelta(hours=1)))
    desk.clock.move_to(START + timedelta(minutes=6))
    sweep(desk)
    assert failed(app) == [], "the server answers, and asks for patience"
    with desk.transaction() as connection:
        connection.execute(update(Mail).values(response=None))
    assert failed(app) == ["mail"], "the server does not answer"
    with desk.transaction() as connection:
        connection.execute(update(Mail).values(attempts=0, next_at=START))
    assert failed(app) == ["mail"], "nobody takes what is due"
    with desk.transaction() as connection:
        connection.execute(update(Mail).values(state="failed"))
    assert failed(app) == []


@pytest.mark.parametrize(("version", "said"), [("ffffffffffff", "ahead"), (OLDER, "behind")])
def test_a_database_of_another_version_is_told(app: Flask, desk: Desk, version: str, said: str) -> None:
    with desk.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert said in answer.get_json()["checks"]["version"]["detail"]


def test_a_database_that_is_gone_is_told_and_the_process_lives(app: Flask, desk: Desk, tmp_path: Path) -> None:
    desk.engine.dispose()
    file = tmp_path / "servicedesk.sqlite"
    file.unlink()
    status, found = states(app)
    assert (status, found["database"], found["scheduler"]) == (503, "failed", "unknown")
    assert not file.exists()
    assert app.test_client().get("/healthz").get_json() == {"status": "ok"}


def test_a_full_disk_is_told(app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep(desk)
    monkeypatch.setattr(readiness, "LEAST_ROOM", 1 << 80)
    assert failed(app) == ["disk"]


def test_on_postgresql_it_says_the_same_and_looks_at_no_disk(postgres_url: str, tmp_path: Path) -> None:
    app = create_app(Settings(instance=tmp_path, database_url=postgres_url, secret_key=KEY))
    desk: Desk = app.extensions["desk"]
    assert failed(app) == ["version"]
    upgrade(desk.engine)
    sweep(desk)
    assert states(app) == (200, dict.fromkeys(("database", "version", "scheduler", "outbox", "mail"), "ok"))
    desk.engine.dispose()


@pytest.fixture
def silent_server() -> Iterator[int]:
    """Takes connections and says nothing, as a database that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_database_that_hangs_is_told_in_time_and_asked_once(
    silent_server: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "MOST_SECONDS", 0.0)
    url = f"postgresql://desk@127.0.0.1:{silent_server}/desk"
    app = create_app(Settings(instance=tmp_path, database_url=url, secret_key=KEY))
    began = time.monotonic()
    assert app.test_client().get("/healthz").status_code == 200
    for _ in range(3):
        status, found = states(app)
        assert (status, found["database"]) == (503, "failed")
    assert time.monotonic() - began < 120, "the server is silent for ever"


def test_it_tells_a_stranger_nothing_of_the_installation(app: Flask, desk: Desk, tmp_path: Path) -> None:
    said = app.test_client().get("/readyz").get_data(as_text=True)
    for secret in (str(tmp_path), "sqlite", "lulea", socket.gethostname(), newest()):
        assert secret not in said.lower()


def test_however_many_ask_the_database_is_asked_once_a_second(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "HOLDS_SECONDS", 60.0)
    asked = []

    @event.listens_for(NullPool, "connect")
    def count(*_: object) -> None:
        asked.append(1)

    for _ in range(20):
        states(app)
    event.remove(NullPool, "connect", count)
    assert asked == [1]
