"""Promises that run and soon are broken, or are: of every kind, each by itself, what is left of it first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_

from servicedesk.core.facts import Actor
from servicedesk.core.risk import LITTLE, SOON
from servicedesk.store import risks
from servicedesk.store.queries.follow_up.epoch import epoch
from servicedesk.store.queries.lines import Line, lines_of
from servicedesk.store.queries.lists import IS_OPEN, NARROWED, Filter, narrowing, values_of
from servicedesk.store.queries.visible import visible
from servicedesk.store.tickets import Ticket, TicketClock, Visibility


@dataclass(frozen=True, slots=True)
class Risky:
    """One promise: the clock's key, the agreement it is of by its version, and the ticket's line."""

    key: str
    agreement: str
    due_at: datetime
    line: Line


def promises_at_risk(
    connection: Connection, viewer: Actor, wanted: Filter, supplier: str, now: datetime, limit: int
) -> tuple[list[Risky], int]:
    """Those that run out first, and how many there are. Only for those who see every clock of their tickets: a supplier
    does not."""
    promise = (TicketClock.ticket_id, TicketClock.key, TicketClock.agreement, TicketClock.due_at)
    order = (TicketClock.due_at, TicketClock.ticket_id, TicketClock.key)
    query = _at_risk(viewer, wanted, supplier, now, *promise, func.count().over().label("every"))
    rows = connection.execute(query.order_by(*order).limit(limit), values_of(wanted, now)).all()
    lines = lines_of(connection, viewer, {row.ticket_id for row in rows})
    found = [Risky(row.key, row.agreement, row.due_at, lines[row.ticket_id]) for row in rows]
    return found, rows[0].every if rows else 0


def _at_risk(viewer: Actor, wanted: Filter, supplier: str, now: datetime, *columns: Any) -> Select[Any]:
    query = visible(viewer, *columns).join(TicketClock, TicketClock.ticket_id == Visibility.ticket_id)
    query = query.where(IS_OPEN, risks.is_late_or_at_risk(), *(NARROWED[name] for name in narrowing(wanted)))
    query = query.where(TicketClock.due_at.is_not(None), _little_is_left(now))
    if supplier:
        query = query.join(Ticket, Ticket.id == Visibility.ticket_id)
        query = query.where(or_(TicketClock.party == supplier, Ticket.holder_organisation == supplier))
    return query


def _little_is_left(now: datetime) -> ColumnElement[bool]:
    """core.risk.at_risk_from, as SQL."""
    left = epoch(TicketClock.due_at) - int(now.timestamp())
    whole = epoch(TicketClock.due_at) - epoch(TicketClock.started_at)
    return or_(left * 100 <= whole * LITTLE, left <= SOON.total_seconds())
