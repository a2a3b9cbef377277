"""What whoever runs the installation watches. Nothing of any ticket is in it, so no viewer is asked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from servicedesk.core.risk import LITTLE, SOON
from servicedesk.store.mails import FAILED, WAITS, Mail
from servicedesk.store.outbox import GIVE_UP_AFTER, OutboxRow
from servicedesk.store.queries.follow_up.epoch import epoch
from servicedesk.store.tickets import TicketClock
from servicedesk.store.timers import Heartbeat, TimerRow

# No scheduler has swept for so long: the timers stand still.
SILENCE = timedelta(minutes=2)
# What must be told has waited for so long: nobody carries it out.
SLOW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Scheduler:
    name: str
    sweeps: int
    fired: int
    set_aside: int
    late_p99: float
    late_max: float


@dataclass(frozen=True, slots=True)
class Clocks:
    """How many promises of one kind run, and how they stand."""

    metric: str
    tier: str
    calm: int
    at_risk: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Times are seconds; `swept_ago` is None where no scheduler has ever swept."""

    alive: int
    swept_ago: float | None
    armed: int
    due: int
    set_aside: int
    late: float
    waiting: int
    given_up: int
    waited: float
    mails: int
    mails_failed: int
    mails_waited: float
    schedulers: list[Scheduler]
    clocks: list[Clocks]


def last_sweep(connection: Connection) -> datetime | None:
    """When any scheduler last swept; a row or two, old ones among them, so the newest counts."""
    found: datetime | None = connection.execute(select(func.max(Heartbeat.swept_at))).scalar()
    return found


def oldest_waiting(connection: Connection) -> datetime | None:
    """Since when what must be told has waited, at most: rows come in the order of their ids. What has been given up
    waits for a hand, not for its turn."""
    waiting = OutboxRow.attempts < GIVE_UP_AFTER
    query = select(OutboxRow.created_at).where(waiting).order_by(OutboxRow.id).limit(1)
    found: datetime | None = connection.execute(query).scalar()
    return found


def mail_stands_still(connection: Connection, now: datetime) -> bool:
    """Whether a mail that is due has been left lying, or the mail server has not answered, for too long. One that
    the server did not take stops nobody else's."""
    its = aliased(Mail)
    first = select(func.min(its.id)).where(its.ticket_id == Mail.ticket_id, its.state == WAITS)
    is_free = or_(Mail.leased_until.is_(None), Mail.leased_until <= now - SLOW)
    left = and_(Mail.next_at <= now - SLOW, is_free, Mail.id == first.scalar_subquery())
    unanswered = and_(Mail.attempts > 0, Mail.response.is_(None), Mail.made_at <= now - SLOW)
    query = select(Mail.id).where(Mail.state == WAITS, or_(left, unanswered)).limit(1)
    return connection.execute(query).first() is not None


def _mails(connection: Connection) -> tuple[int, int, datetime | None]:
    """(waiting, failed for good, since when the first of those that wait does)."""
    waiting = select(func.count(), func.min(Mail.made_at)).where(Mail.state == WAITS)
    failed = select(func.count()).select_from(Mail).where(Mail.state == literal_column(f"'{FAILED}'"))
    number, first = connection.execute(waiting).one()
    return number, connection.execute(failed).scalar_one(), first


def counts(connection: Connection, now: datetime) -> Counts:
    """Everything at once, in seven questions."""
    beats = connection.execute(select(*Heartbeat.__table__.columns).order_by(Heartbeat.scheduler)).all()
    alive = sum(now - beat.swept_at <= SILENCE for beat in beats)
    swept_ago = min(((now - beat.swept_at).total_seconds() for beat in beats), default=None)
    is_aside = TimerRow.set_aside.is_not(None)
    is_due = and_(TimerRow.set_aside.is_(None), TimerRow.due_at <= now)
    timers = connection.execute(
        select(
            func.count().label("all"),
            func.count(case((is_aside, 1))).label("aside"),
            func.count(case((is_due, 1))).label("due"),
            func.min(case((is_due, TimerRow.due_at))).label("first"),
        )
    ).one()
    given_up = OutboxRow.attempts >= GIVE_UP_AFTER
    outbox = connection.execute(
        select(func.count().label("all"), func.count(case((given_up, 1))).label("given_up")).select_from(OutboxRow)
    ).one()
    mails, mails_failed, first_mail = _mails(connection)
    return Counts(
        alive=alive,
        swept_ago=swept_ago,
        armed=timers.all - timers.aside - timers.due,
        due=timers.due,
        set_aside=timers.aside,
        late=_since(timers.first, now),
        waiting=outbox.all - outbox.given_up,
        given_up=outbox.given_up,
        waited=_since(oldest_waiting(connection), now),
        mails=mails,
        mails_failed=mails_failed,
        mails_waited=_since(first_mail, now),
        schedulers=[
            Scheduler(beat.scheduler, beat.sweeps, beat.fired, beat.set_aside, beat.late_p99, beat.late_max)
            for beat in beats
        ],
        clocks=_clocks(connection, now),
    )


def _clocks(connection: Connection, now: datetime) -> list[Clocks]:
    """Of the clocks that run: at risk as a list marks a ticket, when little of the time from its start is left."""
    clock = TicketClock
    left, whole = epoch(clock.due_at) - int(now.timestamp()), epoch(clock.due_at) - epoch(clock.started_at)
    is_overdue = clock.due_at <= now
    is_at_risk = and_(clock.due_at > now, (left * 100 <= whole * LITTLE) | (left <= SOON.total_seconds()))
    query = (
        select(
            clock.metric,
            clock.tier,
            func.count().label("all"),
            func.count(case((is_overdue, 1))).label("overdue"),
            func.count(case((is_at_risk, 1))).label("at_risk"),
        )
        .where(clock.due_at.is_not(None))
        .group_by(clock.metric, clock.tier)
        .order_by(clock.metric, clock.tier)
    )
    return [
        Clocks(row.metric, row.tier, row.all - row.overdue - row.at_risk, row.at_risk, row.overdue)
        for row in connection.execute(query)
    ]


def _since(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0
