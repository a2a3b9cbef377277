"""Generated installations: journals as whole as any, at any size, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, text

from servicedesk.actions.desk import Desk
from servicedesk.actions.generate.making import Made, Size, generate
from servicedesk.actions.generate.plan import weights_for
from servicedesk.actions.sweep import sweep
from servicedesk.cli import run
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import Refusal
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow
from servicedesk.store.queries.verification import ticket_ids, verify_seal, verify_ticket
from servicedesk.store.tickets import Ticket
from tests.support.demo import UNTIL
from tests.support.desk import fill, new_ticket

TICKETS, OPEN = 60, 12


def generated(url: str, processes: int = 1) -> tuple[Desk, Made]:
    desk = Desk(make_engine(url), ControlledClock(UNTIL))
    fill(desk)
    return desk, generate(desk, Size.of(TICKETS, OPEN), seed=7, processes=processes)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Made]]:
    desk, made = generated(f"sqlite:///{tmp_path_factory.mktemp('generate')}/servicedesk.sqlite")
    yield desk, made
    desk.engine.dispose()


def differences(desk: Desk) -> list[object]:
    with desk.reading() as connection:
        book = desk.book(connection)
        found = [found for each in ticket_ids(connection) for found in verify_ticket(connection, book, each)]
        return [*found, *verify_seal(connection)]


def bodies(desk: Desk) -> list[str]:
    with desk.reading() as connection:
        query = select(JournalRow.kind, JournalRow.occurred_at, Ticket.number).join(Ticket)
        return [str(row) for row in connection.execute(query.order_by(JournalRow.ticket_id, JournalRow.seq))]


def test_every_generated_ticket_is_what_its_journal_makes_of_it(made: tuple[Desk, Made]) -> None:
    assert differences(made[0]) == []


def test_as_many_are_made_and_about_as_many_left_open_as_were_asked_for(made: tuple[Desk, Made]) -> None:
    desk, told = made
    with desk.reading() as connection:
        tickets = connection.execute(select(func.count()).select_from(Ticket)).scalar_one()
        still_open = connection.execute(select(func.count()).where(Ticket.is_open)).scalar_one()
        events = connection.execute(select(func.count()).select_from(JournalRow)).scalar_one()
    assert (tickets, events) == (told.tickets, told.events) == (TICKETS, events)
    # A timer may close one that was left waiting too long.
    assert OPEN * 0.6 <= still_open <= OPEN


def test_nothing_is_overdue_that_a_scheduler_would_have_fired(made: tuple[Desk, Made]) -> None:
    assert sweep(made[0], as_of=UNTIL).fired == 0


def test_work_goes_on_where_generation_ended(made: tuple[Desk, Made]) -> None:
    desk, _ = made
    with desk.reading() as connection:
        last = connection.execute(select(Ticket.number).order_by(Ticket.id.desc())).scalars().first() or ""
    year, number = last.split("-")
    assert new_ticket(desk).number == f"{year}-{int(number) + 1:05d}"
    assert differences(desk) == []


@pytest.mark.long
def test_the_same_seed_gives_the_same_lives_in_any_number_of_processes_on_any_database(
    made: tuple[Desk, Made], postgres_url: str
) -> None:
    desk, told = generated(postgres_url, processes=2)
    try:
        assert told == made[1]
        assert bodies(desk) == bodies(made[0])[: told.events]
        assert differences(desk) == []
        with desk.transaction() as connection:
            assert (
                connection.execute(text("SELECT nextval(pg_get_serial_sequence('ticket', 'id'))")).scalar()
                == TICKETS + 1
            )
    finally:
        desk.engine.dispose()


def test_a_database_with_tickets_is_left_alone(made: tuple[Desk, Made]) -> None:
    with pytest.raises(Refusal, match="holds tickets already"):
        generate(made[0], Size.of(1), seed=1)


@pytest.mark.long
def test_the_command_fills_a_new_installation_and_a_sample_of_it_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["generate", "--tickets", "40", "--seed", "3", "--processes", "1"]) == 0
    assert capsys.readouterr().out.startswith("40 tickets with ")
    assert run(["verify", "--sample", "10"]) == 0
    assert capsys.readouterr().out.startswith("Clean: 10 drawn of 40 tickets, ")
    assert run(["generate", "--tickets", "1"]) == 1
    assert "holds tickets already" in capsys.readouterr().err


def test_lives_are_drawn_so_that_they_are_as_long_as_is_asked_for() -> None:
    lengths = [3, 5, 8, 20, 40]
    for mean in (4.0, 11.0, 30.0):
        weights = weights_for(lengths, mean)
        assert sum(w * n for w, n in zip(weights, lengths, strict=True)) / sum(weights) == pytest.approx(mean, abs=0.01)
