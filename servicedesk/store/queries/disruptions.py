"""Disruptions as everybody may read them: what was written for the public, and nothing else. No viewer is asked for,
since there is nothing here that one may see and another not."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, select

from servicedesk.core.disruptions import REMEMBERED, Disruption, Message
from servicedesk.core.errors import NotFound
from servicedesk.store.disruptions import DisruptionMessage, DisruptionMunicipality, DisruptionRow

# More than this at once nobody reads, and no answer grows without end.
MOST = 200


def told_disruptions(
    connection: Connection, now: datetime, municipality: str = "", service: str = ""
) -> list[Disruption]:
    """Those that go on, and those that ended lately; the newest news first. Of one municipality and one service where
    they are given."""
    lately = (DisruptionRow.ended_at.is_(None)) | (DisruptionRow.ended_at > now - REMEMBERED)
    return _found(connection, lately, *_narrowed(municipality, service))


def disruption_of(connection: Connection, key: str) -> Disruption:
    """NotFound when there is none of this key."""
    found = _found(connection, DisruptionRow.key == key)
    if not found:
        raise NotFound("There is no such disruption.")
    return found[0]


def _narrowed(municipality: str, service: str) -> Iterable[ColumnElement[bool]]:
    if municipality:
        here = DisruptionMunicipality.disruption_id == DisruptionRow.id
        yield exists().where(here, DisruptionMunicipality.municipality == municipality)
    if service:
        yield DisruptionRow.service == service


def _found(connection: Connection, *which: ColumnElement[bool]) -> list[Disruption]:
    query = select(DisruptionRow.__table__).where(*which)
    query = query.order_by(DisruptionRow.updated_at.desc(), DisruptionRow.id.desc()).limit(MOST)
    rows = connection.execute(query).all()
    if not rows:
        return []
    ids = [row.id for row in rows]
    places = _by_id(connection, DisruptionMunicipality, ids, DisruptionMunicipality.municipality)
    messages = _by_id(connection, DisruptionMessage, ids, DisruptionMessage.number.desc())
    return [
        Disruption(
            key=row.key,
            service=row.service,
            title=row.title,
            began_at=row.began_at,
            ended_at=row.ended_at,
            updated_at=row.updated_at,
            municipalities=tuple(place.municipality for place in places[row.id]),
            messages=tuple(Message(each.at, each.text) for each in messages[row.id]),
        )
        for row in rows
    ]


def _by_id(connection: Connection, table: Any, ids: list[int], order: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {each: [] for each in ids}
    query = select(table.__table__).where(table.disruption_id.in_(ids)).order_by(table.disruption_id, order)
    for row in connection.execute(query):
        found[row.disruption_id].append(row)
    return found
