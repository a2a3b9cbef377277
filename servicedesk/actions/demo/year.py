"""A year of sample tickets, lived through by the same actions under a controlled clock, from a fixed seed."""

import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import func, select, update

from servicedesk.actions.demo.arrivals import log_one
from servicedesk.actions.demo.beside import beside, classify_if_unclear, link_to_the_first, merge_duplicate
from servicedesk.actions.demo.cast import Cast
from servicedesk.actions.demo.life import take_step
from servicedesk.actions.demo.matters import Matter
from servicedesk.actions.demo.pace import next_moment
from servicedesk.actions.desk import Desk
from servicedesk.actions.erase import erase_texts
from servicedesk.actions.opened import Open
from servicedesk.actions.outbox import drain
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.sweep import sweep
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.clock import ControlledClock
from servicedesk.core.facts import OPERATOR
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Category, Tier
from servicedesk.core.workflows.definition import TIMED, State
from servicedesk.store.outbox import Notice
from servicedesk.store.tickets import Ticket
from servicedesk.store.timers import TimerRow

SEED = 2580
# A share of them is from the last days, so that there is work in hand.
RECENT, RECENT_DAYS = 0.2, 11
# A widespread fault is reported from several places in the same hours.
BURST, MOST_AT_ONCE, BURST_HOURS = 0.4, 3, 5
# How often a duplicate is noticed at a step.
NOTICED = 0.35
# So many tickets are left lying in each state of each workflow at the end.
LEFT, LEFT_TO_TRIAGE, LEFT_AT_SUPPLIER = 1, 3, 2
# What waits or is solved has been left for longer than what somebody is to work on: hours in which its holder was open.
LEFT_HOURS, LEFT_WAITING_HOURS = 8, 40
QUIET = frozenset({Category.WAITING, Category.RESOLVED})
# Everybody has read all but their newest notices.
UNREAD = 12
ERASED = 3
DECISION = "Gallringsbeslut 2026:12 (exempel)"
A_WEEK, HALF_A_DAY, LAST_DAYS = timedelta(days=7), timedelta(hours=12), timedelta(days=9)


@dataclass
class Year:
    """The demonstration being lived. `agenda` is everybody's, oldest first: a ticket's number, or the matter of
    one to be logged."""

    desk: Desk
    clock: ControlledClock
    cast: Cast
    until: datetime
    agenda: list[tuple[datetime, int, str | Matter]] = field(default_factory=list)
    open: set[str] = field(default_factory=set)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)
    _order: Iterator[int] = field(default_factory=count)

    def note(self, moment: datetime, what: str | Matter) -> None:
        heapq.heappush(self.agenda, (moment, next(self._order), what))


def build_demo(
    desk: Desk, tickets: int, until: datetime, *, seed: int = SEED, tick: Callable[[], object] = lambda: None
) -> int:
    """Log `tickets` tickets over the year before `until` and let them live; how many steps were taken.

    The desk's own clock is not used: the demonstration has one of its own, and ends at `until`. `tick` is called for
    every step, to show progress by.
    """
    clock = ControlledClock(until - timedelta(days=365))
    own = replace(desk, clock=clock)
    with own.reading() as connection:
        cast = Cast(own.book(connection).installation, random.Random(seed))
    year = Year(own, clock, cast, until)
    for moment, matter in _arrivals(cast, tickets, until):
        year.note(moment, matter)
    steps = _live(year, tick)
    clock.move_to(until)
    sweep(own, as_of=until)
    drain(own)
    _tidy_up(year)
    sequence(own)
    return steps


def _arrivals(cast: Cast, tickets: int, until: datetime) -> Iterator[tuple[datetime, Matter]]:
    """Office hours on weekdays, in UTC near enough; a widespread fault several times. The last days' come first, that
    none of them is about the same as another."""
    chance, made, recent = cast.chance, 0, round(tickets * RECENT)
    lately: set[Matter] = set()
    while made < tickets:
        matter = cast.next_matter()
        first = _opening(cast, until, RECENT_DAYS if made < recent else 365)
        bursts = matter.widespread and matter not in lately and chance.random() < BURST
        times = chance.randrange(2, MOST_AT_ONCE + 1) if bursts else 1
        lately = lately | {matter} if made < recent else set()
        for _ in range(min(times, tickets - made)):
            later = first + timedelta(minutes=chance.randrange(BURST_HOURS * 60)) if times > 1 else first
            yield min(later, until - timedelta(minutes=1)), matter
            made += 1


def _opening(cast: Cast, until: datetime, days: int) -> datetime:
    chance = cast.chance
    minute, second = chance.randrange(7 * 60, 15 * 60), chance.randrange(60)
    day = until - timedelta(days=chance.randrange(days))
    opened = day.replace(hour=minute // 60, minute=minute % 60, second=second)
    while opened.weekday() > 4 or opened >= until:
        opened -= timedelta(days=1)
    return opened


def _live(year: Year, tick: Callable[[], object]) -> int:
    """Week by week, and the last days by halves, so that what follows from a step is told near when it happened."""
    steps, last_days = 0, year.until - LAST_DAYS
    while year.agenda:
        start = year.agenda[0][0]
        ends = min(start + A_WEEK, last_days) if start < last_days else start + HALF_A_DAY
        with unit_of_work(year.desk) as work:
            _fire_what_was_due(work, start)
            while year.agenda and year.agenda[0][0] < ends:
                moment, _, what = heapq.heappop(year.agenda)
                year.clock.move_to(moment)
                _happen(year, work, what)
                steps += 1
                tick()
        drain(year.desk)
    return steps


def _fire_what_was_due(work: Work, now: datetime) -> None:
    """As a scheduler would have, of tickets that nobody has touched since."""
    due = select(Ticket.number).join(TimerRow, TimerRow.ticket_id == Ticket.id).where(TimerRow.due_at <= now).distinct()
    for number in work.connection.execute(due.order_by(Ticket.number)).scalars().all():
        work.open_ticket(number, actor=OPERATOR)


def _happen(year: Year, work: Work, what: str | Matter) -> None:
    if isinstance(what, str):
        held = work.open_ticket(what, actor=OPERATOR)
        goes_on = _advance(year, work, held)
    else:
        held, goes_on = _arrive(year, work, what), True
    ticket = held.ticket
    (year.open.add if ticket.is_open else year.open.discard)(ticket.number)
    following = next_moment(year.cast, work, held) if goes_on and not _is_left(year, work, held) else None
    if following is not None and following < year.until:
        year.note(following, ticket.number)


def _arrive(year: Year, work: Work, matter: Matter) -> Open:
    return log_one(year.cast, work, matter, year.clock.now())


def _advance(year: Year, work: Work, held: Open) -> bool:
    """A step, and what is done beside it; False when nobody has any left."""
    cast = year.cast
    classify_if_unclear(cast, work, held)
    if held.ticket.assignee and cast.chance.random() < NOTICED and merge_duplicate(cast, work, held, year.open):
        return False
    took = take_step(cast, work, held, wanted=_lacking(year, work, held))
    beside(cast, work, held)
    link_to_the_first(cast, work, held, year.open)
    return took


def _lacking(year: Year, work: Work, held: Open) -> set[str]:
    """States that no ticket has been left in yet, in the last days."""
    ticket = held.ticket
    if year.until - held.now > LAST_DAYS:
        return set()
    states = work.book.definition(ticket.workflow_version).states.values()
    return {state.key for state in states if _is_near(year, work, held, state) and _has_room(year, ticket, state)}


def _is_left(year: Year, work: Work, held: Open) -> bool:
    """Left lying, so that at the end there is a ticket in every state that time does not end, and some to triage."""
    ticket = held.ticket
    state = work.book.definition(ticket.workflow_version).states[ticket.state]
    if not _is_near(year, work, held, state) or not _has_room(year, ticket, state):
        return False
    if any(timer.rule.startswith(TIMED) and timer.due_at <= year.until for timer in work.timers(ticket)):
        return False
    year.left[ticket.workflow, state.key] += 1
    return True


def _is_near(year: Year, work: Work, held: Open, state: State) -> bool:
    calendar = work.book.calendar(held.ticket.holder.calendar)
    hours = LEFT_WAITING_HOURS if state.category in QUIET else LEFT_HOURS
    return calendar.elapsed(held.now, year.until) <= hours * 3600


def _has_room(year: Year, ticket: TicketState, state: State) -> bool:
    to_triage = state.received and state.tier is Tier.JOINT
    most = LEFT_TO_TRIAGE if to_triage else LEFT_AT_SUPPLIER if state.tier is Tier.SUPPLIER else LEFT
    return year.left[ticket.workflow, state.key] < most


def _tidy_up(year: Year) -> None:
    """Old notices have been read, and the oldest tickets' texts destroyed under a decision."""
    with year.desk.transaction() as connection:
        newest = func.row_number().over(partition_by=Notice.person, order_by=Notice.id.desc())
        ranked = select(Notice.id, newest.label("place")).subquery()
        old = Notice.id.in_(select(ranked.c.id).where(ranked.c.place > UNREAD))
        connection.execute(update(Notice).where(old).values(read_at=year.until))
        oldest = select(Ticket.number).where(Ticket.closed_at.is_not(None)).order_by(Ticket.closed_at).limit(ERASED)
        numbers = connection.execute(oldest).scalars().all()
    for number in numbers:
        erase_texts(year.desk, number, DECISION, actor=OPERATOR)
