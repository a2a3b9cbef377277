"""What whoever runs the installation watches. Nothing of any ticket is in it, so no viewer is asked for."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from servicedesk.store.outbox import GIVE_UP_AFTER, OutboxRow
from servicedesk.store.timers import Heartbeat

# No scheduler has swept for so long: the timers stand still.
SILENCE = timedelta(minutes=2)
# What must be told has waited for so long: nobody carries it out.
SLOW = timedelta(minutes=5)


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
