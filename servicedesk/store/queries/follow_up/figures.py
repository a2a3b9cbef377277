"""A figure, how it is counted, and the tickets behind it: one definition for both, so that they cannot differ."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, distinct, func, select

from servicedesk.core.vocabulary import TmfStatus
from servicedesk.store.installation import Version
from servicedesk.store.queries.follow_up.counted import Asked, Scope
from servicedesk.store.queries.follow_up.flow import at_first_line, flow
from servicedesk.store.queries.follow_up.held import held
from servicedesk.store.queries.follow_up.promises import promises
from servicedesk.store.queries.follow_up.unsolved import unsolved
from servicedesk.store.queries.lines import Line, line_of, select_lines
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket


class Family(StrEnum):
    """What is counted: promises, seconds held, open tickets, happenings, tickets closed that the first line began."""

    PROMISES = "promises"
    HELD = "held"
    OPEN = "open"
    FLOW = "flow"
    FIRST_LINE = "first-line"


ROWS: dict[Family, Callable[[Scope], Any]] = {
    Family.PROMISES: promises,
    Family.HELD: held,
    Family.OPEN: unsolved,
    Family.FLOW: flow,
    Family.FIRST_LINE: at_first_line,
}

DIMENSIONS: dict[Family, tuple[str, ...]] = {
    Family.PROMISES: ("metric", "tier", "party", "priority", "outcome", "lives"),
    Family.HELD: ("tier", "organisation", "team", "part"),
    Family.OPEN: ("tier", "organisation", "priority", "age", "overdue"),
    Family.FLOW: ("what", "from_tier", "to_tier"),
    Family.FIRST_LINE: ("solved_there",),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """The rows of a family in which each of these dimensions has one of these values."""

    family: Family
    where: Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Behind:
    """`n`, `seconds` and `tickets` are the figure; `open_to_viewer` is how many of the tickets they may open.
    `after` is the cursor of the next page, 0 on the last."""

    n: int
    seconds: int
    tickets: int
    open_to_viewer: int
    lines: list[Line]
    after: int


def tally(
    connection: Connection, asked: Asked, family: Family, *by: str, figure: Figure | None = None, tickets: bool = False
) -> Sequence[Any]:
    """The family counted by some of its dimensions: these, `n` and `seconds`; and `tickets` where that is asked for,
    which costs as much as all the rest."""
    query = _whole(asked.scope, family, by) if not figure and not tickets else _tally(asked.scope, family, by, figure)
    return connection.execute(query, asked.moments).all()


def behind(connection: Connection, asked: Asked, figure: Figure, *, after: int = 0, limit: int = 50) -> Behind:
    """The figure once more, and a page of its tickets that the viewer may open, the last logged first."""
    (whole,) = tally(connection, asked, figure.family, figure=figure, tickets=True)
    viewer, tickets = asked.scope.viewer, _tickets(asked.scope, figure)
    mine = visible_tickets(viewer, Ticket.id).where(Ticket.id.in_(tickets)).subquery()
    open_to_viewer = connection.execute(select(func.count()).select_from(mine), asked.moments).scalar_one()
    query = select_lines(viewer).where(Ticket.id.in_(tickets)).order_by(Ticket.id.desc()).limit(limit + 1)
    rows = connection.execute(query.where(Ticket.id < after) if after else query, asked.moments).all()
    lines = [line_of(row) for row in rows[:limit]]
    following = lines[-1].ticket_id if len(rows) > limit else 0
    return Behind(whole.n, int(whole.seconds), whole.tickets, open_to_viewer, lines, following)


def withdrawn_states(connection: Connection, book: RuleBook) -> frozenset[tuple[str, str]]:
    """(workflow version, state) of the states that stand for a cancelled ticket, in every version there has been."""
    versions = connection.execute(select(Version.hash).where(Version.kind == "workflow")).scalars()
    return frozenset(
        (version, state.key)
        for version in versions
        for state in book.definition(version).states.values()
        if state.tmf621 is TmfStatus.CANCELLED
    )


@lru_cache(maxsize=256)
def _whole(scope: Scope, family: Family, by: tuple[str, ...]) -> Select[Any]:
    """Put together once: that takes as long as a small installation's database needs to answer."""
    rows = ROWS[family](scope).subquery()
    return _grouped(rows, by)


def _tally(scope: Scope, family: Family, by: tuple[str, ...], figure: Figure | None) -> Select[Any]:
    rows = ROWS[family](scope).subquery()
    tickets = func.count(distinct(rows.c.ticket_id)).label("tickets")
    return _grouped(rows, by).add_columns(tickets).where(*_conditions(rows, figure))


def _grouped(rows: Any, by: tuple[str, ...]) -> Select[Any]:
    dimensions = [rows.c[dimension] for dimension in by]
    sums = func.count().label("n"), func.coalesce(func.sum(rows.c.seconds), 0).label("seconds")
    return select(*dimensions, *sums).group_by(*dimensions)


def _tickets(scope: Scope, figure: Figure) -> Select[Any]:
    rows = ROWS[figure.family](scope).subquery()
    return select(rows.c.ticket_id).where(*_conditions(rows, figure))


def _conditions(rows: Any, figure: Figure | None) -> list[Any]:
    return [rows.c[name].in_(values) for name, values in figure.where.items()] if figure else []
