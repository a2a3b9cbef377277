"""What cannot be backed up or restored is said before anything is changed; what is stopped leaves nothing behind."""

import resource
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from servicedesk.actions.backup import back_up
from servicedesk.actions.desk import Desk
from servicedesk.actions.restore import restore
from servicedesk.cli import run
from servicedesk.core.errors import Unavailable
from servicedesk.store.engine import make_engine
from servicedesk.store.portable.archive import new_archive
from servicedesk.store.schema import upgrade
from tests.backup.conftest import Lived
from tests.backup.hands import backed_up, everything, history, is_empty, silent
from tests.support.desk import new_ticket

Said = pytest.CaptureFixture[str]


def stopped_after(rows: int) -> Callable[[str, int], Callable[[int], None]]:
    """As Ctrl-C does it, when so many rows are done of what is written."""
    left = [rows]

    def begin(label: str, total: int) -> Callable[[int], None]:
        def advance(some: int) -> None:
            left[0] -= some if label in ("Restoring", "Moving", "Backing up") else 0
            if left[0] < 0:
                raise KeyboardInterrupt

        return advance

    return begin


def test_a_restore_over_an_installation_is_refused_and_changes_nothing(lived: Lived, tmp_path: Path) -> None:
    desk = lived.copy(tmp_path / "full")
    before = everything(desk)
    with pytest.raises(Unavailable, match="is not empty: .* has .* rows. Nothing was changed"):
        restore(desk, lived.backup, silent)
    assert everything(desk) == before
    desk.engine.dispose()


def test_a_restore_that_is_stopped_leaves_nothing_and_can_be_run_again(lived: Lived, database_url: str) -> None:
    desk = Desk(make_engine(database_url))
    with pytest.raises(KeyboardInterrupt):
        restore(desk, lived.backup, stopped_after(rows=300))
    desk.engine.dispose()
    assert is_empty(database_url)
    restore(desk, lived.backup, silent)
    assert history(desk) == history(lived.desk)
    desk.engine.dispose()


def test_a_database_of_something_else_is_left_alone(lived: Lived, database_url: str) -> None:
    desk = Desk(make_engine(database_url))
    with desk.transaction() as connection:
        connection.execute(text("CREATE TABLE invoices (id int)"))
    with pytest.raises(Unavailable, match="tables of something else .invoices."):
        restore(desk, lived.backup, silent)
    desk.engine.dispose()


def test_what_processes_write_of_themselves_keeps_nobody_from_restoring(lived: Lived, tmp_path: Path) -> None:
    desk = Desk(make_engine(f"sqlite:///{tmp_path / 'idle.sqlite'}"))
    upgrade(desk.engine)
    with desk.transaction() as connection:
        connection.execute(text("INSERT INTO sign_in_attempt VALUES ('origin', 'x', 1, '2026-01-01 00:00:00')"))
    restore(desk, lived.backup, silent)
    assert history(desk) == history(lived.desk)
    desk.engine.dispose()


def test_a_database_of_a_newer_version_is_neither_backed_up_nor_filled(lived: Lived, tmp_path: Path) -> None:
    desk = lived.copy(tmp_path / "newer")
    with desk.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '2031_01_01_far'"))
    for deed in (lambda: backed_up(desk, tmp_path / "b"), lambda: restore(desk, lived.backup, silent)):
        with pytest.raises(Unavailable, match="made by a newer version of the program. Update the program"):
            deed()
    assert list(tmp_path.iterdir()) == [tmp_path / "newer"]
    desk.engine.dispose()


def test_an_empty_database_is_no_installation_to_back_up(database_url: str, tmp_path: Path) -> None:
    desk = Desk(make_engine(database_url))
    with pytest.raises(Unavailable, match="There is no installation in this database"):
        backed_up(desk, tmp_path / "nothing")
    desk.engine.dispose()
    assert not (tmp_path / "nothing").exists()


def test_only_its_owner_can_read_it_and_no_other_file_is_written_over(lived: Lived, tmp_path: Path) -> None:
    assert stat.S_IMODE(lived.backup.stat().st_mode) == 0o600
    (tmp_path / "old").write_text("old")
    with pytest.raises(Unavailable, match="exists already. Choose another name"):
        backed_up(lived.desk, tmp_path / "old")
    assert (tmp_path / "old").read_text() == "old"


def test_a_backup_that_is_stopped_leaves_no_file_and_one_that_was_killed_is_written_over(
    lived: Lived, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        back_up(lived.desk, tmp_path / "b", stopped_after(rows=300), program="0.0")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "b.unfinished").write_bytes(b"x" * 10_000_000)
    backed_up(lived.desk, tmp_path / "b")
    assert list(tmp_path.iterdir()) == [tmp_path / "b"]
    assert (tmp_path / "b").stat().st_size < 1_000_000


def test_two_backups_do_not_write_the_same_file(lived: Lived, tmp_path: Path) -> None:
    with new_archive(tmp_path / "b"), pytest.raises(Unavailable, match="Another backup is writing"):
        backed_up(lived.desk, tmp_path / "b")


def test_a_disk_that_fills_up_leaves_no_file_under_any_name(lived: Lived, tmp_path: Path) -> None:
    """A limit on how large a file may be is met as a full disk is."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def begin(label: str, total: int) -> Callable[[int], None]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
        return lambda _: None

    try:
        with pytest.raises(Unavailable, match="/b cannot be written: File too large. Nothing of it was kept."):
            back_up(lived.desk, tmp_path / "b", begin, program="0.0")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_the_commands_tell_what_was_done(
    lived: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setenv("SERVICEDESK_INSTANCE", str(tmp_path / "new"))
    file = str(tmp_path / "b")
    assert run(["backup", file]) == 1
    assert capsys.readouterr().err.startswith(f"There is no database at {tmp_path}/new/servicedesk.sqlite.")
    assert run(["restore", "--check", str(lived.backup)]) == 0
    assert "is whole: 5 tickets, " in capsys.readouterr().out
    assert not (tmp_path / "new").exists()
    assert run(["restore", str(lived.backup)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("Restored: 5 tickets, ") and said[-2].startswith("Clean: 5 tickets, ")
    assert run(["backup", file]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"{file}: 5 tickets, ") and "personal data" in said[2] and "secret key" in said[3]
    assert run(["restore", file]) == 1
    assert "is not empty" in capsys.readouterr().err


def test_what_was_not_clean_is_restored_as_it_was_and_named(
    lived: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    desk = lived.copy(tmp_path / "bad")
    number = new_ticket(desk).number
    with desk.transaction() as connection:
        connection.execute(text("UPDATE ticket SET priority = 5 - priority WHERE number = :n"), {"n": number})
    backed_up(desk, tmp_path / "b")
    desk.engine.dispose()
    monkeypatch.setenv("SERVICEDESK_INSTANCE", str(tmp_path / "new"))
    assert run(["restore", str(tmp_path / "b")]) == 1
    said = capsys.readouterr().out
    assert said.startswith("Restored: 6 tickets") and f"{number}: row: priority is" in said
