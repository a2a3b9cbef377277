"""Draining the outbox: carry out what follows from what happened, after it has been committed."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from servicedesk.actions.desk import Desk
from servicedesk.actions.reactions import NOTIFY
from servicedesk.actions.work import load_state
from servicedesk.core.events import Event
from servicedesk.core.notices import notices_of
from servicedesk.core.ticket import TicketState
from servicedesk.store.journal import JournalRow
from servicedesk.store.outbox import Notice, OutboxRow
from servicedesk.store.queries.journal import event_of_body
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket
from servicedesk.store.upsert import insert_missing

BATCH = 100
GIVE_UP_AFTER = 10

Reaction = Callable[[Connection, RuleBook, int, Event, TicketState, datetime], None]


def drain(desk: Desk) -> int:
    """Carry out every waiting reaction; how many were. One that fails stays, counted, and does not stop the rest."""
    total = 0
    while True:
        with desk.transaction() as connection:
            done, seen = _one_batch(desk, connection)
        total += done
        if done < seen or not seen:
            return total


def _one_batch(desk: Desk, connection: Connection) -> tuple[int, int]:
    book, now = desk.book(connection), desk.now(connection)
    waiting = connection.execute(
        select(OutboxRow.id, OutboxRow.ticket_id, OutboxRow.seq, OutboxRow.reaction)
        .where(OutboxRow.attempts < GIVE_UP_AFTER)
        .order_by(OutboxRow.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    done = []
    for row in waiting:
        savepoint = connection.begin_nested()
        try:
            event, ticket = _read(connection, row.ticket_id, row.seq)
            DO[row.reaction](connection, book, row.ticket_id, event, ticket, now)
            savepoint.commit()
            done.append(row.id)
        except Exception as error:
            savepoint.rollback()
            failure = {"attempts": OutboxRow.attempts + 1, "failure": f"{type(error).__name__}: {error}"[:500]}
            connection.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(failure))
    if done:
        connection.execute(delete(OutboxRow).where(OutboxRow.id.in_(done)))
    return len(done), len(waiting)


def _read(connection: Connection, ticket_id: int, seq: int) -> tuple[Event, TicketState]:
    body = select(JournalRow.body).where(JournalRow.ticket_id == ticket_id, JournalRow.seq == seq)
    state = select(Ticket.state_json).where(Ticket.id == ticket_id)
    return event_of_body(connection.execute(body).scalar_one()), load_state(connection.execute(state).scalar_one())


def _notify(
    connection: Connection, book: RuleBook, ticket_id: int, event: Event, ticket: TicketState, now: datetime
) -> None:
    """A notice to each person concerned: once per event and person, however often this runs."""
    told = notices_of(event, ticket, book.installation)
    common = {"ticket_id": ticket_id, "seq": event.seq, "kind": event.kind, "created_at": now}
    if told:
        insert_missing(connection, Notice, [{**common, "person": person, "why": why} for person, why in told])


DO: dict[str, Reaction] = {NOTIFY: _notify}
