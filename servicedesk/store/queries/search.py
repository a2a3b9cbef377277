"""Search: the viewer's tickets whose document, as the viewer's organisation reads it, holds all that is asked for.

Whoever searches looks for a matter that somebody speaks of now. So what was asked for by its number comes first, then
what is open, then what changed last; not what holds a word most often.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    and_,
    case,
    cast,
    func,
    or_,
    select,
    tuple_,
    union,
)

from servicedesk.core.facts import Actor
from servicedesk.core.visibility import Access
from servicedesk.store.journal import PersonalText
from servicedesk.store.queries.lines import Line, line_of, select_lines, title_of
from servicedesk.store.queries.lists import COUNT_CAP
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.search.asked import Asked
from servicedesk.store.search.document import SearchDocument, Source, sources_in
from servicedesk.store.search.excerpts import Excerpt, best_excerpt
from servicedesk.store.search.index import documents_with
from servicedesk.store.tickets import Ticket, TicketNumber, Visibility

SERIAL = re.compile(r"\d{1,5}")
MOST_NAMED = 20
# Shown together: whoever finds somebody by their telephone number wants their name.
REQUESTER = ("requester_name", "requester_contact")


class Show(StrEnum):
    """Which of what is found."""

    ALL = "all"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Named:
    """A ticket that was asked for by its number, or by the platform's case number."""

    id: int
    number: str


@dataclass(frozen=True, slots=True)
class Hit:
    line: Line
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class Hits:
    """`after` is the cursor of the next page, '' on the last."""

    hits: list[Hit]
    after: str


def named_tickets(connection: Connection, viewer: Actor, asked: Asked) -> list[Named]:
    """Those that what was typed is a number of, whole or its last digits. Each way by its own index: of all of them in
    one condition PostgreSQL would rather read through every ticket."""
    text = asked.text
    if not text.isprintable() or " " in text or not any(c.isdecimal() for c in text):
        return []
    spelt = {text, text.upper()}
    numbers = set(spelt)
    if text.isascii() and SERIAL.fullmatch(text):
        numbers |= {f"{year}-{text.zfill(5)}" for year in connection.execute(select(TicketNumber.year)).scalars()}
    is_number = Ticket.number.in_(numbers)
    meant = union(select(Ticket.id).where(is_number), select(Ticket.id).where(Ticket.platform_case.in_(spelt)))
    # A supplier is not shown the platform's case number.
    theirs = or_(Visibility.access != Access.SUPPLIER, is_number)
    query = visible_tickets(viewer, Ticket.id, Ticket.number).where(Visibility.ticket_id.in_(meant), theirs)
    rows = connection.execute(query.order_by(Ticket.id.desc()).limit(MOST_NAMED))
    return [Named(row.id, row.number) for row in rows]


def search_tickets(
    connection: Connection,
    viewer: Actor,
    asked: Asked,
    show: Show = Show.ALL,
    *,
    named: Collection[Named] = (),
    after: str = "",
    limit: int = 25,
) -> Hits:
    """A page of what is found, those `named` first. An `after` that is not one of ours begins at the first page."""
    place = _place(named)
    found = _found(connection, viewer, asked, show)
    cursor = _cursor(after)
    if cursor:
        found = found.where(tuple_(*place) < tuple_(*cursor))
    page = found.add_columns(*place).order_by(*(key.desc() for key in place)).limit(limit + 1).subquery()
    order = [page.c[key.name] for key in place]
    lines = select_lines(viewer).join(page, page.c.id == Visibility.ticket_id).join(SearchDocument, _of_this_row())
    lines = lines.add_columns(Ticket.platform_case, SearchDocument.texts, *order)
    rows = connection.execute(lines.order_by(*(key.desc() for key in order))).all()
    shown = rows[:limit]
    excerpts = _excerpts(connection, shown, asked)
    hits = [Hit(line_of(row), excerpts.get(row.id)) for row in shown]
    return Hits(hits, _cursor_at(shown[-1]) if len(rows) > limit else "")


def count_found(connection: Connection, viewer: Actor, asked: Asked) -> dict[Show, int]:
    """How many are found, open and closed, each at most COUNT_CAP + 1; of all, as many as is known of the two."""
    counts = [
        select(func.count()).select_from(_found(connection, viewer, asked, show).limit(COUNT_CAP + 1).subquery())
        for show in (Show.OPEN, Show.CLOSED)
    ]
    is_open, is_closed = connection.execute(select(*(count.scalar_subquery() for count in counts))).one()
    return {Show.ALL: is_open + is_closed, Show.OPEN: is_open, Show.CLOSED: is_closed}


def _found(connection: Connection, viewer: Actor, asked: Asked, show: Show) -> Select[Any]:
    """The ids of what is visible to the viewer and holds it all in the document of that very row of visibility."""
    seen_through = tuple_(Visibility.organisation, Visibility.ticket_id)
    holding = documents_with(connection, asked, viewer.organisations)
    query = visible_tickets(viewer, Visibility.ticket_id.label("id")).where(seen_through.in_(holding))
    return query if show is Show.ALL else query.where(Visibility.is_open.is_(show is Show.OPEN))


def _of_this_row() -> ColumnElement[bool]:
    return and_(
        SearchDocument.ticket_id == Visibility.ticket_id, SearchDocument.organisation == Visibility.organisation
    )


def _place(named: Collection[Named]) -> tuple[Any, ...]:
    """What the page is ordered by, all of it falling."""
    is_named = case((Visibility.ticket_id.in_([one.id for one in named]), 1), else_=0)
    return (
        is_named.label("is_named"),
        cast(Visibility.is_open, Integer).label("is_open_now"),
        Visibility.last_at.label("changed_at"),
        Visibility.ticket_id.label("ticket_id"),
    )


def _cursor_at(row: Row[Any]) -> str:
    return f"{row.is_named}~{row.is_open_now}~{row.changed_at.isoformat()}~{row.ticket_id}"


def _cursor(after: str) -> tuple[int, int, datetime, int] | None:
    is_named, is_open, changed_at, ticket_id = [*after.split("~"), "", "", "", ""][:4]
    try:
        moment = datetime.fromisoformat(changed_at)
        # No id is longer; a database would refuse to compare with one that is.
        fits = moment.tzinfo and len(ticket_id) <= 18 and {is_named, is_open} <= {"0", "1"}
        return (int(is_named), int(is_open), moment, int(ticket_id)) if fits else None
    except ValueError:
        return None


def _excerpts(connection: Connection, rows: Sequence[Row[Any]], asked: Asked) -> dict[int, Excerpt]:
    """Ticket -> excerpt, of the texts that stand in its document and of no others. The title is shown anyway."""
    wanted = {row.id: sources_in(row.texts) for row in rows}
    query = select(PersonalText.ticket_id, PersonalText.seq, PersonalText.field, PersonalText.text)
    query = query.where(PersonalText.ticket_id.in_(wanted), PersonalText.text.is_not(None))
    texts: dict[int, dict[Source, str]] = defaultdict(dict)
    for text in connection.execute(query):
        texts[text.ticket_id][text.seq, text.field] = text.text
    found = {}
    for row in rows:
        written = [(field, texts[row.id].get((seq, field), "")) for seq, field in wanted[row.id]]
        requester = ", ".join(text for field, text in reversed(written) if field in REQUESTER and text)
        shown = [(field, _beyond(row.title, text)) for field, text in written if field not in REQUESTER]
        shown.append(("requester", requester))
        if row.access != Access.SUPPLIER:
            shown.append(("platform_case", row.platform_case))
        found[row.id] = best_excerpt(shown, asked)
    return {ticket_id: excerpt for ticket_id, excerpt in found.items() if excerpt}


def _beyond(title: str | None, text: str) -> str:
    """What a text says beyond the line that is shown as its ticket's title: a supplier's is what was written for it."""
    if text != title:
        return text
    return text.strip().removeprefix(title_of(text).removesuffix("…"))
