"""Lists of tickets for a system that pages by offset and filters by equality.

Newest first by when they were logged: a ticket that comes in meanwhile pushes others to a later page, where they are
seen twice, and never past the reader unseen.
"""

from collections.abc import Collection
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, true

from servicedesk.core.codec import from_json
from servicedesk.core.facts import Actor
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Tier, TmfStatus
from servicedesk.store.queries.trouble import found_by
from servicedesk.store.queries.trouble.loading import whole
from servicedesk.store.queries.trouble.shown import TroubleTicket
from servicedesk.store.queries.trouble.status import every_definition, has_status
from servicedesk.store.queries.visible import is_visible, visible_tickets
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket, Visibility

# Beyond this nobody pages by offset, since every row before it is read again for each page.
LARGEST_OFFSET = 10_000
# So far a filter that must look at every ticket there ever was is counted.
COUNT_CAP = 10_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets. None: whichever; empty: none. Each is a set of which one must hold.

    `workflows` are keys, `entities` services (and to a municipality e-services and the platform's cases), `parties`
    municipalities and the organisations that have the ticket.
    """

    numbers: Collection[str] | None = None
    statuses: Collection[TmfStatus] | None = None
    priorities: Collection[int] | None = None
    workflows: Collection[str] | None = None
    entities: Collection[str] | None = None
    parties: Collection[str] | None = None
    opened: Collection[datetime] | None = None
    references: Collection[str] | None = None

    @property
    def is_impossible(self) -> bool:
        return any(value is not None and not value for value in astuple(self))

    @property
    def by_visibility_alone(self) -> bool:
        return replace(self, priorities=None, opened=None, parties=None, references=None) == Wanted()


@dataclass(frozen=True, slots=True)
class TroublePage:
    """`total` of all that match. Where it is not `exact` there are at least so many."""

    tickets: list[TroubleTicket]
    total: int
    exact: bool


def trouble_tickets(
    connection: Connection, book: RuleBook, viewer: Actor, wanted: Wanted, offset: int, limit: int
) -> TroublePage:
    """A page of the viewer's tickets, and how many there are in all."""
    if wanted.is_impossible:
        return TroublePage([], 0, True)
    met, only_open = _met(connection, book, viewer, wanted)
    matching = _matching(viewer, wanted, met)
    page = matching.order_by(Visibility.ticket_id.desc()).offset(offset).limit(limit)
    ids = list(connection.execute(page).scalars())
    total, exact = _count(connection, matching, counts_all=only_open is True or wanted.by_visibility_alone)
    return TroublePage(whole(connection, book, viewer, _tickets(connection, ids)), total, exact)


def _matching(viewer: Actor, wanted: Wanted, met: list[ColumnElement[bool]]) -> Select[Any]:
    """The ids. The tickets themselves are looked at only where something is asked of them."""
    if wanted.by_visibility_alone:
        return select(Visibility.ticket_id).where(is_visible(viewer), *met)
    return visible_tickets(viewer, Visibility.ticket_id).where(*met)


def _tickets(connection: Connection, ids: list[int]) -> dict[int, TicketState]:
    rows = connection.execute(select(Ticket.id, Ticket.state_json).where(Ticket.id.in_(ids)))
    found = {row.id: from_json(TicketState, row.state_json) for row in rows}
    return {ticket_id: found[ticket_id] for ticket_id in ids}


def _count(connection: Connection, matching: Select[Any], *, counts_all: bool) -> tuple[int, bool]:
    """Open work is counted to the last, and so is what visibility alone can tell; the rest up to a bound."""
    some = matching if counts_all else matching.limit(COUNT_CAP + 1)
    found = connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()
    return (found, True) if counts_all else (min(found, COUNT_CAP), found <= COUNT_CAP)


def _met(
    connection: Connection, book: RuleBook, viewer: Actor, wanted: Wanted
) -> tuple[list[ColumnElement[bool]], bool | None]:
    is_supplier = any(seat.tier is Tier.SUPPLIER for seat in viewer.seats)
    met: list[ColumnElement[bool]] = []
    only_open: bool | None = None
    if wanted.statuses is not None:
        status, only_open = has_status(connection, viewer, wanted.statuses, every_definition(connection, book))
        met.append(status)
    columns = (
        (Ticket.number, wanted.numbers),
        (Visibility.priority, wanted.priorities),
    )
    met += [column.in_(values) for column, values in columns if values is not None]
    if wanted.workflows is not None:
        met.append(_is_of(connection, book, wanted.workflows))
    if wanted.entities is not None:
        met.append(found_by.concerning(connection, viewer, book.installation, wanted.entities, is_supplier))
    if wanted.parties is not None:
        met.append(_involves(connection, book, viewer, wanted.parties, is_supplier))
    if wanted.opened is not None:
        met.append(found_by.opened_at(viewer, wanted.opened))
    if wanted.references is not None:
        met.append(found_by.called(wanted.references))
    return met, only_open


def _is_of(connection: Connection, book: RuleBook, workflows: Collection[str]) -> ColumnElement[bool]:
    versions = [each.version for each in every_definition(connection, book) if each.key in workflows]
    by_version = select(Ticket.id).where(Ticket.workflow_version.in_(versions))
    return found_by.rather(connection, [by_version], Ticket.workflow_version.in_(versions))


def _involves(
    connection: Connection, book: RuleBook, viewer: Actor, parties: Collection[str], is_supplier: bool
) -> ColumnElement[bool]:
    """Customers and owners. To a supplier the owner is itself or the joint organisation, or nobody that it knows."""
    near = [team for team in book.installation.teams.values() if team.organisation in parties]
    if is_supplier:
        near = [team for team in near if team.tier is Tier.JOINT or team.organisation in viewer.organisations]
        return found_by.held_by_or_of(connection, viewer, [team.key for team in near], parties)
    if viewer.organisations & set(parties):
        return true()
    return found_by.held_by(connection, viewer, [team.key for team in near])
