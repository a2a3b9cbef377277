"""/metrics: what it counts is what happened, whoever of several processes is asked; strangers find nothing there."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.actions.pulse import Pulse
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.sweep import sweep
from servicedesk.core.clock import ControlledClock
from servicedesk.store.engine import make_engine
from servicedesk.store.mails import Mail
from servicedesk.store.outbox import GIVE_UP_AFTER, OutboxRow
from servicedesk.store.queries.operations import counts
from servicedesk.store.tickets import TicketClock
from tests.support.desk import START, fill, new_ticket, ticket_after
from tests.support.postgres import Cluster

TOKEN = "a-token-of-the-operators-machines"


def ask(app: Flask, origin: str = "127.0.0.1", **headers: str) -> TestResponse:
    return app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": origin})


def told(app: Flask) -> dict[str, float]:
    """Each sample by its name and labels as they are written."""
    lines = ask(app).get_data(as_text=True).splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[:1] != "#")}


def later(desk: Desk, span: timedelta) -> None:
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + span)


def test_timers_schedulers_and_the_outbox_are_told(app: Flask, desk: Desk) -> None:
    new_ticket(desk)
    before = told(app)
    armed = before['servicedesk_timers{is="armed"}']
    assert (armed > 0, before["servicedesk_schedulers_alive"], before['servicedesk_outbox{is="waiting"}'] > 0) == (
        True,
        0.0,
        True,
    )
    assert "servicedesk_last_sweep_age_seconds" not in before
    later(desk, timedelta(days=3))
    waited = told(app)
    assert waited['servicedesk_timers{is="due"}'] > 0
    assert 0 < waited["servicedesk_timers_late_seconds"] < 3 * 86400
    assert waited["servicedesk_outbox_age_seconds"] == 3 * 86400
    pulse = Pulse("here:1", "here")
    done = sweep(desk, pulse=pulse)
    pulse.beat(desk)
    drain(desk)
    sequence(desk)
    later(desk, timedelta(seconds=30))
    after = told(app)
    assert after['servicedesk_timers_fired_total{scheduler="here:1"}'] == done.fired > 0
    assert after['servicedesk_sweeps_total{scheduler="here:1"}'] >= 1
    late = [after[f'servicedesk_lateness_seconds{{of="{of}",scheduler="here:1"}}'] for of in ("p99", "max")]
    assert 86400 < late[0] <= late[1] < 3 * 86400
    assert after["servicedesk_last_sweep_age_seconds"] == 30
    assert (after["servicedesk_schedulers_alive"], after["servicedesk_outbox_age_seconds"]) == (1.0, 0.0)


def test_what_was_given_up_is_counted_apart(app: Flask, desk: Desk) -> None:
    new_ticket(desk)
    with desk.transaction() as connection:
        connection.execute(update(OutboxRow).values(attempts=GIVE_UP_AFTER))
    found = told(app)
    assert (found['servicedesk_outbox{is="waiting"}'], found['servicedesk_outbox{is="given_up"}'] > 0) == (0.0, True)


def test_mails_that_wait_and_that_failed_are_counted(app: Flask, desk: Desk) -> None:
    desk.mails = True
    for _ in range(2):
        new_ticket(desk, requester_contact="anna@medborgare.example")
    drain(desk)
    with desk.transaction() as connection:
        connection.execute(update(Mail).where(Mail.id == 1).values(state="failed"))
    later(desk, timedelta(minutes=10))
    found = told(app)
    assert (found['servicedesk_mails{is="waiting"}'], found['servicedesk_mails{is="failed"}']) == (1.0, 1.0)
    assert found["servicedesk_mails_age_seconds"] == 600


def prepare(url: str) -> None:
    desk = Desk(make_engine(url), ControlledClock(START))
    fill(desk)
    desk.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """The sample installation, once on each kind of database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("desk")
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    with cluster.fresh(cluster.template("loaded", prepare)) as url:
        desk = Desk(make_engine(url), ControlledClock(START))
        yield desk
        desk.engine.dispose()


def stands(due: datetime, made: datetime, now: datetime) -> int:
    """0 calm, 1 at risk, 2 overdue."""
    if due <= now:
        return 2
    return int((due - now) * 4 <= due - made or due - now < timedelta(hours=1))


def test_clocks_stand_as_their_times_say(either: Desk) -> None:
    """Against each clock looked at by itself, on both sides of every moment at which one changes."""
    for step in ("", "accept_at_supplier"):
        ticket_after(either, step)
    later(either, timedelta(hours=3))
    new_ticket(either)
    with either.reading() as connection:
        clocks = select(TicketClock).where(TicketClock.due_at.is_not(None))
        rows = connection.execute(clocks).all()
        moments = sorted({row.due_at - span for row in rows for span in (timedelta(0), timedelta(hours=1))})
        for now in (START, *(moment + timedelta(seconds=s) for moment in moments for s in (-1, 0, 1))):
            expected: dict[tuple[str, str], list[int]] = {}
            for row in rows:
                counted = expected.setdefault((row.metric, row.tier), [0, 0, 0])
                counted[stands(row.due_at, row.started_at, now)] += 1
            found = {(c.metric, c.tier): [c.calm, c.at_risk, c.overdue] for c in counts(connection, now).clocks}
            assert found == expected


def test_requests_are_counted_by_template_and_never_by_address(app: Flask) -> None:
    client = app.test_client()
    for address in ("/tickets/2026-00001", "/tickets/gunhild", "/gunhild", "/sign-in"):
        client.get(address)
    text = ask(app).get_data(as_text=True)
    assert "gunhild" not in text and "2026-0" not in text
    found = told(app)
    named = {'method="GET"', 'route="/tickets/<number>"', 'status="3xx"'}
    [seen] = [value for name, value in found.items() if "seconds_count" in name and all(each in name for each in named)]
    assert seen >= 2


def test_with_the_database_away_that_is_what_is_told(app: Flask, desk: Desk) -> None:
    with desk.transaction() as connection:
        connection.exec_driver_sql("DROP TABLE heartbeat")
    found = told(app)
    assert found["servicedesk_database_up"] == 0.0
    assert "servicedesk_schedulers_alive" not in found


def test_a_stranger_finds_nothing_there(app: Flask) -> None:
    answers = [
        ask(app, "203.0.113.7"),
        ask(app, "203.0.113.7", Authorization="Bearer "),
        ask(app, "not an address"),
        # A proxy on this machine that was not told of in SERVICEDESK_PROXIES.
        ask(app, "127.0.0.1", **{"X-Forwarded-For": "203.0.113.7"}),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert not any("servicedesk_" in answer.get_data(as_text=True) for answer in answers)


def test_this_machine_and_who_shows_the_token_may_read_it(app: Flask) -> None:
    app.config["METRICS_TOKEN"] = TOKEN
    assert ask(app, "::1").status_code == ask(app, "127.0.0.1").status_code == 200
    given = {"Bearer " + TOKEN: 200, "bearer " + TOKEN: 200, TOKEN: 404, f"Bearer {TOKEN}x": 404, "Bearer é": 404}
    assert {text: ask(app, "203.0.113.7", Authorization=text).status_code for text in given} == given
