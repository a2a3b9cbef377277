"""A whole site on PostgreSQL, under load, one of its machines a minute ahead of the others, while its processes or its
database are killed. Afterwards nothing acknowledged is lost, no timer has fired twice, early or never, and all is true.

`CHAOS_KILLS=100 pytest -m chaos tests/chaos` kills a hundred times, and the database twenty.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text

from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.sweep import sweep
from servicedesk.actions.tokens import create_token
from servicedesk.core.facts import OPERATOR
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow, PersonalText
from servicedesk.store.queries.verification import ticket_ids, verify_seal, verify_ticket
from servicedesk.store.tickets import Ticket
from servicedesk.store.timers import TimerRow
from tests.chaos.site import Site, acknowledged_again, fell_due, running
from tests.conftest import missing
from tests.support.armed import promise_round_the_clock
from tests.support.desk import ticket_after
from tests.support.postgres import Cluster, binaries, durable_cluster

KILLS = int(os.environ.get("CHAOS_KILLS", "25"))
DATABASE_KILLS = max(3, KILLS // 5)
# Short, so that every ticket's promises run out while it all goes on.
PROMISED = timedelta(seconds=20)
AT_THE_SUPPLIER = 4

pytestmark = [pytest.mark.chaos, pytest.mark.postgres]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """One that may be killed: what it has acknowledged is on the disk."""
    programs = binaries()
    if programs is None:
        missing("PostgreSQL 15 binaries")
    else:
        with durable_cluster(programs) as made:
            yield made


@pytest.fixture
def site(cluster: Cluster, tmp_path: Path) -> Iterator[Site]:
    with cluster.fresh() as url:
        desk = Desk(make_engine(url), secret="only-for-chaos-0123456789")
        promise_round_the_clock(desk, PROMISED)
        municipality = create_token(desk, "lulea", "chaos", actor=OPERATOR).text
        supplier = create_token(desk, "leverantor-plattform", "chaos", actor=OPERATOR).text
        numbers = [ticket_after(desk, "accept_at_supplier").number for _ in range(AT_THE_SUPPLIER)]
        desk.engine.dispose()
        yield Site(tmp_path, url, municipality, supplier, numbers)


def test_processes_are_killed_and_nothing_is_lost_or_fired_twice(site: Site) -> None:
    chance = random.Random(KILLS)
    with running(site), never_early(site.url) as early:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.05, 1.0))
            with suppress(ProcessLookupError):
                os.kill(chance.choice(site.pids()), signal.SIGKILL)
            site.bury()
        acknowledged_again(site, KILLS)
        fell_due(site, KILLS)
    check(site, early, at_least=KILLS)


def test_the_database_is_killed_and_everybody_comes_back_by_themselves(site: Site, cluster: Cluster) -> None:
    chance, server = random.Random(DATABASE_KILLS), cluster.server
    assert server is not None
    with running(site), never_early(site.url) as early:
        for _ in range(DATABASE_KILLS):
            acknowledged_again(site)
            time.sleep(chance.uniform(0.1, 1.5))
            server.kill()
            time.sleep(chance.uniform(0, 0.5))
            server.start()
        acknowledged_again(site, DATABASE_KILLS * 5)
        fell_due(site, DATABASE_KILLS * 5)
        assert [each.poll() for each in site.schedulers] == [None] * len(site.schedulers)
    check(site, early, at_least=DATABASE_KILLS * 5)


@contextmanager
def never_early(url: str) -> Iterator[list[str]]:
    """Looks all the while whether anything stands in the journal that by the database's time has not happened yet."""
    found: list[str] = []
    over = threading.Event()
    ahead = "SELECT body FROM journal WHERE occurred_at > clock_timestamp() OR recorded_at > clock_timestamp()"

    def look() -> None:
        while not over.wait(0.2):
            with suppress(psycopg.OperationalError), psycopg.connect(url, autocommit=True) as connection:
                found.extend(body for (body,) in connection.execute(ahead).fetchall())

    watching = threading.Thread(target=look)
    watching.start()
    try:
        yield found
    finally:
        over.set()
        watching.join()


def check(site: Site, early: list[str], at_least: int) -> None:
    said = site.said
    assert early == []
    assert said.acknowledged > at_least, "too little was done for the test to mean anything"
    assert set(said.refused) <= {503}, "what cannot be done now is refused by 503 alone"
    desk = Desk(make_engine(site.url))
    try:
        with desk.reading() as connection:
            over = desk.now(connection)
        sweep(desk)
        drain(desk)
        sequence(desk)
        with desk.reading() as connection:
            overdue = connection.execute(select(TimerRow.rule).where(TimerRow.due_at <= over)).all()
            cases = Counter(connection.execute(select(Ticket.platform_case)).scalars())
            numbers = dict(connection.execute(select(Ticket.platform_case, Ticket.number)).all())
            texts = Counter(connection.execute(select(PersonalText.text).where(PersonalText.field == "body")).scalars())
            timers = select(JournalRow.ticket_id, JournalRow.timer_rule, JournalRow.timer_occurrence)
            fired = Counter(connection.execute(timers.where(JournalRow.timer_rule.is_not(None))).all())
            waiting = connection.execute(text("SELECT count(*) FROM outbox")).scalar_one()
            book = desk.book(connection)
            found = [str(x) for i in ticket_ids(connection) for x in verify_ticket(connection, book, i)]
            found += [str(x) for x in verify_seal(connection)]
        assert {key: numbers.get(key) for key in said.tickets} == said.tickets, "acknowledged and lost"
        assert [key for key in said.notes if texts[f"Prov {key}"] != 1] == [], "acknowledged and lost, or there twice"
        assert [key for key in said.sent if cases[key] > 1] == []
        assert len(fired) > at_least, "too little fell due for the test to mean anything"
        assert max(fired.values()) == 1, "fired twice"
        assert overdue == [], "due and never fired"
        assert found == [] and waiting == 0
    finally:
        desk.engine.dispose()
