"""Where time went: who held the tickets in a period, and what they did with it.

The stretches of custody, each counted with the part of it that lies in the period: so the tiers' shares add up, to the
second, to the tickets' life in the period. Time between a closing and a reopening is nobody's and stands apart; time
after the last closing is no part of a ticket's life.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from servicedesk.core.follow_up import Reach
from servicedesk.core.vocabulary import ClockEffect, Tier, WaitsOn
from servicedesk.store.queries.follow_up.counted import SPREAD_FROM, Asked, counted
from servicedesk.store.queries.follow_up.epoch import epoch
from servicedesk.store.tickets import Ticket, TicketCustody


class Part(StrEnum):
    """What a stretch of time was. SOLVED waits for the requester to confirm; CLOSED is nobody's."""

    WORK = "work"
    TO_ACCEPT = "to_accept"
    REQUESTER = "requester"
    OTHERS = "others"
    PAUSED = "paused"
    SOLVED = "solved"
    CLOSED = "closed"


def held(asked: Asked) -> Select[Any]:
    """One row a stretch, with its seconds inside the period. `team` is told of the viewer's own organisations only."""
    stretch = TicketCustody
    start, until = int(asked.period.start.timestamp()), int(asked.until.timestamp())
    first = case((stretch.started_at < asked.period.start, start), else_=epoch(stretch.started_at))
    goes_on = or_(stretch.ended_at.is_(None), stretch.ended_at > asked.until)
    last = case((goes_on, until), else_=epoch(stretch.ended_at))
    query = counted(
        asked,
        Ticket.id.label("ticket_id"),
        stretch.tier.label("tier"),
        stretch.organisation.label("organisation"),
        case((stretch.organisation.in_(asked.own), stretch.team), else_="").label("team"),
        _part(asked).label("part"),
        (last - first).label("seconds"),
    ).join(stretch, stretch.ticket_id == Ticket.id)
    return query.where(
        stretch.started_at < asked.until,
        or_(stretch.ended_at.is_(None), stretch.ended_at > asked.period.start),
        or_(stretch.counted, stretch.ended_at.is_not(None)),
        or_(stretch.ended_at.is_(None), stretch.ended_at > stretch.started_at),
        *_theirs(asked),
    )


def _part(asked: Asked) -> ColumnElement[str]:
    stretch = TicketCustody
    by_contract = asked.reach is Reach.CONTRACT
    return case(
        (~stretch.counted, str(Part.CLOSED)),
        (stretch.clock == str(ClockEffect.STOP), str(Part.SOLVED)),
        # To a supplier everybody else is the customer.
        (stretch.account == str(WaitsOn.REQUESTER), str(Part.OTHERS if by_contract else Part.REQUESTER)),
        (stretch.account != stretch.tier, str(Part.OTHERS)),
        (~stretch.accepted, str(Part.TO_ACCEPT)),
        (stretch.clock == str(ClockEffect.PAUSE), str(Part.PAUSED)),
        else_=str(Part.WORK),
    )


def _theirs(asked: Asked) -> list[ColumnElement[bool]]:
    if asked.reach is not Reach.CONTRACT:
        return []
    stretch = TicketCustody
    return [and_(stretch.tier == str(Tier.SUPPLIER), stretch.organisation.in_(asked.own), stretch.counted)]


@dataclass(frozen=True, slots=True)
class Spread:
    """Of the seconds that a tier held each of its tickets, by nearest rank: half of them took at most the median.
    None for fewer than SPREAD_FROM tickets."""

    tickets: int
    median: int | None
    ninetieth: int | None


def spread(connection: Connection, asked: Asked) -> dict[str, Spread]:
    """By tier."""
    rows = held(asked).subquery()
    each = (
        select(rows.c.tier, func.sum(rows.c.seconds).label("seconds"))
        .where(rows.c.part != str(Part.CLOSED))
        .group_by(rows.c.tier, rows.c.ticket_id)
        .subquery()
    )
    ranked = select(
        each.c.tier,
        each.c.seconds,
        func.row_number().over(partition_by=each.c.tier, order_by=each.c.seconds).label("place"),
        func.count().over(partition_by=each.c.tier).label("tickets"),
    ).subquery()
    place, tickets = ranked.c.place, ranked.c.tickets
    enough = tickets >= SPREAD_FROM
    query = select(
        ranked.c.tier,
        func.max(tickets).label("tickets"),
        func.min(case((and_(enough, place * 2 >= tickets), ranked.c.seconds))).label("median"),
        func.min(case((and_(enough, place * 10 >= tickets * 9), ranked.c.seconds))).label("ninetieth"),
    ).group_by(ranked.c.tier)
    return {tier: Spread(*found) for tier, *found in connection.execute(query).all()}
