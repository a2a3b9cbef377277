"""When the database cannot do it: a sentence that says what to do, nothing half written, and work goes on after."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.actions.sweep import sweep
from servicedesk.cli import run
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import Unavailable
from servicedesk.store.engine import make_engine
from servicedesk.store.failures import explain
from tests.actions.conftest import prepare
from tests.actions.life import do, kinds, proved, wait
from tests.support.desk import START, Template, new_ticket, persona, ticket_after
from tests.support.postgres import Cluster

MIGRATE = "Run: servicedesk migrate"
SETTING = "Check SERVICEDESK_DATABASE_URL"


def test_a_database_in_another_encoding_is_refused_before_anything_is_written(
    postgres_cluster: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SERVICEDESK_SECRET_KEY", "x" * 32)
    for encoding in ("SQL_ASCII", "LATIN1"):
        name = f"in_{encoding.lower()}"
        postgres_cluster.execute(f"CREATE DATABASE {name} ENCODING {encoding} LOCALE 'C' TEMPLATE template0")
        monkeypatch.setenv("SERVICEDESK_DATABASE_URL", postgres_cluster.url(name))
        for command in ("migrate", "serve", "scheduler", "verify"):
            assert run([command]) == 1
            (line,) = capsys.readouterr().err.splitlines()
            assert f"in the encoding {encoding}" in line and "createdb --encoding=UTF8 --template=template0" in line
        postgres_cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")


def refusal_of(act: Callable[[], object]) -> str:
    with pytest.raises(Unavailable) as refusal:
        act()
    assert "Traceback" not in str(refusal.value)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ('relation "ticket" does not exist', MIGRATE),
        ("column ticket.number does not exist\nLINE 1: SELECT ticket.number", MIGRATE),
        ('column "party" of relation "journal" does not exist', MIGRATE),
        ("no such table: ticket", MIGRATE),
        ("no such column: visibility.title_seq", MIGRATE),
        ('connection failed: connection to server at "127.0.0.1" failed: FATAL:  database "x" does not exist', SETTING),
        ('connection failed: FATAL:  password authentication failed for user "desk"', SETTING),
        ('connection failed: FATAL:  role "ghost" does not exist', SETTING),
        ('connection failed: FATAL:  role "desk" is not permitted to log in', SETTING),
        ("connection failed: fe_sendauth: no password supplied", SETTING),
        ('connection failed: FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "desk"', SETTING),
        ("connection failed: Connection refused\n\tIs the server running on that host", "does not answer"),
        ("connection failed: FATAL:  the database system is starting up", "does not answer"),
        ("connection failed: FATAL:  the database system is shutting down", "does not answer"),
        ("server closed the connection unexpectedly", "does not answer"),
        ("terminating connection due to administrator command", "does not answer"),
        ("connection timeout expired", "does not answer"),
        ("[Errno -2] Name or service not known", "does not answer"),
        ("connection failed: FATAL:  sorry, too many clients already", "busy"),
        ("deadlock detected", "busy"),
        ("database is locked", "busy"),
        ("database or disk is full", "The disk is full"),
        ('could not extend file "base/5/1": No space left on device', "The disk is full"),
        ("attempt to write a readonly database", "cannot be written to"),
        ("cannot execute INSERT in a read-only transaction", "cannot be written to"),
        ("permission denied for table ticket", "cannot be written to"),
        ("database disk image is malformed", "damaged"),
        ("file is not a database", "damaged"),
        ("disk I/O error", "damaged"),
        ("unable to open database file", "cannot be opened"),
    ],
)
def test_a_drivers_words_become_a_sentence_that_says_what_to_do(said: str, sentence: str) -> None:
    assert sentence in str(explain(OperationalError("SELECT 1", {}, Exception(said))))


def test_words_nobody_foresaw_are_passed_on_without_the_query_or_what_was_written() -> None:
    error = ProgrammingError(
        "INSERT INTO x VALUES (:y)", {"y": "Anna"}, Exception("gremlins in the works\nDETAIL: Anna")
    )
    assert str(explain(error)) == "The database refused: gremlins in the works. Nothing was saved."


def test_an_error_that_is_logged_carries_nothing_of_what_was_written() -> None:
    engine = make_engine("sqlite://")
    with engine.connect() as connection, pytest.raises(OperationalError) as raised:
        connection.execute(text("INSERT INTO nowhere VALUES (:y)"), {"y": "Anna Exempel"})
    engine.dispose()
    assert "nowhere" in str(raised.value)
    assert "Anna" not in str(raised.value)


@pytest.fixture
def file(desk_template: Template, tmp_path: Path) -> Path:
    return Path(desk_template.copy_to(tmp_path / "one").removeprefix("sqlite:///"))


@contextmanager
def desk_on(url: str, **options: Any) -> Iterator[Desk]:
    desk = Desk(make_engine(url, **options), ControlledClock(START))
    yield desk
    desk.engine.dispose()


def test_a_file_that_can_only_be_read_refuses_writing_and_still_shows_what_it_has(file: Path) -> None:
    with desk_on(f"sqlite:///{file}") as writer:
        number = new_ticket(writer).number
    with desk_on(f"sqlite:///file:{file}?mode=ro&uri=true") as reader:
        assert kinds(reader, number) == ["TicketLogged"]
        assert "cannot be written to" in refusal_of(lambda: do(reader, number, "first_line_lulea", "take"))
        assert "cannot be written to" in refusal_of(lambda: sweep(reader))
    with desk_on(f"sqlite:///{file}") as again:
        do(again, number, "first_line_lulea", "take")
        proved(again)


def test_an_empty_database_and_one_behind_say_that_they_must_be_migrated(file: Path, tmp_path: Path) -> None:
    with desk_on(f"sqlite:///{tmp_path / 'empty.sqlite'}") as empty:
        assert MIGRATE in refusal_of(lambda: sweep(empty))
        assert MIGRATE in refusal_of(lambda: drain(empty))
        assert MIGRATE in refusal_of(lambda: persona(empty, "first_line_lulea"))
    with sqlite3.connect(file) as raw:
        raw.execute("DROP TABLE seal_head")
    raw.close()
    with desk_on(f"sqlite:///{file}") as behind:
        assert MIGRATE in refusal_of(lambda: new_ticket(behind))
        with behind.reading() as connection:
            assert connection.execute(text("SELECT count(*) FROM ticket")).scalar_one() == 0


def test_a_file_that_is_no_database_and_a_folder_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "letter.sqlite").write_text("Kära dagbok, " * 1000)
    with desk_on(f"sqlite:///{tmp_path / 'letter.sqlite'}") as letter:
        assert "damaged" in refusal_of(lambda: sweep(letter))
    with desk_on(f"sqlite:///{tmp_path / 'nowhere' / 'x.sqlite'}") as nowhere:
        assert "cannot be opened" in refusal_of(lambda: sweep(nowhere))


def test_a_full_disk_leaves_nothing_half_written_whenever_it_happens(file: Path) -> None:
    """At first there is no room at all, then a page more each time, until the step fits."""
    with desk_on(f"sqlite:///{file}") as desk:
        numbers = [ticket_after(desk, "take").number for _ in range(3)]
        room = {"pages": 0}

        @event.listens_for(desk.engine, "checkout")
        def no_more_pages(connection: Any, *arguments: Any) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + room['pages']}")

        long = "Vi har provat allt. " * 900
        refusals = 0
        for number in numbers:
            while kinds(desk, number)[-1] == "TicketTaken":
                try:
                    do(desk, number, "first_line_lulea", "escalate_to_second_line", tried=long, reason=long)
                except Unavailable as refusal:
                    assert "The disk is full" in str(refusal)
                    refusals += 1
                    room["pages"] += 3
                    proved(desk)
            room["pages"] = 0
        assert refusals >= 3
        room["pages"] = 10_000
        wait(desk, days=3)
        sweep(desk)
        drain(desk)
        proved(desk)


def test_a_full_disk_costs_no_notice(file: Path) -> None:
    """What could not be carried out because of the database is not held against the notice."""
    with desk_on(f"sqlite:///{file}") as desk:
        for _ in range(40):
            new_ticket(desk)
        room = [1_000_000]
        with desk.reading() as connection:
            waiting = connection.execute(text("SELECT count(*) FROM outbox WHERE reaction = 'notify'")).scalar_one()

        @event.listens_for(desk.engine, "checkout")
        def no_more_pages(connection: Any, *arguments: Any) -> None:
            connection.execute(f"PRAGMA max_page_count = {room[0]}")

        with desk.engine.connect() as connection:
            room[0] = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        for _ in range(12):
            try:
                drain(desk)
            except Unavailable:
                continue
        room[0] = 1_000_000
        with desk.reading() as connection:
            counted = connection.execute(text("SELECT coalesce(max(attempts), 0) FROM outbox")).scalar_one()
        assert counted == 0
        drain(desk)
        with desk.reading() as connection:
            told = connection.execute(text("SELECT count(*) FROM notice")).scalar_one()
            assert connection.execute(text("SELECT count(*) FROM outbox WHERE reaction = 'notify'")).scalar_one() == 0
        assert told >= waiting - 40 and waiting > 0


def test_somebody_else_holding_the_file_is_waited_for_and_then_said(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servicedesk.store.engine.BUSY_MILLISECONDS", 100)
    with desk_on(f"sqlite:///{file}") as desk:
        ticket = new_ticket(desk)
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert "busy" in refusal_of(lambda: do(desk, ticket.number, "first_line_lulea", "take"))
        other.execute("ROLLBACK")
        other.close()
        do(desk, ticket.number, "first_line_lulea", "take")
        proved(desk)


def test_when_every_connection_is_taken_the_database_is_busy(file: Path) -> None:
    with desk_on(f"sqlite:///{file}", pool_size=1, max_overflow=0, pool_timeout=0.05) as desk:
        new_ticket(desk)
        with desk.reading():
            assert "busy" in refusal_of(lambda: sweep(desk))
        sweep(desk)


def test_a_postgresql_that_goes_away_in_the_middle_and_comes_back(postgres_cluster: Cluster) -> None:
    with postgres_cluster.fresh(postgres_cluster.template("loaded", prepare)) as url, desk_on(url) as desk:
        number = ticket_after(desk, "take").number
        name = url.rsplit("/", 1)[1]
        refusals = []
        with pytest.raises(Unavailable) as refusal, desk.transaction() as connection:
            connection.execute(text("UPDATE ticket SET assignee = 'half done'"))
            postgres_cluster.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            postgres_cluster.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            connection.execute(text("SELECT 1"))
        refusals.append(str(refusal.value))
        for act in (lambda: sweep(desk), lambda: drain(desk), lambda: new_ticket(desk)):
            refusals.append(refusal_of(act))
        postgres_cluster.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        do(desk, number, "first_line_lulea", "escalate_to_second_line")
        proved(desk)
        assert all("does not answer" in said for said in refusals), refusals


def test_a_postgresql_that_is_not_there_or_does_not_know_us(postgres_cluster: Cluster) -> None:
    port = postgres_cluster.port
    for url, sentence in (
        (f"postgresql://desk@127.0.0.1:{port}/nothing", "There is no such database."),
        (f"postgresql://ghost@127.0.0.1:{port}/postgres", "does not accept this user"),
        ("postgresql://desk@127.0.0.1:1/postgres", "does not answer"),
        (f"postgresql://desk@127.0.0.1:{port}/postgres", MIGRATE),
    ):
        with desk_on(url) as desk:
            assert sentence in refusal_of(lambda desk=desk: sweep(desk))  # type: ignore[misc]
