"""What an older program wrote beside the new one is put right by the next `servicedesk migrate`."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from servicedesk.actions import renewing
from servicedesk.actions.desk import Desk
from servicedesk.actions.renewing import BESIDE, renew
from servicedesk.cli.migrate import command
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import Unavailable
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow
from servicedesk.store.queries.verification import ticket_ids, verify_tickets
from servicedesk.store.tickets import Ticket, TicketClock, TicketCustody, Visibility
from servicedesk.store.timers import TimerRow
from tests.support.desk import START, fill, new_ticket, ticket_after


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    made = Desk(make_engine(database_url), ControlledClock(START), secret="only-for-tests-0123456789")
    fill(made)
    for last in ("accept_in_second_line", "accept_at_supplier", "confirm"):
        ticket_after(made, last)
    new_ticket(made)
    yield made
    made.engine.dispose()


def differences(desk: Desk) -> list[str]:
    with desk.reading() as connection:
        return [str(one) for one in verify_tickets(connection, desk.book(connection), ticket_ids(connection))]


def left_out(desk: Desk) -> None:
    """As by a program that knows neither what is at risk nor whose turn it is, nor some clocks and timers."""
    with desk.transaction() as connection:
        one = connection.execute(select(Ticket.id).order_by(Ticket.id.desc())).scalars().first()
        connection.execute(update(Visibility).values(risks="", risk_at=None, turn="", facet=""))
        for table in (TicketClock, TicketCustody, TimerRow):
            connection.execute(delete(table).where(table.ticket_id == one))
        connection.execute(update(Ticket).where(Ticket.id == one).values(e_service="another"))


def test_what_an_older_program_left_out_is_written_anew(desk: Desk) -> None:
    assert renew(desk) == 0
    left_out(desk)
    assert differences(desk)
    assert renew(desk) == 4
    assert differences(desk) == []
    assert renew(desk) == 0


def test_what_was_written_before_it_or_cannot_be_read_is_left_to_verification(desk: Desk) -> None:
    left_out(desk)
    with desk.transaction() as connection:
        first, *_ = ticket_ids(connection)
        connection.execute(update(JournalRow).where(JournalRow.ticket_id == first).values(body="{"))
    assert renew(desk) == 3
    assert all("2026-00001" in one for one in differences(desk)) and differences(desk)
    left_out(desk)
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + BESIDE + timedelta(days=1))
    assert renew(desk) == 0


def test_a_database_that_goes_away_is_said_and_not_passed_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    left_out(desk)

    def gone(*given: object) -> None:
        raise Unavailable("The database is busy.")

    with monkeypatch.context() as patched:
        patched.setattr(renewing, "one_journey", gone)
        with pytest.raises(Unavailable):
            renew(desk)
    assert renew(desk) == 4


def test_the_command_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    left_out(desk)
    monkeypatch.setattr("servicedesk.cli.migrate.Desk", lambda engine: desk)
    monkeypatch.setattr("servicedesk.cli.migrate.make_engine", lambda url: desk.engine)
    for expected in ("4 tickets that an older program had written put right.\n", ""):
        command.main([], standalone_mode=False)
        assert capsys.readouterr().out.endswith(expected or ".\n")
    assert differences(desk) == []
