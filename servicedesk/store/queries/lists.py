"""Lists of tickets: a page at a time by keyset, what runs out next first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from servicedesk.core.facts import Actor
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
class Page:
    """`after` is the cursor of the next page, '' on the last."""

    lines: list[Line]
    after: str


def list_tickets(
    connection: Connection, viewer: Actor, scope: Scope = Scope.OPEN, *, after: str = "", limit: int = 50
) -> Page:
    """A page of the viewer's tickets in this scope. An `after` that is not one of ours begins at the first page."""
    closed = scope is Scope.CLOSED
    key = Visibility.last_at if closed else Visibility.next_due_at
    query = select_lines(viewer).where(*_within(viewer, scope))
    cursor = _cursor(after)
    if cursor:
        place = tuple_(key, Visibility.ticket_id)
        query = query.where(place < tuple_(*cursor) if closed else place > tuple_(*cursor))
    order = (key.desc(), Visibility.ticket_id.desc()) if closed else (key, Visibility.ticket_id)
    rows = connection.execute(query.order_by(*order).limit(limit + 1)).all()
    lines = [line_of(row) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(lines, f"{(last.last_at if closed else last.next_due_at).isoformat()}~{last.id}" if last else "")


def count_tickets(connection: Connection, viewer: Actor, scope: Scope) -> int:
    """How many: exact for open work, at most COUNT_CAP + 1 for closed (shown as "1,000+")."""
    query = visible_tickets(viewer, Visibility.ticket_id).where(*_within(viewer, scope))
    if scope is Scope.CLOSED:
        query = query.limit(COUNT_CAP + 1)
    return connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()


def _within(viewer: Actor, scope: Scope) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [Visibility.is_open.is_(scope is not Scope.CLOSED)]
    if scope is Scope.TEAM:
        wanted.append(Visibility.holder_team.in_(sorted({seat.team for seat in viewer.seats})))
    if scope is Scope.MINE:
        wanted.append(Ticket.assignee == viewer.key)
    return wanted


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
