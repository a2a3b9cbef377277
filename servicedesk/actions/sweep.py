"""The sweep: everything due, in due order, each exactly once, whoever else is sweeping."""

import heapq
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import OperationalError

from servicedesk.actions.desk import Desk
from servicedesk.actions.firing import fire
from servicedesk.actions.pulse import Pulse
from servicedesk.actions.work import Open, Work
from servicedesk.core.facts import SCHEDULER
from servicedesk.core.timers import Timer
from servicedesk.store.projection import timer_rows
from servicedesk.store.tickets import Ticket
from servicedesk.store.timers import TimerRow
from servicedesk.store.upsert import put_rows

BATCH = 50


@dataclass
class Swept:
    """How many timers fired, how many were set aside, and how many tickets had rows that were wrong and put right."""

    fired: int = 0
    set_aside: int = 0
    put_right: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        fired, set_aside = self.fired + other.fired, self.set_aside + other.set_aside
        return Swept(fired, set_aside, self.put_right + other.put_right)


def sweep(desk: Desk, *, as_of: datetime | None = None, pulse: Pulse | None = None) -> Swept:
    """Fire all timers due by `as_of` (default: now), batch by batch, with a heartbeat in between and at the end."""
    pulse = pulse or Pulse()
    pulse.sweeps += 1
    total = Swept()
    while True:
        with desk.transaction() as connection:
            desk.book_held(connection)
            limit = as_of or desk.now(connection)
            done = _one_batch(desk, connection, limit)
        total += done
        pulse.fired += done.fired
        pulse.set_aside += done.set_aside
        pulse.beat_when_due(desk)
        if done == Swept():
            return total


def _one_batch(desk: Desk, connection: Connection, as_of: datetime) -> Swept:
    """Up to BATCH due timers and those they give rise to before the last of them, in due order.

    The ticket's row is the lock; a ticket that somebody else holds is theirs to fire. Each timer has a savepoint, so
    that a poisonous one costs only itself.
    """
    due = connection.execute(
        select(TimerRow.due_at, Ticket.number)
        .join(Ticket, Ticket.id == TimerRow.ticket_id)
        .where(TimerRow.due_at <= as_of, TimerRow.set_aside.is_(None))
        .order_by(TimerRow.due_at, TimerRow.ticket_id)
        .limit(BATCH)
    ).all()
    if not due:
        return Swept()
    horizon = max(row.due_at for row in due)
    free = _lock_free(connection, {row.number for row in due})
    queue = list({(row.due_at, row.number) for row in due if row.number in free})
    heapq.heapify(queue)
    done = Swept()
    while queue:
        at, number = heapq.heappop(queue)
        outcome, following = _fire_one(desk, connection, number, at)
        done += outcome
        if following is not None and following <= horizon and (following, number) not in queue:
            heapq.heappush(queue, (following, number))
    return done


def _lock_free(connection: Connection, numbers: set[str]) -> set[str]:
    locking = select(Ticket.number).where(Ticket.number.in_(numbers)).order_by(Ticket.id)
    return set(connection.execute(locking.with_for_update(skip_locked=True)).scalars())


def _fire_one(desk: Desk, connection: Connection, number: str, at: datetime) -> tuple[Swept, datetime | None]:
    """Fire the ticket's first timer due by `at`: (what was done, when its next one is due)."""
    work = Work(desk, connection, desk.book(connection))
    timer: Timer | None = None
    savepoint = connection.begin_nested()
    try:
        held = work.open_ticket(number, actor=SCHEDULER, fire=False)
        timers = _live_timers(work, held)
        if not timers or timers[0].due_at > at:
            wrong = _put_right(connection, held, timers)
            savepoint.commit()
            return Swept(put_right=wrong), timers[0].due_at if timers else None
        timer = timers[0]
        fire(work, held, timer)
        following = _live_timers(work, held)
        work.finish()
        savepoint.commit()
        return Swept(fired=1), following[0].due_at if following else None
    except OperationalError:
        # The database's trouble, not the timer's: the whole batch is tried again at the next sweep.
        raise
    except Exception as error:
        savepoint.rollback()
        _set_aside(connection, number, at, timer, error)
        return Swept(set_aside=1), None


def _live_timers(work: Work, held: Open) -> list[Timer]:
    """What the ticket's state says, less what has been set aside: recomputed at fire time, whatever the row says."""
    gone = work.set_aside(held)
    return [timer for timer in work.timers(held.ticket) if (timer.rule, timer.occurrence) not in gone]


def _put_right(connection: Connection, held: Open, timers: list[Timer]) -> int:
    """Its rows said that something was due and nothing is: left as they are, such rows would fill every batch. 1 if
    they were wrong, 0 if another scheduler was only faster."""
    query = select(TimerRow.ticket_id, TimerRow.rule, TimerRow.occurrence, TimerRow.due_at)
    stored = connection.execute(query.where(TimerRow.ticket_id == held.id, TimerRow.set_aside.is_(None))).mappings()
    before = {(row["ticket_id"], row["rule"], row["occurrence"]): dict(row) for row in stored}
    now = timer_rows(held.id, timers)
    put_rows(connection, TimerRow, before, now)
    return int(before != now)


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
