"""Proving the database: every ticket refolded from its journal and compared with all that is stored about it."""

from collections.abc import Callable, Collection, Iterator, Sequence

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from servicedesk.core import fold
from servicedesk.core.amended import amended
from servicedesk.core.changes import Change, Telling
from servicedesk.core.errors import NotFound
from servicedesk.core.events import (
    GENESIS,
    Event,
    Moved,
    PromiseWarned,
    TextErased,
    body_of,
    chain_hash,
    event_from,
    text_mac,
)
from servicedesk.core.ticket import TicketState
from servicedesk.store.bulk import Row
from servicedesk.store.changes import ChangeRow
from servicedesk.store.journal import JournalRow, PersonalText
from servicedesk.store.queries.difference import Difference, reason
from servicedesk.store.queries.verification_attachments import verify_attachments
from servicedesk.store.queries.verification_changes import verify_changes
from servicedesk.store.queries.verification_read import Stored, number_of, read_stored
from servicedesk.store.queries.verification_rows import verify_rows
from servicedesk.store.queries.verification_seal import seal_head, verify_seal
from servicedesk.store.queries.verification_search import verify_documents
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket

__all__ = ["Difference", "seal_head", "ticket_ids", "verify_seal", "verify_ticket", "verify_tickets"]

# How many tickets are read at a time: enough that a query costs little of each, and little memory.
AT_ONCE = 100


def ticket_ids(connection: Connection, numbers: Collection[str] = ()) -> list[int]:
    """Every ticket's id, or those of these numbers. NotFound names a number that is not there."""
    if not numbers:
        return list(connection.execute(select(Ticket.id).order_by(Ticket.id)).scalars())
    query = select(Ticket.id, Ticket.number).where(Ticket.number.in_(numbers)).order_by(Ticket.id)
    found = connection.execute(query).all()
    for number in set(numbers) - {row.number for row in found}:
        raise NotFound("There is no ticket %(number)s.", number=number)
    return [row.id for row in found]


def verify_ticket(connection: Connection, book: RuleBook, ticket_id: int) -> list[Difference]:
    """Every difference between a ticket's journal and what is stored of it; empty when it is true."""
    return list(verify_tickets(connection, book, [ticket_id]))


def verify_tickets(
    connection: Connection, book: RuleBook, ids: Sequence[int], tick: Callable[[int], object] = lambda done: None
) -> Iterator[Difference]:
    """The same of many, read some at a time. `tick` is told how many have been looked at."""
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        try:
            stored = read_stored(connection, some)
        except Exception as error:
            if _is_gone(error):
                raise
            # One that cannot be read spoils the reading of its neighbours, but not what they are.
            stored = {}
        for ticket_id in some:
            yield from _of_one(connection, book, ticket_id, stored.get(ticket_id))
        tick(len(some))


def _of_one(connection: Connection, book: RuleBook, ticket_id: int, stored: Stored | None) -> list[Difference]:
    number = f"ticket row {ticket_id}"
    try:
        number = number_of(connection, ticket_id) if stored is None else stored.number
        return _differences(connection, book, ticket_id, stored or read_stored(connection, [ticket_id])[ticket_id])
    except Exception as error:
        # What cannot even be read is a finding like any other; the next ticket must still be looked at.
        if _is_gone(error):
            raise
        return [Difference(number, "journal", f"it cannot be read: {reason(error)}")]


def _is_gone(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _differences(connection: Connection, book: RuleBook, ticket_id: int, stored: Stored) -> list[Difference]:
    events, found = _read_chain(stored)
    found += _texts(stored, events)
    found += verify_attachments(connection, stored, events)
    if not events:
        return [*found, Difference(stored.number, "journal", "it has no events")]
    try:
        ticket, changes = _folded(book, events, stored)
        found += verify_rows(book, ticket_id, ticket, stored)
        found += verify_documents(stored, ticket_id, ticket, events)
        found += verify_changes(stored, changes)
    except Exception as error:
        # A journal that does not fold at all: what was found in its chain is still worth saying.
        found.append(Difference(stored.number, "fold", reason(error)))
    return found


def _folded(book: RuleBook, events: list[Event], stored: Stored) -> tuple[TicketState, list[Change]]:
    """What the journal makes of the ticket, and all that there was to tell on the way, where anything has been told.
    One fold gives both, but where something became known late: what is stored must be what the whole gives, and not
    what it was patched to."""
    telling = Telling(book) if stored.of(ChangeRow) else None
    ticket: TicketState | None = None
    changes: list[Change] = []
    for event, ticket in fold.lived(events, book):
        if telling:
            changes += telling.of(event, ticket)
    if ticket is None or amended(events) != events:
        ticket = fold.fold(events, book)
    return ticket, changes


def _read_chain(stored: Stored) -> tuple[list[Event], list[Difference]]:
    """The events whose bytes can be read, and every break of the chain."""
    number = stored.number
    events, found, previous = [], [], GENESIS
    for expected, row in enumerate(stored.of(JournalRow), start=1):
        _, seq, kind, _, _, body, digest, _, _ = row
        if seq != expected:
            found.append(Difference(number, "chain", f"event {seq} stands where event {expected} should"))
        if chain_hash(previous, body) != digest:
            found.append(
                Difference(number, "chain", f"event {seq} does not hash to what is stored: changed, moved or removed")
            )
        previous = digest
        try:
            event = event_from(body)
        except Exception as error:  # whatever somebody may have written there
            found.append(Difference(number, "journal", f"event {seq} cannot be read: {error}"))
            continue
        events.append(event)
        if not _is_copied(number, row, event):
            found.append(Difference(number, "journal", f"event {seq}: its columns and its body disagree"))
    if previous != stored.head_hash:
        found.append(
            Difference(number, "chain", "the ticket's last event is not the one its row names: removed or added")
        )
    return events, found


def _is_copied(number: str, row: Row, event: Event) -> bool:
    """Whether the columns beside the body say what the body says, and the body says it as the program would."""
    _, seq, kind, occurred_at, recorded_at, body, _, rule, occurrence = row
    return (
        event.seq == seq
        and event.kind == kind
        and event.occurred_at == occurred_at
        and event.recorded_at == recorded_at
        and event.ticket == number
        and body_of(event) == body
        and _is_its_timer(rule, occurrence, event)
    )


def _is_its_timer(rule: str | None, occurrence: int | None, event: Event) -> bool:
    """The timer that the row is the firing of: what keeps it from firing twice."""
    if isinstance(event.payload, PromiseWarned):
        return (rule, occurrence) == (f"warn:{event.payload.clock}@{event.payload.share}", 0)
    if isinstance(event.payload, Moved) and event.payload.timer:
        return rule == event.payload.timer and occurrence is not None and 0 < occurrence < event.seq
    return rule is None and occurrence is None


def _texts(stored: Stored, events: list[Event]) -> list[Difference]:
    """Every text an event names is there with its HMAC, or was destroyed as another event says; and no text is there
    that no event names."""
    number, left = stored.number, {row[1:3]: row for row in stored.of(PersonalText)}
    erased = {seq for event in events if isinstance(event.payload, TextErased) for seq in event.payload.seqs}
    found = []
    for event in events:
        seq = event.seq
        for name, mac in event.texts.items():
            row = left.pop((seq, name), None)
            fault = "is missing" if row is None else _fault_of(row, mac, seq in erased)
            if fault:
                found.append(Difference(number, "text", f"{name} of event {seq} {fault}"))
    found += [Difference(number, "text", f"{name} of event {seq} belongs to no event") for seq, name in left]
    return found


def _fault_of(row: Row, mac: str, is_erased: bool) -> str:
    *_, text, secret, erased_at = row
    if is_erased:
        gone = text is None and secret is None and erased_at is not None
        return "" if gone else "was to be destroyed and is still there"
    if text is None or secret is None or erased_at is not None:
        return "was destroyed, and no decision says so"
    try:
        is_true = text_mac(bytes.fromhex(secret), text) == mac
    except ValueError:
        is_true = False
    return "" if is_true else "is not what was written"
