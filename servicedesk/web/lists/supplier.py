"""A supplier's start page: what is asked of them, what runs out next, and what is new since they last looked."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from servicedesk.core.facts import Actor
from servicedesk.core.vocabulary import Tier
from servicedesk.store.queries.lists import changed_since, list_tickets
from servicedesk.store.queries.whose import Scope
from servicedesk.web import identity
from servicedesk.web.lists.rows import Row, rows_of
from servicedesk.web.reading import Reading

SHOWN = 10
# Who comes back within so long has not been away: what was new then is still new.
A_LOOK = timedelta(minutes=30)
COOKIE = "looked"
# Before somebody has looked for the first time on this machine.
AT_FIRST = timedelta(days=1)
LONGEST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Looked:
    """`since`: when they looked the last time before this; `at`: now."""

    since: datetime
    at: datetime

    @property
    def written(self) -> str:
        """As the cookie keeps it: it tells of nothing but when."""
        return f"{int(self.since.timestamp())}.{int(self.at.timestamp())}"


@dataclass(frozen=True, slots=True)
class SupplierPage:
    since: datetime
    asked: list[Row]
    next: list[Row]
    new: list[Row]


def is_supplier(viewer: Actor) -> bool:
    return bool(viewer.seats) and all(seat.tier is Tier.SUPPLIER for seat in viewer.seats)


def looked(cookie: str, now: datetime) -> Looked:
    """What a cookie of ours tells, if it is one; nothing from another time than lately."""
    parts = cookie.split(".")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 12 for part in parts):
        return Looked(now - AT_FIRST, now)
    since, at = (datetime.fromtimestamp(int(part), UTC) for part in parts)
    if not since <= at <= now:
        return Looked(now - AT_FIRST, now)
    found = since if now - at < A_LOOK else at
    return Looked(max(found, now - LONGEST), now)


def supplier_page(since: datetime, reading: Reading) -> SupplierPage:
    connection, viewer, now = reading.connection, identity.viewer(), reading.now

    def lines(scope: Scope) -> list[Row]:
        return rows_of(list_tickets(connection, viewer, scope, now=now, limit=SHOWN).lines, reading)

    return SupplierPage(
        since=since,
        asked=lines(Scope.WAITING),
        next=lines(Scope.TEAM),
        new=rows_of(changed_since(connection, viewer, since, SHOWN), reading),
    )
