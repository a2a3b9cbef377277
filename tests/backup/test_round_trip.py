"""What is restored is what was backed up, whichever database it came from and goes to, and one works on."""

from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from servicedesk.actions.backup import back_up
from servicedesk.actions.desk import Desk
from servicedesk.actions.restore import restore
from servicedesk.core.clock import ControlledClock
from servicedesk.store.all import metadata
from servicedesk.store.engine import make_engine
from servicedesk.store.portable.lines import line_of, reader_of
from servicedesk.store.portable.reading import opened_archive
from servicedesk.store.portable.tables import PortableTable, kind_of
from servicedesk.store.schema import newest, upgrade, upgrade_to
from tests.actions.life import differences
from tests.backup.conftest import Lived
from tests.backup.hands import backed_up, history, silent
from tests.support.desk import START, new_ticket, ticket_after


def restored(backup: Path, url: str) -> Desk:
    desk = Desk(make_engine(url), ControlledClock(START))
    restore(desk, backup, silent)
    return desk


def works_on(desk: Desk, lived: Lived) -> None:
    """As if nothing had happened: numbers go on, and new rows get numbers of their own in every table."""
    with lived.desk.reading() as connection:
        last = connection.execute(text("SELECT max(number) FROM ticket")).scalar_one()
    assert new_ticket(desk).number == f"{last[:5]}{int(last[5:]) + 1:05d}"
    ticket_after(desk, "confirm")
    assert differences(desk) == []


def test_from_sqlite_to_postgresql_and_back_every_row_is_the_same(
    lived: Lived, postgres_url: str, tmp_path: Path
) -> None:
    expected = history(lived.desk)
    assert [name for name, rows in expected.items() if not rows] == []
    server = restored(lived.backup, postgres_url)
    try:
        assert history(server) == expected
        assert differences(server) == []
        again = restored(backed_up(server, tmp_path / "again"), f"sqlite:///{tmp_path / 'again.sqlite'}")
        assert history(again) == expected
        works_on(again, lived)
        again.engine.dispose()
        works_on(server, lived)
    finally:
        server.engine.dispose()


def test_a_backup_is_of_one_moment_however_much_is_written_meanwhile(
    lived: Lived, database_url: str, tmp_path: Path
) -> None:
    desk = restored(lived.backup, database_url)
    before = history(desk)
    told: list[int] = []

    def meanwhile(label: str, total: int) -> Callable[[int], None]:
        def advance(rows: int) -> None:
            if len(told) < 3:
                new_ticket(desk)
            told.append(rows)

        return advance

    made = back_up(desk, tmp_path / "busy", meanwhile, program="0.0")
    assert sum(told) == made.manifest.rows == sum(map(len, before.values()))
    assert len(history(desk)["ticket"]) == len(before["ticket"]) + 3
    copy = restored(tmp_path / "busy", f"sqlite:///{tmp_path / 'copy.sqlite'}")
    assert history(copy) == before
    copy.engine.dispose()
    desk.engine.dispose()


def test_a_backup_of_an_older_version_is_brought_up_to_this_one(database_url: str, tmp_path: Path) -> None:
    """Made by the program that knows more: so one can be made before an upgrade."""
    older = Desk(make_engine(f"sqlite:///{tmp_path / 'older.sqlite'}"))
    upgrade_to(older.engine, "2026_11_21_search")
    with older.transaction() as connection:
        connection.execute(text("INSERT INTO part (kind, key, content) VALUES ('service', 'x', '{}')"))
        connection.execute(text("INSERT INTO revision (id, number) VALUES (1, 4)"))
    backup = backed_up(older, tmp_path / "older.backup")
    older.engine.dispose()
    with opened_archive(backup) as archive:
        assert archive.manifest.revision == "2026_11_21_search"
    empty = make_engine(database_url)
    upgrade(empty)  # of the newest version: taken back to that one first
    empty.dispose()
    desk = restored(backup, database_url)
    with desk.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == newest()
        assert connection.execute(text("SELECT number, length(parts) FROM revision")).one() == (4, 64)
    desk.engine.dispose()


KINDS = {
    "integer": st.integers(-(2**63), 2**63 - 1),
    "text": st.text(),
    "boolean": st.booleans(),
    "bytes": st.binary(),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "moment": st.datetimes(timezones=st.just(UTC)),
}


@settings(max_examples=150)
@given(st.tuples(*(st.none() | values for values in KINDS.values())))
def test_any_value_comes_back_from_its_line_as_it_was(row: tuple[Any, ...]) -> None:
    table = PortableTable("any", {kind: kind for kind in KINDS}, ("integer",))
    line = line_of(row)
    assert line.count(b"\n") == 1
    assert reader_of(table)(line) == list(row)


def test_every_column_is_of_a_kind_that_backups_carry() -> None:
    kinds = {kind_of(column) for table in metadata.sorted_tables for column in table.columns}
    assert kinds <= set(KINDS)


@pytest.mark.parametrize("line", [b"{}", b"[1]", b"[1, 2]", b'["1", "a"]', b"[true, 2]", b"\xff", b"[1,", b"[" * 9999])
def test_a_line_that_is_no_row_of_the_table_is_not_taken_for_one(line: bytes) -> None:
    table = PortableTable("two", {"a": "integer", "b": "text"}, ("a",))
    with pytest.raises((TypeError, ValueError, RecursionError)):
        reader_of(table)(line)
