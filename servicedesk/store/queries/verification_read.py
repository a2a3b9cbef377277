"""Reading all that is stored of some tickets, a table at a time and as plain rows: there are some forty of each ticket,
and to ask each for its columns by name would take as long as to fold the ticket."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, select

from servicedesk.store.attachments import Attachment
from servicedesk.store.base import Base
from servicedesk.store.bulk import Row, read_rows, table_of
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
    """One ticket's rows by table, the journal's in order of seq; each in the order of `names_of` its table."""

    number: str
    head_hash: str
    rows: Mapping[type[Base], Sequence[Row]]

    def of(self, table: type[Base]) -> Sequence[Row]:
        return self.rows.get(table, ())


def read_stored(connection: Connection, ids: Collection[int]) -> dict[int, Stored]:
    """Ticket id -> what is stored of it, of those that are there."""
    found: dict[int, dict[type[Base], Sequence[Row]]] = {ticket_id: {} for ticket_id in ids}
    among = _among(sorted(ids))
    for table in TABLES:
        order = '"ticket_id", "seq"' if table is JournalRow else f'"{_whose(table)}"'
        some = f'"{_whose(table)}" {among} ORDER BY {order}'
        rows = read_rows(connection, table_of(table), names_of(table), some)
        for ticket_id, its in groupby(rows, itemgetter(places_of(table)[_whose(table)])):
            found[ticket_id][table] = list(its)
    places = places_of(Ticket)
    number, head = places["number"], places["head_hash"]
    tickets = ((ticket_id, rows, rows[Ticket][0]) for ticket_id, rows in found.items() if Ticket in rows)
    return {ticket_id: Stored(row[number], row[head], rows) for ticket_id, rows, row in tickets}


def _among(ids: Sequence[int]) -> str:
    """Without a gap, as nearly always, they are one stretch of an index."""
    if ids[-1] - ids[0] == len(ids) - 1:
        return f"BETWEEN {ids[0]} AND {ids[-1]}"
    return f"IN ({', '.join(map(str, ids))})"


def number_of(connection: Connection, ticket_id: int) -> str:
    return connection.execute(select(Ticket.number).where(Ticket.id == ticket_id)).scalar_one()


def _whose(table: type[Base]) -> str:
    return "id" if table is Ticket else "ticket_id"


@cache
def names_of(table: type[Base]) -> tuple[str, ...]:
    """The columns that are read: all, but for a row's own number where nobody goes by it."""
    is_numbered = table in (Ticket, Attachment)
    return tuple(column.name for column in table.__table__.columns if is_numbered or column.name != "id")


@cache
def places_of(table: type[Base]) -> dict[str, int]:
    """Column -> where it stands in a row."""
    return {name: place for place, name in enumerate(names_of(table))}
