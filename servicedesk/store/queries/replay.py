"""Tickets refolded under other rules, batch by batch: what is read is of one moment, and nothing is written."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from servicedesk.core import fold
from servicedesk.core.events import Event, PromiseWarned, event_from
from servicedesk.core.facts import Actor
from servicedesk.core.follow_up import Reach
from servicedesk.core.replay.comparison import Life, Pair, pairs_of
from servicedesk.core.replay.crossing import Misfit, first_misfit
from servicedesk.core.replay.rules import Book, WhatIf
from servicedesk.core.replay.tally import Changed, Tally
from servicedesk.core.sla import whose
from servicedesk.core.vocabulary import Tier
from servicedesk.store.journal import JournalRow
from servicedesk.store.queries.follow_up.counted import Asked, Scope, counted, tickets
from servicedesk.store.queries.follow_up.moments import START
from servicedesk.store.queries.lines import Line, line_of, select_lines
from servicedesk.store.tickets import Ticket

BATCH = 200
# So many tickets that do not fit are named; all of them are counted.
MOST_MISFITS = 1000


@dataclass(slots=True)
class Replayed:
    """`tickets` lived in the period and were folded; `misfits` (ticket id, number, why) among them are in no figure."""

    tally: Tally
    tickets: int = 0
    events: int = 0
    misfits: list[tuple[int, str, Misfit]] = field(default_factory=list)
    unfit: int = 0


def count_lived(connection: Connection, asked: Asked, most: int | None = None) -> int:
    """The tickets that a replay of the period folds, counted no further than `most` and one more."""
    ids = _lived(asked.scope)
    if most is not None:
        ids = ids.limit(most + 1)
    return connection.execute(select(func.count()).select_from(ids.subquery()), asked.moments).scalar_one()


def lines_of(connection: Connection, viewer: Actor, ticket_ids: Iterable[int]) -> dict[int, Line]:
    """Those of these tickets that the viewer may open, by id."""
    ids, found = sorted(ticket_ids), {}
    for start in range(0, len(ids), BATCH):
        query = select_lines(viewer).where(Ticket.id.in_(ids[start : start + BATCH]))
        found.update({row.ticket_id: row for row in map(line_of, connection.execute(query))})
    return found


def replay(
    connection: Connection,
    asked: Asked,
    book: Book,
    what_if: WhatIf,
    tally: Tally,
    *,
    told: Callable[[list[Changed]], None] = lambda changed: None,
    advance: Callable[[int], None] = lambda tickets: None,
) -> Replayed:
    """Fold every ticket that lived in the period as it was and as it would have been.

    `told` is given what changes as it is found, ticket by ticket; `advance` how many tickets more have been read.
    """
    done = Replayed(tally)
    for batch in _journals(connection, asked):
        for ticket_id, events in batch.items():
            done.events += len(events)
            if changed := _one(ticket_id, events, asked, book, what_if, done):
                told(changed)
        done.tickets += len(batch)
        advance(len(batch))
    return done


def _one(
    ticket_id: int,
    events: list[Event],
    asked: Asked,
    book: Book,
    what_if: WhatIf,
    done: Replayed,
) -> list[Changed]:
    misfit = first_misfit(events, what_if.crossing)
    if misfit:
        done.unfit += 1
        if len(done.misfits) < MOST_MISFITS:
            done.misfits.append((ticket_id, events[0].ticket, misfit))
        return []
    # A warning that was sent is a fact, and no promise is kept or broken by it.
    moving = [event for event in events if not isinstance(event.payload, PromiseWarned)]
    before = Life(fold.fold(moving, book), book)
    after = before
    if what_if.is_other:
        rules = what_if.rules_of_one()
        after = Life(fold.fold(moving, rules), rules)
    pairs = [pair for pair in pairs_of(before, after, asked.period, asked.now) if _is_asked(asked.scope, pair)]
    return done.tally.add(ticket_id, before.ticket, pairs)


def _is_asked(scope: Scope, pair: Pair) -> bool:
    """Follow-up's own choice: a supplier its own contract alone, and of one supplier's tickets no other's promises."""
    is_suppliers, supplier = pair.tier == Tier.SUPPLIER, whose(pair.clock)[1]
    if scope.reach is Reach.CONTRACT:
        return is_suppliers and supplier in scope.viewer.organisations
    return not is_suppliers or scope.supplier in ("", supplier)


def _lived(scope: Scope) -> Select[Any]:
    """Tickets in whose life something of the period falls: nothing is decided before a ticket is opened, nor after it
    has been closed."""
    ticket = tickets(scope).c
    return counted(scope, ticket.id).where(or_(ticket.closed_at.is_(None), ticket.closed_at >= START))


def _journals(connection: Connection, asked: Asked) -> Iterator[dict[int, list[Event]]]:
    """Ticket id -> its events, in batches by id."""
    found = list(connection.execute(_lived(asked.scope).order_by("id"), asked.moments).scalars())
    for start in range(0, len(found), BATCH):
        batch = found[start : start + BATCH]
        journals: dict[int, list[Event]] = {ticket_id: [] for ticket_id in batch}
        rows = select(JournalRow.ticket_id, JournalRow.body).where(JournalRow.ticket_id.in_(batch))
        for ticket_id, body in connection.execute(rows.order_by(JournalRow.ticket_id, JournalRow.seq)):
            journals[ticket_id].append(event_from(body))
        yield journals
