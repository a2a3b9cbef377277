"""A migration on PostgreSQL runs while people work: none may keep a table that can be large from them for long."""

import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event

from servicedesk import paths
from servicedesk.core.errors import Unavailable
from servicedesk.store import schema
from servicedesk.store.engine import make_engine
from servicedesk.store.schema import newest, revisions, upgrade, upgrade_to

# Written when no installation was large. Nobody adds to these.
BEFORE_THE_RULE = frozenset({"2026_11_21_follow_up", "2026_11_21_words_without_marks"})
# Some hundreds of rows in the largest installation.
SMALL = frozenset(
    {"alembic_version", "part", "version", "revision", "credential", "api_token", "heartbeat", "ticket_number",
     "sign_in_attempt", "seal_head"}
)  # fmt: skip
RULES = {
    "an index on a table that is there: in an autocommit_block, with postgresql_concurrently=True": re.compile(
        r"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY).* ON (?P<table>\w+)", re.S
    ),
    "a column that is not null: with a default that is a constant, or nullable": re.compile(
        r"ALTER TABLE (?P<table>\w+) ADD COLUMN (?!.*DEFAULT).*NOT NULL", re.S
    ),
    "a default that is computed for each row: fill the column some rows at a time": re.compile(
        r"ALTER TABLE (?P<table>\w+) ADD COLUMN .*DEFAULT\s+\(?\w+\(", re.S
    ),
    "another type rewrites the table: add a column beside it": re.compile(
        r"ALTER TABLE (?P<table>\w+) ALTER COLUMN \w+ (?:SET DATA )?TYPE", re.S
    ),
    "NOT NULL reads the whole table under a lock: a CHECK that is NOT VALID first, validated apart": re.compile(
        r"ALTER TABLE (?P<table>\w+) ALTER COLUMN \w+ SET NOT NULL", re.S
    ),
    "a constraint reads the whole table under a lock: NOT VALID and validated apart, or USING INDEX": re.compile(
        r"ALTER TABLE (?P<table>\w+) ADD (?:CONSTRAINT \w+ )?(?:FOREIGN|CHECK|UNIQUE|PRIMARY|EXCLUDE)"
        r"(?!.*(?:NOT VALID|USING INDEX))",
        re.S,
    ),
    "every row changed at once keeps them all locked: some at a time, by the program": re.compile(
        r"(?:UPDATE|DELETE FROM|TRUNCATE|LOCK TABLE|CLUSTER|VACUUM FULL) (?:TABLE )?(?P<table>\w+)", re.S
    ),
}


def faults(statements: list[str]) -> list[str]:
    """Of one migration. To a table of its own, or to a small one, it may do what it likes."""
    made = {found[1] for said in statements if (found := re.match(r"\s*CREATE (?:UNLOGGED )?TABLE (\w+)", said))}
    return [
        f"{rule}: {said.strip()[:90]}"
        for said in statements
        for rule, pattern in RULES.items()
        if (found := pattern.match(said.strip())) and found["table"] not in made | SMALL
    ]


@contextmanager
def overheard(engine: Engine) -> Iterator[list[str]]:
    heard: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *_: object) -> None:
        heard.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    yield heard
    event.remove(engine, "before_cursor_execute", hear)


def test_no_migration_keeps_a_large_table_from_people(postgres_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(paths.migrations()))
    in_order = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    engine = make_engine(postgres_url)
    found = {}
    with overheard(engine) as heard:
        for revision in in_order:
            heard.clear()
            upgrade_to(engine, revision)
            assert heard
            found[revision] = faults(heard)
    engine.dispose()
    assert {name: what for name, what in found.items() if what and name not in BEFORE_THE_RULE} == {}
    assert all(found[name] for name in BEFORE_THE_RULE)


@pytest.mark.parametrize(
    "said",
    [
        "CREATE INDEX ix_a ON journal (kind)",
        "CREATE UNIQUE INDEX ix_a ON ticket (number)",
        "ALTER TABLE ticket ADD COLUMN a INTEGER NOT NULL",
        "ALTER TABLE ticket ADD COLUMN a TEXT DEFAULT gen_random_uuid() NOT NULL",
        "ALTER TABLE ticket ALTER COLUMN seq TYPE BIGINT",
        "ALTER TABLE ticket ALTER COLUMN seq SET NOT NULL",
        "ALTER TABLE notice ADD CONSTRAINT c CHECK (seq > 0)",
        "ALTER TABLE notice ADD CONSTRAINT c UNIQUE (seq)",
        "ALTER TABLE notice ADD CONSTRAINT c FOREIGN KEY(ticket_id) REFERENCES ticket (id)",
        "UPDATE visibility SET priority = 1",
        "DELETE FROM search_document",
    ],
)
def test_the_rule_sees(said: str) -> None:
    assert len(faults([said])) == 1


@pytest.mark.parametrize(
    "said",
    [
        "CREATE INDEX CONCURRENTLY ix_a ON journal (kind)",
        "CREATE INDEX ix_part ON part (kind)",
        "ALTER TABLE ticket ADD COLUMN a INTEGER",
        "ALTER TABLE ticket ADD COLUMN a INTEGER DEFAULT 0 NOT NULL",
        "ALTER TABLE ticket ADD COLUMN a VARCHAR(20) DEFAULT '' NOT NULL",
        "ALTER TABLE notice ADD CONSTRAINT c CHECK (seq > 0) NOT VALID",
        "ALTER TABLE notice ADD CONSTRAINT c UNIQUE USING INDEX ix_a",
        "ALTER TABLE notice VALIDATE CONSTRAINT c",
        "UPDATE alembic_version SET version_num = 'x'",
    ],
)
def test_the_rule_lets_pass(said: str) -> None:
    assert faults([said]) == []


def test_the_rule_lets_a_migration_do_what_it_likes_with_its_own_table() -> None:
    assert faults(["\nCREATE TABLE fresh (\n\tid INTEGER)", "CREATE INDEX ix_fresh ON fresh (id)"]) == []


SLOW = '''"""a column and an index on the table that everybody works on"""

import sqlalchemy as sa
from alembic import op

revision = "2031_01_01_slow"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("slow", sa.Integer(), nullable=True))
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_ticket_slow")
        op.create_index("ix_ticket_slow", "ticket", ["slow"], postgresql_concurrently=True)
'''


@pytest.fixture
def before_the_slow_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The version that the slow migration follows."""
    before = newest()
    folder = tmp_path / "migrations"
    shutil.copytree(paths.migrations(), folder)
    (folder / "versions" / "2031_01_01_slow.py").write_text(SLOW.format(newest=before), encoding="utf-8")
    monkeypatch.setattr(paths, "migrations", lambda: folder)
    monkeypatch.setattr(schema, "LOCK_SECONDS", 0.1)
    monkeypatch.setattr(schema, "PAUSE_SECONDS", 0.1)
    revisions.cache_clear()
    yield before
    monkeypatch.undo()
    revisions.cache_clear()


def work(other: psycopg.Connection[object]) -> None:
    """Read and write, while a migration may be waiting."""
    other.execute("SELECT count(*) FROM ticket")
    other.execute("UPDATE ticket SET seq = seq")


def test_others_read_and_write_while_a_migration_waits_for_a_long_report(
    postgres_url: str, before_the_slow_one: str
) -> None:
    """Without its patience the first who comes after it would wait for as long as the report takes."""
    engine = make_engine(postgres_url)
    upgrade_to(engine, before_the_slow_one)
    report = psycopg.connect(postgres_url)
    report.execute("SELECT count(*) FROM ticket")
    migrating = threading.Thread(target=upgrade, args=(engine,))
    # Who had to wait for the report would wait for ever, and be ended by this.
    with psycopg.connect(postgres_url, autocommit=True, options="-c statement_timeout=30s") as other:
        migrating.start()
        for _ in range(20):
            time.sleep(0.05)
            work(other)
        assert migrating.is_alive(), "nothing was waited for, so nothing is shown"
        report.close()
        migrating.join(timeout=120)
        assert not migrating.is_alive()
        row = other.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_ticket_slow'::regclass").fetchone()
    assert row == (True,)
    engine.dispose()


def test_a_table_that_stays_busy_is_said_in_the_end(
    postgres_url: str, before_the_slow_one: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "TRIES", 2)
    engine = make_engine(postgres_url)
    upgrade_to(engine, before_the_slow_one)
    with psycopg.connect(postgres_url) as report:
        report.execute("SELECT count(*) FROM ticket")
        with pytest.raises(Unavailable, match="keeps a table busy .* Run `servicedesk migrate` again"):
            upgrade(engine)
    upgrade(engine)
    engine.dispose()
