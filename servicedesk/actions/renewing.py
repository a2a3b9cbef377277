"""What an older program has written beside the new one, put right: whatever it did not know of is missing there."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, select

from servicedesk.actions.desk import Desk
from servicedesk.core import fold
from servicedesk.core.errors import DeskError, Unavailable
from servicedesk.core.timers import timers_of
from servicedesk.store import projection as rows
from servicedesk.store.base import Base
from servicedesk.store.queries.journal import events_of
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket, TicketClock, TicketCustody, Visibility
from servicedesk.store.timers import REARM, TimerRow
from servicedesk.store.upsert import one_journey

# No upgrade takes longer from its first machine to its last.
BESIDE = timedelta(days=7)
# What a journal says that cannot be read: `verify` names it, and nothing is written over it.
UNREADABLE = (LookupError, TypeError, ValueError, DeskError)
Rows = dict[type[Base], dict[rows.Key, rows.Row]]


def renew(desk: Desk) -> int:
    """Write anew, from their journals, the tickets that have changed of late and are not stored as they would be now;
    how many those were. One at a time, so that others may write in between. Unavailable when the database is: begun
    anew it finds what is left."""
    with desk.reading() as connection:
        of_late = select(Ticket.id).where(Ticket.last_at >= desk.now(connection) - BESIDE).order_by(Ticket.id)
        ids = list(connection.execute(of_late).scalars())
    count = 0
    for ticket_id in ids:
        try:
            count += _renewed(desk, ticket_id)
        except Unavailable:
            raise
        except UNREADABLE:
            continue
    return count


def _renewed(desk: Desk, ticket_id: int) -> bool:
    """Whether there was anything to write; under the ticket's lock, which whoever writes on it holds too."""
    with desk.reading(recurring=True) as connection:
        book = desk.book(connection)
        if _stored(connection, ticket_id) == _right(connection, book, ticket_id):
            return False
    with desk.transaction() as connection:
        connection.execute(select(Ticket.id).where(Ticket.id == ticket_id).with_for_update())
        stored, right = _stored(connection, ticket_id), _right(connection, desk.book(connection), ticket_id)
        with one_journey(connection) as journey:
            journey.change(Ticket, list(right.pop(Ticket).values()))
            for table, found in right.items():
                journey.put(table, stored[table], found)
    return True


def _right(connection: Connection, book: RuleBook, ticket_id: int) -> Rows:
    """As the journal gives them."""
    ticket = fold.fold(events_of(connection, ticket_id), book)
    columns = {"id": ticket_id, **rows.ticket_columns(ticket), "state_json": rows.state_json(ticket)}
    return {
        Ticket: {(ticket_id,): columns},
        TicketClock: rows.clock_rows(ticket_id, ticket),
        TicketCustody: rows.custody_rows(ticket_id, ticket),
        Visibility: rows.visibility_rows(ticket_id, ticket),
        TimerRow: rows.timer_rows(ticket_id, timers_of(ticket, book, book.shares, book)),
    }


def _stored(connection: Connection, ticket_id: int) -> Rows:
    """The same as they stand."""
    here = TimerRow.ticket_id == ticket_id
    return {
        Ticket: _rows(connection, Ticket, Ticket.id == ticket_id, but=("head_hash",)),
        TicketClock: _rows(connection, TicketClock, TicketClock.ticket_id == ticket_id),
        TicketCustody: _rows(connection, TicketCustody, TicketCustody.ticket_id == ticket_id),
        Visibility: _rows(connection, Visibility, Visibility.ticket_id == ticket_id),
        TimerRow: _rows(connection, TimerRow, here & (TimerRow.rule != REARM), but=("set_aside",)),
    }


def _rows(
    connection: Connection, table: type[Base], which: ColumnElement[bool], but: tuple[str, ...] = ()
) -> dict[rows.Key, rows.Row]:
    columns = [column for column in table.__table__.columns if column.name not in but]
    keys = [column.name for column in table.__table__.primary_key]
    found = connection.execute(select(*columns).where(which)).mappings()
    return {tuple(row[key] for key in keys): dict(row) for row in found}
