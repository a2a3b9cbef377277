"""Writing what has happened to tickets in hand: however many they are, a few statements for each table."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import merge
from typing import Any

from servicedesk.actions.indexing import put_documents
from servicedesk.actions.opened import Open, Written, known_of, rows_of
from servicedesk.actions.reactions import CORRECTED, SEQUENCE, reactions_of
from servicedesk.core.events import Event, TextErased
from servicedesk.store import projection as rows
from servicedesk.store.base import Base
from servicedesk.store.journal import JournalRow, PersonalText
from servicedesk.store.outbox import OutboxRow
from servicedesk.store.search.document import documents_of
from servicedesk.store.tickets import Ticket, TicketClock, TicketCustody, Visibility
from servicedesk.store.timers import TimerRow
from servicedesk.store.upsert import Journey

PROJECTED: tuple[tuple[type[Base], str], ...] = (
    (TicketClock, "clocks"),
    (TicketCustody, "custody"),
    (Visibility, "visibility"),
    (TimerRow, "timers"),
)

Recorded = tuple[Event, str, str]


def write(journey: Journey, changed: Sequence[Open]) -> None:
    """Journal, texts, the tickets' rows where they differ, search and outbox.

    Events of several tickets are written in the order in which they happened; a ticket's own in that of their seq.
    """
    recorded = in_order(changed)
    now = {held.id: rows_of(held.id, held.ticket, held.armed or []) for held in changed}
    for held in changed:
        if held.is_new or _is_read_otherwise(held, now[held.id]):
            _index(journey, held)
    journey.add(JournalRow, [journal_row(held, *row) for held, row in recorded])
    journey.add(PersonalText, [text for held in changed for text in held.texts])
    _change_tickets(journey, changed, now)
    all_new = all(held.is_new for held in changed)
    for table, name in PROJECTED:
        before, after = _together(name, (held.before for held in changed)), _together(name, now.values())
        if all_new:
            journey.add(table, [dict(row) for row in after.values()])  # nothing can stand there yet
        else:
            journey.put(table, before, after)
    journey.add(OutboxRow, [*_outbox_rows(recorded), *map(_to_sequence, changed)])


def sealed(changed: Iterable[Open]) -> list[tuple[int, int, str]]:
    """What the seal is lengthened by: (ticket id, seq, hash)."""
    return [(held.id, event.seq, head) for held, (event, _, head) in in_order(changed)]


def in_order(changed: Iterable[Open]) -> list[tuple[Open, Recorded]]:
    return list(merge(*map(_recorded, changed), key=lambda pair: pair[1][0].occurred_at))


def _outbox_rows(recorded: Iterable[tuple[Open, Recorded]]) -> list[dict[str, Any]]:
    # Nobody is told today of what an imported log says happened then.
    return [
        {"ticket_id": held.id, "seq": event.seq, "reaction": reaction, "created_at": event.recorded_at, "attempts": 0}
        for held, (event, _, _) in recorded
        if not event.observed
        for reaction in _reactions(held, event)
    ]


def _to_sequence(held: Open) -> dict[str, Any]:
    last, _, _ = held.events[-1]
    return {"ticket_id": held.id, "seq": last.seq, "reaction": SEQUENCE, "created_at": last.recorded_at, "attempts": 0}


def _reactions(held: Open, event: Event) -> tuple[str, ...]:
    """Of a correction, that it was made: once, also where it is two events, and not what it says happened then."""
    if event.amends is None:
        return reactions_of(event)
    first = next(other.seq for other, _, _ in held.events if other.amends is not None)
    return CORRECTED if event.seq == first else ()


def _recorded(held: Open) -> list[tuple[Open, Recorded]]:
    return [(held, row) for row in held.events]


def _together(name: str, written: Iterable[Written]) -> dict[rows.Key, rows.Row]:
    return {key: row for each in written for key, row in getattr(each, name).items()}


def _change_tickets(journey: Journey, changed: Sequence[Open], now: dict[int, Written]) -> None:
    """Only the columns that differ, alike ones together: most index nothing, and those that do cost the most."""
    alike: dict[tuple[str, ...], list[rows.Row]] = defaultdict(list)
    for held in changed:
        if held.is_new and len(held.events) == 1:
            continue  # written when it was opened
        before = held.before.ticket
        row = {name: value for name, value in now[held.id].ticket.items() if not before or before[name] != value}
        row |= {"id": held.id, "head_hash": held.head_hash, "state_json": rows.state_json(held.ticket)}
        alike[tuple(row)].append(row)
    for together in alike.values():
        journey.change(Ticket, together)


def _index(journey: Journey, held: Open) -> None:
    known = known_of(journey.connection, held)
    found_by = documents_of(held.id, held.ticket, known.events, known.texts)
    put_documents(journey, held.id, found_by, is_new=held.is_new)


def _is_read_otherwise(held: Open, now: Written) -> bool:
    """Whether texts came or went, who sees the ticket, and how far, or what a system calls it."""
    before, after = (
        {key: (row["access"], row["reference"]) for key, row in each.visibility.items()} for each in (held.before, now)
    )
    return bool(held.texts) or erases(held) or before != after


def erases(held: Open) -> bool:
    return any(isinstance(event.payload, TextErased) for event, _, _ in held.events)


def journal_row(held: Open, event: Event, body: str, head: str) -> dict[str, Any]:
    rule, occurrence = held.timer_keys.get(event.seq, (None, None))
    return {
        "ticket_id": held.id,
        "seq": event.seq,
        "kind": event.kind,
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "body": body,
        "hash": head,
        "timer_rule": rule,
        "timer_occurrence": occurrence,
    }
