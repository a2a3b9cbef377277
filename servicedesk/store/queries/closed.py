"""Closed tickets under a filter: found by their facets, since reading the long list in order could pass all of it by.

Which facets one organisation's closed tickets have is read off the index, a jump for each (`facets_of`). A filter that
lets much through has its page among the first that are seen at a glance. Else, of each facet that meets it the newest
are taken, and of all those the newest: what a page costs follows how many facets there are, not how many tickets.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    and_,
    cast,
    func,
    outerjoin,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from servicedesk.store.facets import Facet, read_facet
from servicedesk.store.tickets import Visibility

Cursor = tuple[datetime, int]
# The newest first; or by another of the row's moments, or the other way round.
Order = tuple[Any, bool]
NEWEST: Order = (Visibility.last_at, True)
Conditions = Sequence[ColumnElement[bool]]
# So many of the long list are looked at first: it costs next to nothing, and is enough for most filters.
GLANCE = 1_000
IS_CLOSED = Visibility.is_open.is_(False)


def facets_of(connection: Connection, organisation: str) -> list[Facet]:
    """Those of the closed tickets that an organisation sees."""
    first = select(func.min(Visibility.facet)).where(Visibility.organisation == organisation, IS_CLOSED)
    found = select(first.scalar_subquery().label("word")).cte("found", recursive=True)
    following = first.where(Visibility.facet > found.c.word).scalar_subquery()
    found = found.union_all(select(following).where(found.c.word.is_not(None)))
    words = connection.execute(select(found.c.word)).scalars()
    return [read_facet(word) for word in words if word]


def newest(
    connection: Connection,
    organisation: str,
    words: Sequence[str] | None,
    conditions: Conditions,
    after: Cursor | None,
    limit: int,
    order: Order = NEWEST,
) -> list[Cursor]:
    """Where its newest closed tickets are, of these facets; None: of all. In another `order` the first by that."""
    key, descending = order
    place = (key, Visibility.ticket_id)
    theirs: Any = select(*place).where(Visibility.organisation == organisation, IS_CLOSED, *conditions)
    if after:
        here, there = tuple_(*place), tuple_(*after)
        theirs = theirs.where(here < there if descending else here > there)
    theirs = theirs.order_by(*_ordered(place, descending))
    if words is None:
        return _places(connection, theirs.limit(limit))
    if not words:
        return []
    dialect = connection.dialect.name
    asked = _asked(dialect, words)
    seen_first = theirs.add_columns(Visibility.facet).limit(GLANCE).subquery("seen_first").c
    seen = (seen_first[key.key], seen_first.ticket_id)
    near = select(*seen).where(seen_first.facet.in_(select(asked.c.word)))
    found = _places(connection, near.order_by(*_ordered(seen, descending)).limit(limit))
    if len(found) == limit:
        return found
    of_one = theirs.where(Visibility.facet == asked.c.word).limit(limit)
    one_by_one = _laterally if dialect == "postgresql" else _by_ids
    return _places(connection, one_by_one(of_one, asked, organisation, order).limit(limit))


def _places(connection: Connection, query: Select[Any]) -> list[Cursor]:
    return [(row[0], row[1]) for row in connection.execute(query)]


def _ordered(place: Sequence[Any], descending: bool) -> list[ColumnElement[Any]]:
    return [key.desc() if descending else key.asc() for key in place]


def _laterally(of_one: Select[Any], asked: FromClause, organisation: str, order: Order) -> Select[Any]:
    one, (key, descending) = of_one.lateral("one"), order
    place = (one.c[key.key], one.c.ticket_id)
    return select(*place).select_from(asked.join(one, true())).order_by(*_ordered(place, descending))


def _by_ids(of_one: Select[Any], asked: FromClause, organisation: str, order: Order) -> Select[Any]:
    """SQLite has no LATERAL."""
    one, (key, descending) = aliased(Visibility), order
    ids = of_one.with_only_columns(Visibility.ticket_id).correlate(asked)
    moment = getattr(one, key.key)
    found = select(moment, one.ticket_id).select_from(asked).join(one, true())
    found = found.where(one.organisation == organisation, one.ticket_id.in_(ids))
    return found.order_by(*_ordered((moment, one.ticket_id), descending))


def count_closed(
    connection: Connection, organisation: str, words: Sequence[str] | None, conditions: Conditions, limit: int
) -> int:
    """How many closed tickets it has, of these facets (None: of all), at most so many."""
    theirs, ids = and_(Visibility.organisation == organisation, IS_CLOSED, *conditions), select(Visibility.ticket_id)
    if words is None:
        some = ids.where(theirs).limit(limit)
    else:
        # Without statistics SQLite would rather read through the whole organisation: so it is told where to begin. A
        # facet of which nothing meets the conditions leaves a row without an id.
        asked = _asked(connection.dialect.name, words)
        found = outerjoin(asked, Visibility, and_(Visibility.facet == asked.c.word, theirs))
        some = ids.select_from(found).limit(limit + len(words))
    counted = connection.execute(select(func.count(some.subquery().c.ticket_id))).scalar_one()
    return min(counted, limit)


def _asked(dialect: str, words: Sequence[str]) -> FromClause:
    if dialect == "postgresql":
        return select(func.unnest(cast(list(words), ARRAY(String))).label("word")).subquery("asked")
    each = func.json_each(json.dumps(words)).table_valued("value", name="each")
    return select(each.c.value.label("word")).subquery("asked")
