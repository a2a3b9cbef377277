"""Open tickets divided into columns: how many in each, exactly, and those of each that run out first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from servicedesk.core.facts import Actor
from servicedesk.core.grouping import AGES, By
from servicedesk.store.queries.lists import IS_OPEN, NARROWED, Filter, narrowing, values_of
from servicedesk.store.queries.open_pages import PLACE, Ids, ids_from
from servicedesk.store.queries.visible import visible
from servicedesk.store.tickets import Visibility


@dataclass(frozen=True, slots=True)
class Divided:
    """`ids`: the first of them."""

    key: str
    count: int
    ids: list[int]


def divided(connection: Connection, viewer: Actor, by: By, wanted: Filter, now: datetime, each: int) -> list[Divided]:
    """The columns that hold something. Read from the index of open tickets, however many closed ones there are."""
    value, where, given = _value(by, now), _where(wanted), values_of(wanted, now)
    counting = visible(viewer, value.label("key"), func.count().label("n")).where(*where).group_by("key")
    counts = {row.key: row.n for row in connection.execute(counting, given)}
    place = func.row_number().over(partition_by=value, order_by=PLACE)
    placed = visible(viewer, value.label("key"), Visibility.ticket_id, place.label("place")).where(*where).subquery()
    first = select(placed.c.key, placed.c.ticket_id).where(placed.c.place <= each).order_by(placed.c.place)
    ids: dict[str, list[int]] = {key: [] for key in counts}
    for key, ticket_id in connection.execute(first, given):
        ids[key].append(ticket_id)
    return [Divided(key, count, ids[key]) for key, count in counts.items()]


def one_column(
    connection: Connection,
    viewer: Actor,
    by: By,
    key: str,
    wanted: Filter,
    now: datetime,
    *,
    after: str = "",
    limit: int,
) -> tuple[Ids, int]:
    """A page of one column, and how many there are in it, exactly."""
    here, given = (*_where(wanted), _value(by, now) == key), values_of(wanted, now)
    count = connection.execute(visible(viewer, func.count()).where(*here), given).scalar_one()
    return ids_from(connection, visible(viewer, *PLACE).where(*here), given, after, limit), count


def _where(wanted: Filter) -> list[ColumnElement[bool]]:
    return [IS_OPEN, *(NARROWED[name] for name in narrowing(wanted))]


def _value(by: By, now: datetime) -> ColumnElement[Any]:
    if by is By.AGE:
        old = [(Visibility.opened_at <= now - least, key) for key, least in reversed(AGES.items()) if least]
        return case(*old, else_=next(iter(AGES)))
    columns: dict[By, Any] = {
        By.MUNICIPALITY: Visibility.municipality,
        By.SERVICE: Visibility.service,
        By.TIER: Visibility.tier,
    }
    found: ColumnElement[Any] = columns[by]
    return found
