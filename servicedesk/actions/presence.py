"""Who has a ticket before them: told by their page while it is open, forgotten a minute after it was last heard of.

Nothing depends on it, so it waits for nothing: while others write to an embedded database it is left out this time.
"""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import delete, exists, select

from servicedesk.actions.desk import Desk
from servicedesk.core.errors import Unavailable
from servicedesk.core.facts import Actor
from servicedesk.store.presence import Presence
from servicedesk.store.upsert import upsert

# A page asks for news every 25 seconds: two of these may be lost.
LASTS = timedelta(minutes=1)


def open_page(desk: Desk, number: str, *, actor: Actor) -> None:
    """The actor has opened a ticket that they may see, and writes nothing yet."""
    _tell(desk, number, {"writes": None, "wrote_at": None}, actor)


def stay(desk: Desk, number: str, *, actor: Actor, writes: str | None = None) -> None:
    """The same page is still open. `writes`: an audience, or `A_STEP`; without it what another window of theirs has
    told stands until it is too old."""
    _tell(desk, number, {"writes": writes} if writes else {}, actor)


def forget_presence(desk: Desk) -> int:
    """Remove what means nothing any longer; how many. Where there is nothing, nothing is written."""
    with desk.glancing() as connection:
        old = Presence.seen_at <= desk.now(connection) - LASTS
        if not connection.execute(select(exists().where(old))).scalar():
            return 0
    with desk.transaction() as connection:
        return connection.execute(delete(Presence).where(old)).rowcount


def _tell(desk: Desk, number: str, told: dict[str, object], actor: Actor) -> None:
    with suppress(Unavailable), desk.transaction(waits=False) as connection:
        now = desk.now(connection)
        if told.get("writes"):
            told = {**told, "wrote_at": now}
        upsert(connection, Presence, [{"number": number, "person": actor.key, "seen_at": now, **told}])
