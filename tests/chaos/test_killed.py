"""The process is killed in the middle of what it does, again and again. What it had acknowledged is there afterwards,
nothing has fired twice or never, and everything folds."""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from servicedesk import paths
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.actions.outbox import drain
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.sweep import sweep
from servicedesk.cli.load import read_workflows
from servicedesk.core.clock import ControlledClock
from servicedesk.core.codec import moment
from servicedesk.core.installations.file import read_installation
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow
from servicedesk.store.outbox import OutboxRow
from servicedesk.store.queries.verification import ticket_ids, verify_seal, verify_ticket
from servicedesk.store.schema import upgrade
from servicedesk.store.tickets import Ticket
from servicedesk.store.timers import TimerRow

# `CHAOS_KILLS=100 pytest -m chaos tests/chaos` for the full hundred.
KILLS = int(os.environ.get("CHAOS_KILLS", "25"))
START = "2026-03-02T08:00:00Z"
WORKER = [sys.executable, "-m", "tests.chaos.worker"]


def kill_often(url: str, kills: int, seed: int) -> tuple[dict[str, int], str]:
    """(number -> the last seq that was acknowledged, the last moment any worker was at)."""
    chance, now = random.Random(seed), START
    acknowledged: dict[str, int] = {}
    for kill in range(kills):
        command = [*WORKER, url, now, str(seed + kill)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as worker:
            assert worker.stdout is not None
            assert json.loads(worker.stdout.readline())["ready"]
            # By what it has done, not by the clock: a slow machine must kill as busy a process as a fast one.
            said = [json.loads(worker.stdout.readline()) for _ in range(chance.randrange(4, 40))]
            time.sleep(chance.uniform(0, 0.02))
            worker.kill()
            said += [json.loads(line) for line in worker.stdout if line.endswith("\n")]
        for line in said:
            now = line.get("now", now)
            if "number" in line:
                acknowledged[line["number"]] = max(line["seq"], acknowledged.get(line["number"], 0))
    return acknowledged, now


def prepared(url: str) -> Desk:
    engine = make_engine(url)
    upgrade(engine)
    desk = Desk(engine, ControlledClock(moment(START)))
    definitions = read_workflows()
    folder = paths.samples() / "norrbotten"
    load_installation(desk, read_installation(folder, [d.key for d in definitions]), definitions)
    return desk


def check_survival(url: str, kills: int) -> None:
    desk = prepared(url)
    try:
        survived(desk, url, kills)
    finally:
        desk.engine.dispose()


def survived(desk: Desk, url: str, kills: int) -> None:
    acknowledged, now = kill_often(url, kills, seed=kills)
    after = Desk(desk.engine, ControlledClock(moment(now)))
    with after.reading() as connection:
        stored = {row.number: row.seq for row in connection.execute(select(Ticket.number, Ticket.seq))}
    assert len(acknowledged) > kills, "the workers did too little for the test to mean anything"
    assert {n: s for n, s in acknowledged.items() if stored.get(n, 0) < s} == {}, "acknowledged and lost"
    sweep(after)
    drain(after)
    sequence(after)
    with after.reading() as connection:
        book = after.book(connection)
        found = [x for i in ticket_ids(connection) for x in verify_ticket(connection, book, i)]
        assert [str(x) for x in (*found, *verify_seal(connection))] == []
        timer = (JournalRow.ticket_id, JournalRow.timer_rule, JournalRow.timer_occurrence)
        fired = Counter(tuple(r) for r in connection.execute(select(*timer).where(JournalRow.timer_rule.is_not(None))))
        assert fired and max(fired.values()) == 1, "fired twice"
        overdue = select(func.count()).select_from(TimerRow).where(TimerRow.due_at <= moment(now))
        assert connection.execute(overdue).scalar_one() == 0, "due and never fired"
        assert connection.execute(select(func.count()).select_from(OutboxRow)).scalar_one() == 0


def test_what_was_acknowledged_survives_a_few_kills(database_url: str) -> None:
    check_survival(database_url, kills=5)


@pytest.mark.chaos
def test_what_was_acknowledged_survives_many_kills(database_url: str) -> None:
    check_survival(database_url, kills=KILLS)
