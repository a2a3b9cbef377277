"""One unit of work: tickets loaded under lock, events recorded, all that follows written in the same transaction.

1. `open_ticket` locks the row, takes `now` (never before the ticket's last event) and fires what is overdue.
2. `record` folds an event into the ticket in memory and keeps its row.
3. `finish` writes journal, texts, the tickets' rows, the outbox and, last of all, the seal.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, bindparam, insert, select

from servicedesk.actions.desk import Desk
from servicedesk.actions.firing import fire_overdue
from servicedesk.actions.once import Once, claim, outcome_of, settle_with
from servicedesk.actions.opened import Expected, Left, Open, Written, journal_of, known_of, load_state, rows_of
from servicedesk.actions.rearming import IS_MARKED, arm_anew
from servicedesk.actions.recording import event_of, kept_apart
from servicedesk.actions.sealing import seal
from servicedesk.actions.writing import erases, sealed, write
from servicedesk.core import fold
from servicedesk.core.errors import Conflict, DeskError, NotFound
from servicedesk.core.events import GENESIS, Event, Payload, TicketLogged, body_of, chain_hash
from servicedesk.core.facts import OPERATOR, Actor
from servicedesk.core.ticket import TicketState
from servicedesk.core.timers import Timer, timers_of
from servicedesk.core.visibility import access_of
from servicedesk.core.workflows.who import party_of
from servicedesk.store import projection as rows
from servicedesk.store.queries.versions import is_still
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.search.index import forget_words
from servicedesk.store.tickets import Ticket
from servicedesk.store.timers import TimerRow
from servicedesk.store.upsert import one_journey

SYSTEM_KINDS = frozenset({"scheduler", "operator", "import"})

# With the values beside it rather than in it: they are many, and a statement made anew costs more than it runs.
ADD_TICKET = insert(Ticket).returning(Ticket.id)
LOCK_TICKET = (
    select(Ticket.id, Ticket.state_json, Ticket.head_hash, IS_MARKED.label("is_marked"))
    .where(Ticket.number == bindparam("called"))
    .with_for_update(of=Ticket)
)


@dataclass
class Work:
    """See the module's text. Made by `unit_of_work`; a batch may open many tickets in one."""

    desk: Desk
    connection: Connection
    book: RuleBook
    began: datetime
    opened: dict[str, Open] = field(default_factory=dict)

    @classmethod
    def on(cls, desk: Desk, connection: Connection) -> "Work":
        """By the rules in force until the transaction ends."""
        return cls(desk, connection, *desk.book_held(connection))

    def open_ticket(self, number: str, *, actor: Actor, expected: Expected | None = None, fire: bool = True) -> Open:
        """The ticket under lock. NotFound if the actor may not see it; Conflict if it changed since `expected`."""
        held = self.opened.get(number)
        if held is None:
            held = self.opened[number] = self._lock(number)
        else:
            held.now = _not_before(held.ticket, self.desk.now(self.connection))
        self.require_sight(held.ticket, actor)
        if fire:
            fire_overdue(self, held)
        if expected is not None and not self._is_still(held, expected, actor):
            raise Conflict("Somebody has changed the ticket since you opened it.")
        return held

    def lock(self, numbers: Iterable[str]) -> None:
        """For those who open several: all their locks at once and in one order, so that no two wait for each other."""
        known = {number for number in numbers if number.isprintable()}
        locking = select(Ticket.id).where(Ticket.number.in_(known)).order_by(Ticket.id)
        self.connection.execute(locking.with_for_update())

    def require_sight(self, ticket: TicketState, actor: Actor) -> None:
        """What one may not see does not exist."""
        if actor.kind not in SYSTEM_KINDS and access_of(ticket, actor) is None:
            raise NotFound("There is no ticket %(number)s.", number=ticket.number)

    def _is_still(self, held: Open, expected: Expected, actor: Actor) -> bool:
        if isinstance(expected, int):
            seen = access_of(held.ticket, actor)
            return is_still(expected, held.ticket, seen, partial(self.journal, held), self.book)
        return expected(known_of(self.connection, held), self.book)

    def _lock(self, number: str) -> Open:
        row = None
        if number.isprintable():  # other characters no database takes, let alone in a number
            row, now = self.desk.held_and_now(self.connection, LOCK_TICKET, {"called": number})
        if row is None:
            raise NotFound("There is no ticket %(number)s.", number=number)
        is_marked = row.is_marked  # its hours have changed, and the sweep has not come to it
        text = arm_anew(self.connection, self.book, {row.id: row.state_json})[row.id] if is_marked else row.state_json
        ticket = load_state(text)
        timers = self.timers(ticket)
        before = rows_of(row.id, ticket, timers)
        return Open(row.id, ticket, row.head_hash, _not_before(ticket, now), before, armed=timers)

    def timers(self, ticket: TicketState) -> list[Timer]:
        return timers_of(ticket, self.book, self.book.shares, self.book)

    def armed(self, held: Open) -> list[Timer]:
        """The same of a ticket in hand, as it is now."""
        if held.armed is None:
            held.armed = self.timers(held.ticket)
        return held.armed

    def set_aside(self, held: Open) -> set[tuple[str, int]]:
        """(rule, occurrence) of the ticket's timers that are out of use until someone has looked at them."""
        if held.aside is None:
            query = select(TimerRow.rule, TimerRow.occurrence).where(TimerRow.ticket_id == held.id)
            aside = self.connection.execute(query.where(TimerRow.set_aside.is_not(None)))
            held.aside = {(row.rule, row.occurrence) for row in aside}
        return held.aside

    def open_new(
        self,
        number: str,
        first: TicketLogged,
        texts: Mapping[str, str],
        *,
        actor: Actor,
        at: datetime,
        recorded_at: datetime | None = None,
    ) -> Open:
        """A ticket that begins with `first`. Its row is written at once, since the journal points to it.

        `recorded_at` is given by imports, which write down now what happened then.
        """
        now = recorded_at or at
        macs, kept = kept_apart(texts, seq=1)
        party = first.municipality if first.municipality in actor.organisations else ""
        event = event_of(number, 1, first, macs, actor=actor, party=party, occurred_at=at, recorded_at=now)
        ticket = fold.apply(None, event, self.book)
        body = body_of(event)
        head = chain_hash(GENESIS, body)
        new_id = self.connection.execute(ADD_TICKET, rows.ticket_row(ticket, head)).scalar_one()
        held = Open(new_id, ticket, head, now, Written(), is_new=True)
        held.events.append((event, body, head))
        held.texts.extend({"ticket_id": new_id, **text} for text in kept)
        self.opened[number] = held
        return held

    def record(
        self,
        held: Open,
        payload: Payload,
        texts: Mapping[str, str] | None = None,
        *,
        actor: Actor,
        occurred_at: datetime | None = None,
        timer: Timer | None = None,
        amends: int | None = None,
    ) -> Event:
        """One event more. `timer` is the timer it is the firing of; `amends` marks a correction (see Event)."""
        at = occurred_at or held.now
        seq = held.ticket.seq + 1
        macs, kept = kept_apart(texts or {}, seq)
        party = party_of(actor, held.ticket)
        event = event_of(
            held.ticket.number,
            seq,
            payload,
            macs,
            actor=actor,
            party=party,
            occurred_at=at,
            recorded_at=max(held.now, at),
            amends=amends,
        )
        self._fold(held, event)
        held.armed = None
        body = body_of(event)
        held.head_hash = chain_hash(held.head_hash, body)
        held.events.append((event, body, held.head_hash))
        held.texts.extend({"ticket_id": held.id, **text} for text in kept)
        if timer is not None:
            held.timer_keys[seq] = (timer.rule, timer.occurrence)
        return event

    def _fold(self, held: Open, event: Event) -> None:
        """One event further; all over again for one that happened before the last (an import's, a correction), since
        the order in which things happened decides, not the order in which they became known."""
        if fold.is_late(held.ticket, event):
            held.ticket = fold.fold([*self.journal(held), event], self.book)
        else:
            fold.apply(held.ticket, event, self.book)

    def journal(self, held: Open) -> list[Event]:
        """Everything that is known of a ticket in hand, in order of seq."""
        return journal_of(self.connection, held)

    def left(self, held: Open) -> Left:
        """A ticket in hand as it is going to be written, for those who show it."""
        return Left(known_of(self.connection, held), self.book)

    def finish(self, once: Once | None = None) -> None:
        """Write it all, and what came of the request that asked for it: the first ticket that was opened. Tickets in
        order of id and the seal last, so that no two transactions wait for each other."""
        changed = sorted((held for held in self.opened.values() if held.events), key=lambda held: held.id)
        for held in changed:
            self.armed(held)
        with one_journey(self.connection) as journey:
            if once:
                settle_with(journey, once, outcome_of(next(iter(self.opened.values())).ticket))
            write(journey, changed)
        if any(map(erases, changed)):
            forget_words(self.connection)
        if changed:
            seal(self.connection, sealed(changed))
        self.opened.clear()


def _not_before(ticket: TicketState, now: datetime) -> datetime:
    """The present, never before what has already happened to the ticket."""
    assert ticket.last_at is not None
    return max(now, ticket.last_at)


@contextmanager
def unit_of_work(desk: Desk, once: Once | None = None) -> Iterator[Work]:
    """A transaction with a Work in it; all of it happens, or nothing. `once` is the request that asks for it, if it may
    come again: AlreadyDone then, or KeyReused. What comes of it is the first ticket that was opened, as it
    is then.

    Of a refused one nothing, save the timers that were overdue: the refusal speaks of the ticket after them, so they
    are fired again by themselves, or whoever acts would meet the same refusal until a scheduler came by.
    """
    fired: list[str] = []
    try:
        with desk.transaction() as connection:
            work = Work.on(desk, connection)
            try:
                if once:
                    claim(connection, once, work.began)
                yield work
            except DeskError:
                fired = [held.ticket.number for held in work.opened.values() if held.timer_keys]
                raise
            work.finish(once)
    except DeskError:
        if fired:
            _fire_alone(desk, fired)
        raise


def _fire_alone(desk: Desk, numbers: list[str]) -> None:
    with desk.transaction() as connection:
        work = Work.on(desk, connection)
        work.lock(numbers)
        for number in numbers:
            work.open_ticket(number, actor=OPERATOR)
        work.finish()
