"""Promises of a period, counted in the database: the rule is core.outcomes, said once more in SQL."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_

from servicedesk.core.follow_up import Reach
from servicedesk.core.outcomes import TO_REQUESTER, Outcome
from servicedesk.core.vocabulary import Tier
from servicedesk.store.queries.follow_up.counted import Scope, counted, is_one_of, is_withdrawn, tickets
from servicedesk.store.queries.follow_up.moments import END, NOW, START
from servicedesk.store.tickets import TicketClock

# What follow-up counts; what lapsed or was never promised is in none of its figures.
COUNTED = (Outcome.KEPT, Outcome.BROKEN, Outcome.RUNNING)


def broken_at() -> ColumnElement[Any]:
    """When a clock's promise broke, as known now; NULL when it has not."""
    clock = TicketClock
    breaks = func.coalesce(clock.breaks_at, clock.due_at)
    return case((clock.broken_at.is_not(None), clock.broken_at), (breaks < NOW, breaks))


def promises(scope: Scope) -> Select[Any]:
    """One row a promise. `party`: the municipality promised, or the supplier that promises; `tier`: the one bound, ''
    for a promise over the whole chain. `lives`: the clock had not stopped when the period ended."""
    clock, ticket = TicketClock, tickets(scope).c
    broke = broken_at()
    decided = func.coalesce(broke, clock.stopped_at)
    outcome = case(
        (or_(decided.is_(None), decided >= END), str(Outcome.RUNNING)),
        (broke.is_not(None), str(Outcome.BROKEN)),
        else_=str(Outcome.KEPT),
    )
    lives = or_(clock.stopped_at.is_(None), clock.stopped_at >= END)
    query = counted(
        scope,
        ticket.id.label("ticket_id"),
        clock.metric.label("metric"),
        _tier().label("tier"),
        clock.party.label("party"),
        ticket.priority.label("priority"),
        outcome.label("outcome"),
        case((lives, "yes"), else_="no").label("lives"),
        literal(0).label("seconds"),
    ).join(clock, clock.ticket_id == ticket.id)
    lapsed = and_(decided < END, broke.is_(None), is_withdrawn(scope))
    return query.where(
        or_(clock.target > 0, broke.is_not(None)),
        clock.started_at < END,
        or_(decided.is_(None), decided >= START),
        ~lapsed,
        *_theirs(scope),
    )


def _tier() -> ColumnElement[str]:
    """Most clocks of a supplier's contract carry no tier of their own."""
    return case(
        (TicketClock.tier != "", TicketClock.tier),
        (is_one_of(TicketClock.metric, map(str, TO_REQUESTER)), ""),
        else_=str(Tier.SUPPLIER),
    )


def _theirs(scope: Scope) -> list[ColumnElement[bool]]:
    """A supplier's own contract alone; and of one supplier's tickets no other supplier's promises."""
    of_suppliers = and_(_tier() == str(Tier.SUPPLIER), is_one_of(TicketClock.party, scope.own))
    if scope.reach is Reach.CONTRACT:
        return [of_suppliers]
    if scope.supplier:
        return [or_(_tier() != str(Tier.SUPPLIER), TicketClock.party == scope.supplier)]
    return []
