"""Closed tickets under a filter: found by their facets, since reading the long list in order could pass all of it by.

Which facets one organisation's closed tickets have is read off the index, a jump for each (`facets_of`). Of each facet
that meets the filter the newest are taken, and of all those the newest: what a page costs follows how many facets there
are, not how many tickets.
"""

import json
from collections.abc import Sequence
from datetime import datetime

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
Conditions = Sequence[ColumnElement[bool]]
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
    dialect: str,
    organisation: str,
    words: Sequence[str] | None,
    conditions: Conditions,
    after: Cursor | None,
    limit: int,
) -> Select[int, datetime]:
    """(ticket_id, last_at) of its newest closed tickets, of these facets; None: of all."""
    place = (Visibility.last_at, Visibility.ticket_id)
    query = select(Visibility.ticket_id, Visibility.last_at)
    query = query.where(Visibility.organisation == organisation, IS_CLOSED, *conditions)
    if after:
        query = query.where(tuple_(*place) < tuple_(*after))
    query = query.order_by(*(key.desc() for key in place)).limit(limit)
    if words is None:
        return query
    asked = _asked(dialect, words)
    of_one = query.where(Visibility.facet == asked.c.word)
    found = _laterally(of_one, asked) if dialect == "postgresql" else _by_ids(of_one, asked, organisation)
    return found.limit(limit)


def _laterally(of_one: Select[int, datetime], asked: FromClause) -> Select[int, datetime]:
    one = of_one.lateral("one")
    found = select(one.c.ticket_id, one.c.last_at).select_from(asked.join(one, true()))
    return found.order_by(one.c.last_at.desc(), one.c.ticket_id.desc())


def _by_ids(of_one: Select[int, datetime], asked: FromClause, organisation: str) -> Select[int, datetime]:
    """SQLite has no LATERAL."""
    one = aliased(Visibility)
    ids = of_one.with_only_columns(Visibility.ticket_id).correlate(asked)
    found = select(one.ticket_id, one.last_at).select_from(asked).join(one, true())
    found = found.where(one.organisation == organisation, one.ticket_id.in_(ids))
    return found.order_by(one.last_at.desc(), one.ticket_id.desc())


def closed_of(dialect: str, organisation: str, words: Sequence[str] | None, conditions: Conditions) -> Select[int]:
    """The ids of its closed tickets, of these facets; None: of all."""
    theirs = and_(Visibility.organisation == organisation, IS_CLOSED, *conditions)
    if words is None:
        return select(Visibility.ticket_id).where(theirs)
    # Without statistics SQLite would rather read through the whole organisation: so it is told where to begin.
    asked = _asked(dialect, words)
    found = outerjoin(asked, Visibility, and_(Visibility.facet == asked.c.word, theirs))
    return select(Visibility.ticket_id).select_from(found)


def _asked(dialect: str, words: Sequence[str]) -> FromClause:
    if dialect == "postgresql":
        return select(func.unnest(cast(list(words), ARRAY(String))).label("word")).subquery("asked")
    each = func.json_each(json.dumps(words)).table_valued("value", name="each")
    return select(each.c.value.label("word")).subquery("asked")
