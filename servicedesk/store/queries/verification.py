"""Proving the database: every ticket refolded from its journal and compared with all that is stored about it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from servicedesk.core import fold
from servicedesk.core.errors import NotFound
from servicedesk.core.events import GENESIS, Event, body_of, chain_hash, text_mac
from servicedesk.core.ledger import does_not_add_up
from servicedesk.core.timers import timers_of
from servicedesk.store import projection as rows
from servicedesk.store.base import Base
from servicedesk.store.journal import JournalRow, PersonalText, Seal, SealHead
from servicedesk.store.queries.journal import event_of_body
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket, TicketClock, TicketCustody, Visibility
from servicedesk.store.timers import TimerRow


@dataclass(frozen=True, slots=True)
class Difference:
    """Where (a ticket's number, or `seal`), what of it (chain, row, clocks, custody, visibility, …), and how."""

    where: str
    what: str
    detail: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: {self.detail}"


def ticket_ids(connection: Connection, numbers: Collection[str] = ()) -> list[int]:
    """Every ticket's id, or those of these numbers. NotFound names a number that is not there."""
    query = select(Ticket.id, Ticket.number).order_by(Ticket.id)
    found = connection.execute(query.where(Ticket.number.in_(numbers)) if numbers else query).all()
    for number in set(numbers) - {row.number for row in found}:
        raise NotFound("There is no ticket %(number)s.", number=number)
    return [row.id for row in found]


def verify_ticket(connection: Connection, book: RuleBook, ticket_id: int) -> list[Difference]:
    """Every difference between a ticket's journal and what is stored of it; empty when it is true."""
    stored = connection.execute(select(Ticket.__table__).where(Ticket.id == ticket_id)).mappings().one()
    number = stored["number"]
    journal = connection.execute(
        select(JournalRow.__table__).where(JournalRow.ticket_id == ticket_id).order_by(JournalRow.seq)
    ).mappings()
    events, found = _read_chain(number, list(journal), stored["head_hash"])
    found += _texts(connection, number, ticket_id, events)
    if not events:
        return [*found, Difference(number, "journal", "it has no events")]
    try:
        ticket = fold.fold(events, book)
        row = rows.ticket_row(ticket, stored["head_hash"])
        found += _compare(number, "row", row, stored)
        found += [Difference(number, "conservation", fault) for fault in does_not_add_up(ticket)]
        timers = timers_of(ticket, book, book.shares, book)
        for table, expected in (
            (TicketClock, rows.clock_rows(ticket_id, ticket)),
            (TicketCustody, rows.custody_rows(ticket_id, ticket)),
            (Visibility, rows.visibility_rows(ticket_id, ticket)),
            (TimerRow, rows.timer_rows(ticket_id, timers)),
        ):
            found += _compare_rows(connection, number, table, ticket_id, expected)
    except Exception as error:
        # A journal that does not fold at all is a finding like any other; the next ticket must still be looked at.
        found.append(Difference(number, "fold", f"{type(error).__name__}: {error}"))
    return found


def _read_chain(number: str, journal: list[Any], head: str) -> tuple[list[Event], list[Difference]]:
    """The events whose bytes can be read, and every break of the chain."""
    events, found, previous = [], [], GENESIS
    for expected, row in enumerate(journal, start=1):
        here = f"event {row['seq']}"
        if row["seq"] != expected:
            found.append(Difference(number, "chain", f"{here} stands where event {expected} should"))
        if chain_hash(previous, row["body"]) != row["hash"]:
            found.append(
                Difference(number, "chain", f"{here} does not hash to what is stored: changed, moved or removed")
            )
        previous = row["hash"]
        try:
            event = event_of_body(row["body"])
        except (ValueError, KeyError, TypeError) as error:
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
    copied = (number, row["seq"], row["kind"], row["occurred_at"], row["recorded_at"])
    if said == copied and body_of(event) == row["body"]:
        return []
    return [Difference(number, "journal", f"event {row['seq']}: its columns and its body disagree")]


def _texts(connection: Connection, number: str, ticket_id: int, events: list[Event]) -> list[Difference]:
    """Every text an event names is there with its HMAC, or was erased; and no text is there that no event names."""
    query = select(PersonalText.__table__).where(PersonalText.ticket_id == ticket_id)
    stored = {(row["seq"], row["field"]): row for row in connection.execute(query).mappings()}
    found = []
    for event in events:
        for name, mac in event.texts.items():
            row = stored.pop((event.seq, name), None)
            if row is None:
                found.append(Difference(number, "text", f"{name} of event {event.seq} is missing"))
            elif row["erased_at"] is None and not _is_true(row, mac):
                found.append(Difference(number, "text", f"{name} of event {event.seq} is not what was written"))
    found += [Difference(number, "text", f"{name} of event {seq} belongs to no event") for seq, name in stored]
    return found


def _is_true(row: Any, mac: str) -> bool:
    if row["text"] is None or row["secret"] is None:
        return False
    return text_mac(bytes.fromhex(row["secret"]), row["text"]) == mac


def _compare(number: str, what: str, expected: Any, stored: Any) -> list[Difference]:
    return [
        Difference(number, what, f"{name} is {_short(stored[name])}, the journal says {_short(value)}")
        for name, value in expected.items()
        if stored[name] != value
    ]


def _compare_rows(
    connection: Connection, number: str, table: type[Base], ticket_id: int, expected: dict[rows.Key, rows.Row]
) -> Iterator[Difference]:
    what = table.__tablename__
    keys = [column.name for column in table.__table__.primary_key]
    query = select(table.__table__).where(table.__table__.c.ticket_id == ticket_id)
    stored = {tuple(row[name] for name in keys): row for row in connection.execute(query).mappings()}
    for key in stored.keys() - expected.keys():
        yield Difference(number, what, f"{key} is stored and should not be")
    for key, row in expected.items():
        if key not in stored:
            yield Difference(number, what, f"{key} is missing")
        else:
            yield from _compare(number, f"{what} {key[-1]}", row, stored[key])
    for key, kept in stored.items():
        if kept.get("set_aside"):
            yield Difference(number, what, f"{key} was set aside: {kept['set_aside']}")


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def verify_seal(connection: Connection) -> Iterator[Difference]:
    """The chain over all heads: every event of every ticket, in the order they were committed."""
    chain, position = GENESIS, 0
    query = (
        select(Seal.position, Seal.ticket_id, Seal.seq, Seal.event_hash, Seal.chain, JournalRow.hash)
        .outerjoin(JournalRow, (JournalRow.ticket_id == Seal.ticket_id) & (JournalRow.seq == Seal.seq))
        .order_by(Seal.position)
    )
    for row in connection.execute(query.execution_options(yield_per=5_000)):
        position += 1
        chain = chain_hash(chain, row.event_hash)
        where = f"position {row.position} (event {row.seq} of ticket row {row.ticket_id})"
        if row.position != position:
            yield Difference("seal", "chain", f"{where} stands where position {position} should")
            position = row.position
        if row.chain != chain:
            yield Difference("seal", "chain", f"{where} does not hash to what is stored")
            chain = row.chain
        if row.hash is None:
            yield Difference("seal", "journal", f"{where} has been removed from the journal")
        elif row.hash != row.event_hash:
            yield Difference("seal", "journal", f"{where} is not the event that was sealed")
    yield from _ends(connection, position, chain)


def _ends(connection: Connection, position: int, chain: str) -> Iterator[Difference]:
    head = connection.execute(select(SealHead.position, SealHead.chain)).first()
    if (head.position, head.chain) != (position, chain) if head else position:
        yield Difference("seal", "chain", "it does not end where it should: its last rows were removed or changed")
    events = connection.execute(select(func.count()).select_from(JournalRow)).scalar_one()
    if events != position:
        yield Difference("seal", "journal", f"{events} events in the journal, {position} sealed")


def seal_head(connection: Connection) -> tuple[int, str]:
    """(position, hash) of the seal's end: written down elsewhere, it proves that nothing before it was changed."""
    head = connection.execute(select(SealHead.position, SealHead.chain)).first()
    return (head.position, head.chain) if head else (0, GENESIS)
