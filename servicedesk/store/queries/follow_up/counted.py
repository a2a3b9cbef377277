"""Whose tickets a figure counts. Every query of follow-up starts here.

A municipality and a supplier count the tickets that they may see, through the one predicate. The joint board counts
every ticket: "the IT service manager sees what has been escalated to the joint tier, and statistics on the rest". That
is the only widening of what anybody sees in the program, and it is kept to statistics:

- of tickets that the viewer may not open only numbers and sums leave this package: by municipality, service, tier,
  organisation, promise, priority, age and week; never a title, number, requester, e-service, person or team;
- the list behind a figure goes through the one predicate, and says only how many more there are;
- the spread over tickets (median and 90th percentile) is told of SPREAD_FROM tickets at least: fewer say nothing of how
  long things usually take. Sums and counts are exact down to one ticket: statistics are the board's by the domain.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, exists, false, or_, select, union_all

from servicedesk.core.facts import Actor
from servicedesk.core.follow_up import Reach
from servicedesk.core.period import Period
from servicedesk.core.visibility import Access
from servicedesk.store.queries.follow_up.moments import END, START, moments
from servicedesk.store.queries.visible import visible
from servicedesk.store.tickets import Ticket, Visibility

SPREAD_FROM = 5

# What follow-up needs of a ticket: all of it stands in ix_ticket_follow_up, so that no ticket is read for it.
NEEDED = (
    Ticket.id,
    Ticket.municipality,
    Ticket.service,
    Ticket.priority,
    Ticket.workflow_version,
    Ticket.state,
    Ticket.opened_at,
    Ticket.closed_at,
)


def _of_period() -> CTE:
    """The tickets that lived at some moment of the period: nothing happens to one that is closed after its last event,
    since a closed state stops every clock (core.proof holds workflows to it). Found first, and by itself: neither
    database would begin there, but with all that the viewer has ever seen, or with every stretch there has been."""
    still_open = select(*NEEDED).where(Ticket.is_open, Ticket.opened_at < END)
    closed_since = select(*NEEDED).where(~Ticket.is_open, Ticket.last_at >= START, Ticket.opened_at < END)
    return union_all(still_open, closed_since).cte("of_period").prefix_with("MATERIALIZED")


_OF_PERIOD = _of_period()


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose tickets, and which of them. `viewer` has only the seats that give the reach.

    `withdrawn`: (workflow version, state) of every state in which a ticket has been cancelled.
    """

    viewer: Actor
    reach: Reach
    withdrawn: frozenset[tuple[str, str]]
    municipality: str = ""
    service: str = ""
    supplier: str = ""

    @property
    def own(self) -> list[str]:
        return sorted(self.viewer.organisations)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody follows up; `now` is the moment of asking."""

    scope: Scope
    period: Period
    now: datetime

    @property
    def moments(self) -> dict[str, Any]:
        """What the statements of this package are sent with."""
        return moments(self.period, self.now)


def counted(scope: Scope, *columns: Any) -> Select[Any]:
    """SELECT of these columns over `tickets`: those of the period that count."""
    return select(*columns).select_from(tickets(scope))


@lru_cache(maxsize=256)
def tickets(scope: Scope) -> CTE:
    """One for a scope: a statement that counts in several ways finds its tickets once."""
    everything = scope.reach is Reach.ALL
    chosen = _chosen(scope)
    if everything and not chosen:
        return _OF_PERIOD
    mine = select(_OF_PERIOD) if everything else visible(scope.viewer, *_OF_PERIOD.c)
    if not everything:
        mine = mine.join(_OF_PERIOD, _OF_PERIOD.c.id == Visibility.ticket_id)
    return mine.where(*chosen).cte("counted").prefix_with("MATERIALIZED")


def is_one_of(column: Any, values: Iterable[str]) -> ColumnElement[bool]:
    """As IN, for the few values that are known here: an IN is put together anew each time it is sent."""
    return or_(false(), *(column == value for value in values))


def is_withdrawn(scope: Scope) -> ColumnElement[bool]:
    """Whether the ticket is cancelled now."""
    ticket = tickets(scope).c
    of_state = (
        (ticket.workflow_version == version, ticket.state == state) for version, state in sorted(scope.withdrawn)
    )
    return or_(false(), *(and_(*both) for both in of_state))


def _chosen(scope: Scope) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if scope.municipality:
        chosen.append(_OF_PERIOD.c.municipality == scope.municipality)
    if scope.service:
        chosen.append(_OF_PERIOD.c.service == scope.service)
    if scope.supplier:
        # Its tickets are those that have been in its hands.
        theirs = Visibility.__table__.alias("theirs")
        mine = theirs.c.organisation == scope.supplier, theirs.c.access == str(Access.SUPPLIER)
        chosen.append(exists().where(theirs.c.ticket_id == _OF_PERIOD.c.id, *mine))
    return chosen
