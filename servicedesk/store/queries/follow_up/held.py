"""Where time went: who held the tickets in a period, and what they did with it.

The stretches of custody, each counted with the part of it that lies in the period: so the tiers' shares add up, to the
second, to the tickets' life in the period. Time between a closing and a reopening is nobody's and stands apart; time
after the last closing is no part of a ticket's life.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from servicedesk.core.follow_up import Reach
from servicedesk.core.vocabulary import ClockEffect, Tier, WaitsOn
from servicedesk.store.queries.follow_up.counted import SPREAD_FROM, Asked, Scope, counted, is_one_of, tickets
from servicedesk.store.queries.follow_up.epoch import epoch
from servicedesk.store.queries.follow_up.moments import START, START_SECOND, UNTIL, UNTIL_SECOND
from servicedesk.store.tickets import TicketCustody


class Part(StrEnum):
    """What a stretch of time was. SOLVED waits for the requester to confirm; CLOSED is nobody's."""

    WORK = "work"
    TO_ACCEPT = "to_accept"
    REQUESTER = "requester"
    OTHERS = "others"
    PAUSED = "paused"
    SOLVED = "solved"
    CLOSED = "closed"


def held(scope: Scope) -> Select[Any]:
    """One row a stretch, with its seconds inside the period. `team` is told of the viewer's own organisations only."""
    stretch, ticket = TicketCustody, tickets(scope).c
    first = case((stretch.started_at < START, START_SECOND), else_=epoch(stretch.started_at))
    goes_on = or_(stretch.ended_at.is_(None), stretch.ended_at > UNTIL)
    last = case((goes_on, UNTIL_SECOND), else_=epoch(stretch.ended_at))
    query = counted(
        scope,
        ticket.id.label("ticket_id"),
        stretch.tier.label("tier"),
        stretch.organisation.label("organisation"),
        case((is_one_of(stretch.organisation, scope.own), stretch.team), else_="").label("team"),
        _part(scope).label("part"),
        (last - first).label("seconds"),
    ).join(stretch, stretch.ticket_id == ticket.id)
    return query.where(
        stretch.started_at < UNTIL,
        or_(stretch.ended_at.is_(None), stretch.ended_at > START),
        or_(stretch.counted, stretch.ended_at.is_not(None)),
        or_(stretch.ended_at.is_(None), stretch.ended_at > stretch.started_at),
        *_theirs(scope),
    )


def _part(scope: Scope) -> ColumnElement[str]:
    stretch = TicketCustody
    by_contract = scope.reach is Reach.CONTRACT
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


def _theirs(scope: Scope) -> list[ColumnElement[bool]]:
    if scope.reach is not Reach.CONTRACT:
        return []
    stretch = TicketCustody
    return [and_(stretch.tier == str(Tier.SUPPLIER), is_one_of(stretch.organisation, scope.own), stretch.counted)]


@dataclass(frozen=True, slots=True)
class Spread:
    """Of the seconds that a tier held each of its tickets, by nearest rank: half of them took at most the median.
    None for fewer than SPREAD_FROM tickets."""

    tickets: int
    median: int | None
    ninetieth: int | None


@dataclass(frozen=True, slots=True)
class Shares:
    """`seconds` by (tier, part); `spread` by tier."""

    seconds: dict[tuple[str, str], int]
    spread: dict[str, Spread]


def shares(connection: Connection, asked: Asked) -> Shares:
    """Both from one reading of the stretches."""
    seconds: dict[tuple[str, str], int] = {}
    spread: dict[str, Spread] = {}
    for tier, part, amount, median, ninetieth in connection.execute(_shares(asked.scope), asked.moments).all():
        if part:
            seconds[tier, part] = int(amount)
        else:
            spread[tier] = Spread(int(amount), median, ninetieth)
    return Shares(seconds, spread)


@lru_cache(maxsize=64)
def _shares(scope: Scope) -> CompoundSelect[Any]:
    rows = held(scope).subquery()
    each = (
        select(rows.c.tier, rows.c.part, rows.c.ticket_id, cast(func.sum(rows.c.seconds), BigInteger).label("seconds"))
        .group_by(rows.c.tier, rows.c.part, rows.c.ticket_id)
        .cte("each_ticket")
    )
    nothing = cast(null(), BigInteger)
    sums = select(each.c.tier, each.c.part, func.sum(each.c.seconds), nothing, nothing).group_by(
        each.c.tier, each.c.part
    )
    return union_all(sums, _spread(each))


def _spread(each: CTE) -> Select[Any]:
    """(tier, '', tickets, median, ninetieth)."""
    of_ticket = (
        select(each.c.tier, cast(func.sum(each.c.seconds), BigInteger).label("seconds"))
        .where(each.c.part != str(Part.CLOSED))
        .group_by(each.c.tier, each.c.ticket_id)
        .subquery()
    )
    ranked = select(
        of_ticket.c.tier,
        of_ticket.c.seconds,
        func.row_number().over(partition_by=of_ticket.c.tier, order_by=of_ticket.c.seconds).label("place"),
        func.count().over(partition_by=of_ticket.c.tier).label("tickets"),
    ).subquery()
    place, tickets = ranked.c.place, ranked.c.tickets
    enough = tickets >= SPREAD_FROM
    return select(
        ranked.c.tier,
        literal(""),
        func.max(tickets),
        func.min(case((and_(enough, place * 2 >= tickets), ranked.c.seconds))),
        func.min(case((and_(enough, place * 10 >= tickets * 9), ranked.c.seconds))),
    ).group_by(ranked.c.tier)
