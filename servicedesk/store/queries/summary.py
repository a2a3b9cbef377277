"""The summary of many tickets, read one by one so that memory does not grow with their number."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from servicedesk.core.codec import from_json
from servicedesk.core.facts import Actor
from servicedesk.core.summary import Summary, summarise
from servicedesk.core.ticket import TicketState
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.tickets import Ticket

AT_ONCE = 500
# The command line and the import itself look at the whole database.
WHOLE = frozenset({"operator", "import"})


def summary_of(connection: Connection, numbers: Sequence[str], as_of: datetime, *, viewer: Actor) -> Summary:
    """Of the tickets with these numbers that the viewer may see."""
    return summarise(_tickets(connection, numbers, viewer), as_of)


def _tickets(connection: Connection, numbers: Sequence[str], viewer: Actor) -> Iterator[TicketState]:
    query = select(Ticket.state_json) if viewer.kind in WHOLE else visible_tickets(viewer, Ticket.state_json)
    for start in range(0, len(numbers), AT_ONCE):
        part = query.where(Ticket.number.in_(numbers[start : start + AT_ONCE]))
        for text in connection.execute(part).scalars():
            yield from_json(TicketState, text)
