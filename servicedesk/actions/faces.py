"""In whose form a message goes out: one line a face. All else (order, retries, whom not to call) is alike for all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select
from sqlalchemy.orm import aliased

from servicedesk.core.actors import client_actor
from servicedesk.core.changes import WITHDRAWN
from servicedesk.core.codec import stamp
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.tmf621 import events_of
from servicedesk.store.changes import ChangeRow
from servicedesk.store.queries.changes import EPOCH
from servicedesk.store.queries.trouble.events import Told, event_told
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket, Visibility

V1, TMF621 = "v1", "tmf621"
PING = "ping"


@dataclass(frozen=True, slots=True)
class ToldOf:
    """The change that a message is about, and the ticket's number. `position`: as the feed shows it."""

    position: int
    type: str
    at: datetime
    ticket_id: int
    number: str
    seq: int
    ordinal: int
    own: bool


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be written. `change` is None in a ping. `viewer` sees what the webhook's organisation sees."""

    viewer: Actor
    event_type: str
    message_id: str
    query: str
    made_at: datetime
    change: ToldOf | None


Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Face:
    """`types`: what a change is called, each one a message of its own; none where it is not told. `write`: the message
    as it may be seen now; None when there is nothing to tell any longer. `signs`: whether its webhooks have secrets."""

    types: Callable[[str], tuple[str, ...]]
    write: Callable[[Connection, RuleBook, datetime, Message], Body | None]
    signs: bool = True


def write_v1(connection: Connection, book: RuleBook, now: datetime, message: Message) -> Body | None:
    """Thin, with no word that anybody has written: what it is about is read at `href`."""
    change = message.change
    if change is None:
        return {"type": message.event_type, "timestamp": stamp(message.made_at), "data": {}}
    data = {
        "position": change.position,
        "ticket": change.number,
        "href": f"/api/v1/tickets/{change.number}",
        "ordinal": change.ordinal,
        "own": change.own,
    }
    return {"type": change.type, "timestamp": stamp(change.at), "data": data}


def write_tmf621(connection: Connection, book: RuleBook, now: datetime, message: Message) -> Body | None:
    """The standard's event, with the ticket as it was then in the listener's eyes."""
    change = message.change
    if change is None:
        return None
    told = Told(change.number, change.seq, change.ordinal, change.type, change.at)
    return event_told(connection, book, message.viewer, told, message.event_type, message.message_id, message.query)


FACES: Mapping[str, Face] = {
    V1: Face(types=lambda change_type: (change_type,), write=write_v1),
    TMF621: Face(types=events_of, write=write_tmf621, signs=False),
}


def viewer_of(organisation: str, installation: Installation) -> Actor:
    return client_actor("webhook", "webhook", organisation, (), installation)


def told_of(connection: Connection, viewer: Actor, organisation: str, position: int) -> ToldOf | None:
    """None when the ticket is no longer theirs to see: then nothing is told of it but that."""
    columns = (
        (EPOCH + ChangeRow.position).label("position"),
        ChangeRow.type,
        ChangeRow.at,
        ChangeRow.ticket_id,
        ChangeRow.seq,
        ChangeRow.ordinal,
        ChangeRow.own,
    )
    sees_it = visible_tickets(viewer, Visibility.ticket_id).where(Visibility.ticket_id == ChangeRow.ticket_id).exists()
    its = aliased(Ticket)
    query = select(*columns, its.number).join(its, its.id == ChangeRow.ticket_id)
    mine = (ChangeRow.organisation == organisation, ChangeRow.position == position)
    row = connection.execute(query.where(*mine, or_(ChangeRow.type == WITHDRAWN, sees_it))).first()
    if row is None:
        return None
    return ToldOf(row.position, row.type, row.at, row.ticket_id, row.number, row.seq, row.ordinal, row.own)
