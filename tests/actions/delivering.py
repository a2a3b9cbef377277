"""Webhooks to try: a system with one, its messages carried, and what has come of them."""

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any

from servicedesk.actions import webhooks as actions
from servicedesk.actions.delivering import Parcel
from servicedesk.actions.desk import Desk
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.tokens import create_token
from servicedesk.core.actors import client_actor
from servicedesk.core.facts import OPERATOR, Actor
from servicedesk.scheduler.deliveries import PostOffice
from servicedesk.scheduler.posting import post
from servicedesk.store.queries.webhooks import ShownDelivery, ShownWebhook, list_deliveries, read_webhook
from tests.support.receiver import Receiver

SUPPLIER = "leverantor-plattform"
# A busy machine makes everything slow and nothing wrong.
PATIENCE = 120.0


def system(desk: Desk, organisation: str = SUPPLIER) -> Actor:
    made = create_token(desk, organisation, "Provsystem", actor=OPERATOR)
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    return client_actor(made.client.key, "Provsystem", organisation, (), installation)


def hook(desk: Desk, there: Receiver, organisation: str = SUPPLIER, **given: Any) -> tuple[Actor, actions.NewWebhook]:
    desk.callable_inside |= {there.place}
    who = system(desk, organisation)
    return who, actions.create_webhook(desk, there.url, actor=who, **given)


def carry(desk: Desk, seconds: float = PATIENCE) -> None:
    """Tell what waits, and send until nothing is on its way that will end, or that is due."""
    sequence(desk)
    office = PostOffice(desk, partial(post_from, desk, seconds))
    end = monotonic() + PATIENCE
    while (office.run() or office.on_their_way) and monotonic() < end:
        pass


def post_from(desk: Desk, seconds: float, parcel: Parcel, timestamp: int) -> Any:
    return post(parcel, timestamp, allowed=desk.callable_inside, seconds=seconds)


def deliveries(desk: Desk, who: Actor, webhook: int, limit: int = 50) -> list[ShownDelivery]:
    with desk.reading() as connection:
        return list_deliveries(connection, who, webhook, limit=limit)[::-1]


def shown(desk: Desk, who: Actor, webhook: int) -> ShownWebhook:
    with desk.reading() as connection:
        return read_webhook(connection, who, webhook)


def statuses(*given: int, then: int = 204) -> Callable[..., tuple[int, dict[str, str]]]:
    """Answer with these in turn, and then with the last."""
    left = list(given)
    return lambda there, heard: (left.pop(0) if left else then, {})
