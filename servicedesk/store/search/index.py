"""The index in each database's own words: what is asked of it, and what it must be told."""

from collections.abc import Callable, Iterable

from sqlalchemy import Connection, Select, bindparam, cast, column, func, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

from servicedesk.store.search.asked import Asked, Term, Ways
from servicedesk.store.search.document import SearchDocument, mark_of

FTS = table("search_index", column("rowid"), column("search_index"))


def documents_with(connection: Connection, asked: Asked, organisations: Iterable[str]) -> Select[str, int]:
    """(organisation, ticket_id) of the documents of these organisations that hold all that is asked for."""
    marks: Ways = tuple((Term(mark_of(each), is_beginning=False),) for each in sorted(organisations))
    every = (marks, *asked.wanted)
    query = select(SearchDocument.organisation, SearchDocument.ticket_id)
    if connection.dialect.name == "postgresql":
        words = func.array_to_tsvector(func.string_to_array(SearchDocument.words, literal_column("' '")))
        return query.where(words.op("@@")(cast(bindparam("asked", tsquery(every)), TSQUERY)))
    found = FTS.c.search_index.op("MATCH")(bindparam("asked", fts5_query(every)))
    return query.join(FTS, FTS.c.rowid == SearchDocument.id).where(found)


def newest_with(connection: Connection, asked: Asked, organisations: Iterable[str], most: int) -> Select[int]:
    """The tickets of the `most` newest such documents. However many there are, no more are looked at: on SQLite the
    index gives them in that order; PostgreSQL is kept from walking all documents from the end."""
    found = documents_with(connection, asked, organisations).with_only_columns(
        SearchDocument.ticket_id, SearchDocument.id
    )
    if connection.dialect.name != "postgresql":
        return found.with_only_columns(SearchDocument.ticket_id).order_by(FTS.c.rowid.desc()).limit(most)
    every = found.cte("every").prefix_with("MATERIALIZED")
    return select(every.c.ticket_id).order_by(every.c.id.desc()).limit(most)


def fts5_query(every: Iterable[Ways]) -> str:
    """Every word in quotes, where nothing has a meaning to FTS5."""
    return _expression(every, "AND", "OR", lambda word: _quoted(word, '"'), " *")


def tsquery(every: Iterable[Ways]) -> str:
    """Every word in quotes, where nothing but a backslash has a meaning to PostgreSQL."""
    return _expression(every, "&", "|", lambda word: _quoted(word.replace("\\", "\\\\"), "'"), ":*")


def _expression(
    every: Iterable[Ways], both: str, either: str, quoted: Callable[[str], str], and_beginnings: str
) -> str:
    def written(term: Term) -> str:
        end = and_beginnings if term.is_beginning else ""
        words = [quoted(word) + end for word in term.words]
        return words[0] if len(words) == 1 else f"({f' {either} '.join(words)})"

    all_of = [[f" {both} ".join(written(term) for term in way) for way in ways] for ways in every]
    return f" {both} ".join("(" + f" {either} ".join(f"({way})" for way in ways) + ")" for ways in all_of)


def _quoted(word: str, mark: str) -> str:
    return mark + word.replace(mark, mark * 2) + mark


def forget_words(connection: Connection) -> None:
    """SQLite: FTS5 only strikes out what is taken away; this writes the index anew without it. On PostgreSQL the old
    row goes with the next vacuum, which is the operator's."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO search_index (search_index) VALUES ('optimize')"))
