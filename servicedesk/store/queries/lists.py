"""Lists of tickets: a page at a time by keyset, what runs out next first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, tuple_

from servicedesk.core.facts import Actor
from servicedesk.core.visibility import NEVER, Access
from servicedesk.store.journal import PersonalText
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.tickets import Ticket, Visibility

COUNT_CAP = 1_000
TITLE_FIELDS = ("subject", "supplier_description", "body")
TITLE_LENGTH = 120


class Scope(StrEnum):
    """Which of the viewer's visible tickets."""

    MINE = "mine"
    TEAM = "team"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Line:
    """One ticket in a list, as its viewer may see it. `due_at` is None when nothing runs."""

    number: str
    title: str
    access: Access
    municipality: str
    service: str
    workflow_version: str
    state: str
    category: str
    priority: int
    holder_team: str
    holder_tier: str
    assignee: str
    opened_at: datetime
    last_at: datetime
    due_at: datetime | None
    ticket_id: int


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
    query = _columns(viewer).where(*_within(viewer, scope))
    cursor = _cursor(after)
    if cursor:
        place = tuple_(key, Visibility.ticket_id)
        query = query.where(place < tuple_(*cursor) if closed else place > tuple_(*cursor))
    order = (key.desc(), Visibility.ticket_id.desc()) if closed else (key, Visibility.ticket_id)
    rows = connection.execute(query.order_by(*order).limit(limit + 1)).all()
    lines = [_line(row) for row in rows[:limit]]
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


def _columns(viewer: Actor) -> Select[Any]:
    title = (
        select(PersonalText.text)
        .where(
            PersonalText.ticket_id == Visibility.ticket_id,
            PersonalText.seq == Visibility.title_seq,
            PersonalText.field.in_(TITLE_FIELDS),
        )
        .scalar_subquery()
    )
    return visible_tickets(
        viewer,
        Ticket.id,
        Ticket.number,
        title.label("title"),
        Visibility.access,
        Ticket.municipality,
        Ticket.service,
        Ticket.workflow_version,
        Ticket.state,
        Ticket.category,
        Ticket.priority,
        Ticket.holder_team,
        Ticket.holder_tier,
        Ticket.assignee,
        Ticket.opened_at,
        Visibility.last_at,
        Visibility.next_due_at,
    )


def _line(row: Row[Any]) -> Line:
    access = Access(row.access)
    return Line(
        number=row.number,
        title=title_of(row.title),
        access=access,
        municipality=row.municipality,
        service=row.service,
        workflow_version=row.workflow_version,
        state=row.state,
        category=row.category,
        priority=row.priority,
        holder_team=row.holder_team,
        holder_tier=row.holder_tier,
        assignee="" if access is Access.SUPPLIER and row.holder_tier != "supplier" else row.assignee,
        opened_at=row.opened_at,
        last_at=row.last_at,
        due_at=None if row.next_due_at >= NEVER else row.next_due_at,
        ticket_id=row.id,
    )


def title_of(text: str | None) -> str:
    """The first line, shortened; '' when there is none or it has been erased."""
    line = (text or "").split("\n", 1)[0].strip()
    return line if len(line) <= TITLE_LENGTH else f"{line[: TITLE_LENGTH - 1]}…"


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
