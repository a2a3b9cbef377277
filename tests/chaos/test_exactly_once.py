"""Very many timers due in the same minute, four schedulers at once: each fires exactly once.

`pytest -m long tests/chaos` takes a hundred thousand, `-m chaos` some hundreds.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from servicedesk.actions.desk import Desk
from servicedesk.core.clock import SystemClock
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow
from servicedesk.store.queries.verification import ticket_ids, verify_seal, verify_ticket
from servicedesk.store.timers import Heartbeat
from tests.conftest import missing
from tests.support.armed import ALL_OF_THEM, log_many, promise_round_the_clock
from tests.support.postgres import Cluster, binaries, durable_cluster

SCHEDULERS = 4
PROMISED = timedelta(hours=4)
SAMPLE = 200


@pytest.fixture
def durable() -> Iterator[Cluster]:
    programs = binaries()
    if programs is None:
        missing("PostgreSQL 15 binaries")
    else:
        with durable_cluster(programs) as made:
            yield made


@pytest.mark.chaos
def test_some_timers_of_one_minute_fire_once_with_four_schedulers(postgres_url: str) -> None:
    each_fires_once(postgres_url, tickets=150)


@pytest.mark.long
@pytest.mark.postgres
def test_a_hundred_thousand_timers_of_one_minute_fire_once_with_four_schedulers(durable: Cluster) -> None:
    with durable.fresh() as url:
        each_fires_once(url, tickets=33_334)


def each_fires_once(url: str, tickets: int) -> None:
    """Three promises of each ticket reach their first share within the minute."""
    desk = Desk(make_engine(url))
    promise_round_the_clock(desk, PROMISED)
    reached = SystemClock().now().replace(microsecond=0) - PROMISED / 2 - timedelta(minutes=1)
    log_many(desk, (reached + timedelta(seconds=n % 60) for n in range(tickets)))
    fired = four_at_once(url)
    with desk.reading() as connection:
        columns = JournalRow.ticket_id, JournalRow.timer_rule, JournalRow.timer_occurrence
        timers = Counter(connection.execute(select(*columns).where(JournalRow.timer_rule.is_not(None))).all())
        beats = connection.execute(select(Heartbeat.scheduler)).all()
        book = desk.book(connection)
        sample = list(ticket_ids(connection))[:: max(1, tickets // SAMPLE)]
        found = [str(x) for ticket in sample for x in verify_ticket(connection, book, ticket)]
        found += [str(x) for x in verify_seal(connection)]
    desk.engine.dispose()
    assert len(timers) == sum(fired) == tickets * len(ALL_OF_THEM)
    assert max(timers.values()) == 1
    assert len(beats) == SCHEDULERS and found == []
    print(f"{sum(fired)} timers, by each scheduler {fired}")


def four_at_once(url: str) -> list[int]:
    command = [sys.executable, "-m", "tests.chaos.sweeper", url]
    processes = [
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        )
        for _ in range(SCHEDULERS)
    ]
    for process in processes:
        assert process.stdout and process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.close()
    fired = []
    for process in processes:
        with process:
            assert process.stdout
            fired.append(json.loads(process.stdout.read())["fired"])
    return fired
