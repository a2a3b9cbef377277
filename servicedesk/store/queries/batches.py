"""Batches as the one who made them sees them; and the tickets that somebody has selected."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from servicedesk.core.codec import from_json
from servicedesk.core.errors import NotFound
from servicedesk.core.facts import Actor
from servicedesk.core.ticket import TicketState
from servicedesk.store.batches import Batch, BatchItem
from servicedesk.store.queries.lines import Line, lines_of
from servicedesk.store.queries.versions import versions_seen
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket


class Status(StrEnum):
    """KEPT: it was to be taken back, and could not be."""

    PENDING = "pending"
    DONE = "done"
    REFUSED = "refused"
    UNDONE = "undone"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class BatchMade:
    id: int
    act: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """`why`: a message and its data, ('', {}) for none."""

    number: str
    version: int
    status: Status
    why: tuple[str, dict[str, Any]]
    before: str


@dataclass(frozen=True, slots=True)
class Selected:
    """A ticket that the viewer sees. `version`: theirs, as they see it now."""

    line: Line
    ticket: TicketState
    version: int


def batch_of(connection: Connection, viewer: Actor, batch_id: int) -> BatchMade:
    """NotFound where it is somebody else's, or has been forgotten."""
    theirs = select(Batch.id, Batch.act, Batch.made_at).where(Batch.id == batch_id, Batch.person == viewer.key)
    row = connection.execute(theirs).first()
    if row is None:
        raise NotFound("What was done is not remembered here any longer. Open the tickets themselves.")
    return BatchMade(*row)


def items_of(connection: Connection, viewer: Actor, batch_id: int) -> list[Item]:
    batch_of(connection, viewer, batch_id)
    query = select(BatchItem).where(BatchItem.batch_id == batch_id).order_by(BatchItem.position)
    columns = BatchItem.__table__.c
    rows = connection.execute(query.with_only_columns(*columns))
    return [Item(row.number, row.version, Status(row.status), _why(row.why), row.before) for row in rows]


def _why(text: str) -> tuple[str, dict[str, Any]]:
    if not text:
        return "", {}
    message, data = json.loads(text)
    return message, data


def selected(connection: Connection, book: RuleBook, viewer: Actor, numbers: Sequence[str]) -> list[Selected]:
    """Of these numbers the tickets that the viewer sees, in the order in which they were named."""
    asked = [number for number in dict.fromkeys(numbers) if number.isprintable()]
    query = visible_tickets(viewer, Ticket.id, Ticket.state_json).where(Ticket.number.in_(asked))
    tickets = {row.id: from_json(TicketState, row.state_json) for row in connection.execute(query)}
    lines, versions = lines_of(connection, viewer, list(tickets)), versions_seen(connection, viewer, tickets, book)
    found = {ticket.number: Selected(lines[key], ticket, versions[key]) for key, ticket in tickets.items()}
    return [found[number] for number in asked if number in found]
