"""The sweep: everything due, in due order, each exactly once, whoever else is sweeping."""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import inf
from time import monotonic
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from servicedesk.actions.desk import Desk
from servicedesk.actions.firing import fire, fire_due, next_timer
from servicedesk.actions.opened import Open, load_state, rows_of
from servicedesk.actions.pulse import Pulse
from servicedesk.actions.rearming import arm_anew
from servicedesk.actions.work import Work
from servicedesk.core.facts import SCHEDULER
from servicedesk.core.timers import Timer
from servicedesk.store.failures import is_the_databases
from servicedesk.store.projection import Key, Row, timer_rows
from servicedesk.store.tickets import Ticket
from servicedesk.store.timers import REARM, TimerRow
from servicedesk.store.upsert import put_rows

BATCH = 200
FAR = datetime.max.replace(tzinfo=UTC)


@dataclass
class Swept:
    """How many timers fired, how many were set aside, and how many tickets had rows that were wrong and put right.
    `due`: when each that fired was due."""

    fired: int = 0
    set_aside: int = 0
    put_right: int = 0
    due: list[datetime] = field(default_factory=list, compare=False, repr=False)

    @property
    def counts(self) -> dict[str, int]:
        return {"fired": self.fired, "set_aside": self.set_aside, "put_right": self.put_right}

    def __add__(self, other: "Swept") -> "Swept":
        fired, set_aside = self.fired + other.fired, self.set_aside + other.set_aside
        return Swept(fired, set_aside, self.put_right + other.put_right, self.due + other.due)


def sweep(desk: Desk, *, as_of: datetime | None = None, pulse: Pulse | None = None) -> Swept:
    """Fire all timers due by `as_of` (default: now), batch by batch, with heartbeats in between."""
    pulse = pulse or Pulse()
    pulse.sweeps += 1
    total = Swept()
    while True:
        with desk.transaction() as connection:
            began, moment = monotonic(), desk.moment(connection)
            done = _one_batch(desk, connection, as_of or moment.replace(microsecond=0))
        if done is not None:
            total += done
            pulse.count(done.due, done.set_aside, moment + timedelta(seconds=monotonic() - began))
        pulse.beat_when_due(desk)
        if done is None:
            return total


def seconds_to_next(desk: Desk) -> float:
    """How long until a timer is due by the database's time, 0 when one is overdue, for ever when there is none: what a
    scheduler asks before it sweeps, since asking takes no lock."""
    with desk.reading() as connection:
        first: datetime | None = connection.execute(_FIRST).scalar()
        return max(0.0, (first - desk.moment(connection)).total_seconds()) if first else inf


_FIRST = select(TimerRow.due_at).where(TimerRow.set_aside.is_(None)).order_by(TimerRow.due_at).limit(1)


def _one_batch(desk: Desk, connection: Connection, as_of: datetime) -> Swept | None:
    """Up to BATCH due timers and those they give rise to before the last of them; None when none is due that is free.

    The ticket's row is the lock; a ticket that somebody else holds is theirs to fire. All are written together, and
    only those that cannot be are fired one by one, so that a poisonous one costs only itself.
    """
    work = Work.on(desk, connection)
    due = connection.execute(_DUE, {"as_of": as_of}).all()
    if not due:
        return None
    horizon = due[-1].due_at
    numbers = {row.number for row in due}
    done = _together(work, due, horizon)
    left = [(row.due_at, row.number) for row in due if row.number in numbers - done.numbers]
    return done.swept + _one_by_one(desk, connection, left, horizon)


# PostgreSQL locks as it reads, until it has so many: what others hold is passed over, and each has a batch of its own.
_DUE = (
    select(TimerRow.due_at, TimerRow.rule, Ticket.id, Ticket.number, Ticket.state_json, Ticket.head_hash)
    .join(Ticket, Ticket.id == TimerRow.ticket_id)
    .where(TimerRow.due_at <= bindparam("as_of"), TimerRow.set_aside.is_(None))
    .order_by(TimerRow.due_at, TimerRow.ticket_id)
    .limit(BATCH)
    .with_for_update(of=Ticket, skip_locked=True)
)


@dataclass
class _Done:
    """What was fired together, and the tickets that need no more."""

    swept: Swept = field(default_factory=Swept)
    numbers: set[str] = field(default_factory=set)


def _together(work: Work, due: Sequence[Any], horizon: datetime) -> _Done:
    """Everything of these tickets up to the horizon, written at once. Of a ticket that fails nothing, and nothing of
    any when writing does: `_Done` says which are dealt with."""
    done = _Done()
    savepoint = work.connection.begin_nested()
    try:
        for held in _take(work, due):
            if fired := _fire_quietly(work, held, horizon):
                done.swept.due += [timer.due_at for timer in fired]
            elif fired is not None:
                done.swept.put_right += _put_right(work, held, held.before.timers)
            if fired is not None:
                done.numbers.add(held.ticket.number)
        work.finish()
        savepoint.commit()
    except Exception as error:
        if is_the_databases(error):
            raise
        savepoint.rollback()
        return _Done()
    done.swept.fired = len(done.swept.due)
    return done


def _take(work: Work, due: Sequence[Any]) -> Iterator[Open]:
    """The tickets of these locked rows, in hand. One that cannot be read is left out."""
    found = {row.id: row for row in due}
    marked = {row.id: row.state_json for row in due if row.rule == REARM}
    armed = arm_anew(work.connection, work.book, marked) if marked else {}
    now = work.desk.now(work.connection)
    stored = _stored(work.connection, found)
    for ticket_id, row in found.items():
        try:
            ticket = load_state(armed.get(ticket_id, row.state_json))
            before = replace(rows_of(ticket_id, ticket, ()), timers=stored[ticket_id][0])
        except Exception:
            continue
        assert ticket.last_at is not None
        held = Open(ticket_id, ticket, row.head_hash, max(now, ticket.last_at), before, aside=stored[ticket_id][1])
        work.opened[ticket.number] = held
        yield held


def _fire_quietly(work: Work, held: Open, horizon: datetime) -> list[Timer] | None:
    """None when one of them failed: then the ticket is no longer in hand, as if it had never been."""
    try:
        return fire_due(work, held, horizon)
    except Exception as error:
        if is_the_databases(error):
            raise
        del work.opened[held.ticket.number]
        return None


_Stored = tuple[dict[Key, Row], set[tuple[str, int]]]


def _stored(connection: Connection, ticket_ids: Iterable[int]) -> dict[int, _Stored]:
    """Ticket -> (its timers' rows, which of them are set aside)."""
    found: dict[int, _Stored] = {ticket_id: ({}, set()) for ticket_id in ticket_ids}
    for timer in connection.execute(select(TimerRow.__table__).where(TimerRow.ticket_id.in_(found))).mappings():
        row = dict(timer)
        ticket_id, rule, occurrence = row["ticket_id"], row["rule"], row["occurrence"]
        if row.pop("set_aside") is not None:
            found[ticket_id][1].add((rule, occurrence))
        found[ticket_id][0][ticket_id, rule, occurrence] = row
    return found


def _put_right(work: Work, held: Open, stored: Mapping[Key, Row]) -> int:
    """Its rows said that something was due and nothing is: left as they are, such rows would fill every batch. 1 if
    they were wrong, 0 if another scheduler was only faster."""
    now = timer_rows(held.id, work.armed(held))
    put_rows(work.connection, TimerRow, stored, now)
    return int(stored != now)


def _one_by_one(desk: Desk, connection: Connection, due: Iterable[tuple[datetime, str]], horizon: datetime) -> Swept:
    """The same for tickets of which something is wrong, in due order: each timer is written by itself."""
    queue = list(set(due))
    heapq.heapify(queue)
    done = Swept()
    while queue:
        at, number = heapq.heappop(queue)
        outcome, following = _fire_one(desk, connection, number, at)
        done += outcome
        if following is not None and following <= horizon and (following, number) not in queue:
            heapq.heappush(queue, (following, number))
    return done


def _fire_one(desk: Desk, connection: Connection, number: str, at: datetime) -> tuple[Swept, datetime | None]:
    """Fire the ticket's first timer due by `at`: (what was done, when its next one is due)."""
    work = Work(desk, connection, *desk.book_and_now(connection))
    timer: Timer | None = None
    savepoint = connection.begin_nested()
    try:
        held = work.open_ticket(number, actor=SCHEDULER, fire=False)
        timer = next_timer(work, held, at)
        if timer is None:
            done = Swept(put_right=_put_right(work, held, _stored(connection, [held.id])[held.id][0]))
        else:
            fire(work, held, timer)
            done = Swept(fired=1, due=[timer.due_at])
        following = next_timer(work, held, FAR)
        work.finish()
        savepoint.commit()
        return done, following.due_at if following else None
    except Exception as error:
        if is_the_databases(error):
            # Not the timer's fault: the whole batch is tried again at the next sweep.
            raise
        savepoint.rollback()
        _set_aside(connection, number, at, timer, error)
        return Swept(set_aside=1), None


def _set_aside(connection: Connection, number: str, at: datetime, timer: Timer | None, error: Exception) -> None:
    """Out of the sweep, with the reason, until someone has looked: `servicedesk verify` names it. Of a ticket that
    could not even be read, everything due."""
    ticket = select(Ticket.id).where(Ticket.number == number).scalar_subquery()
    poisoned = update(TimerRow).where(TimerRow.ticket_id == ticket, TimerRow.set_aside.is_(None))
    if timer is None:
        poisoned = poisoned.where(TimerRow.due_at <= at)
    else:
        poisoned = poisoned.where(TimerRow.rule == timer.rule, TimerRow.occurrence == timer.occurrence)
    connection.execute(poisoned.values(set_aside=f"{type(error).__name__}: {error}"[:500]))


def take_up_again(desk: Desk) -> int:
    """Put every timer that was set aside back in the sweep, once somebody has mended what was wrong; how many."""
    with desk.transaction() as connection:
        aside = update(TimerRow).where(TimerRow.set_aside.is_not(None))
        return connection.execute(aside.values(set_aside=None)).rowcount
