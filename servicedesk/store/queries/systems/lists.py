"""Lists of tickets for systems: filtered, sorted, a page at a time by keyset.

Each order is a column of the visibility row and then the ticket's id, so that a page begins where the one before ended
whatever has been added meanwhile. A system filters by nothing that it could not read on the line.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, case, or_, tuple_

from servicedesk.core.facts import Actor
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Category, Tier
from servicedesk.store.queries.lines import Line, line_of, select_lines
from servicedesk.store.queries.systems.ticket import (
    Named,
    ShownHolder,
    ShownState,
    holder_shown,
    is_near,
    organisation_shown,
    service_shown,
    state_shown,
)
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket, Visibility


class Sort(StrEnum):
    DUE = "due"
    LAST_DUE = "-due"
    UPDATED = "updated"
    LAST_UPDATED = "-updated"
    OPENED = "opened"
    LAST_OPENED = "-opened"

    @property
    def is_descending(self) -> bool:
        return self.startswith("-")


KEYS = {"due": Visibility.next_due_at, "updated": Visibility.last_at, "opened": Visibility.opened_at}
OPEN = frozenset({Category.NEW, Category.ACTIVE, Category.WAITING})
ENDED = frozenset(Category) - OPEN


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the last line's sort key and id."""

    moment: datetime
    ticket_id: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Which tickets, in which order. What is empty lets everything through; `updated_since` is included."""

    categories: frozenset[Category] = OPEN
    sort: Sort = Sort.DUE
    priority: int = 0
    service: str = ""
    reference: str = ""
    updated_since: datetime | None = None
    after: Place | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A ticket in a list. `due_at` is what runs out first of what this system may see."""

    number: str
    title: str
    service: Named
    municipality: Named
    priority: int
    state: ShownState
    holder: ShownHolder | None
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class SystemPage:
    """`after`: where the next page begins; None on the last."""

    lines: list[ShownLine]
    after: Place | None


def system_tickets(connection: Connection, book: RuleBook, viewer: Actor, asked: Asked) -> SystemPage:
    """A page of the tickets that this system may see."""
    key = KEYS[asked.sort.lstrip("-")]
    query = select_lines(viewer).where(*_narrowed(asked))
    if asked.after:
        here, there = tuple_(key, Visibility.ticket_id), tuple_(asked.after.moment, asked.after.ticket_id)
        query = query.where(here < there if asked.sort.is_descending else here > there)
    order = (key.desc(), Visibility.ticket_id.desc()) if asked.sort.is_descending else (key, Visibility.ticket_id)
    rows = connection.execute(query.add_columns(key.label("place")).order_by(*order).limit(asked.limit + 1)).all()
    last = rows[asked.limit - 1] if len(rows) > asked.limit else None
    lines = [shown_line(line_of(row), book, viewer) for row in rows[: asked.limit]]
    return SystemPage(lines, Place(last.place, last.id) if last else None)


def _narrowed(asked: Asked) -> list[ColumnElement[bool]]:
    met = _of_categories(asked.categories)
    if asked.priority:
        met.append(Visibility.priority == asked.priority)
    if asked.service:
        met.append(Ticket.service == asked.service)
    if asked.updated_since:
        met.append(Visibility.last_at >= asked.updated_since)
    return met


def _of_categories(categories: frozenset[Category]) -> list[ColumnElement[bool]]:
    """Whether a ticket is open stands in the row that the list is read from; which kind of open or ended it is, in the
    ticket's own, and is asked for only where it makes a difference."""
    if categories == frozenset(Category):
        return []
    met: list[ColumnElement[bool]] = []
    if categories <= OPEN:
        met.append(Visibility.is_open.is_(True))
    elif categories <= ENDED:
        met.append(Visibility.is_open.is_(False))
    if categories not in (OPEN, ENDED):
        met.append(_shown_category().in_(sorted(categories)))
    return met


def _shown_category() -> ColumnElement[str]:
    """As `state_shown` shows it: to a supplier, what is neither its own nor with the joint organisation is active."""
    near = or_(Ticket.holder_tier == Tier.JOINT, Ticket.holder_organisation == Visibility.organisation)
    elsewhere = and_(Visibility.access == Access.SUPPLIER, Visibility.is_open.is_(True), ~near)
    return case((elsewhere, str(Category.ACTIVE)), else_=Ticket.category)


def shown_line(line: Line, book: RuleBook, viewer: Actor) -> ShownLine:
    state = book.definition(line.workflow_version).states[line.state]
    team = book.installation.teams.get(line.holder_team)
    organisation = team.organisation if team else ""
    near = line.access is not Access.SUPPLIER or any(
        is_near(line.holder_tier, organisation, mine) for mine in viewer.organisations
    )
    return ShownLine(
        number=line.number,
        title=line.title,
        service=service_shown(book, line.service),
        municipality=organisation_shown(book, line.municipality),
        priority=line.priority,
        state=state_shown(state, near),
        holder=holder_shown(book, line.holder_tier, organisation) if near else None,
        opened_at=line.opened_at,
        updated_at=line.last_at,
        due_at=line.due_at,
    )
