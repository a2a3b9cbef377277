"""Making the search documents of tickets that have none: after an upgrade, and after a change in how words are read."""

from sqlalchemy import Connection, exists, select

from servicedesk.actions.desk import Desk
from servicedesk.actions.indexing import put_documents
from servicedesk.actions.opened import load_state
from servicedesk.store.queries.journal import events_of, texts_of
from servicedesk.store.search.document import SearchDocument, documents_of
from servicedesk.store.tickets import Ticket
from servicedesk.store.upsert import one_journey

BATCH = 200


def index_missing(desk: Desk) -> int:
    """Index every ticket that is not, some at a time so that others may write in between; how many. Begun anew after a
    stop it goes on where it was."""
    last, count = 0, 0
    with desk.reading() as connection:
        missing = bool(_missing(connection, last, 1))
    while missing:
        with desk.transaction() as connection:
            ids = _missing(connection, last, BATCH)
            for ticket_id in ids:
                _index(connection, ticket_id)
        count += len(ids)
        missing, last = bool(ids), max(ids, default=last)
    return count


def _missing(connection: Connection, after: int, limit: int) -> list[int]:
    has_one = exists().where(SearchDocument.ticket_id == Ticket.id)
    query = select(Ticket.id).where(Ticket.id > after, ~has_one).order_by(Ticket.id).limit(limit)
    return list(connection.execute(query).scalars())


def _index(connection: Connection, ticket_id: int) -> None:
    """Under the ticket's lock, which whoever writes on it holds too."""
    locked = select(Ticket.state_json).where(Ticket.id == ticket_id).with_for_update()
    ticket = load_state(connection.execute(locked).scalar_one())
    events, texts = events_of(connection, ticket_id), texts_of(connection, ticket_id)
    with one_journey(connection) as journey:
        put_documents(journey, ticket_id, documents_of(ticket_id, ticket, events, texts))
