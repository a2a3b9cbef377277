"""What came and went in a period: logged, closed, opened again, returned; and what the first line solved by itself."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, literal, union_all

from servicedesk.core.events import EVENT_OF_VERB
from servicedesk.core.vocabulary import ClockEffect, Tier, Verb
from servicedesk.store.journal import JournalRow
from servicedesk.store.queries.follow_up.counted import Scope, counted, is_withdrawn, tickets
from servicedesk.store.queries.follow_up.epoch import epoch
from servicedesk.store.queries.follow_up.moments import END, START
from servicedesk.store.tickets import TicketCustody

QUARTER = 900

# Two stretches of a ticket that follow one another, and any other. Tables: a mapped class is slow to alias.
BEFORE, AFTER, OTHER = (TicketCustody.__table__.alias(name) for name in ("before", "after", "other"))


class Happening(StrEnum):
    LOGGED = "logged"
    CLOSED = "closed"
    REOPENED = "reopened"
    RETURNED = "returned"


def flow(scope: Scope) -> Any:
    """One row a happening. `quarter` of an hour since 1970: every zone's days begin with one of these. `from_tier`
    and `to_tier` are a return's."""
    return union_all(_logged(scope), _closed(scope), _reopened(scope), _returned(scope))


def _columns(scope: Scope, what: Happening, at: Any, before: Any = None, after: Any = None) -> list[ColumnElement[Any]]:
    nowhere = literal("")
    return [
        tickets(scope).c.id.label("ticket_id"),
        literal(str(what)).label("what"),
        (epoch(at) // QUARTER).label("quarter"),
        (nowhere if before is None else before).label("from_tier"),
        (nowhere if after is None else after).label("to_tier"),
        literal(0).label("seconds"),
    ]


def _is_inside(at: Any) -> ColumnElement[bool]:
    return and_(at >= START, at < END)


def _logged(scope: Scope) -> Select[Any]:
    at = tickets(scope).c.opened_at
    return counted(scope, *_columns(scope, Happening.LOGGED, at)).where(_is_inside(at))


def _closed(scope: Scope) -> Select[Any]:
    """Every stretch spent closed begins with a closing."""
    stretch = TicketCustody
    query = counted(scope, *_columns(scope, Happening.CLOSED, stretch.started_at))
    query = query.join(stretch, stretch.ticket_id == tickets(scope).c.id)
    return query.where(~stretch.counted, _is_inside(stretch.started_at))


def _reopened(scope: Scope) -> Select[Any]:
    """Where the promised solution's clock had stopped, solved or closed, and goes on."""
    at, stopped = BEFORE.c.ended_at, str(ClockEffect.STOP)
    query = counted(scope, *_columns(scope, Happening.REOPENED, at)).join(BEFORE, _is_of(BEFORE, scope))
    goes_on = exists().where(_follows(), AFTER.c.clock != stopped)
    return query.where(_is_inside(at), BEFORE.c.clock == stopped, goes_on)


def _returned(scope: Scope) -> Select[Any]:
    """The stretch before and the one after each return: once, also where a correction tells of it again."""
    event, ticket = JournalRow, tickets(scope).c
    columns = _columns(scope, Happening.RETURNED, event.occurred_at, BEFORE.c.tier, AFTER.c.tier)
    query = counted(scope, *columns).join(event, event.ticket_id == ticket.id)
    query = query.join(BEFORE, _is_of(BEFORE, scope)).join(AFTER, _follows())
    query = query.where(AFTER.c.started_at == event.occurred_at, BEFORE.c.number != AFTER.c.number)
    # Written out, not bound: the index holds returns alone, and serves only where it is seen that they are asked for.
    is_return = event.kind == literal(EVENT_OF_VERB[Verb.RETURN], literal_execute=True)
    query = query.where(is_return, _is_inside(event.occurred_at))
    return query.group_by(ticket.id, event.occurred_at, AFTER.c.position, BEFORE.c.tier, AFTER.c.tier)


def _is_of(stretch: Any, scope: Scope) -> ColumnElement[bool]:
    return and_(stretch.c.ticket_id == tickets(scope).c.id)


def _follows() -> ColumnElement[bool]:
    return and_(AFTER.c.ticket_id == BEFORE.c.ticket_id, AFTER.c.position == BEFORE.c.position + 1)


def at_first_line(scope: Scope) -> Select[Any]:
    """One row a ticket that came in at the first line and is closed since some moment of the period, not cancelled.
    `solved_there`: no other tier has ever held it."""
    first, ticket = TicketCustody, tickets(scope).c
    elsewhere = exists().where(OTHER.c.ticket_id == ticket.id, OTHER.c.tier != str(Tier.FIRST_LINE))
    query = counted(
        scope,
        ticket.id.label("ticket_id"),
        case((elsewhere, "no"), else_="yes").label("solved_there"),
        literal(0).label("seconds"),
    ).join(first, and_(first.ticket_id == ticket.id, first.position == 0))
    return query.where(
        first.tier == str(Tier.FIRST_LINE),
        _is_inside(ticket.closed_at),
        ~is_withdrawn(scope),
    )
