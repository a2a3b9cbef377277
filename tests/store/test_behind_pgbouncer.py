"""PostgreSQL behind PgBouncer in transaction mode: each transaction may run on another connection of the server, so
nothing may be left on one that the next to use it would find."""

import ast
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.actions.sweep import sweep
from servicedesk.core.clock import ControlledClock
from servicedesk.store.engine import PREPARED_AFTER, make_engine
from tests.actions.life import differences, wait
from tests.architecture.source import at, modules
from tests.backup.hands import backed_up
from tests.conftest import missing
from tests.support.desk import START, fill, new_ticket, ticket_after
from tests.support.pgbouncer import pgbouncer, running_pgbouncer
from tests.support.postgres import Cluster

POOL = 2
CLIENTS = 4

# What holds for a session, which behind PgBouncer nobody has. A transaction's own (SET LOCAL, pg_advisory_xact_lock,
# a cursor that ends with it) is allowed.
OF_A_SESSION = re.compile(
    r"^\s*(UN)?LISTEN\s|^\s*SET\s+(?!LOCAL\b|CONSTRAINTS\b|TRANSACTION\b)|\bpg_(try_)?advisory_(?!xact)(un)?lock"
    r"|^\s*PREPARE\s|\bWITH HOLD\b|\bCREATE\s+((GLOBAL|LOCAL)\s+)?TEMP|^\s*DISCARD\s|\bset_config\([^)]*false\)"
)
LEFT_BEHIND = """
    SELECT 'setting ' || name FROM pg_settings WHERE source = 'session' AND name NOT IN
        ('application_name', 'client_encoding', 'DateStyle', 'TimeZone', 'standard_conforming_strings')
    UNION ALL SELECT 'prepared statement' FROM pg_prepared_statements
    UNION ALL SELECT 'cursor ' || name FROM pg_cursors WHERE name <> ''
    UNION ALL SELECT 'advisory lock' FROM pg_locks WHERE locktype = 'advisory'
    UNION ALL SELECT 'channel ' || c FROM pg_listening_channels() AS c
    UNION ALL SELECT 'temporary tables' WHERE pg_my_temp_schema() <> 0
"""


@pytest.fixture(scope="module")
def behind(postgres_cluster: Cluster) -> Iterator[Cluster]:
    program = pgbouncer()
    if program is None:
        missing("PgBouncer")
        return
    with running_pgbouncer(program, postgres_cluster, POOL) as bouncer:
        yield bouncer


def left_on(url: str) -> list[str]:
    """What is left on each of the server's connections: held all at once, each is another."""
    found: list[str] = []
    pids = set()
    connections = [psycopg.connect(url, prepare_threshold=None) for _ in range(POOL)]
    for connection in connections:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        pids.add(row[0])
        found += [what for (what,) in connection.execute(LEFT_BEHIND)]
    for connection in connections:
        connection.close()
    assert len(pids) == POOL
    return found


def test_all_work_is_done_on_two_connections_and_leaves_nothing_on_them(
    behind: Cluster, postgres_cluster: Cluster, tmp_path: Path
) -> None:
    with postgres_cluster.fresh() as direct:
        url = behind.url(direct.rsplit("/", 1)[1])
        desks = [Desk(make_engine(url), ControlledClock(START)) for _ in range(CLIENTS)]
        fill(desks[0])  # migrations too
        with ThreadPoolExecutor(CLIENTS) as clients:
            numbers = list(clients.map(lambda n: new_ticket(desks[n % CLIENTS]).number, range(4 * CLIENTS)))
            ends = list(clients.map(lambda desk: ticket_after(desk, "confirm").number, desks[:2]))
            assert len({*numbers, *ends}) == 4 * CLIENTS + 2
            for desk in desks:
                wait(desk, days=3)
            fired = sum(done.fired for done in clients.map(sweep, desks))
            assert fired > 0
            assert sum(clients.map(drain, desks)) > 0
            backups = list(clients.map(lambda n: backed_up(desks[n], tmp_path / str(n)), range(2)))
        assert [differences(desk) for desk in desks[:2]] == [[], []]
        assert all(backup.stat().st_size for backup in backups)
        for desk in desks:
            desk.engine.dispose()
        assert left_on(url) == []


def test_straight_at_the_server_what_recurs_is_planned_once_and_lists_are_planned_anew(postgres_url: str) -> None:
    desk = Desk(make_engine(postgres_url, pool_size=1, max_overflow=0), ControlledClock(START))
    fill(desk)
    for _ in range(2 * PREPARED_AFTER):
        new_ticket(desk)
        with desk.reading() as connection:
            connection.execute(text("SELECT 'a list' FROM ticket"))
    with desk.glancing() as connection:
        kept = list(connection.execute(text("SELECT statement FROM pg_prepared_statements")).scalars())
    desk.engine.dispose()
    assert any("INSERT INTO journal" in statement for statement in kept)
    assert not any("a list" in statement for statement in kept)


def test_that_something_is_left_would_be_seen(behind: Cluster, postgres_cluster: Cluster) -> None:
    with postgres_cluster.fresh() as direct:
        url = behind.url(direct.rsplit("/", 1)[1])
        with psycopg.connect(url, autocommit=True, prepare_threshold=0) as careless:
            careless.execute("SET lock_timeout = '5s'")
            careless.execute("SELECT pg_advisory_lock(1)")
        assert {"setting lock_timeout", "advisory lock"} <= set(left_on(url))


def test_nothing_in_the_program_asks_for_what_a_session_keeps() -> None:
    found = [
        f"{at(name, node)} {node.value[:60]!r}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and OF_A_SESSION.search(node.value)
    ]
    assert found == []


@pytest.mark.parametrize(
    "statement",
    [
        "LISTEN tickets",
        "SET lock_timeout = '2s'",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_lock(1)",
        "SELECT pg_advisory_unlock(1)",
        "PREPARE q AS SELECT 1",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
        "CREATE TEMP TABLE t (id int)",
        "SELECT set_config('lock_timeout', '2s', false)",
    ],
)
def test_the_rule_sees(statement: str) -> None:
    assert OF_A_SESSION.search(statement)


@pytest.mark.parametrize(
    "statement",
    ["SET LOCAL lock_timeout = '2s'", "SELECT pg_advisory_xact_lock(1)", "UPDATE t SET a = 1", "Set the priority."],
)
def test_the_rule_lets_pass(statement: str) -> None:
    assert not OF_A_SESSION.search(statement)
