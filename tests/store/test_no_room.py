"""A PostgreSQL that is full or may only be read: every edge says so, nothing is half written, no timer is blamed,
and all goes on by itself once there is room."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, select

from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.actions.pulse import Pulse
from servicedesk.actions.sweep import sweep
from servicedesk.actions.tokens import create_token
from servicedesk.api.v1.examples import NEW_TICKET
from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import Unavailable
from servicedesk.core.facts import OPERATOR
from servicedesk.core.vocabulary import Level
from servicedesk.scheduler.jobs import sweep_in_time
from servicedesk.store.journal import JournalRow
from servicedesk.store.tickets import Ticket
from servicedesk.store.timers import TimerRow
from tests.actions.conftest import prepare
from tests.actions.life import proved, wait
from tests.support.desk import START, ticket_after
from tests.support.pages import signed_in
from tests.support.postgres import Cluster

FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file "base/5/1": No space left on device';
END $$;
CREATE TRIGGER full_outbox BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION no_room();
CREATE TRIGGER full_seal BEFORE INSERT ON seal FOR EACH ROW EXECUTE FUNCTION no_room();
CREATE TRIGGER full_notice BEFORE INSERT ON notice FOR EACH ROW EXECUTE FUNCTION no_room();
"""
ROOM_AGAIN = "DROP FUNCTION no_room() CASCADE"


@pytest.fixture
def url(postgres_cluster: Cluster) -> Iterator[str]:
    with postgres_cluster.fresh(postgres_cluster.template("loaded", prepare)) as made:
        yield made


@pytest.fixture
def app(url: str, tmp_path: Path) -> Iterator[Any]:
    settings = Settings(instance=tmp_path, database_url=url, secret_key="only-for-tests-0123456789")
    made = create_app(settings, ControlledClock(START))
    yield made
    made.extensions["desk"].engine.dispose()


@contextmanager
def full(desk: Desk, cluster: Cluster) -> Iterator[str]:
    with desk.transaction() as connection:
        connection.exec_driver_sql(FULL)
    yield "The disk is full. Nothing was saved; free some space and try again."
    with desk.transaction() as connection:
        connection.exec_driver_sql(ROOM_AGAIN)


@contextmanager
def read_only(desk: Desk, cluster: Cluster) -> Iterator[str]:
    name = desk.engine.url.database
    cluster.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    desk.engine.dispose()
    yield "The database cannot be written to. Nothing was saved; check its permissions."
    cluster.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    desk.engine.dispose()  # connections that are older than the change keep what they had


@pytest.mark.parametrize("trouble", [full, read_only])
def test_writing_is_refused_everywhere_and_goes_on_when_it_can(
    app: Any, postgres_cluster: Cluster, trouble: Any
) -> None:
    desk: Desk = app.extensions["desk"]
    number = ticket_after(desk, "take", impact=Level.HIGH, urgency=Level.HIGH).number
    drain(desk)
    token = create_token(desk, "lulea", "ett system", actor=OPERATOR).text
    visitor = signed_in(app, "first_line_lulea")
    wait(desk, hours=1.5)
    with desk.reading() as connection:
        before = rows(connection)
    with trouble(desk, postgres_cluster) as sentence:
        answer = logged(app.test_client(), token)
        assert (answer.status_code, answer.json["detail"]) == (503, sentence)
        assert answer.headers["Retry-After"].isdigit()
        assert visitor.get(f"/tickets/{number}").status == 200
        pulse = Pulse()
        acts: list[Callable[[], object]] = [lambda: sweep(desk, pulse=pulse), lambda: sweep_in_time(desk, pulse)]
        for act in acts:
            with pytest.raises(Unavailable) as refusal:
                act()
            assert str(refusal.value) == sentence
        with desk.reading() as connection:
            assert rows(connection) == before
    assert logged(app.test_client(), token).status_code == 201
    assert sweep(desk, pulse=pulse).fired > 0
    drain(desk)
    with desk.reading() as connection:
        aside = connection.execute(select(TimerRow.rule).where(TimerRow.set_aside.is_not(None))).all()
    assert aside == []
    proved(desk)


def logged(client: FlaskClient, token: str) -> Any:
    return client.post(
        "/api/v1/tickets",
        json=NEW_TICKET,
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": token_hex(16)},
    )


def rows(connection: Connection) -> list[Any]:
    found: list[Any] = []
    for columns in (
        (Ticket.number, Ticket.state_json),
        (JournalRow.id, JournalRow.hash),
        (TimerRow.rule, TimerRow.due_at),
    ):
        found += connection.execute(select(*columns).order_by(*columns)).all()
    return found
