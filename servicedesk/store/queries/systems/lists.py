"""Lists of tickets for systems: filtered, sorted, a page at a time by keyset.

Each order is a column of the visibility row and then the ticket's id, so that a page begins where the one before ended
whatever has been added meanwhile. A system filters by nothing that it could not read on the line.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, select, tuple_

from servicedesk.core.facts import Actor
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Category
from servicedesk.store.facets import Facet
from servicedesk.store.queries.closed import IS_CLOSED, Cursor, facets_of, newest
from servicedesk.store.queries.lines import Line, lines_of
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
from servicedesk.store.queries.trouble.found_by import changed_since
from servicedesk.store.queries.trouble.status import every_definition
from servicedesk.store.queries.visible import visible_tickets
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
IS_OPEN = Visibility.is_open.is_(True)


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
    reference: str | None
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
    """A page of the tickets that this system may see: first which, off the indexes of visibility, then what they
    are."""
    found = sorted(_places(connection, book, viewer, asked), reverse=asked.sort.is_descending)[: asked.limit + 1]
    page = found[: asked.limit]
    ids = [ticket_id for _, ticket_id in page]
    told = lines_of(connection, viewer, ids)
    lines = [shown_line(told[ticket_id], book, viewer) for ticket_id in ids]
    return SystemPage(lines, Place(*page[-1]) if len(found) > len(page) else None)


def _places(connection: Connection, book: RuleBook, viewer: Actor, asked: Asked) -> list[Cursor]:
    """Where the first tickets are, each part found by an index of its own: by the reference; of the open ones, which
    are few; of the solved ones that are not closed yet, which are few too; of the others, by their facets."""
    if asked.reference:
        return _few(connection, viewer, asked, _of_categories(asked.categories))
    found: list[Cursor] = []
    if wanted := asked.categories & OPEN:
        found += _few(connection, viewer, asked, [IS_OPEN, *_of_categories(wanted)])
    ended = asked.categories & ENDED
    if ended == {Category.RESOLVED}:
        solved = Visibility.ticket_id.in_(_resolved(connection, book))
        found += _few(connection, viewer, asked, [IS_CLOSED, solved])
    elif ended:
        found += _many(connection, viewer, asked, ended)
    return found


def _few(connection: Connection, viewer: Actor, asked: Asked, met: list[ColumnElement[bool]]) -> list[Cursor]:
    key, descending = KEYS[asked.sort.lstrip("-")], asked.sort.is_descending
    query = visible_tickets(viewer, key, Visibility.ticket_id).where(*met, *_narrowed(asked))
    if asked.after:
        here, there = tuple_(key, Visibility.ticket_id), tuple_(asked.after.moment, asked.after.ticket_id)
        query = query.where(here < there if descending else here > there)
    order = (key.desc(), Visibility.ticket_id.desc()) if descending else (key, Visibility.ticket_id)
    return [(row[0], row[1]) for row in connection.execute(query.order_by(*order).limit(asked.limit + 1))]


def _many(connection: Connection, viewer: Actor, asked: Asked, ended: frozenset[Category]) -> list[Cursor]:
    met: list[ColumnElement[bool]] = []
    if ended != ENDED:
        # Looked up ticket by ticket: hardly any of those that come first is only solved.
        category = select(Ticket.category).where(Ticket.id == Visibility.ticket_id).scalar_subquery()
        met.append(category == Category.CLOSED)
    if asked.updated_since:
        met.append(changed_since(connection, viewer, asked.updated_since))
    after = (asked.after.moment, asked.after.ticket_id) if asked.after else None
    order = (KEYS[asked.sort.lstrip("-")].key, asked.sort.is_descending)
    found: list[Cursor] = []
    for organisation in viewer.organisations:
        words = None
        if asked.priority or asked.service:
            words = [facet.word for facet in facets_of(connection, organisation) if _meets(facet, asked)]
        found += newest(connection, viewer, organisation, words, after, asked.limit + 1, order, met)
    return found


def _meets(facet: Facet, asked: Asked) -> bool:
    return asked.priority in (0, facet.priority) and asked.service in ("", facet.service)


def _narrowed(asked: Asked) -> list[ColumnElement[bool]]:
    met: list[ColumnElement[bool]] = []
    if asked.priority:
        met.append(Visibility.priority == asked.priority)
    if asked.service:
        met.append(Visibility.service == asked.service)
    if asked.updated_since:
        met.append(Visibility.last_at >= asked.updated_since)
    if asked.reference:
        # The second is what the index is said to hold.
        met += [Visibility.reference == asked.reference, Visibility.reference != ""]
    return met


def _resolved(connection: Connection, book: RuleBook) -> Select[Any]:
    """The ids of all that is solved and not closed yet, found by the states that say so."""
    states = [
        (definition.version, state.key)
        for definition in every_definition(connection, book)
        for state in definition.states.values()
        if state.category is Category.RESOLVED
    ]
    return select(Ticket.id).where(tuple_(Ticket.workflow_version, Ticket.state).in_(states))


def _of_categories(categories: frozenset[Category]) -> list[ColumnElement[bool]]:
    """Of few tickets: as `state_shown` shows them. To a supplier, what is neither its own nor with the joint
    organisation is active."""
    if categories in (OPEN, ENDED, frozenset(Category)):
        return [] if len(categories) == len(Category) else [Visibility.is_open.is_(categories == OPEN)]
    elsewhere = and_(Visibility.access == Access.SUPPLIER, Visibility.is_open.is_(True), Visibility.tier == "")
    return [case((elsewhere, str(Category.ACTIVE)), else_=Ticket.category).in_(sorted(categories))]


def shown_line(line: Line, book: RuleBook, viewer: Actor) -> ShownLine:
    state = book.definition(line.workflow_version).states[line.state]
    team = book.installation.teams.get(line.holder_team)
    organisation = team.organisation if team else ""
    near = line.access is not Access.SUPPLIER or any(
        is_near(line.holder_tier, organisation, mine) for mine in viewer.organisations
    )
    return ShownLine(
        number=line.number,
        reference=line.reference or None,
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
