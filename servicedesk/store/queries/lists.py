"""Lists of tickets: a page at a time by keyset, what runs out next first.

Open tickets are few: one index holds everything that they are sorted and filtered by. Of closed tickets there is no
end: what is filtered is found by its facets (queries/closed.py).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Row, Select, String, bindparam, func, select, tuple_

from servicedesk.core.facts import Actor
from servicedesk.core.risk import made_at
from servicedesk.core.visibility import NEVER
from servicedesk.core.vocabulary import Tier
from servicedesk.store import risks
from servicedesk.store.facets import NOBODY, Facet
from servicedesk.store.queries.closed import AFTER, LIMIT, Cursor, count_closed, facets_of, newest
from servicedesk.store.queries.lines import Line, line_of, lines_of, lines_visible_to, select_lines
from servicedesk.store.queries.visible import visible_to
from servicedesk.store.queries.whose import Scope, conditions, teams_of, values
from servicedesk.store.tickets import Ticket, Visibility

COUNT_CAP = 1_000
AT_RISK_AFTER = (bindparam("after_at", type_=String), bindparam("after_id", type_=BigInteger))
IS_OPEN = Visibility.is_open.is_(True)
# What the tickets in a list must meet, by what stands on the row of visibility: a supplier filters by nothing that it
# could not read on the line.
NARROWED: dict[str, ColumnElement[bool]] = {
    **{name: getattr(Visibility, name) == bindparam(name) for name in ("municipality", "service", "priority", "tier")},
    "unassigned": Visibility.assignee == "",
    "late": risks.is_late(),
    "at_risk": risks.is_at_risk(),
}
# Each of the viewer's organisations, with the facets of its closed tickets that a filter lets through; None: all.
OfClosed = dict[str, list[str] | None]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which of those in a scope; what is empty lets everything through. `late`: one of their promises has run out;
    `at_risk`: one soon will."""

    municipality: str = ""
    service: str = ""
    priority: int = 0
    tier: Tier | None = None
    unassigned: bool = False
    late: bool = False
    at_risk: bool = False


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Page:
    """`after` is the cursor of the next page, '' on the last."""

    lines: list[Line]
    after: str


def list_tickets(
    connection: Connection,
    viewer: Actor,
    scope: Scope = Scope.OPEN,
    wanted: Filter = EVERYTHING,
    *,
    now: datetime,
    after: str = "",
    limit: int = 50,
    of_closed: OfClosed | None = None,
) -> Page:
    """A page of the viewer's tickets in this scope. An `after` that is not one of ours begins at the first page."""
    if scope is Scope.CLOSED:
        asked = of_closed or asked_of_closed(connection, viewer, wanted)
        lines = _closed_lines(connection, viewer, asked, after, limit + 1)
    else:
        lines = _open_lines(connection, viewer, scope, wanted, now, after, limit + 1)
    last = lines[limit - 1] if len(lines) > limit else None
    moment = last and (last.last_at if scope is Scope.CLOSED else last.due_at or NEVER)
    return Page(lines[:limit], f"{moment.isoformat()}~{last.ticket_id}" if last and moment else "")


def changed_since(connection: Connection, viewer: Actor, since: datetime, limit: int) -> list[Line]:
    """What has changed since then for this viewer, the last of it first: of open tickets, and of closed ones the last
    that were."""
    changed = select_lines(viewer).where(IS_OPEN, Visibility.last_at > since)
    changed = changed.order_by(Visibility.last_at.desc(), Visibility.ticket_id.desc()).limit(limit)
    is_open = [line_of(row) for row in connection.execute(changed)]
    closed = _closed_lines(connection, viewer, asked_of_closed(connection, viewer, EVERYTHING), "", limit)
    both = [*is_open, *(line for line in closed if line.last_at > since)]
    return sorted(both, key=lambda line: (line.last_at, line.ticket_id), reverse=True)[:limit]


def _open_lines(
    connection: Connection, viewer: Actor, scope: Scope, wanted: Filter, now: datetime, after: str, limit: int
) -> list[Line]:
    cursor = cursor_from(after)
    query = _open_page(viewer.organisations, len(teams_of(viewer)), scope, narrowing(wanted), cursor is None)
    given = {**values_of(wanted, now), **values(viewer, now), "limit": limit}
    if cursor:
        moment, given["after_id"] = cursor
        given["after_at"] = risks.second(moment) if scope is Scope.AT_RISK else moment
    rows = connection.execute(query, given)
    return [_about_to_break(row) if scope is Scope.AT_RISK else line_of(row) for row in rows]


def _about_to_break(row: Row[Any]) -> Line:
    """The line with what it is at risk by, since what runs out first may have already."""
    due_at, risk_at = risks.moment(row.until), risks.moment(row.since)
    return replace(line_of(row), due_at=due_at, promised_at=made_at(due_at, risk_at))


@lru_cache(maxsize=512)
def _open_page(
    organisations: frozenset[str], teams: int, scope: Scope, by: tuple[str, ...], is_first: bool
) -> Select[Any]:
    """Built once for all that ask alike."""
    until = risks.at_risk_until()
    place = (until if scope is Scope.AT_RISK else Visibility.next_due_at, Visibility.ticket_id)
    page = visible_to(organisations, Visibility.ticket_id).where(IS_OPEN, *(NARROWED[name] for name in by))
    if scope is not Scope.OPEN:
        page = page.where(conditions(teams)[scope])
    if not is_first:
        page = page.where(tuple_(*place) > (tuple_(*AT_RISK_AFTER) if scope is Scope.AT_RISK else tuple_(*AFTER)))
    page = page.order_by(*place).limit(LIMIT)
    lines = lines_visible_to(organisations).where(Visibility.ticket_id.in_(page)).order_by(*place)
    if scope is Scope.AT_RISK:
        lines = lines.add_columns(until.label("until"), risks.at_risk_since().label("since"))
    return lines


def _closed_lines(connection: Connection, viewer: Actor, asked: OfClosed, after: str, limit: int) -> list[Line]:
    """Of each of the viewer's organisations the newest, and of those the newest."""
    cursor = cursor_from(after)
    places = [
        place
        for organisation, words in asked.items()
        for place in newest(connection, viewer, organisation, words, cursor, limit)
    ]
    page = [ticket_id for _, ticket_id in sorted(places, reverse=True)[:limit]]
    lines = lines_of(connection, viewer, page)
    return [lines[ticket_id] for ticket_id in page]


def asked_of_closed(connection: Connection, viewer: Actor, wanted: Filter) -> OfClosed:
    """What a filter lets through: found once where a list and its counts are wanted."""
    organisations = sorted(viewer.organisations)
    if wanted == EVERYTHING:
        return dict.fromkeys(organisations)
    return {
        organisation: [facet.word for facet in facets_of(connection, organisation) if _meets(facet, wanted)]
        for organisation in organisations
    }


def _meets(facet: Facet, wanted: Filter) -> bool:
    """The same as NARROWED says; of what is closed no promise runs."""
    return not (wanted.late or wanted.at_risk) and (
        wanted.municipality in ("", facet.municipality)
        and wanted.service in ("", facet.service)
        and wanted.priority in (0, facet.priority)
        and wanted.tier in (None, facet.tier)
        and (facet.assignee == NOBODY or not wanted.unassigned)
    )


def count_tickets(
    connection: Connection,
    viewer: Actor,
    wanted: Filter = EVERYTHING,
    *,
    now: datetime,
    of_closed: OfClosed | None = None,
) -> dict[Scope, int]:
    """How many in each scope: exact for open work, at most COUNT_CAP + 1 for closed (shown as "1,000+")."""
    query = _counting_open(viewer.organisations, len(teams_of(viewer)), narrowing(wanted))
    counted = connection.execute(query, {**values_of(wanted, now), **values(viewer, now)}).one()
    ended = _count_closed(connection, viewer, of_closed or asked_of_closed(connection, viewer, wanted))
    return {**{Scope(name): number for name, number in counted._mapping.items()}, Scope.CLOSED: ended}


@lru_cache(maxsize=512)
def _counting_open(organisations: frozenset[str], teams: int, by: tuple[str, ...]) -> Select[Any]:
    columns = [func.count().filter(is_of).label(scope) for scope, is_of in conditions(teams).items()]
    every = func.count().label(Scope.OPEN)
    return visible_to(organisations, *columns, every).where(IS_OPEN, *(NARROWED[name] for name in by))


def _count_closed(connection: Connection, viewer: Actor, asked: OfClosed) -> int:
    counted = 0
    for organisation, words in asked.items():
        counted += count_closed(connection, viewer, organisation, words, COUNT_CAP + 1 - counted)
    return counted


def narrowing(wanted: Filter) -> tuple[str, ...]:
    """By which of NARROWED."""
    return tuple(name for name in NARROWED if getattr(wanted, name))


def values_of(wanted: Filter, now: datetime) -> dict[str, Any]:
    """The values in NARROWED."""
    return {name: getattr(wanted, name) for name in narrowing(wanted)} | risks.at(now)


def cursor_from(after: str) -> Cursor | None:
    moment, _, ticket_id = after.partition("~")
    try:
        parsed = datetime.fromisoformat(moment)
        # No id is longer; SQLite would refuse to compare with one that is.
        return (parsed, int(ticket_id)) if parsed.tzinfo and len(ticket_id) <= 18 else None
    except ValueError:
        return None


def has_tickets(connection: Connection) -> bool:
    """Whether the database holds any ticket at all, whoever's."""
    return connection.execute(select(Ticket.id).limit(1)).first() is not None
