"""Draining the outbox: carry out what follows from what happened, after it has been committed."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from servicedesk.actions.desk import Desk
from servicedesk.actions.mailing import make_mail
from servicedesk.actions.opened import load_state
from servicedesk.actions.reactions import MAIL, NOTIFY, SEQUENCE
from servicedesk.core import fold
from servicedesk.core.events import Event
from servicedesk.core.notices import notices_of
from servicedesk.core.ticket import TicketState
from servicedesk.core.visibility import accesses
from servicedesk.store.failures import is_the_databases
from servicedesk.store.outbox import GIVE_UP_AFTER, Notice, OutboxRow
from servicedesk.store.queries.journal import event_at, events_of
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket
from servicedesk.store.upsert import insert_missing

BATCH = 100


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, the ticket as it was right after it, and who may see the ticket now: a notice that is late says what
    was true when it happened, and only to those who may still know."""

    ticket_id: int
    event: Event
    ticket: TicketState
    allowed: Collection[str]


class History:
    """One ticket's past, folded once for all that a batch has to tell of it. To be asked in order of seq; an answer
    holds until the next question."""

    def __init__(self, connection: Connection, book: RuleBook, ticket_id: int) -> None:
        text = connection.execute(select(Ticket.state_json).where(Ticket.id == ticket_id)).scalar_one()
        self.connection, self.book, self.ticket_id = connection, book, ticket_id
        self.now = load_state(text)
        self.allowed = accesses(self.now).keys()
        self._past: Iterator[tuple[Event, TicketState]] | None = None
        self._told: Happened | None = None

    def at(self, seq: int) -> Happened:
        if self._told is None or self._told.event.seq != seq:
            self._told = Happened(self.ticket_id, *self._after(seq), self.allowed)
        return self._told

    def _after(self, seq: int) -> tuple[Event, TicketState]:
        """The event, and what it made of the ticket: for the last one that is what it is now, without a fold."""
        if seq == self.now.seq:
            return event_at(self.connection, self.ticket_id, seq), self.now
        if self._past is None:
            self._past = fold.lived(events_of(self.connection, self.ticket_id), self.book)
        return next(past for past in self._past if past[0].seq == seq)


Reaction = Callable[[Desk, Connection, RuleBook, Happened, datetime], None]


def drain(desk: Desk) -> int:
    """Carry out every waiting reaction; how many were. One that fails stays, counted, and does not stop the rest."""
    total, after = 0, 0
    while True:
        with desk.transaction() as connection:
            done, last = _one_batch(desk, connection, after)
        total += done
        if last is None:
            return total
        after = last


def _one_batch(desk: Desk, connection: Connection, after: int) -> tuple[int, int | None]:
    """(how many were carried out, the id of the last one tried); None when none waits after `after`."""
    book, now = desk.book_and_now(connection)
    histories: dict[int, History] = {}
    waiting = connection.execute(
        select(OutboxRow.id, OutboxRow.ticket_id, OutboxRow.seq, OutboxRow.reaction)
        .where(OutboxRow.reaction != SEQUENCE, OutboxRow.attempts < GIVE_UP_AFTER, OutboxRow.id > after)
        .order_by(OutboxRow.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    done = []
    for row in waiting:
        savepoint = connection.begin_nested()
        try:
            if row.ticket_id not in histories:
                histories[row.ticket_id] = History(connection, book, row.ticket_id)
            DO[row.reaction](desk, connection, book, histories[row.ticket_id].at(row.seq), now)
            savepoint.commit()
            done.append(row.id)
        except Exception as error:
            if is_the_databases(error):
                # Not the notice's fault: it is not counted, and all are tried again.
                raise
            savepoint.rollback()
            histories.pop(row.ticket_id, None)
            failure = {"attempts": OutboxRow.attempts + 1, "failure": f"{type(error).__name__}: {error}"[:500]}
            connection.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(failure))
    if done:
        connection.execute(delete(OutboxRow).where(OutboxRow.id.in_(done)))
    return len(done), waiting[-1].id if waiting else None


def _notify(desk: Desk, connection: Connection, book: RuleBook, what: Happened, now: datetime) -> None:
    """A notice to each person concerned: once per event and person, however often this runs."""
    told = notices_of(what.event, what.ticket, book.installation, what.allowed)
    common = {"ticket_id": what.ticket_id, "seq": what.event.seq, "kind": what.event.kind, "created_at": now}
    if told:
        insert_missing(connection, Notice, [{**common, "person": person, "why": why} for person, why in told])


def _mail(desk: Desk, connection: Connection, book: RuleBook, what: Happened, now: datetime) -> None:
    if desk.mails:
        make_mail(connection, what.ticket_id, what.event, what.ticket, now)


DO: dict[str, Reaction] = {NOTIFY: _notify, MAIL: _mail}
