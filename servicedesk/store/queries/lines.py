"""One line of a list of tickets, as its viewer may see it: the same in queue, search, triage and follow-up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, select

from servicedesk.core.facts import Actor
from servicedesk.core.visibility import NEVER, Access
from servicedesk.store.journal import PersonalText
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.tickets import Ticket, Visibility

TITLE_FIELDS = ("subject", "supplier_description", "body")
TITLE_LENGTH = 120
# A promise is at risk when no more of its time is left than this: in percent, or by the clock.
LITTLE = 25
SOON = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One ticket in a list, as its viewer may see it. `due_at` is what runs out first, None when nothing runs;
    `promised_at` is when that promise was made."""

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
    promised_at: datetime | None
    ticket_id: int
    reference: str


def select_lines(viewer: Actor) -> Select[Any]:
    """SELECT over the viewer's tickets of what `line_of` needs; to be narrowed, ordered and limited."""
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
        Ticket.opened_at,
        Visibility.assignee,
        Visibility.last_at,
        Visibility.next_due_at,
        Visibility.promised_at,
        Visibility.reference,
    )


def line_of(row: Row[Any]) -> Line:
    return Line(
        number=row.number,
        title=title_of(row.title),
        access=Access(row.access),
        municipality=row.municipality,
        service=row.service,
        workflow_version=row.workflow_version,
        state=row.state,
        category=row.category,
        priority=row.priority,
        holder_team=row.holder_team,
        holder_tier=row.holder_tier,
        assignee=row.assignee or "",
        opened_at=row.opened_at,
        last_at=row.last_at,
        due_at=None if row.next_due_at >= NEVER else row.next_due_at,
        promised_at=row.promised_at,
        ticket_id=row.id,
        reference=row.reference,
    )


def share_left(line: Line, now: datetime) -> int:
    """How much is left, in percent, of the time from when a promise was made until it is due, by the wall clock."""
    if line.due_at is None or line.promised_at is None or line.due_at <= line.promised_at:
        return 0
    return max(0, min(100, int((line.due_at - now) * 100 / (line.due_at - line.promised_at))))


def is_at_risk(line: Line, now: datetime) -> bool:
    """Whether what runs out first is broken, or soon will be."""
    if line.due_at is None:
        return False
    return share_left(line, now) <= LITTLE or line.due_at - now < SOON


def title_of(text: str | None) -> str:
    """The first line, shortened; '' when there is none or it has been erased."""
    line = (text or "").split("\n", 1)[0].strip()
    return line if len(line) <= TITLE_LENGTH else f"{line[: TITLE_LENGTH - 1]}…"
