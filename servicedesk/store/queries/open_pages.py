"""A page of open tickets by their ids, what runs out next first."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, tuple_

from servicedesk.store.queries.closed import AFTER
from servicedesk.store.queries.lists import cursor_from
from servicedesk.store.tickets import Visibility

PLACE = (Visibility.next_due_at, Visibility.ticket_id)


@dataclass(frozen=True, slots=True)
class Ids:
    """`after` is the cursor of the next page, '' on the last."""

    ids: list[int]
    after: str


def ids_from(connection: Connection, query: Select[Any], given: dict[str, Any], after: str, limit: int) -> Ids:
    """The first, or those after a cursor of ours, of a SELECT of PLACE."""
    cursor = cursor_from(after)
    if cursor:
        query = query.where(tuple_(*PLACE) > tuple_(*AFTER))
        given = {**given, "after_at": cursor[0], "after_id": cursor[1]}
    found = connection.execute(query.order_by(*PLACE).limit(limit + 1), given).all()
    page = found[:limit]
    more = f"{page[-1].next_due_at.isoformat()}~{page[-1].ticket_id}" if len(found) > limit else ""
    return Ids([row.ticket_id for row in page], more)
