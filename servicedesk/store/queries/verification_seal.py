"""Proving what is more than one ticket: the chain over all events, that no ticket is gone and no rule was changed."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from servicedesk.core.events import GENESIS, chain_hash
from servicedesk.store.attachments import Attachment
from servicedesk.store.base import Base
from servicedesk.store.bulk import stream_rows
from servicedesk.store.changes import ChangeRow
from servicedesk.store.journal import JournalRow, PersonalText, Seal, SealHead
from servicedesk.store.outbox import Notice, OutboxRow
from servicedesk.store.queries.difference import Difference, reason
from servicedesk.store.queries.verification_changes import verify_positions
from servicedesk.store.queries.verification_installation import verify_installation
from servicedesk.store.queries.verification_search import verify_index
from servicedesk.store.search.document import SearchDocument
from servicedesk.store.tickets import Ticket, TicketClock, TicketCustody, TicketNumber, Visibility
from servicedesk.store.timers import TimerRow
from servicedesk.store.webhooks import Delivery

# Everything that belongs to a ticket and must go, or stay, with it.
OF_A_TICKET: tuple[type[Base], ...] = (
    JournalRow,
    Attachment,
    PersonalText,
    TicketClock,
    TicketCustody,
    Visibility,
    TimerRow,
    OutboxRow,
    Notice,
    ChangeRow,
    Delivery,
    SearchDocument,
)


def verify_seal(connection: Connection) -> Iterator[Difference]:
    """Every break of the chain over all events in the order they were committed, every ticket that is gone or has parts
    without a whole, and every change of the installation that was not loaded. A ticket is named by its number."""
    for check in (_chain, _sealed, _unsealed, _numbers, _orphans, verify_positions, verify_installation, verify_index):
        try:
            yield from check(connection)
        except (DBAPIError, TypeError, ValueError) as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            yield Difference("seal", "chain", f"it cannot be read: {reason(error)}")


def seal_head(connection: Connection) -> tuple[int, str]:
    """(position, hash) of the seal's end: written down elsewhere, it proves that nothing before it was changed."""
    head = connection.execute(select(SealHead.position, SealHead.chain)).first()
    return (head.position, head.chain) if head else (0, GENESIS)


def _chain(connection: Connection) -> Iterator[Difference]:
    chain, position = GENESIS, 0
    query = select(Seal.position, Seal.event_hash, Seal.chain).order_by(Seal.position)
    for stands_at, event_hash, stored in stream_rows(connection, query):
        position += 1
        chain = chain_hash(chain, event_hash)
        if stands_at != position:
            yield Difference("seal", "chain", f"position {stands_at} stands where position {position} should")
            position = stands_at
        if stored != chain:
            yield Difference("seal", "chain", f"position {stands_at} does not hash to what is stored")
            chain = stored
    yield from _ends(connection, position, chain)


def _sealed(connection: Connection) -> Iterator[Difference]:
    """Events that the journal has no longer, or has otherwise."""
    query = (
        select(Seal.position, Seal.ticket_id, Seal.seq, JournalRow.hash, Ticket.number)
        .outerjoin(JournalRow, (JournalRow.ticket_id == Seal.ticket_id) & (JournalRow.seq == Seal.seq))
        .outerjoin(Ticket, Ticket.id == Seal.ticket_id)
        .where(JournalRow.hash.is_(None) | (JournalRow.hash != Seal.event_hash))
        .order_by(Seal.position)
    )
    for row in connection.execute(query.execution_options(yield_per=5_000)):
        fault = "has been removed from the journal" if row.hash is None else "is not what the journal says now"
        event = f"event {row.seq}, sealed at position {row.position}, {fault}"
        yield Difference(_named(row.number, row.ticket_id), "seal", event)


def _ends(connection: Connection, position: int, chain: str) -> Iterator[Difference]:
    if seal_head(connection) != (position, chain):
        yield Difference("seal", "chain", "it does not end where it should: its last rows were removed or changed")


def _unsealed(connection: Connection) -> Iterator[Difference]:
    """Events that nobody committed through the program."""
    query = (
        select(JournalRow.ticket_id, JournalRow.seq, Ticket.number)
        .outerjoin(Seal, (JournalRow.ticket_id == Seal.ticket_id) & (JournalRow.seq == Seal.seq))
        .outerjoin(Ticket, Ticket.id == JournalRow.ticket_id)
        .where(Seal.position.is_(None))
    )
    for row in connection.execute(query):
        whose = _named(row.number, row.ticket_id)
        yield Difference(whose, "seal", f"event {row.seq} was never sealed: it was put into the journal by hand")


def _numbers(connection: Connection) -> Iterator[Difference]:
    """The series of numbers has no gaps, so a number without its ticket is a ticket that is gone."""
    for year, last in connection.execute(select(TicketNumber.year, TicketNumber.last)).all():
        given = bytearray(last + 1)
        numbers = select(Ticket.number).where(Ticket.number.startswith(f"{year}-"))
        for number in connection.execute(numbers.execution_options(yield_per=5_000)).scalars():
            place = number.removeprefix(f"{year}-")
            if place.isdecimal() and int(place) <= last:
                given[int(place)] = 1
        for missing in (n for n in range(1, last + 1) if not given[n]):
            yield Difference(f"{year}-{missing:05d}", "row", "the ticket has been removed: its number was given")


def _orphans(connection: Connection) -> Iterator[Difference]:
    for table in OF_A_TICKET:
        whose = table.__table__.c.ticket_id
        query = select(whose, func.count()).where(whose.not_in(select(Ticket.id))).group_by(whose)
        for ticket_id, count in connection.execute(query):
            yield Difference(_named(None, ticket_id), table.__tablename__, f"{count} rows without their ticket")


def _named(number: str | None, ticket_id: int) -> str:
    return number or f"ticket row {ticket_id}"
