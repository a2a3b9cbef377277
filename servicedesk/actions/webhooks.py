"""Webhooks: asked for, changed, given a new secret, tried out and taken away by the systems whose they are."""

import base64
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from servicedesk.actions.addresses import NotToBeCalled, Resolve, look_up, require_callable, target_of
from servicedesk.actions.desk import Desk
from servicedesk.actions.faces import FACES, PING, V1
from servicedesk.actions.keeping import keep, kept
from servicedesk.actions.once import Once, claim, settle
from servicedesk.core.changes import TYPES
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import clean_text, too_long
from servicedesk.core.webhooks import OVERLAP, SECRET_BYTES, SECRET_PREFIX
from servicedesk.store.queries.webhooks import ShownDelivery, ShownWebhook, read_delivery, read_webhook
from servicedesk.store.webhooks import OFF, ON, WAITING, Delivery, Webhook

PURPOSE = "webhook secret"
MOST = 20
LONGEST_DESCRIPTION = 500
BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """`secret` can be shown this once; '' where the face does not sign."""

    id: int
    secret: str


def create_webhook(
    desk: Desk,
    url: str,
    *,
    actor: Actor,
    event_types: Sequence[str] = (),
    description: str = "",
    face: str = V1,
    query: str = "",
    once: Once | None = None,
    resolve: Resolve = look_up,
) -> NewWebhook:
    """For the organisation of the client that asks. Invalid names every field that cannot be accepted; Refusal
    `too_many`. No event types are all of them."""
    [organisation] = actor.organisations
    description = clean_text(description)
    faults = _faults(desk, url, event_types, description, face, resolve)
    if faults:
        raise Invalid(faults)
    secret = new_secret() if FACES[face].signs else ""
    with doing(desk, once) as (connection, now):
        _require_room(connection, organisation)
        adding = insert(Webhook).values(
            organisation=organisation,
            client=actor.key,
            face=face,
            url=url,
            event_types=" ".join(dict.fromkeys(event_types)),
            query=query,
            description=description,
            secret=keep(desk, secret, PURPOSE) if secret else "",
            former_secret="",
            state=ON,
            why="",
            failures=0,
            created_at=now,
        )
        new_id = connection.execute(adding.returning(Webhook.id)).scalar_one()
        done(connection, once, new_id)
        return NewWebhook(new_id, secret)


def change_webhook(
    desk: Desk,
    webhook_id: int,
    *,
    actor: Actor,
    url: str | None = None,
    event_types: Sequence[str] | None = None,
    description: str | None = None,
    enabled: bool | None = None,
    resolve: Resolve = look_up,
) -> ShownWebhook:
    """What is given is changed. Enabled again it is told of what happens from then on, and of what still waited."""
    description = None if description is None else clean_text(description)
    faults = _faults(desk, url, event_types or (), description or "", V1, resolve)
    if faults:
        raise Invalid(faults)
    given: dict[str, Any] = {"url": url, "description": description}
    given["event_types"] = None if event_types is None else " ".join(dict.fromkeys(event_types))
    values = {name: value for name, value in given.items() if value is not None}
    with desk.transaction() as connection:
        read_webhook(connection, actor, webhook_id)
        if enabled is not None:
            values |= _switched(connection, webhook_id, enabled, desk.now(connection))
        if values:
            connection.execute(update(Webhook).where(Webhook.id == webhook_id).values(values))
        return read_webhook(connection, actor, webhook_id)


def _switched(connection: Connection, webhook_id: int, enabled: bool, now: datetime) -> dict[str, Any]:
    if not enabled:
        return {"state": OFF, "why": BY_HAND, "disabled_at": now}
    connection.execute(
        update(Delivery).where(Delivery.webhook_id == webhook_id, Delivery.state == WAITING).values(next_at=now)
    )
    return {"state": ON, "why": "", "disabled_at": None, "failures": 0, "failing_since": None}


def delete_webhook(desk: Desk, webhook_id: int, *, actor: Actor) -> None:
    """It and all that is known of its deliveries."""
    with desk.transaction() as connection:
        read_webhook(connection, actor, webhook_id)
        connection.execute(delete(Delivery).where(Delivery.webhook_id == webhook_id))
        connection.execute(delete(Webhook).where(Webhook.id == webhook_id))


def rotate_secret(desk: Desk, webhook_id: int, *, actor: Actor, once: Once | None = None) -> int:
    """A new secret, which `secret_of` tells this once. The old one goes on signing beside it for OVERLAP."""
    with doing(desk, once) as (connection, now):
        read_webhook(connection, actor, webhook_id, V1)
        former = {"former_secret": Webhook.secret, "former_until": now + OVERLAP}
        kept_one = keep(desk, new_secret(), PURPOSE)
        connection.execute(update(Webhook).where(Webhook.id == webhook_id).values(**former, secret=kept_one))
        done(connection, once, webhook_id)
    return webhook_id


def secret_of(desk: Desk, webhook_id: int, *, actor: Actor) -> str:
    """The secret that signs now: to answer the request that has made it, and that request once more; nothing else."""
    with desk.reading() as connection:
        read_webhook(connection, actor, webhook_id, V1)
        found = connection.execute(select(Webhook.secret).where(Webhook.id == webhook_id)).scalar_one()
    return kept(desk, found, PURPOSE)


def ping(desk: Desk, webhook_id: int, *, actor: Actor, once: Once | None = None) -> ShownDelivery:
    """A message about nothing, to see whether it arrives."""
    with doing(desk, once) as (connection, now):
        _require_on(read_webhook(connection, actor, webhook_id, V1))
        adding = insert(Delivery).values(new_delivery(webhook_id, PING, now)).returning(Delivery.id)
        new_id = connection.execute(adding).scalar_one()
        done(connection, once, new_id)
        return read_delivery(connection, actor, webhook_id, new_id)


def resend(
    desk: Desk, webhook_id: int, delivery_id: int, *, actor: Actor, face: str = "", once: Once | None = None
) -> ShownDelivery:
    """The same message once more, now, whatever came of it before; from the beginning of the schedule."""
    with doing(desk, once) as (connection, now):
        _require_on(read_webhook(connection, actor, webhook_id, face))
        read_delivery(connection, actor, webhook_id, delivery_id)
        again = {"state": WAITING, "attempts": 0, "next_at": now, "over_at": None}
        connection.execute(update(Delivery).where(Delivery.id == delivery_id).values(again))
        done(connection, once, delivery_id)
        return read_delivery(connection, actor, webhook_id, delivery_id)


@contextmanager
def doing(desk: Desk, once: Once | None) -> Iterator[tuple[Connection, datetime]]:
    """A transaction and its moment. AlreadyDone or KeyReused for a request that has come before."""
    with desk.transaction() as connection:
        now = desk.now(connection)
        if once:
            claim(connection, once, now)
        yield connection, now


def done(connection: Connection, once: Once | None, made: int) -> None:
    if once:
        settle(connection, once, str(made))


def new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def new_delivery(
    webhook_id: int, event_type: str, now: datetime, position: int | None = None, ticket_id: int | None = None
) -> dict[str, Any]:
    return {
        "webhook_id": webhook_id,
        "position": position,
        "ticket_id": ticket_id,
        "event_type": event_type,
        "message_id": f"msg_{secrets.token_hex(16)}",
        "state": WAITING,
        "attempts": 0,
        "next_at": now,
        "failure": "",
        "made_at": now,
    }


def _require_on(webhook: ShownWebhook) -> None:
    if not webhook.enabled:
        raise Refusal("The webhook is disabled. Enable it first.", code="webhook_disabled")


def _require_room(connection: Connection, organisation: str) -> None:
    mine = select(func.count()).select_from(Webhook).where(Webhook.organisation == organisation)
    if connection.execute(mine).scalar_one() >= MOST:
        raise Refusal(
            "Your organisation has %(most)s webhooks already. Delete one first.", code="too_many_webhooks", most=MOST
        )


def _faults(
    desk: Desk, url: str | None, event_types: Sequence[str], description: str, face: str, resolve: Resolve
) -> dict[str, list[str]]:
    known = set(TYPES) if face == V1 else {each for kind in TYPES for each in FACES[face].types(kind)}
    found = {
        "url": "" if url is None else _url_fault(desk, url, resolve),
        "event_types": "" if set(event_types) <= known else "Choose from the event types of the reference.",
        "description": too_long(description, LONGEST_DESCRIPTION) if len(description) > LONGEST_DESCRIPTION else "",
    }
    return {field: [sentence] for field, sentence in found.items() if sentence}


def _url_fault(desk: Desk, url: str, resolve: Resolve) -> str:
    try:
        require_callable(target_of(url), desk.callable_inside, resolve)
    except NotToBeCalled as refused:
        return refused.failure.sentence
    except ValueError:
        return "Write an address that begins with https://, without a user, a password or a fragment."
    return ""
