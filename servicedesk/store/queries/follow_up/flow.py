"""What came and went in a period: logged, closed, opened again, returned; and what the first line solved by itself."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, literal, tuple_, union_all
from sqlalchemy.orm import aliased

from servicedesk.core.events import EVENT_OF_VERB
from servicedesk.core.vocabulary import ClockEffect, Tier, Verb
from servicedesk.store.journal import JournalRow
from servicedesk.store.queries.follow_up.counted import Asked, counted
from servicedesk.store.queries.follow_up.epoch import epoch
from servicedesk.store.tickets import Ticket, TicketCustody

QUARTER = 900


class Happening(StrEnum):
    LOGGED = "logged"
    CLOSED = "closed"
    REOPENED = "reopened"
    RETURNED = "returned"


def flow(asked: Asked) -> Any:
    """One row a happening. `quarter` of an hour since 1970: every zone's days begin with one of these. `from_tier`
    and `to_tier` are a return's."""
    return union_all(_logged(asked), _closed(asked), _reopened(asked), _returned(asked))


def _columns(what: Happening, at: Any, before: Any = None, after: Any = None) -> list[ColumnElement[Any]]:
    nowhere = literal("")
    return [
        Ticket.id.label("ticket_id"),
        literal(str(what)).label("what"),
        (epoch(at) // QUARTER).label("quarter"),
        (nowhere if before is None else before).label("from_tier"),
        (nowhere if after is None else after).label("to_tier"),
        literal(0).label("seconds"),
    ]


def _is_inside(asked: Asked, at: Any) -> ColumnElement[bool]:
    return and_(at >= asked.period.start, at < asked.period.end)


def _logged(asked: Asked) -> Select[Any]:
    at = Ticket.opened_at
    return counted(asked, *_columns(Happening.LOGGED, at)).where(_is_inside(asked, at))


def _closed(asked: Asked) -> Select[Any]:
    """Every stretch spent closed begins with a closing."""
    stretch = TicketCustody
    query = counted(asked, *_columns(Happening.CLOSED, stretch.started_at))
    query = query.join(stretch, stretch.ticket_id == Ticket.id)
    return query.where(~stretch.counted, _is_inside(asked, stretch.started_at))


def _reopened(asked: Asked) -> Select[Any]:
    """Where the promised solution's clock had stopped, solved or closed, and goes on."""
    before, after = aliased(TicketCustody), aliased(TicketCustody)
    query = _turn(counted(asked, *_columns(Happening.REOPENED, before.ended_at)), before, after)
    stopped = str(ClockEffect.STOP)
    return query.where(_is_inside(asked, before.ended_at), before.clock == stopped, after.clock != stopped)


def _returned(asked: Asked) -> Select[Any]:
    """The stretch before and the one after each return."""
    before, after, event = aliased(TicketCustody), aliased(TicketCustody), JournalRow
    columns = _columns(Happening.RETURNED, event.occurred_at, before.tier, after.tier)
    query = counted(asked, *columns).join(event, event.ticket_id == Ticket.id)
    query = _turn(query, before, after).where(after.started_at == event.occurred_at, before.number != after.number)
    # Written out, not bound: the index holds returns alone, and serves only where it is seen that they are asked for.
    is_return = event.kind == literal(EVENT_OF_VERB[Verb.RETURN], literal_execute=True)
    return query.where(is_return, _is_inside(asked, event.occurred_at))


def _turn(query: Select[Any], before: Any, after: Any) -> Select[Any]:
    """Two stretches that follow one another."""
    following = and_(after.ticket_id == Ticket.id, after.position == before.position + 1)
    return query.join(before, before.ticket_id == Ticket.id).join(after, following)


def at_first_line(asked: Asked) -> Select[Any]:
    """One row a ticket that came in at the first line and is closed since some moment of the period, not cancelled.
    `solved_there`: no other tier has ever held it."""
    first, other = aliased(TicketCustody), aliased(TicketCustody)
    elsewhere = exists().where(other.ticket_id == Ticket.id, other.tier != str(Tier.FIRST_LINE))
    query = counted(
        asked,
        Ticket.id.label("ticket_id"),
        case((elsewhere, "no"), else_="yes").label("solved_there"),
        literal(0).label("seconds"),
    ).join(first, and_(first.ticket_id == Ticket.id, first.position == 0))
    return query.where(
        first.tier == str(Tier.FIRST_LINE),
        _is_inside(asked, Ticket.closed_at),
        ~tuple_(Ticket.workflow_version, Ticket.state).in_(sorted(asked.withdrawn)),
    )
