"""What each organisation may find a ticket by: one document for each row of visibility, made of what that row shows."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, func, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.events import Event
from servicedesk.core.ticket import TicketState
from servicedesk.core.visibility import Access, Timeline, accesses, references_seen
from servicedesk.store.base import Base, Id
from servicedesk.store.search.analysis import words_of, words_of_number

# PostgreSQL takes a megabyte of words at most; no document of a desk comes near.
MOST_BYTES = 900_000


class SearchDocument(Base):
    """`texts`: the texts it was made of, as seq.field in the order in which they were written; `words`: their words,
    each once, in order, behind the mark of whose document it is. When the texts are erased, so are the words.

    The index itself is the database's: FTS5 on SQLite, kept by triggers; an index over the words on PostgreSQL.
    """

    __tablename__ = "search_document"
    __table_args__ = (
        UniqueConstraint("ticket_id", "organisation"),
        Index(
            "ix_search_document_words",
            func.array_to_tsvector(func.string_to_array(literal_column("words"), literal_column("' '"))),
            postgresql_using="gin",
        ).ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    organisation: Mapped[str] = mapped_column(String(80))
    texts: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)


Source = tuple[int, str]
Texts = Mapping[Source, str | None]
Document = dict[str, Any]


def documents_of(
    ticket_id: int,
    ticket: TicketState,
    events: Collection[Event],
    texts: Texts,
    reads: Callable[[str], Iterable[str]] = words_of,
) -> dict[str, Document]:
    """Organisation -> its document. `events` in order of seq; a text that has been erased is None. `reads` is for those
    who may remember what they have read before."""
    read: dict[Source, Iterable[str]] = {}
    number = words_of_number(ticket.number)
    timeline, spoken = Timeline(events), [event for event in events if event.texts]
    found = {}
    for organisation, access in accesses(ticket).items():
        shown = []
        for event in spoken:
            for field in sorted(timeline.texts_seen(event, access, organisation)):
                source = (event.seq, field)
                if text := texts.get(source):
                    shown.append(source)
                    if source not in read:
                        read[source] = reads(text)
        words = _words_of_ticket(ticket, access, organisation, number).union(*map(read.__getitem__, shown))
        found[organisation] = {
            "ticket_id": ticket_id,
            "organisation": organisation,
            "texts": " ".join(f"{seq}.{field}" for seq, field in shown),
            "words": f"{mark_of(organisation)} {_within_bounds(' '.join(sorted(words)))}",
        }
    return found


def _words_of_ticket(ticket: TicketState, access: Access, organisation: str, number: set[str]) -> set[str]:
    """A supplier is not shown the platform's case number, nor what others call the ticket."""
    known = number.union(*map(words_of, references_seen(ticket, access, organisation).values()))
    return known if access is Access.SUPPLIER else known | words_of(ticket.platform_case)


def _within_bounds(words: str) -> str:
    encoded = words.encode()
    return words if len(encoded) <= MOST_BYTES else encoded[:MOST_BYTES].rsplit(b" ", 1)[0].decode()


def mark_of(organisation: str) -> str:
    """A word that nobody can ask for, in every document of an organisation: the index looks among its own alone."""
    return f"o:{organisation}"


def sources_in(texts: str) -> list[Source]:
    """What `texts` names."""
    parts = (source.split(".", 1) for source in texts.split())
    return [(int(seq), field) for seq, field in parts]
