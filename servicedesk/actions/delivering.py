"""Deliveries on their way: claimed for a while, written as they may be seen now, and recorded when they are over.

1. `made_of` makes them, in the transaction that tells the change.
2. `exchange` records what has come of those that were sent, and claims others by a lease, in one transaction.
3. Whoever has claimed one sends it, in no transaction (scheduler.posting).

Who dies between 2 and 3, or before the next 2, leaves a lease that ends: the message is then sent again, under the same
id. Of a ticket the next message waits until the one before is delivered or given up.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, literal_column, or_, select, update
from sqlalchemy.orm import aliased

from servicedesk.actions.desk import Desk
from servicedesk.actions.faces import FACES, PING, Message, told_of, viewer_of
from servicedesk.actions.keeping import kept
from servicedesk.actions.webhooks import PURPOSE, new_delivery
from servicedesk.core.changes import Change
from servicedesk.core.errors import Unavailable
from servicedesk.core.undelivered import Failure
from servicedesk.core.vocabulary import Role
from servicedesk.core.webhooks import PATIENCE, next_attempt
from servicedesk.store.clients import ApiClient
from servicedesk.store.outbox import DeskNotice
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.upsert import add_rows
from servicedesk.store.webhooks import DELIVERED, DROPPED, FAILED, OFF, ON, WAITING, Delivery, Webhook

# Longer than looking up a name and sending take together.
LEASE = timedelta(seconds=90)
# At once to one receiver; to one that has just failed a single one.
AT_ONCE = 8
# So many failures on end, whatever the message, are the receiver's own: what waits is tried again when it is back.
IS_DOWN = 3
REMEMBERED = timedelta(days=30)
GONE = 410
FAILING, ASKED, NO_KEY = "failing", "gone", "no_key"


# In the name of a client that is suspended nothing goes out.
_LIVES = select(ApiClient.id).where(ApiClient.key == Webhook.client, ApiClient.suspended_at.is_(None)).exists()
IS_ON = and_(Webhook.state == ON, _LIVES)
# Written out: a plan that is kept does not know what a parameter will be, and passes the index of what waits by.
WAITS: ColumnElement[str] = literal_column(f"'{WAITING}'")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to be sent. `secrets`: those that sign it, none for a face that does not sign."""

    id: int
    webhook_id: int
    url: str
    message_id: str
    body: bytes
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a parcel: the status that was answered, None where none was; and what was wrong."""

    parcel: Parcel
    status: int | None = None
    failure: Failure | None = None
    retry_after: timedelta | None = None

    @property
    def has_arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def made_of(
    connection: Connection, changes: Sequence[tuple[int, Change]], positions: Sequence[Mapping[str, Any]], now: datetime
) -> list[dict[str, Any]]:
    """The deliveries of these changes, at these positions, to whoever wants them. Of what happened before a webhook was
    made, nothing."""
    organisations = {change.organisation for _, change in changes}
    wanting = select(*Webhook.__table__.columns).where(IS_ON, Webhook.organisation.in_(organisations))
    hooks = connection.execute(wanting.order_by(Webhook.id)).all()
    return [
        new_delivery(hook.id, event_type, now, row["position"], row["ticket_id"])
        for (_, change), row in zip(changes, positions, strict=True)
        for hook in hooks
        if hook.organisation == change.organisation and change.at >= hook.created_at
        for event_type in FACES[hook.face].types(change.type)
        if not hook.event_types or event_type in hook.event_types.split()
    ]


def is_anything_due(desk: Desk) -> bool:
    with desk.reading() as connection:
        return bool(_with_due(connection, desk.now(connection)))


def exchange(desk: Desk, outcomes: Sequence[Outcome], room: int, busy: Mapping[int, int]) -> list[Parcel]:
    """Record these, and take up to `room` more. `busy`: webhook -> how many this process is sending to it now."""
    with desk.transaction() as connection:
        book, now = desk.book_and_now(connection)
        if outcomes:
            _record(connection, book, outcomes, now)
        parcels: list[Parcel] = []
        for hook in _with_due(connection, now):
            places = (AT_ONCE if not hook.failures else 1) - busy.get(hook.id, 0)
            parcels += _taken(desk, connection, book, hook, min(places, room - len(parcels)), now)
        return parcels


def _taken(desk: Desk, connection: Connection, book: RuleBook, hook: Any, room: int, now: datetime) -> list[Parcel]:
    """Up to so many, ours until the lease ends, each as its receiver may see it now. What that is nothing of any longer
    is dropped, and the next one taken."""
    try:
        signing = tuple(kept(desk, text, PURPOSE) for text in _signing(hook, now))
    except Unavailable:
        # Only a new secret mends it.
        _switch_off(connection, book, hook.id, NO_KEY, now)
        return []
    parcels: list[Parcel] = []
    while rows := _claim(connection, hook.id, room - len(parcels), now):
        for row in rows:
            body = _written(connection, book, hook, row, now)
            if body is None:
                over = {"state": DROPPED, "over_at": now, "next_at": None, "leased_until": None}
                connection.execute(update(Delivery).where(Delivery.id == row.id).values(over))
            else:
                written = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
                parcels.append(Parcel(row.id, hook.id, hook.url, row.message_id, written, signing))
    return parcels


def _is_due(now: datetime) -> ColumnElement[bool]:
    free = or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now)
    return and_(Delivery.state == WAITS, Delivery.next_at <= now, free)


def _with_due(connection: Connection, now: datetime) -> Sequence[Any]:
    """Those with something to send, in turn: nobody comes always last."""
    its = select(Delivery.id).where(Delivery.webhook_id == Webhook.id, _is_due(now)).exists()
    hooks = connection.execute(select(*Webhook.__table__.columns).where(IS_ON, its)).all()
    return random.sample(hooks, len(hooks))


def _claim(connection: Connection, webhook_id: int, room: int, now: datetime) -> Sequence[Any]:
    """Up to so many, the first that waits of each ticket, ours until the lease ends."""
    if room <= 0:
        return []
    its = aliased(Delivery)
    # The least is looked up in the index of what waits, whatever the database believes of how many there are: asked
    # whether there is an earlier one, PostgreSQL compares all with all.
    first = select(func.min(its.id)).where(
        its.webhook_id == Delivery.webhook_id, its.ticket_id == Delivery.ticket_id, its.state == WAITS
    )
    is_first = or_(Delivery.ticket_id.is_(None), Delivery.id == first.scalar_subquery())
    due = (
        select(*Delivery.__table__.columns)
        .where(Delivery.webhook_id == webhook_id, _is_due(now), is_first)
        .order_by(Delivery.next_at, Delivery.id)
        .limit(room)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(due).all()
    if rows:
        ours = update(Delivery).where(Delivery.id.in_([row.id for row in rows]))
        connection.execute(ours.values(leased_until=now + LEASE))
    return rows


def _signing(hook: Any, now: datetime) -> Iterator[str]:
    if hook.secret:
        yield hook.secret
    if hook.former_secret and hook.former_until and hook.former_until > now:
        yield hook.former_secret


def _written(connection: Connection, book: RuleBook, hook: Any, row: Any, now: datetime) -> dict[str, Any] | None:
    viewer, change = viewer_of(hook.organisation, book.installation), None
    if row.event_type != PING:
        change = told_of(connection, viewer, hook.organisation, row.position)
        if change is None:
            return None
    message = Message(viewer, row.event_type, row.message_id, hook.query, row.made_at, change)
    return FACES[hook.face].write(connection, book, now, message)


def _record(connection: Connection, book: RuleBook, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Nothing of those whose webhook has been deleted meanwhile. What came through, the usual, goes together."""
    columns = (Delivery.id, Delivery.attempts, Webhook.failures)
    query = select(*columns).join(Webhook, Webhook.id == Delivery.webhook_id)
    rows = {row.id: row for row in connection.execute(query.where(Delivery.id.in_([o.parcel.id for o in outcomes])))}
    arrived: dict[int | None, list[int]] = defaultdict(list)
    for outcome in outcomes:
        row = rows.get(outcome.parcel.id)
        if row is not None and outcome.has_arrived:
            arrived[outcome.status].append(row.id)
            if row.failures:
                _came_through(connection, outcome, now)
        elif row is not None:
            _try_again(connection, outcome, row.attempts + 1, now)
            _did_not(connection, book, outcome, now)
    for status, ids in arrived.items():
        tried = {"attempts": Delivery.attempts + 1, "response": status, "failure": "", "tried_at": now}
        over = {"state": DELIVERED, "next_at": None, "over_at": now, "leased_until": None}
        connection.execute(update(Delivery).where(Delivery.id.in_(ids)).values(**tried, **over))


def _try_again(connection: Connection, outcome: Outcome, attempts: int, now: datetime) -> None:
    """By the schedule, if that goes on and the receiver has not said that it is gone."""
    failure = outcome.failure.written if outcome.failure else ""
    tried = {"attempts": attempts, "response": outcome.status, "failure": failure, "tried_at": now}
    again = None if outcome.status == GONE else next_attempt(attempts, now, random.random(), outcome.retry_after)
    state = FAILED if again is None else WAITING
    over = {"state": state, "next_at": again, "over_at": None if again else now, "leased_until": None}
    connection.execute(update(Delivery).where(Delivery.id == outcome.parcel.id).values(**tried, **over))


def _came_through(connection: Connection, outcome: Outcome, now: datetime) -> None:
    """The first after failures."""
    its = Webhook.id == outcome.parcel.webhook_id
    failures = connection.execute(select(Webhook.failures).where(its)).scalar() or 0
    if failures >= IS_DOWN:
        waiting = (Delivery.webhook_id == outcome.parcel.webhook_id, Delivery.state == WAITING)
        later = (Delivery.leased_until.is_(None), Delivery.next_at > now)
        connection.execute(update(Delivery).where(*waiting, *later).values(next_at=now))
    connection.execute(update(Webhook).where(its).values(failures=0, failing_since=None))


def _did_not(connection: Connection, book: RuleBook, outcome: Outcome, now: datetime) -> None:
    its = Webhook.id == outcome.parcel.webhook_id
    failing = {"failures": Webhook.failures + 1, "failing_since": func.coalesce(Webhook.failing_since, now)}
    connection.execute(update(Webhook).where(its).values(failing))
    since = connection.execute(select(Webhook.failing_since).where(its)).scalar()
    if outcome.status == GONE:
        _switch_off(connection, book, outcome.parcel.webhook_id, ASKED, now)
    elif since is not None and now - since >= PATIENCE:
        _switch_off(connection, book, outcome.parcel.webhook_id, FAILING, now)


def _switch_off(connection: Connection, book: RuleBook, webhook_id: int, why: str, now: datetime) -> None:
    """And tell those who follow the suppliers up."""
    its = update(Webhook).where(Webhook.id == webhook_id, Webhook.state == ON)
    switched = its.values(state=OFF, why=why, disabled_at=now).returning(Webhook.url)
    url = connection.execute(switched).scalar()
    if url is None:
        return
    people = [
        person.key
        for person in book.installation.people.values()
        if any(seat.role is Role.IT_SERVICE_MANAGER for seat in person.memberships)
    ]
    common = {"kind": f"webhook_{why}", "about": url[:200], "created_at": now}
    add_rows(connection, DeskNotice, [{"person": person, **common} for person in people])


def forget_delivered(desk: Desk) -> int:
    """Remove what was over long ago; how many."""
    with desk.transaction() as connection:
        old = delete(Delivery).where(Delivery.over_at <= desk.now(connection) - REMEMBERED)
        return connection.execute(old).rowcount
