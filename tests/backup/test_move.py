"""An installation moves whole, to either kind of database, and a move that is stopped anywhere is taken up again."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from servicedesk.actions import move as moving
from servicedesk.actions.desk import Desk
from servicedesk.actions.move import NotProved, move, reopen
from servicedesk.cli import run
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import Unavailable
from servicedesk.store.engine import make_engine
from servicedesk.store.schema import require_current, upgrade
from tests.actions.life import differences
from tests.backup.conftest import Lived
from tests.backup.hands import everything, silent
from tests.backup.test_refused import stopped_after
from tests.support.desk import START, new_ticket, persona


@pytest.fixture
def source(lived: Lived, tmp_path: Path) -> Iterator[Desk]:
    desk = lived.copy(tmp_path / "source")
    yield desk
    desk.engine.dispose()


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(make_engine(f"sqlite:///{tmp_path / 'target.sqlite'}"), ControlledClock(START))
    yield desk
    desk.engine.dispose()


@pytest.fixture
def server(postgres_url: str) -> Iterator[Desk]:
    desk = Desk(make_engine(postgres_url), ControlledClock(START))
    yield desk
    desk.engine.dispose()


def refuses(desk: Desk, words: str) -> None:
    with pytest.raises(Unavailable, match=words):
        require_current(desk.engine)
    with pytest.raises(Unavailable, match=words):
        upgrade(desk.engine)
    with pytest.raises(Unavailable, match=words):
        new_ticket(desk)


def test_to_postgresql_and_back(source: Desk, server: Desk, target: Desk, lived: Lived) -> None:
    expected = everything(lived.desk)
    moved = move(source, server, silent)
    assert moved.rows == sum(map(len, expected.values()))
    assert everything(server) == expected
    new_ticket(server)
    assert differences(server) == []
    expected = everything(server)
    move(server, target, silent)
    assert everything(target) == expected
    refuses(server, "was moved to another database")
    new_ticket(target)
    assert differences(target) == []


def test_whoever_still_works_on_the_old_one_is_refused_until_it_is_reopened(source: Desk, target: Desk) -> None:
    working = Desk(source.engine, source.clock)
    persona(working, "first_line_lulea")  # has read the rules before
    move(source, target, silent)
    refuses(working, "was moved to another database")
    reopen(source)
    require_current(source.engine)
    new_ticket(working)
    with pytest.raises(Unavailable, match="has not been moved away"):
        reopen(source)


@pytest.mark.parametrize("rows", [0, 400])
def test_stopped_while_it_copies_it_leaves_both_as_they_were(rows: int, source: Desk, server: Desk) -> None:
    before = everything(source)
    with pytest.raises(KeyboardInterrupt):
        move(source, server, stopped_after(rows))
    assert everything(source) == before
    assert not any(everything(server).values())
    new_ticket(source)
    expected = everything(source)
    move(source, server, silent)
    assert everything(server) == expected


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_stopped_before_it_is_proved_the_copy_cannot_be_worked_on_and_is_made_anew(
    source: Desk, target: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "_prove", interrupted)
    with pytest.raises(KeyboardInterrupt):
        move(source, target, silent)
    refuses(target, "A move to this database has not been finished")
    new_ticket(source)
    expected = everything(source)
    monkeypatch.undo()
    assert move(source, target, silent).begun_anew
    assert everything(target) == expected


def test_stopped_at_the_very_end_the_next_run_finishes_it(
    source: Desk, target: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = everything(source)
    monkeypatch.setattr(moving, "_free", interrupted)
    with pytest.raises(KeyboardInterrupt):
        move(source, target, silent)
    refuses(source, "was moved to another database")
    refuses(target, "A move to this database has not been finished")
    monkeypatch.undo()
    assert move(source, target, silent).heads is None
    assert everything(target) == expected
    require_current(target.engine)
    with pytest.raises(Unavailable, match="was moved to another database"):
        move(source, target, silent)


def test_nothing_is_moved_onto_an_installation(source: Desk, lived: Lived, tmp_path: Path) -> None:
    other = lived.copy(tmp_path / "other")
    before = everything(other)
    for onto in (other, source):
        with pytest.raises(Unavailable, match="is not empty"):
            move(source, onto, silent)
    assert everything(other) == before
    new_ticket(source)
    other.engine.dispose()


def test_an_installation_that_is_not_clean_stays_where_it_is(source: Desk, target: Desk) -> None:
    with source.transaction() as connection:
        connection.execute(text("UPDATE ticket SET priority = 5 - priority WHERE id = 1"))
    with pytest.raises(NotProved, match="stays where it was") as refused:
        move(source, target, silent)
    assert "priority" in str(refused.value.differences[0])
    new_ticket(source)
    refuses(target, "A move to this database has not been finished")


def while_it_moves(act: Callable[[], None]) -> tuple[Callable[[str, int], Callable[[int], None]], list[str]]:
    done: list[str] = []

    def begin(label: str, total: int) -> Callable[[int], None]:
        act()
        done.append(label)
        return lambda _: None

    return begin, done


def test_while_it_moves_others_read_and_do_not_write_on_sqlite(source: Desk, target: Desk) -> None:
    other = sqlite3.connect(str(source.engine.url.database), timeout=0)

    def act() -> None:
        assert other.execute("SELECT count(*) FROM ticket").fetchone()[0] > 0
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("UPDATE ticket SET seq = seq")

    begin, done = while_it_moves(act)
    move(source, target, begin)
    other.close()
    assert done == ["Moving", "Verifying"]


def test_while_it_moves_others_read_and_do_not_write_on_postgresql(source: Desk, server: Desk, target: Desk) -> None:
    move(source, server, silent)
    url = server.engine.url.render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True, options="-c lock_timeout=10ms") as other:

        def act() -> None:
            assert other.execute("SELECT count(*) FROM ticket").fetchone() != (0,)
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute("UPDATE ticket SET seq = seq")

        begin, done = while_it_moves(act)
        move(server, target, begin)
        assert done == ["Moving", "Verifying"]


def test_the_command_tells_which_setting_to_change(
    source: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source.engine.dispose()
    monkeypatch.setenv("SERVICEDESK_INSTANCE", str(tmp_path / "source"))
    (tmp_path / "source" / "secret_key").write_text("k" * 32)
    to = f"sqlite:///{tmp_path / 'target.sqlite'}"
    assert run(["move", "--to", "mysql://there"]) == 1
    assert capsys.readouterr().err.startswith("--to must begin with sqlite:/// or postgresql://")
    assert run(["move"]) == 2
    assert "--to URL, or --reopen" in capsys.readouterr().err
    assert run(["move", "--to", to]) == 0
    said = capsys.readouterr().out
    assert "with the same heads" in said and f"    SERVICEDESK_DATABASE_URL={to}\n" in said
    assert f"what stands in {tmp_path / 'source' / 'secret_key'}" in said and "kkkk" not in said
    assert run(["verify"]) == 1
    assert "was moved to another database" in capsys.readouterr().err
    assert run(["move", "--reopen"]) == 0
    assert run(["verify"]) == 0
