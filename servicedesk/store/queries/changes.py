"""The change feed as a system may read it: what it was told of the tickets that it may see now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.orm import aliased

from servicedesk.core.changes import WITHDRAWN
from servicedesk.core.facts import Actor
from servicedesk.store.changes import ChangeRow
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.tickets import Ticket, Visibility


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A change as it is shown. Of the ticket only its number: the rest is read where the ticket is."""

    position: int
    type: str
    at: datetime
    ticket: str
    ordinal: int
    own: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """`after`: where the next page begins, whether or not there is more by now. `last`: the newest position."""

    changes: Sequence[ToldChange]
    after: int
    last: int
    more: bool


def read_feed(connection: Connection, viewer: Actor, after: int, limit: int) -> Feed:
    """Up to `limit` changes after this position, in order. A ticket that is no longer theirs to see is passed over, but
    for the word that it is gone."""
    organisation = next(iter(viewer.organisations), "")
    last = last_position(connection, organisation)
    beyond = (ChangeRow.organisation == organisation, ChangeRow.position > after)
    page = select(ChangeRow).where(*beyond).order_by(ChangeRow.position).limit(limit + 1).subquery()
    its = aliased(Ticket)
    sees_it = visible_tickets(viewer, Ticket.id).where(Visibility.ticket_id == page.c.ticket_id).exists()
    is_shown = or_(page.c.type == WITHDRAWN, sees_it).label("is_shown")
    columns = (page.c.position, page.c.type, page.c.at, page.c.ordinal, page.c.own, its.number, is_shown)
    query = select(*columns).join(its, its.id == page.c.ticket_id).order_by(page.c.position)
    rows = connection.execute(query).all()
    some = rows[:limit]
    shown = [ToldChange(r.position, r.type, r.at, r.number, r.ordinal, r.own) for r in some if r.is_shown]
    return Feed(shown, some[-1].position if some else after, last, len(rows) > limit)


def last_position(connection: Connection, organisation: str) -> int:
    """0 while nothing has been told."""
    query = select(func.max(ChangeRow.position)).where(ChangeRow.organisation == organisation)
    return connection.execute(query).scalar() or 0
