"""Proving what tickets are found by: every document made anew, and on SQLite every word of the index itself."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, column, select, table

from servicedesk.core.events import Event
from servicedesk.core.ticket import TicketState
from servicedesk.store.journal import PersonalText
from servicedesk.store.queries.difference import Difference
from servicedesk.store.queries.verification_read import Stored
from servicedesk.store.search.document import SearchDocument, documents_of
from servicedesk.store.tickets import Ticket

INDEXED = table("search_words", column("term"), column("doc"))


def verify_documents(stored: Stored, ticket_id: int, ticket: TicketState, events: list[Event]) -> Iterator[Difference]:
    """Each organisation's document against what that organisation may read. Says nothing of what stands in one."""
    texts = {(row.seq, row.field): row.text for row in stored.of(PersonalText)}
    expected = documents_of(ticket_id, ticket, events, texts)
    there = {row.organisation: row for row in stored.of(SearchDocument)}
    for organisation in sorted(there.keys() - expected.keys()):
        yield Difference(ticket.number, "search", f"{organisation} can find it and should not")
    for organisation, document in expected.items():
        if organisation not in there:
            yield Difference(ticket.number, "search", f"{organisation} cannot find it")
        elif any(getattr(there[organisation], name) != value for name, value in document.items()):
            yield Difference(ticket.number, "search", f"what {organisation} finds it by is not what it reads")


def verify_index(connection: Connection) -> Iterator[Difference]:
    """SQLite: each document's words in the index are those of the document. PostgreSQL computes its own from them."""
    if connection.dialect.name != "sqlite":
        return
    indexed: Counter[int] = Counter()
    for term, document_id in connection.execute(select(INDEXED.c.term, INDEXED.c.doc)):
        indexed[document_id] += _weight(term)
    query = select(SearchDocument.id, SearchDocument.organisation, SearchDocument.words, Ticket.number).join(
        Ticket, Ticket.id == SearchDocument.ticket_id, isouter=True
    )
    for row in connection.execute(query.execution_options(yield_per=1_000)):
        if indexed.pop(row.id, 0) != sum(map(_weight, set(row.words.split()))):
            whose = row.number or f"search document {row.id}"
            yield Difference(whose, "search", f"the index does not hold what {row.organisation} finds it by")
    for document_id in sorted(indexed):
        yield Difference(f"search document {document_id}", "search", "it is in the index and is not there itself")


def _weight(word: str) -> int:
    """Summed up over the words of a document, in any order: the same sum, the same words."""
    return hash(word)
