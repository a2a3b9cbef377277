"""Proving the database: every ticket refolded from its journal and compared with all that is stored about it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

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
from servicedesk.core.ledger import does_not_add_up
from servicedesk.core.ticket import TicketState
from servicedesk.core.timers import timers_of
from servicedesk.store import projection as rows
from servicedesk.store.base import Base
from servicedesk.store.journal import JournalRow, PersonalText
from servicedesk.store.queries.difference import Difference, reason
from servicedesk.store.queries.verification_attachments import verify_attachments
from servicedesk.store.queries.verification_changes import verify_changes
from servicedesk.store.queries.verification_read import Stored, key_of, number_of, places_of, read_stored, values_of
from servicedesk.store.queries.verification_seal import seal_head, verify_seal
from servicedesk.store.queries.verification_search import verify_documents
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket, TicketClock, TicketCustody, Visibility
from servicedesk.store.timers import TimerRow

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
        ticket, changes = _folded(book, events)
        found += _projections(book, ticket_id, ticket, stored)
        found += verify_documents(stored, ticket_id, ticket, events)
        found += verify_changes(stored, changes)
    except Exception as error:
        # A journal that does not fold at all: what was found in its chain is still worth saying.
        found.append(Difference(stored.number, "fold", reason(error)))
    return found


def _folded(book: RuleBook, events: list[Event]) -> tuple[TicketState, list[Change]]:
    """What the journal makes of the ticket, and all that there was to tell on the way. One fold gives both, but where
    something became known late: what is stored must be what the whole gives, and not what it was patched to."""
    ticket, telling = None, Telling(book)
    changes: list[Change] = []
    for event, ticket in fold.lived(events, book):
        changes += telling.of(event, ticket)
    if ticket is None or amended(events) != events:
        ticket = fold.fold(events, book)
    return ticket, changes


def _projections(book: RuleBook, ticket_id: int, ticket: TicketState, stored: Stored) -> list[Difference]:
    """Everything written from the fold, compared with the journal folded again."""
    number, row = stored.number, stored.of(Ticket)[0]
    found = _compare(number, "row", Ticket, rows.ticket_row(ticket, row.head_hash), row)
    found += [Difference(number, "conservation", fault) for fault in does_not_add_up(ticket)]
    timers = timers_of(ticket, book, book.shares, book)
    for table, expected in (
        (TicketClock, rows.clock_rows(ticket_id, ticket)),
        (TicketCustody, rows.custody_rows(ticket_id, ticket)),
        (Visibility, rows.visibility_rows(ticket_id, ticket)),
        (TimerRow, rows.timer_rows(ticket_id, timers)),
    ):
        found += _compare_rows(number, table, expected, stored.of(table))
    return found


def _read_chain(stored: Stored) -> tuple[list[Event], list[Difference]]:
    """The events whose bytes can be read, and every break of the chain."""
    number, head = stored.number, stored.of(Ticket)[0].head_hash
    events, found, previous = [], [], GENESIS
    for expected, row in enumerate(stored.of(JournalRow), start=1):
        here = f"event {row.seq}"
        if row.seq != expected:
            found.append(Difference(number, "chain", f"{here} stands where event {expected} should"))
        if chain_hash(previous, row.body) != row.hash:
            found.append(
                Difference(number, "chain", f"{here} does not hash to what is stored: changed, moved or removed")
            )
        previous = row.hash
        try:
            event = event_from(row.body)
        except Exception as error:  # whatever somebody may have written there
            found.append(Difference(number, "journal", f"{here} cannot be read: {error}"))
            continue
        events.append(event)
        found += _copies(number, row, event)
    if previous != head:
        found.append(
            Difference(number, "chain", "the ticket's last event is not the one its row names: removed or added")
        )
    return events, found


def _copies(number: str, row: Any, event: Event) -> list[Difference]:
    """The columns beside the body say what the body says."""
    said = (event.ticket, event.seq, event.kind, event.occurred_at, event.recorded_at)
    copied = (number, row.seq, row.kind, row.occurred_at, row.recorded_at)
    if said == copied and body_of(event) == row.body and _is_its_timer(row, event):
        return []
    return [Difference(number, "journal", f"event {row.seq}: its columns and its body disagree")]


def _is_its_timer(row: Any, event: Event) -> bool:
    """The timer that the row is the firing of: what keeps it from firing twice."""
    rule, occurrence = row.timer_rule, row.timer_occurrence
    if isinstance(event.payload, PromiseWarned):
        return (rule, occurrence) == (f"warn:{event.payload.clock}@{event.payload.share}", 0)
    if isinstance(event.payload, Moved) and event.payload.timer:
        return bool(rule == event.payload.timer and 0 < occurrence < event.seq)
    return (rule, occurrence) == (None, None)


def _texts(stored: Stored, events: list[Event]) -> list[Difference]:
    """Every text an event names is there with its HMAC, or was destroyed as another event says; and no text is there
    that no event names."""
    number, left = stored.number, {(row.seq, row.field): row for row in stored.of(PersonalText)}
    erased = {seq for event in events if isinstance(event.payload, TextErased) for seq in event.payload.seqs}
    found = []
    for event in events:
        for name, mac in event.texts.items():
            row = left.pop((event.seq, name), None)
            fault = "is missing" if row is None else _fault_of(row, mac, event.seq in erased)
            if fault:
                found.append(Difference(number, "text", f"{name} of event {event.seq} {fault}"))
    found += [Difference(number, "text", f"{name} of event {seq} belongs to no event") for seq, name in left]
    return found


def _fault_of(row: Any, mac: str, is_erased: bool) -> str:
    gone = row.text is None and row.secret is None and row.erased_at is not None
    if is_erased:
        return "" if gone else "was to be destroyed and is still there"
    if row.text is None or row.secret is None or row.erased_at is not None:
        return "was destroyed, and no decision says so"
    try:
        is_true = text_mac(bytes.fromhex(row.secret), row.text) == mac
    except ValueError:
        is_true = False
    return "" if is_true else "is not what was written"


def _compare(number: str, what: str, table: type[Base], expected: rows.Row, stored: Any) -> list[Difference]:
    if values_of(table, tuple(expected))(stored) == tuple(expected.values()):
        return []
    places = places_of(table)
    return [
        Difference(number, what, f"{name} is {_short(stored[places[name]])}, the journal says {_short(value)}")
        for name, value in expected.items()
        if stored[places[name]] != value
    ]


def _compare_rows(
    number: str, table: type[Base], expected: dict[rows.Key, rows.Row], found: Sequence[Any]
) -> Iterator[Difference]:
    what = table.__tablename__
    stored = {key_of(table, row): row for row in found}
    for key in stored.keys() - expected.keys():
        yield Difference(number, what, f"{key} is stored and should not be")
    for key, row in expected.items():
        if key not in stored:
            yield Difference(number, what, f"{key} is missing")
        else:
            yield from _compare(number, f"{what} {key[-1]}", table, row, stored[key])
    if table is TimerRow:
        for key, kept in stored.items():
            if kept.set_aside:
                yield Difference(number, what, f"{key} was set aside: {kept.set_aside}")


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
