"""The change feed as a system may read it: what it was told of the tickets that it may see now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.orm import aliased

from servicedesk.core.changes import WITHDRAWN
from servicedesk.core.codec import stamp
from servicedesk.core.errors import FeedRestored
from servicedesk.core.facts import Actor
from servicedesk.store.changes import ChangeRow, Sequencer
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


# From where the positions of every feed are shown.
EPOCH = func.coalesce(select(Sequencer.epoch).scalar_subquery(), 0)


@dataclass(frozen=True, slots=True)
class Feed:
    """`after`: where the next page begins, whether or not there is more by now. `last`: the newest position."""

    changes: Sequence[ToldChange]
    after: int
    last: int
    more: bool


def read_feed(connection: Connection, viewer: Actor, after: int, limit: int) -> Feed:
    """Up to `limit` changes after this position, in order. A ticket that is no longer theirs to see is passed over, but
    for the word that it is gone. FeedRestored where `after` is from before a backup was restored."""
    organisation = next(iter(viewer.organisations), "")
    epoch, last = positions(connection, organisation)
    if 0 < after < epoch:
        restored_at = connection.execute(select(Sequencer.restored_at)).scalar_one()
        raise FeedRestored(stamp(cast("datetime", restored_at)), last)
    beyond = (ChangeRow.organisation == organisation, ChangeRow.position > after - epoch)
    page = select(ChangeRow).where(*beyond).order_by(ChangeRow.position).limit(limit + 1).subquery()
    its = aliased(Ticket)
    sees_it = visible_tickets(viewer, Ticket.id).where(Visibility.ticket_id == page.c.ticket_id).exists()
    is_shown = or_(page.c.type == WITHDRAWN, sees_it).label("is_shown")
    columns = (page.c.position, page.c.type, page.c.at, page.c.ordinal, page.c.own, its.number, is_shown)
    query = select(*columns).join(its, its.id == page.c.ticket_id).order_by(page.c.position)
    rows = connection.execute(query).all()
    some = rows[:limit]
    shown = [ToldChange(epoch + r.position, r.type, r.at, r.number, r.ordinal, r.own) for r in some if r.is_shown]
    return Feed(shown, epoch + some[-1].position if some else max(after, epoch), last, len(rows) > limit)


def positions(connection: Connection, organisation: str) -> tuple[int, int]:
    """From where positions are shown, and the last that is: the same while nothing has been told."""
    told = select(func.max(ChangeRow.position)).where(ChangeRow.organisation == organisation).scalar_subquery()
    epoch, last = connection.execute(select(EPOCH, func.coalesce(told, 0))).one()
    return epoch, epoch + last
