"""Whether one database is a copy of another, and how old it is."""

from datetime import datetime

from sqlalchemy import Connection, func, select, text

from servicedesk.store.journal import JournalRow, Seal, SealHead
from servicedesk.store.timers import Heartbeat


def is_copy(copy: Connection, own: Connection) -> bool:
    """Whether all that the one has sealed is the beginning of what the other has: the seal's chain at one position is
    the same only where every event before is. Without an event neither tells anything of anybody."""
    head = copy.execute(select(SealHead.position, SealHead.chain)).first()
    if head is None or head.position == 0:
        return own.execute(select(SealHead.position).where(SealHead.position > 0)).first() is None
    chain = own.execute(select(Seal.chain).where(Seal.position == head.position)).scalar()
    return bool(chain == head.chain)


def moment_of(copy: Connection) -> datetime | None:
    """The last moment of which it knows anything: schedulers beat every few seconds, so it is hardly ever older than
    that. None where nothing has ever happened."""
    queries = [select(func.max(Heartbeat.swept_at)), select(func.max(JournalRow.recorded_at))]
    known = [copy.execute(query).scalar() for query in queries]
    if copy.dialect.name == "postgresql":
        known.append(copy.execute(text("SELECT pg_last_xact_replay_timestamp()")).scalar())
    return max((moment for moment in known if moment is not None), default=None)
