"""Lists of tickets for a system that pages by offset and filters by equality.

Newest first by when they were logged: a ticket that comes in meanwhile pushes others to a later page, where they are
seen twice, and never past the reader unseen.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, false, func, or_, select

from servicedesk.core.codec import from_json
from servicedesk.core.facts import Actor
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Level, Tier, TmfStatus
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
    impacts: Collection[Level] | None = None
    workflows: Collection[str] | None = None
    entities: Collection[str] | None = None
    parties: Collection[str] | None = None
    opened: Collection[datetime] | None = None

    @property
    def by_visibility_alone(self) -> bool:
        return replace(self, priorities=None, opened=None) == Wanted()


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
    met, only_open = _met(connection, book, viewer, wanted)
    query = visible_tickets(viewer, Ticket.id, Ticket.state_json).where(*met)
    rows = connection.execute(query.order_by(Visibility.ticket_id.desc()).offset(offset).limit(limit)).all()
    tickets = {row.id: from_json(TicketState, row.state_json) for row in rows}
    total, exact = _count(connection, viewer, wanted, met, counts_all=only_open is True)
    return TroublePage(whole(connection, book, viewer, tickets), total, exact)


def _count(
    connection: Connection, viewer: Actor, wanted: Wanted, met: list[ColumnElement[bool]], *, counts_all: bool
) -> tuple[int, bool]:
    """Open work is counted to the last, and so is what visibility alone can tell; the rest up to a bound."""
    matching: Select[Any] = visible_tickets(viewer, Visibility.ticket_id).where(*met)
    if wanted.by_visibility_alone:
        alone = select(func.count()).select_from(Visibility).where(is_visible(viewer), *met)
        return connection.execute(alone).scalar_one(), True
    if counts_all:
        return connection.execute(select(func.count()).select_from(matching.subquery())).scalar_one(), True
    some = select(func.count()).select_from(matching.limit(COUNT_CAP + 1).subquery())
    found = connection.execute(some).scalar_one()
    return min(found, COUNT_CAP), found <= COUNT_CAP


def _met(
    connection: Connection, book: RuleBook, viewer: Actor, wanted: Wanted
) -> tuple[list[ColumnElement[bool]], bool | None]:
    is_supplier = any(seat.tier is Tier.SUPPLIER for seat in viewer.seats)
    met: list[ColumnElement[bool]] = []
    only_open: bool | None = None
    if wanted.statuses is not None:
        definitions = every_definition(connection, book)
        status, only_open = has_status(wanted.statuses, definitions, is_supplier=is_supplier)
        met += [status, *([Visibility.is_open.is_(only_open)] if only_open is not None else [])]
    columns = (
        (Ticket.number, wanted.numbers),
        (Visibility.priority, wanted.priorities),
        (Ticket.workflow, wanted.workflows),
        (Visibility.opened_at, wanted.opened),
    )
    met += [column.in_(values) for column, values in columns if values is not None]
    if wanted.impacts is not None:
        met.append(_has_impact(wanted.impacts))
    if wanted.entities is not None:
        met.append(_concerns(wanted.entities, is_supplier))
    if wanted.parties is not None:
        met.append(_involves(wanted.parties, is_supplier))
    return met, only_open


def _has_impact(impacts: Collection[Level]) -> ColumnElement[bool]:
    """From the fold's canonical JSON, where every quote within a text is escaped."""
    told = [Ticket.state_json.contains(f'"impact":"{impact}"', autoescape=True) for impact in impacts]
    return or_(false(), *told)


def _concerns(entities: Collection[str], is_supplier: bool) -> ColumnElement[bool]:
    if is_supplier:
        return Ticket.service.in_(entities)
    return or_(*(column.in_(entities) for column in (Ticket.service, Ticket.e_service, Ticket.platform_case)))


def _involves(parties: Collection[str], is_supplier: bool) -> ColumnElement[bool]:
    has_it: ColumnElement[bool] = Ticket.holder_organisation.in_(parties)
    if is_supplier:
        near = or_(Ticket.holder_tier == Tier.JOINT, Ticket.holder_organisation == Visibility.organisation)
        has_it = has_it & near
    return or_(Ticket.municipality.in_(parties), has_it)
