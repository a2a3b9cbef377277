"""The database's version: behind is brought up, ahead is left alone with a sentence."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event, text

from servicedesk.core.errors import Unavailable
from servicedesk.store.engine import make_engine
from servicedesk.store.schema import require_current, upgrade


def test_a_database_of_a_newer_program_is_left_as_it_is(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'newer.sqlite'}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'not_yet_made'"))
        connection.commit()
    for deed in (upgrade, require_current):
        with pytest.raises(Unavailable) as refusal:
            deed(engine)
        assert refusal.value.code == "newer"
    engine.dispose()


def test_an_acknowledged_write_survives_a_power_cut_and_what_is_erased_is_overwritten(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'set.sqlite'}")
    seen: list[object] = []

    @event.listens_for(engine, "connect")
    def as_the_program_sets_it(connection: sqlite3.Connection, record: object) -> None:
        for pragma in ("journal_mode", "synchronous", "secure_delete", "foreign_keys"):
            seen.extend(connection.execute(f"PRAGMA {pragma}").fetchone())

    engine.connect().close()
    assert seen == ["wal", 2, 1, 1]
    engine.dispose()


def test_upgrading_twice_is_upgrading_once(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'twice.sqlite'}")
    upgrade(engine)
    upgrade(engine)
    require_current(engine)
    engine.dispose()
