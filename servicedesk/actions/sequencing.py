"""The sequencer: gives every change its position in the feeds of those who are told of it, after it is committed.

1. A transaction that writes an event hands in its ticket by an outbox row.
2. Whoever holds the sequencer's row takes what has been handed in, reads those tickets' journals as they are committed
   now, and tells what each organisation has not been told yet. How far that went is what stands in the feed itself, so
   nothing is told twice, whoever stops where; and of a ticket nothing is told before what came earlier.
3. Now and then it walks past every ticket for what nobody handed in: what was there before there was a feed, what an
   older program wrote. It begins so in an installation that has just been upgraded.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, literal, select, union_all, update

from servicedesk.actions.delivering import made_of
from servicedesk.actions.desk import Desk
from servicedesk.actions.reactions import SEQUENCE
from servicedesk.core.changes import Change, changes_of
from servicedesk.core.events import event_from
from servicedesk.store.changes import ChangeRow, Sequencer
from servicedesk.store.failures import is_the_databases
from servicedesk.store.journal import JournalRow
from servicedesk.store.outbox import GIVE_UP_AFTER, OutboxRow
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket
from servicedesk.store.upsert import add_rows, insert_missing
from servicedesk.store.webhooks import Delivery

BATCH = 200
# How many tickets with a whole life to tell are told of in a transaction, and past how many it walks at a time.
LIVES, STRETCH = 50, 5_000
REST = timedelta(hours=1)
FIRST = {"id": 1, "walked": 0, "rested_at": None, "epoch": 0, "restored_at": None}
# Epochs are counted in microseconds from here: so there is room above each for more positions than are ever given
# before the next, and for 285 years they are numbers that every JSON reader keeps exactly.
FIRST_EPOCH, TICK = datetime(2026, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class _Due:
    """Tickets with something to tell. `handed_in`: outbox row -> its ticket; `walked`: how far a walk has come, None
    where there is none; `ended`: it has come to the last ticket."""

    tickets: Sequence[int]
    handed_in: dict[int, int]
    walked: int | None = None
    ended: bool = False


def sequence(desk: Desk) -> int:
    """Tell everything that waits to be told; how many changes were. Nothing is done while somebody else is at it."""
    total = 0
    while True:
        with desk.reading() as connection:
            due = _handed_in(connection) or _walk(connection, desk.moment(connection))
        if due is None:
            return total
        with desk.transaction() as connection:
            if not _is_ours(connection):
                return total
            total += _tell(desk, connection, due)


def begin_epoch(connection: Connection, now: datetime) -> None:
    """From here on every position is shown higher than any that was given before, also if that is not known here."""
    insert_missing(connection, Sequencer, [FIRST])
    highest = select(Sequencer.epoch + func.coalesce(select(func.max(ChangeRow.position)).scalar_subquery(), 0))
    epoch = max((now - FIRST_EPOCH) // TICK, connection.execute(highest).scalar_one() + 1)
    connection.execute(update(Sequencer).values(epoch=epoch, restored_at=now))


def _handed_in(connection: Connection) -> _Due | None:
    waiting = (OutboxRow.reaction == SEQUENCE, OutboxRow.attempts < GIVE_UP_AFTER)
    query = select(OutboxRow.id, OutboxRow.ticket_id).where(*waiting).order_by(OutboxRow.id).limit(BATCH)
    rows = {row.id: row.ticket_id for row in connection.execute(query)}
    return _Due(list(dict.fromkeys(rows.values())), rows) if rows else None


def _walk(connection: Connection, now: datetime) -> _Due | None:
    """The next tickets of which not everything has been told; None while it rests."""
    walk = connection.execute(select(Sequencer.walked, Sequencer.rested_at)).first()
    if walk and walk.rested_at and now - walk.rested_at < REST:
        return None
    start = walk.walked if walk else 0
    stretch = select(Ticket.id, Ticket.seq).where(Ticket.id > start).order_by(Ticket.id).limit(STRETCH).subquery()
    told = select(func.max(ChangeRow.seq)).where(ChangeRow.ticket_id == stretch.c.id).scalar_subquery()
    behind = select(stretch.c.id).where(stretch.c.seq > func.coalesce(told, 0)).order_by(stretch.c.id).limit(LIVES)
    tickets = list(connection.execute(behind).scalars())
    if len(tickets) == LIVES:
        return _Due(tickets, {}, walked=tickets[-1])
    count, last = connection.execute(select(func.count(), func.max(stretch.c.id))).one()
    return _Due(tickets, {}, walked=last or start, ended=count < STRETCH)


def _is_ours(connection: Connection) -> bool:
    """Whether the sequencer's row is ours until this transaction ends."""
    if connection.execute(select(Sequencer.id)).first() is None:
        insert_missing(connection, Sequencer, [FIRST])
    return connection.execute(select(Sequencer.id).with_for_update(skip_locked=True)).first() is not None


def _tell(desk: Desk, connection: Connection, due: _Due) -> int:
    book, now = desk.book_and_now(connection)
    found = _untold(connection, book, due)
    changes = list(merge(*found, key=lambda change: change[1].at))
    if changes:
        rows = list(_positioned(connection, changes))
        add_rows(connection, ChangeRow, rows)
        add_rows(connection, Delivery, made_of(connection, changes, rows, now))
    if due.walked is not None:
        walked = {"walked": 0, "rested_at": now} if due.ended else {"walked": due.walked, "rested_at": None}
        connection.execute(update(Sequencer).values(walked))
    connection.execute(_FORGET_TOLD, {"tickets": due.tickets})
    return len(changes)


# What stands in the feed need not be handed in any longer, by whom and however often it was.
_FORGET_TOLD = delete(OutboxRow).where(
    OutboxRow.reaction == SEQUENCE,
    OutboxRow.ticket_id.in_(bindparam("tickets", expanding=True)),
    OutboxRow.seq
    <= select(func.max(ChangeRow.seq)).where(ChangeRow.ticket_id == OutboxRow.ticket_id).scalar_subquery(),
)


def _untold(connection: Connection, book: RuleBook, due: _Due) -> list[list[tuple[int, Change]]]:
    """Of each ticket what has not been told. One whose journal does not fold costs only itself: it is counted, and
    stays."""
    told = _told(connection, due.tickets)
    journals = (
        select(JournalRow.ticket_id, JournalRow.body)
        .where(JournalRow.ticket_id.in_(due.tickets))
        .order_by(JournalRow.ticket_id, JournalRow.seq)
    )
    found = []
    for ticket_id, rows in groupby(connection.execute(journals).all(), key=lambda row: row.ticket_id):
        try:
            changes = changes_of([event_from(row.body) for row in rows], book)
            found.append([(ticket_id, each) for each in changes if each.seq > told.get(ticket_id, 0)])
        except Exception as error:
            if is_the_databases(error):
                raise
            _count_failure(connection, [row for row, ticket in due.handed_in.items() if ticket == ticket_id], error)
    return found


def _told(connection: Connection, tickets: Collection[int]) -> dict[int, int]:
    """Ticket -> up to which event all of it has been told: somebody always is, of every event."""
    query = select(ChangeRow.ticket_id, func.max(ChangeRow.seq).label("last")).group_by(ChangeRow.ticket_id)
    return {row.ticket_id: row.last for row in connection.execute(query.where(ChangeRow.ticket_id.in_(tickets)))}


def _positioned(connection: Connection, changes: Sequence[tuple[int, Change]]) -> Iterator[dict[str, Any]]:
    ends = _ends(connection, {change.organisation for _, change in changes})
    for ticket_id, change in changes:
        ends[change.organisation] += 1
        yield {
            "organisation": change.organisation,
            "position": ends[change.organisation],
            "ticket_id": ticket_id,
            "seq": change.seq,
            "type": change.type,
            "ordinal": change.ordinal,
            "own": change.own,
            "at": change.at,
        }


def _ends(connection: Connection, organisations: Collection[str]) -> dict[str, int]:
    """The last position of each, from the end of its part of the primary key."""
    last = [
        select(
            literal(organisation).label("organisation"),
            select(func.coalesce(func.max(ChangeRow.position), 0))
            .where(ChangeRow.organisation == organisation)
            .scalar_subquery()
            .label("position"),
        )
        for organisation in sorted(organisations)
    ]
    return {row.organisation: row.position for row in connection.execute(union_all(*last))}


def _count_failure(connection: Connection, rows: Collection[int], error: Exception) -> None:
    failure = {"attempts": OutboxRow.attempts + 1, "failure": f"{type(error).__name__}: {error}"[:500]}
    connection.execute(update(OutboxRow).where(OutboxRow.id.in_(rows)).values(failure))
