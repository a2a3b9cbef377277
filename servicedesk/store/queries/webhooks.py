"""Webhooks and their deliveries as those may read them whose they are, and whoever answers for the whole."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, false, func, select, true

from servicedesk.core.errors import NotFound
from servicedesk.core.facts import Actor
from servicedesk.core.undelivered import Failure, failure_from
from servicedesk.core.vocabulary import Role
from servicedesk.store.queries.changes import EPOCH
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.tickets import Ticket, Visibility
from servicedesk.store.webhooks import FAILED, ON, WAITING, Delivery, Webhook


@dataclass(frozen=True, slots=True)
class ShownWebhook:
    """Never with its secret. `waiting`, `failed`: how many of its deliveries are so."""

    id: int
    organisation: str
    client: str
    face: str
    url: str
    event_types: list[str]
    description: str
    enabled: bool
    why: str
    failures: int
    failing_since: datetime | None
    disabled_at: datetime | None
    created_at: datetime
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class ShownDelivery:
    """`failure`: what was wrong last. `ticket` is None in a ping, and where the ticket is no longer theirs to see."""

    id: int
    message_id: str
    event_type: str
    position: int | None
    ticket: str | None
    state: str
    attempts: int
    response: int | None
    failure: Failure | None
    made_at: datetime
    tried_at: datetime | None
    next_at: datetime | None


def is_theirs(viewer: Actor) -> ColumnElement[bool]:
    """A system's own organisation's; to the IT service manager all are."""
    if viewer.kind == "person":
        return true() if Role.IT_SERVICE_MANAGER in viewer.roles else false()
    return Webhook.organisation.in_(sorted(viewer.organisations))


def list_webhooks(connection: Connection, viewer: Actor, face: str = "") -> list[ShownWebhook]:
    """Oldest first; of one face if it is named."""
    query = select(Webhook).where(is_theirs(viewer), Webhook.face == face if face else true())
    ordered = query.order_by(Webhook.organisation, Webhook.id) if not face else query.order_by(Webhook.id)
    return _shown(connection, ordered.with_only_columns(*Webhook.__table__.columns))


def read_webhook(connection: Connection, viewer: Actor, webhook_id: int, face: str = "") -> ShownWebhook:
    """NotFound when there is none, or it is another's."""
    query = select(*Webhook.__table__.columns).where(
        Webhook.id == webhook_id, is_theirs(viewer), Webhook.face == face if face else true()
    )
    found = _shown(connection, query)
    if not found:
        raise NotFound("There is no such webhook.")
    return found[0]


def _shown(connection: Connection, query: object) -> list[ShownWebhook]:
    rows = connection.execute(query).all()  # type: ignore[call-overload]
    counted = (
        select(Delivery.webhook_id, Delivery.state, func.count())
        .where(Delivery.webhook_id.in_([row.id for row in rows]), Delivery.state.in_((WAITING, FAILED)))
        .group_by(Delivery.webhook_id, Delivery.state)
    )
    counts = {(webhook, state): count for webhook, state, count in connection.execute(counted)}
    return [
        ShownWebhook(
            id=row.id,
            organisation=row.organisation,
            client=row.client,
            face=row.face,
            url=row.url,
            event_types=row.event_types.split(),
            description=row.description,
            enabled=row.state == ON,
            why=row.why,
            failures=row.failures,
            failing_since=row.failing_since,
            disabled_at=row.disabled_at,
            created_at=row.created_at,
            waiting=counts.get((row.id, WAITING), 0),
            failed=counts.get((row.id, FAILED), 0),
        )
        for row in rows
    ]


def list_deliveries(
    connection: Connection,
    viewer: Actor,
    webhook_id: int,
    face: str = "",
    *,
    before: int = 0,
    state: str = "",
    limit: int = 50,
) -> list[ShownDelivery]:
    """The newest first, those older than `before` if it is given. NotFound as `read_webhook`."""
    read_webhook(connection, viewer, webhook_id, face)
    query = _deliveries(viewer).where(Delivery.webhook_id == webhook_id)
    query = query.where(Delivery.id < before) if before else query
    query = query.where(Delivery.state == state) if state else query
    rows = connection.execute(query.order_by(Delivery.id.desc()).limit(limit))
    return [_delivery(row) for row in rows]


def read_delivery(connection: Connection, viewer: Actor, webhook_id: int, delivery_id: int) -> ShownDelivery:
    read_webhook(connection, viewer, webhook_id)
    query = _deliveries(viewer).where(Delivery.webhook_id == webhook_id, Delivery.id == delivery_id)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("There is no such delivery.")
    return _delivery(row)


def _delivery(row: Row[Any]) -> ShownDelivery:
    return ShownDelivery(**{**row._mapping, "failure": failure_from(row.failure)})


def _deliveries(viewer: Actor):  # type: ignore[no-untyped-def]
    number = visible_tickets(viewer, Ticket.number).where(Visibility.ticket_id == Delivery.ticket_id).scalar_subquery()
    position = (EPOCH + Delivery.position).label("position")
    names = [name for name in ShownDelivery.__slots__ if name not in ("ticket", "position")]
    return select(*(Delivery.__table__.c[name] for name in names), position, number.label("ticket"))
