"""Closed tickets under a filter: found by their facets, since reading the long list in order could pass all of it by.

Which facets one organisation's closed tickets have is read off the index, a jump for each (`facets_of`). A filter that
lets much through has its page among the first that are seen at a glance. Else, of each facet that meets it the newest
are taken, and of all those the newest: what a page costs follows how many facets there are, not how many tickets.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    outerjoin,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from servicedesk.core.facts import Actor
from servicedesk.store.base import UTCDateTime
from servicedesk.store.facets import Facet, read_facet
from servicedesk.store.queries.visible import is_visible_to
from servicedesk.store.tickets import Visibility

Cursor = tuple[datetime, int]
# By which of the row's moments, and whether the last comes first.
Order = tuple[str, bool]
NEWEST: Order = ("last_at", True)
Conditions = Sequence[ColumnElement[bool]]
# So many of the long list are looked at first: it costs next to nothing, and is enough for most filters.
GLANCE = 1_000
IS_CLOSED = Visibility.is_open.is_(False)

ORGANISATION = bindparam("organisation", type_=String)
LIMIT = bindparam("limit", type_=Integer)
AFTER = (bindparam("after_at", type_=UTCDateTime), bindparam("after_id", type_=BigInteger))
IS_THEIRS = and_(Visibility.organisation == ORGANISATION, IS_CLOSED)


@dataclass(frozen=True, slots=True)
class Shape:
    """What tells one statement from another: built once, they are asked again and again with other values.
    `organisations`: for which of them somebody looks."""

    organisations: frozenset[str]
    dialect: str
    order: Order = NEWEST
    is_first: bool = True


def facets_of(connection: Connection, organisation: str) -> list[Facet]:
    """Those of the closed tickets that an organisation sees."""
    words = connection.execute(_facets(), {"organisation": organisation}).scalars()
    return [read_facet(word) for word in words if word]


@lru_cache(maxsize=1)
def _facets() -> Select[Any]:
    first = select(func.min(Visibility.facet)).where(IS_THEIRS)
    found = select(first.scalar_subquery().label("word")).cte("found", recursive=True)
    following = first.where(Visibility.facet > found.c.word).scalar_subquery()
    found = found.union_all(select(following).where(found.c.word.is_not(None)))
    return select(found.c.word)


def newest(
    connection: Connection,
    viewer: Actor,
    organisation: str,
    words: Sequence[str] | None,
    after: Cursor | None,
    limit: int,
    order: Order = NEWEST,
    conditions: Conditions = (),
) -> list[Cursor]:
    """Where the viewer's newest closed tickets are that they see through this organisation, of these facets; None: of
    all. In another `order` the first by that."""
    if words is not None and not words:
        return []
    dialect = connection.dialect.name
    shape = Shape(viewer.organisations, dialect, order, after is None)
    given: dict[str, Any] = {"organisation": organisation, "limit": limit}
    if after:
        given["after_at"], given["after_id"] = after
    if words is None:
        return _places(connection, _all_of_them, shape, conditions, given)
    given["words"] = _words(dialect, words)
    found = _places(connection, _at_a_glance, shape, conditions, given)
    return found if len(found) == limit else _places(connection, _of_each, shape, conditions, given)


Build = Callable[..., Select[Any]]


def _places(
    connection: Connection, build: Build, shape: Shape, conditions: Conditions, given: dict[str, Any]
) -> list[Cursor]:
    query = build(shape, conditions) if conditions else _built(build, shape)
    found: Any = connection.execute(query, given).all()
    return [(moment, ticket_id) for moment, ticket_id in found]


@lru_cache(maxsize=512)
def _built(build: Build, shape: Shape) -> Select[Any]:
    return build(shape)


def _theirs(shape: Shape, conditions: Conditions) -> Select[Any]:
    """The whole long list in its order."""
    key, descending = shape.order
    place: Sequence[Any] = (getattr(Visibility, key), Visibility.ticket_id)
    theirs: Any = select(*place).where(IS_THEIRS, is_visible_to(shape.organisations), *conditions)
    if not shape.is_first:
        here, there = tuple_(*place), tuple_(*AFTER)
        theirs = theirs.where(here < there if descending else here > there)
    ordered: Select[Any] = theirs.order_by(*_ordered(place, descending))
    return ordered


def _all_of_them(shape: Shape, conditions: Conditions = ()) -> Select[Any]:
    return _theirs(shape, conditions).limit(LIMIT)


def _at_a_glance(shape: Shape, conditions: Conditions = ()) -> Select[Any]:
    key, descending = shape.order
    first = _theirs(shape, conditions).add_columns(Visibility.facet).limit(GLANCE).subquery("seen_first").c
    seen = (first[key], first.ticket_id)
    near = select(*seen).where(first.facet.in_(select(_asked(shape.dialect).c.word)))
    return near.order_by(*_ordered(seen, descending)).limit(LIMIT)


def _of_each(shape: Shape, conditions: Conditions = ()) -> Select[Any]:
    """Of each facet the newest, and of all those the newest."""
    asked = _asked(shape.dialect)
    of_one = _theirs(shape, conditions).where(Visibility.facet == asked.c.word).limit(LIMIT)
    one_by_one = _laterally if shape.dialect == "postgresql" else _by_ids
    return one_by_one(of_one, asked, shape.order).limit(LIMIT)


def _ordered(place: Sequence[Any], descending: bool) -> list[ColumnElement[Any]]:
    return [key.desc() if descending else key.asc() for key in place]


def _laterally(of_one: Select[Any], asked: FromClause, order: Order) -> Select[Any]:
    one, (key, descending) = of_one.lateral("one"), order
    place = (one.c[key], one.c.ticket_id)
    return select(*place).select_from(asked.join(one, true())).order_by(*_ordered(place, descending))


def _by_ids(of_one: Select[Any], asked: FromClause, order: Order) -> Select[Any]:
    """SQLite has no LATERAL."""
    one, (key, descending) = aliased(Visibility), order
    ids = of_one.with_only_columns(Visibility.ticket_id).correlate(asked)
    moment = getattr(one, key)
    found = select(moment, one.ticket_id).select_from(asked).join(one, true())
    found = found.where(one.organisation == ORGANISATION, one.ticket_id.in_(ids))
    return found.order_by(*_ordered((moment, one.ticket_id), descending))


def count_closed(
    connection: Connection, viewer: Actor, organisation: str, words: Sequence[str] | None, limit: int
) -> int:
    """How many closed tickets the viewer sees through it, of these facets (None: of all), at most so many."""
    dialect = connection.dialect.name
    shape = Shape(viewer.organisations, dialect)
    if words is None:
        return int(
            connection.execute(_counting_all(shape), {"organisation": organisation, "limit": limit}).scalar_one()
        )
    given = {"organisation": organisation, "limit": limit + len(words), "words": _words(dialect, words)}
    return min(int(connection.execute(_counting(shape), given).scalar_one()), limit)


@lru_cache(maxsize=256)
def _counting_all(shape: Shape) -> Select[Any]:
    theirs = select(Visibility.ticket_id).where(IS_THEIRS, is_visible_to(shape.organisations))
    return select(func.count(theirs.limit(LIMIT).subquery().c.ticket_id))


@lru_cache(maxsize=256)
def _counting(shape: Shape) -> Select[Any]:
    """Without statistics SQLite would rather read through the whole organisation: so it is told where to begin. A facet
    of which nothing meets the conditions leaves a row without an id."""
    asked = _asked(shape.dialect)
    theirs = and_(Visibility.facet == asked.c.word, IS_THEIRS, is_visible_to(shape.organisations))
    some = select(Visibility.ticket_id).select_from(outerjoin(asked, Visibility, theirs)).limit(LIMIT)
    return select(func.count(some.subquery().c.ticket_id))


def _words(dialect: str, words: Sequence[str]) -> Any:
    return list(words) if dialect == "postgresql" else json.dumps(words)


def _asked(dialect: str) -> FromClause:
    if dialect == "postgresql":
        words = cast(bindparam("words", type_=ARRAY(String)), ARRAY(String))
        return select(func.unnest(words).label("word")).subquery("asked")
    each = func.json_each(bindparam("words", type_=String)).table_valued("value", name="each")
    return select(each.c.value.label("word")).subquery("asked")
