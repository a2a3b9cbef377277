"""A ticket as the answer to a request: read, or as an act has left it, and the same again when the request is."""

from collections.abc import Callable

from servicedesk.actions.once import Outcome, outcome
from servicedesk.actions.opened import Left
from servicedesk.api.clients import client, desk
from servicedesk.api.conditions import etag
from servicedesk.api.once import REPLAYED
from servicedesk.core.errors import AlreadyDone
from servicedesk.store.queries.systems.ticket import ShownTicket, system_ticket
from servicedesk.store.queries.tickets import Found, find_known, find_ticket, found_known
from servicedesk.store.rulebook import RuleBook

# What a view gives flask-smorest: the ticket, the status, the headers.
Answer = tuple[ShownTicket, int, dict[str, str]]


def shown(number: str) -> Answer:
    """The ticket now. NotFound when it does not exist or is not this client's to see."""
    with desk().reading(recurring=True) as connection:
        book, now = desk().book_and_now(connection)
        ticket = system_ticket(find_known(connection, book, client(), number), book, now)
    return ticket, 200, {"ETag": etag(ticket.version)}


def require_sight(number: str) -> None:
    """NotFound as `shown`."""
    with desk().reading(recurring=True) as connection:
        find_ticket(connection, client(), number)


def told(act: Callable[[], Left], status: int = 200) -> Answer:
    """Carry it out, and show the ticket as the act has left it: also when that was done before, and whatever others
    have done since."""
    try:
        left = act()
    except AlreadyDone as done:
        return _told_again(outcome(done.data["result"]), status)
    return _answer(found_known(client(), left.known), left.book, status, {})


def _told_again(came_of_it: Outcome, status: int) -> Answer:
    with desk().reading(recurring=True) as connection:
        book = desk().book(connection)
        found = find_known(connection, book, client(), came_of_it.number, came_of_it.seq)
    return _answer(found, book, status, REPLAYED)


def _answer(found: Found, book: RuleBook, status: int, more: dict[str, str]) -> Answer:
    last_at = found.known.ticket.last_at
    assert last_at is not None
    ticket = system_ticket(found, book, last_at)
    return ticket, status, {"ETag": etag(ticket.version), **more}
