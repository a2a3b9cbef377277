"""Generated tickets on their way into the database: each one's rows, and batches of them written whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection, select, text, update

from servicedesk.actions.opened import Open
from servicedesk.actions.sealing import sealed
from servicedesk.actions.work import Work
from servicedesk.actions.writing import journal_row
from servicedesk.core.events import GENESIS
from servicedesk.store import projection
from servicedesk.store.base import Base
from servicedesk.store.bulk import Rows, prepared, table_of, write_rows
from servicedesk.store.journal import JournalRow, PersonalText, Seal, SealHead
from servicedesk.store.search.analysis import words_said_again
from servicedesk.store.search.document import SearchDocument, documents_of
from servicedesk.store.tickets import Ticket, TicketClock, TicketCustody, TicketNumber, Visibility
from servicedesk.store.timers import TimerRow
from servicedesk.store.upsert import insert_missing, upsert

# In the order in which they point to each other.
TABLES: tuple[type[Base], ...] = (
    Ticket,
    JournalRow,
    PersonalText,
    TicketClock,
    TicketCustody,
    Visibility,
    TimerRow,
    SearchDocument,
)
NUMBERED = (Ticket, JournalRow, PersonalText, SearchDocument)


@dataclass
class Batch:
    """Rows by table, ready for the driver, and what the seal needs of each event: (ticket id, seq, hash)."""

    rows: dict[str, Rows] = field(default_factory=dict)
    events: list[tuple[int, int, str]] = field(default_factory=list)
    tickets: int = 0


def batch_of(dialect: str, work: Work, tickets: Iterable[Open]) -> Batch:
    batch = Batch()
    found: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in TABLES}
    for held in tickets:
        for table, rows in _rows_of(work, held).items():
            found[table] += rows
        batch.events += [(held.id, event.seq, head) for event, _, head in held.events]
        batch.tickets += 1
    batch.rows = {
        table.__tablename__: prepared(dialect, table_of(table), names_of(table), rows) for table, rows in found.items()
    }
    return batch


def _rows_of(work: Work, held: Open) -> dict[type[Base], list[dict[str, Any]]]:
    ticket = held.ticket
    events = [event for event, _, _ in held.events]
    texts = {(one["seq"], one["field"]): one["text"] for one in held.texts}
    return {
        Ticket: [{"id": held.id, **projection.ticket_row(ticket, held.head_hash)}],
        JournalRow: [journal_row(held, *one) for one in held.events],
        PersonalText: held.texts,
        TicketClock: list(projection.clock_rows(held.id, ticket).values()),
        TicketCustody: list(projection.custody_rows(held.id, ticket).values()),
        Visibility: list(projection.visibility_rows(held.id, ticket).values()),
        TimerRow: list(projection.timer_rows(held.id, work.timers(ticket)).values()),
        SearchDocument: list(documents_of(held.id, ticket, events, texts, words_said_again).values()),
    }


@cache
def names_of(table: type[Base]) -> tuple[str, ...]:
    """The columns that are written; an id is given only to tickets, the database numbers the rest."""
    return tuple(c.name for c in table.__table__.columns if c.name != "id" or table is Ticket)


def write_batch(connection: Connection, batch: Batch) -> None:
    for table in TABLES:
        write_rows(connection, table_of(table), names_of(table), batch.rows[table.__tablename__])
    head = connection.execute(select(SealHead.position, SealHead.chain).with_for_update()).first()
    if head is None:
        insert_missing(connection, SealHead, [{"id": 1, "position": 0, "chain": GENESIS}])
    seals = list(sealed(*(head or (0, GENESIS)), batch.events))
    names = tuple(seals[0])
    write_rows(connection, table_of(Seal), names, [tuple(row.values()) for row in seals])
    connection.execute(update(SealHead).values(position=seals[-1]["position"], chain=seals[-1]["chain"]))


def keep_counting(connection: Connection, last_number: dict[int, int]) -> None:
    """What comes after goes on from here: ticket numbers by year, and PostgreSQL's own count of tickets."""
    upsert(connection, TicketNumber, [{"year": year, "last": last} for year, last in last_number.items()])
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT setval(pg_get_serial_sequence('ticket', 'id'), (SELECT max(id) FROM ticket))"))


def sized(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
