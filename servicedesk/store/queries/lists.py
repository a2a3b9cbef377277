"""Lists of tickets: a page at a time by keyset, what runs out next first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, tuple_

from servicedesk.core.facts import Actor
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Tier
from servicedesk.store.queries.lines import Line, line_of, select_lines
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.tickets import Ticket, Visibility

COUNT_CAP = 1_000


class Scope(StrEnum):
    """Which of the viewer's visible tickets."""

    MINE = "mine"
    TEAM = "team"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which of those in a scope; what is empty lets everything through."""

    municipality: str = ""
    service: str = ""
    priority: int = 0
    tier: Tier | None = None
    unassigned: bool = False


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Page:
    """`after` is the cursor of the next page, '' on the last."""

    lines: list[Line]
    after: str


def list_tickets(
    connection: Connection,
    viewer: Actor,
    scope: Scope = Scope.OPEN,
    wanted: Filter = EVERYTHING,
    *,
    after: str = "",
    limit: int = 50,
) -> Page:
    """A page of the viewer's tickets in this scope. An `after` that is not one of ours begins at the first page."""
    closed = scope is Scope.CLOSED
    key = Visibility.last_at if closed else Visibility.next_due_at
    query = select_lines(viewer).where(Visibility.is_open.is_(not closed), *narrowed(wanted))
    if scope in (Scope.MINE, Scope.TEAM):
        query = query.where(_is_of(viewer, scope))
    cursor = _cursor(after)
    if cursor:
        place = tuple_(key, Visibility.ticket_id)
        query = query.where(place < tuple_(*cursor) if closed else place > tuple_(*cursor))
    order = (key.desc(), Visibility.ticket_id.desc()) if closed else (key, Visibility.ticket_id)
    rows = connection.execute(query.order_by(*order).limit(limit + 1)).all()
    lines = [line_of(row) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(lines, f"{(last.last_at if closed else last.next_due_at).isoformat()}~{last.id}" if last else "")


def count_tickets(connection: Connection, viewer: Actor, wanted: Filter = EVERYTHING) -> dict[Scope, int]:
    """How many in each scope: exact for open work, at most COUNT_CAP + 1 for closed (shown as "1,000+")."""
    matching = narrowed(wanted)
    columns = (
        func.coalesce(func.sum(case((_is_of(viewer, scope), 1), else_=0)), 0) for scope in (Scope.MINE, Scope.TEAM)
    )
    query = visible_tickets(viewer, *columns, func.count()).where(Visibility.is_open.is_(True), *matching)
    mine, team, every = connection.execute(query).one()
    closed = visible_tickets(viewer, Visibility.ticket_id).where(Visibility.is_open.is_(False), *matching)
    some = select(func.count()).select_from(closed.limit(COUNT_CAP + 1).subquery())
    ended = connection.execute(some).scalar_one()
    return {Scope.MINE: mine, Scope.TEAM: team, Scope.OPEN: every, Scope.CLOSED: ended}


def _is_of(viewer: Actor, scope: Scope) -> ColumnElement[bool]:
    if scope is Scope.MINE:
        return Ticket.assignee == viewer.key
    return Visibility.holder_team.in_(sorted({seat.team for seat in viewer.seats}))


def narrowed(wanted: Filter) -> list[ColumnElement[bool]]:
    """What the tickets in a list must meet. A supplier filters by nothing that it could not read on the line: who has a
    ticket that is neither with it nor with the joint organisation, it learns in no other way either."""
    met: list[ColumnElement[bool]] = []
    if wanted.municipality:
        met.append(Ticket.municipality == wanted.municipality)
    if wanted.service:
        met.append(Ticket.service == wanted.service)
    if wanted.priority:
        met.append(Visibility.priority == wanted.priority)
    inside = or_(Visibility.access != Access.SUPPLIER, Ticket.holder_organisation == Visibility.organisation)
    if wanted.tier:
        near = or_(inside, Ticket.holder_tier == Tier.JOINT)
        met.append(and_(Ticket.holder_tier == wanted.tier, near))
    if wanted.unassigned:
        met.append(and_(Ticket.assignee == "", inside))
    return met


def _cursor(after: str) -> tuple[datetime, int] | None:
    moment, _, ticket_id = after.partition("~")
    try:
        parsed = datetime.fromisoformat(moment)
        # No id is longer; SQLite would refuse to compare with one that is.
        return (parsed, int(ticket_id)) if parsed.tzinfo and len(ticket_id) <= 18 else None
    except ValueError:
        return None


def has_tickets(connection: Connection) -> bool:
    """Whether the database holds any ticket at all, whoever's."""
    return connection.execute(select(Ticket.id).limit(1)).first() is not None
