"""One line of a list of tickets, as its viewer may see it: the same in queue, search, triage and follow-up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import Connection, Row, Select, bindparam, select

from servicedesk.core.facts import Actor
from servicedesk.core.risk import at_risk_from
from servicedesk.core.visibility import NEVER, Access
from servicedesk.store.journal import PersonalText
from servicedesk.store.queries.visible import tickets_visible_to
from servicedesk.store.tickets import Ticket, Visibility

TITLE_FIELDS = ("subject", "supplier_description", "body")
TITLE_LENGTH, LONGEST_WORD = 120, 40
ACCESS = {str(access): access for access in Access}


class Promised(Protocol):
    """What runs out first, and when it was promised."""

    @property
    def due_at(self) -> datetime | None: ...

    @property
    def promised_at(self) -> datetime | None: ...


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
    return lines_visible_to(viewer.organisations)


@lru_cache(maxsize=256)
def lines_visible_to(organisations: frozenset[str]) -> Select[Any]:
    title = (
        select(PersonalText.text)
        .where(
            PersonalText.ticket_id == Visibility.ticket_id,
            PersonalText.seq == Visibility.title_seq,
            PersonalText.field.in_(TITLE_FIELDS),
        )
        .scalar_subquery()
    )
    return tickets_visible_to(
        organisations,
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
        Visibility.assignee,
        Ticket.opened_at,
        Visibility.last_at,
        Visibility.next_due_at,
        Visibility.promised_at,
        Visibility.reference,
    )


def lines_of(connection: Connection, viewer: Actor, ids: Collection[int]) -> dict[int, Line]:
    """Of these tickets those that the viewer may see, by id."""
    rows = connection.execute(_of_ids(viewer.organisations), {"ids": list(ids)}).all()
    return {line.ticket_id: line for line in map(line_of, rows)}


@lru_cache(maxsize=256)
def _of_ids(organisations: frozenset[str]) -> Select[Any]:
    return lines_visible_to(organisations).where(Visibility.ticket_id.in_(bindparam("ids", expanding=True)))


def line_of(row: Row[Any]) -> Line:
    """Of a row of `select_lines`, whatever stands after it; by place, since by name costs more than the whole line."""
    told: Sequence[Any] = row
    ticket_id, number, title, access, municipality, service, version, state, category = told[:9]
    priority, team, tier, assignee, opened_at, last_at, due_at, promised_at, reference = told[9:18]
    return Line(
        number=number,
        title=title_of(title),
        access=ACCESS[access],
        municipality=municipality,
        service=service,
        workflow_version=version,
        state=state,
        category=category,
        priority=priority,
        holder_team=team,
        holder_tier=tier,
        assignee=assignee or "",
        opened_at=opened_at,
        last_at=last_at,
        due_at=due_of(due_at),
        promised_at=promised_at,
        ticket_id=ticket_id,
        reference=reference,
    )


def share_left(line: Promised, now: datetime) -> int:
    """How much is left, in percent, of the time from when a promise was made until it is due, by the wall clock."""
    if line.due_at is None or line.promised_at is None or line.due_at <= line.promised_at:
        return 0
    return max(0, min(100, int((line.due_at - now) * 100 / (line.due_at - line.promised_at))))


def is_at_risk(line: Promised, now: datetime) -> bool:
    """Whether what runs out first is broken, or soon will be."""
    return line.due_at is not None and now >= at_risk_from(line.due_at, line.promised_at)


def due_of(next_due_at: datetime) -> datetime | None:
    """As the row of visibility keeps it."""
    return None if next_due_at >= NEVER else next_due_at


def title_of(text: str | None) -> str:
    """The first line, shortened, after a whole word where there is one; '' when there is none or it has been erased."""
    line = (text or "").split("\n", 1)[0].strip()
    if len(line) <= TITLE_LENGTH:
        return line
    words, _space, rest = line[:TITLE_LENGTH].rpartition(" ")
    return f"{words if words and len(rest) <= LONGEST_WORD else line[: TITLE_LENGTH - 1]}…"
