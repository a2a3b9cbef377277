"""What is open at the end of a period, or now when it has not ended; who has it, and how old it is."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, literal, or_

from servicedesk.core.follow_up import Reach
from servicedesk.core.vocabulary import ClockEffect, Metric, Tier
from servicedesk.store.queries.follow_up.counted import Scope, counted, is_one_of, tickets
from servicedesk.store.queries.follow_up.moments import DAYS, DAYS_AGO, END
from servicedesk.store.queries.follow_up.promises import broken_at
from servicedesk.store.tickets import TicketClock, TicketCustody


class Age(StrEnum):
    """Since it was logged, by the wall clock, in days of 24 hours."""

    UNDER_1 = "under-1"
    FROM_1 = "1-3"
    FROM_3 = "3-7"
    FROM_7 = "7-30"
    FROM_30 = "30"


FROM_DAYS = dict(zip((Age.FROM_30, Age.FROM_7, Age.FROM_3, Age.FROM_1), DAYS, strict=True))


def unsolved(scope: Scope) -> Select[Any]:
    """One row a ticket. `overdue`: the promised solution, or to a supplier its contract's, was broken by then. Priority
    is the one that the ticket has now."""
    stretch, ticket = TicketCustody, tickets(scope).c
    broke = broken_at()
    query = (
        counted(
            scope,
            ticket.id.label("ticket_id"),
            stretch.tier.label("tier"),
            stretch.organisation.label("organisation"),
            ticket.priority.label("priority"),
            _age(ticket).label("age"),
            case((broke < END, "yes"), else_="no").label("overdue"),
            literal(0).label("seconds"),
        )
        .join(stretch, stretch.ticket_id == ticket.id)
        .outerjoin(TicketClock, and_(TicketClock.ticket_id == ticket.id, is_one_of(TicketClock.key, _promise(scope))))
    )
    return query.where(
        stretch.started_at < END,
        or_(stretch.ended_at.is_(None), stretch.ended_at >= END),
        # What the promised solution's clock has stopped for is solved or closed: core.proof holds workflows to it.
        stretch.clock != str(ClockEffect.STOP),
        *_theirs(scope),
    )


def _age(ticket: Any) -> ColumnElement[str]:
    oldest_first = ((ticket.opened_at <= DAYS_AGO[days], str(age)) for age, days in FROM_DAYS.items())
    return case(*oldest_first, else_=str(Age.UNDER_1))


def _promise(scope: Scope) -> list[str]:
    if scope.reach is Reach.CONTRACT:
        return [f"{Metric.CONTRACT}/{Tier.SUPPLIER}/{organisation}" for organisation in scope.own]
    return [str(Metric.RESOLUTION)]


def _theirs(scope: Scope) -> list[ColumnElement[bool]]:
    if scope.reach is not Reach.CONTRACT:
        return []
    return [TicketCustody.tier == str(Tier.SUPPLIER), is_one_of(TicketCustody.organisation, scope.own)]
