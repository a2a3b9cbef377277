"""A ticket as the answer to a request: read, or as an act has left it, and the same again when the request is."""

from collections.abc import Callable

from servicedesk.actions.log import Logged
from servicedesk.actions.once import Outcome, outcome
from servicedesk.api.clients import client, desk
from servicedesk.api.conditions import etag
from servicedesk.api.once import REPLAYED
from servicedesk.core.errors import AlreadyDone
from servicedesk.core.ticket import TicketState
from servicedesk.store.queries.systems.ticket import ShownTicket, system_ticket
from servicedesk.store.queries.systems.told import Version, version_of
from servicedesk.store.queries.tickets import Found, find_known, found_known
from servicedesk.store.rulebook import RuleBook

# What a view gives flask-smorest: the ticket, the status, the headers.
Answer = tuple[ShownTicket, int, dict[str, str]]


def shown(number: str) -> Answer:
    """The ticket now. NotFound when it does not exist or is not this client's to see."""
    with desk().reading(recurring=True) as connection:
        book, now = desk().book_and_now(connection)
        ticket = system_ticket(find_known(connection, book, client(), number), client(), book, now)
    return ticket, 200, {"ETag": etag(ticket.version)}


def version(number: str) -> Version:
    """The ticket's own, as this client sees it now. NotFound as `shown`."""
    with desk().reading(recurring=True) as connection:
        book = desk().book(connection)
        return version_of(find_known(connection, book, client(), number), book)


def told(act: Callable[[], TicketState]) -> Answer:
    """Carry it out, and show the ticket as the act has left it: also when that was done before, and whatever others
    have done since."""
    try:
        ticket = act()
    except AlreadyDone as done:
        return _told(outcome(done.data["result"]), 200, REPLAYED)
    return _told(Outcome(ticket.number, ticket.seq), 200, {})


def told_of_new(act: Callable[[], Logged]) -> Answer:
    """The same of a ticket that the act has logged. It need not be read: all of it is in hand."""
    try:
        new = act()
    except AlreadyDone as done:
        return _told(outcome(done.data["result"]), 201, REPLAYED)
    return _answer(found_known(client(), new.known), new.book, 201, {})


def _told(came_of_it: Outcome, status: int, more: dict[str, str]) -> Answer:
    with desk().reading(recurring=True) as connection:
        book = desk().book(connection)
        found = find_known(connection, book, client(), came_of_it.number, came_of_it.seq)
    return _answer(found, book, status, more)


def _answer(found: Found, book: RuleBook, status: int, more: dict[str, str]) -> Answer:
    last_at = found.known.ticket.last_at
    assert last_at is not None
    ticket = system_ticket(found, client(), book, last_at)
    return ticket, status, {"ETag": etag(ticket.version), **more}
