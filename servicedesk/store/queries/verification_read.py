"""Reading all that is stored of some tickets, a table at a time."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from servicedesk.store.attachments import Attachment
from servicedesk.store.base import Base
from servicedesk.store.changes import ChangeRow
from servicedesk.store.journal import JournalRow, PersonalText
from servicedesk.store.search.document import SearchDocument
from servicedesk.store.tickets import Ticket, TicketClock, TicketCustody, Visibility
from servicedesk.store.timers import TimerRow

TABLES: tuple[type[Base], ...] = (
    Ticket,
    JournalRow,
    PersonalText,
    Attachment,
    TicketClock,
    TicketCustody,
    Visibility,
    TimerRow,
    SearchDocument,
    ChangeRow,
)


@dataclass(frozen=True, slots=True)
class Stored:
    """One ticket's rows by table, the journal's in order of seq."""

    number: str
    rows: Mapping[type[Base], Sequence[Any]]

    def of(self, table: type[Base]) -> Sequence[Any]:
        return self.rows.get(table, ())


def read_stored(connection: Connection, ids: Collection[int]) -> dict[int, Stored]:
    """Ticket id -> what is stored of it, of those that are there."""
    found: dict[int, dict[type[Base], Sequence[Any]]] = {ticket_id: {} for ticket_id in ids}
    for table in TABLES:
        whose = itemgetter(places_of(table)["id" if table is Ticket else "ticket_id"])
        rows = connection.execute(_reading(table), {"ids": list(ids)}).all()
        for ticket_id, its in groupby(rows, whose):
            found[ticket_id][table] = list(its)
    return {ticket_id: Stored(rows[Ticket][0].number, rows) for ticket_id, rows in found.items() if Ticket in rows}


def number_of(connection: Connection, ticket_id: int) -> str:
    return connection.execute(select(Ticket.number).where(Ticket.id == ticket_id)).scalar_one()


@cache
def _reading(table: type[Base]) -> Select[Any]:
    columns = table.__table__.c
    whose = columns.id if table is Ticket else columns.ticket_id
    query = select(table.__table__).where(whose.in_(bindparam("ids", expanding=True)))
    return query.order_by(whose, columns.seq) if table is JournalRow else query.order_by(whose)


@cache
def places_of(table: type[Base]) -> dict[str, int]:
    """Column -> where it stands in a row."""
    return {column.name: place for place, column in enumerate(table.__table__.columns)}


def key_of(table: type[Base], row: Any) -> tuple[Any, ...]:
    key: tuple[Any, ...] = _key(table)(row)
    return key


@cache
def _key(table: type[Base]) -> Callable[[Any], Any]:
    return values_of(table, tuple(column.name for column in table.__table__.primary_key))


@cache
def values_of(table: type[Base], names: tuple[str, ...]) -> Callable[[Any], Any]:
    """What gives a row's values of these columns, two at least."""
    return itemgetter(*(places_of(table)[name] for name in names))
