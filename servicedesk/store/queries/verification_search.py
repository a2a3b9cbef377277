"""Proving what tickets are found by: every document made anew, and on SQLite every word of the index itself."""

import json
from array import array
from collections import defaultdict
from collections.abc import Iterator
from functools import reduce
from operator import xor

from sqlalchemy import Connection, column, func, select, table

from servicedesk.core.events import Event
from servicedesk.core.ticket import TicketState
from servicedesk.store.bulk import stream_rows
from servicedesk.store.journal import PersonalText
from servicedesk.store.queries.difference import Difference
from servicedesk.store.queries.verification_read import Stored
from servicedesk.store.search.analysis import words_said_again
from servicedesk.store.search.document import SearchDocument, documents_of
from servicedesk.store.tickets import Ticket

INDEXED = table("search_words", column("term"), column("doc"))
PAGE = 4096


def verify_documents(stored: Stored, ticket_id: int, ticket: TicketState, events: list[Event]) -> Iterator[Difference]:
    """Each organisation's document against what that organisation may read. Says nothing of what stands in one."""
    texts = {(seq, field): text for _, seq, field, text, _, _ in stored.of(PersonalText)}
    expected = documents_of(ticket_id, ticket, events, texts, words_said_again)
    there = {organisation: said for _, organisation, *said in stored.of(SearchDocument)}
    for organisation in sorted(there.keys() - expected.keys()):
        yield Difference(ticket.number, "search", f"{organisation} can find it and should not")
    for organisation, document in expected.items():
        if organisation not in there:
            yield Difference(ticket.number, "search", f"{organisation} cannot find it")
        elif there[organisation] != [document["texts"], document["words"]]:
            yield Difference(ticket.number, "search", f"what {organisation} finds it by is not what it reads")


def verify_index(connection: Connection) -> Iterator[Difference]:
    """SQLite: each document's words in the index are those of the document. PostgreSQL computes its own from them.

    Each document has a mark: every word that the index has of it is turned in, every word of its own turned out again,
    in any order. Where both have the same nothing is left. Eight bytes for a document, however many there are.
    """
    if connection.dialect.name != "sqlite":
        return
    marks: defaultdict[int, array[int]] = defaultdict(lambda: array("q", bytes(8 * PAGE)))
    holding = func.json_group_array(INDEXED.c.doc)
    for word, documents in stream_rows(connection, select(INDEXED.c.term, holding).group_by(INDEXED.c.term)):
        mark = hash(word)
        for document_id in json.loads(documents):
            marks[document_id // PAGE][document_id % PAGE] ^= mark
    for document_id, words in stream_rows(connection, select(SearchDocument.id, SearchDocument.words)):
        marks[document_id // PAGE][document_id % PAGE] ^= reduce(xor, map(hash, set(words.split())), 0)
    for page in sorted(marks):
        for place, left in enumerate(marks[page]):
            if left:
                yield _not_held(connection, page * PAGE + place)


def _not_held(connection: Connection, document_id: int) -> Difference:
    query = (
        select(SearchDocument.organisation, Ticket.number)
        .join(Ticket, Ticket.id == SearchDocument.ticket_id, isouter=True)
        .where(SearchDocument.id == document_id)
    )
    row = connection.execute(query).first()
    if row is None:
        return Difference(f"search document {document_id}", "search", "it is in the index and is not there itself")
    whose = row.number or f"search document {document_id}"
    return Difference(whose, "search", f"the index does not hold what {row.organisation} finds it by")
