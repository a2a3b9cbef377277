"""The version of a ticket as its readers' pages carry it: by it a page renews itself, and against it a form is held.

Inside it is the number of the last change. To a supplier it counts what that supplier is told, as its systems do
(`systems.told`): the journal's own numbers have gaps that tell of what it may not see.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeGuard

from sqlalchemy import Connection

from servicedesk.core.events import Event
from servicedesk.core.facts import Actor
from servicedesk.core.ticket import TicketState
from servicedesk.core.visibility import Access, access_of
from servicedesk.store.queries.journal import journals_of
from servicedesk.store.queries.systems.told import version_of
from servicedesk.store.rulebook import RuleBook

Journal = Callable[[], Iterable[Event]]
Seen = tuple[Access, str] | None


def version_seen(ticket: TicketState, seen: Seen, events: Journal, book: RuleBook) -> int:
    """`seen`: with which access, through which organisation. The journal is asked for only where it is needed."""
    return version_of(seen[1], events(), book).number if _is_supplier(seen) else ticket.version


def is_still(version: int, ticket: TicketState, seen: Seen, events: Journal, book: RuleBook) -> bool:
    """Whether nothing that its reader may see has changed since. A warning is no change."""
    if _is_supplier(seen):
        return version_of(seen[1], events(), book).is_still([version])
    return ticket.version == version


def last_event_of(version: int, seen: Seen, events: Journal, book: RuleBook) -> int:
    """The last event that somebody knew of whose page had this version; 0 when they knew of none."""
    return version_of(seen[1], events(), book).event_of(version) if _is_supplier(seen) else version


def versions_seen(
    connection: Connection, viewer: Actor, tickets: Mapping[int, TicketState], book: RuleBook
) -> dict[int, int]:
    """The same of several tickets, by their ids."""
    seen = {ticket_id: access_of(ticket, viewer) for ticket_id, ticket in tickets.items()}
    outside = [ticket_id for ticket_id, each in seen.items() if _is_supplier(each)]
    journals = journals_of(connection, outside) if outside else {}
    return {
        ticket_id: version_seen(ticket, seen[ticket_id], partial(journals.__getitem__, ticket_id), book)
        for ticket_id, ticket in tickets.items()
    }


def _is_supplier(seen: Seen) -> TypeGuard[tuple[Access, str]]:
    return seen is not None and seen[0] is Access.SUPPLIER
