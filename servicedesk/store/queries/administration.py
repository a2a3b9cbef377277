"""The installation's own journal, and what is read of it: what pages have changed, and how a part stands now."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from servicedesk.core.facts import Actor
from servicedesk.core.installations.kept import Said
from servicedesk.store.installation import Part, PartEvent
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.tickets import Ticket, Visibility

SHOWN = 50


@dataclass(frozen=True, slots=True)
class PartChange:
    """`fields`: name -> (before, now) as JSON values."""

    at: datetime
    actor: str
    source: str
    what: str
    fields: Mapping[str, tuple[Any, Any]]
    reason: str


def changes_of(connection: Connection, kind: str, key: str, *, after: int = 0, limit: int = SHOWN) -> list[PartChange]:
    """The newest first, of those `after` one. Whether the reader may see the part is asked before."""
    query = select(*PartEvent.__table__.columns).where(PartEvent.kind == kind, PartEvent.key == key)
    newest = query.where(PartEvent.id > after).order_by(PartEvent.id.desc()).limit(limit)
    return [
        PartChange(row.at, row.actor, row.source, row.what, fields_of(row.fields), row.reason)
        for row in connection.execute(newest)
    ]


def last_change(connection: Connection, kind: str, key: str) -> int:
    """The number of the last entry about a part, 0 for none."""
    query = select(func.max(PartEvent.id)).where(PartEvent.kind == kind, PartEvent.key == key)
    return connection.execute(query).scalar() or 0


def said_of_parts(connection: Connection) -> Iterator[Said]:
    """The whole journal as core.installations.kept reads it, in its order."""
    columns = (PartEvent.kind, PartEvent.key, PartEvent.source, PartEvent.actor, PartEvent.at, PartEvent.fields)
    for row in connection.execute(select(*columns).order_by(PartEvent.id)):
        yield Said(row.kind, row.key, row.source, row.actor, f"{row.at:%Y-%m-%d %H:%M} UTC", fields_of(row.fields))


def fields_of(text: str) -> dict[str, tuple[Any, Any]]:
    return {name: (before, now) for name, (before, now) in json.loads(text).items()}


def state_of(connection: Connection, kind: str, key: str) -> str:
    """A mark of how a part is now, for telling whether it has changed since; '' for none."""
    return connection.execute(select(Part.hash).where(Part.kind == kind, Part.key == key)).scalar() or ""


@dataclass(frozen=True, slots=True)
class HeldTicket:
    number: str
    team: str


def tickets_of(connection: Connection, viewer: Actor, person: str, limit: int = 200) -> list[HeldTicket]:
    """Open tickets that somebody works on, of those that the viewer may see."""
    query = visible_tickets(viewer, Ticket.number, Visibility.holder_team)
    mine = query.where(Visibility.is_open, Visibility.assignee == person).order_by(Ticket.number).limit(limit)
    return [HeldTicket(row.number, row.holder_team) for row in connection.execute(mine)]


def open_by_team(connection: Connection, viewer: Actor) -> dict[str, int]:
    """How many open tickets each team holds, of those that the viewer may see."""
    query = visible_tickets(viewer, Visibility.holder_team, func.count()).where(Visibility.is_open)
    return {row[0]: row[1] for row in connection.execute(query.group_by(Visibility.holder_team))}
