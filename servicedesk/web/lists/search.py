"""The search page: what was found, or what one can do when nothing was."""

from dataclasses import dataclass

from flask_babel import format_decimal

from servicedesk.core.errors import Invalid
from servicedesk.store.queries.lists import COUNT_CAP
from servicedesk.store.queries.search import Hit, Show, count_found, named_tickets, search_tickets
from servicedesk.store.search.asked import Asked, read_asked
from servicedesk.store.search.excerpts import Piece, marked
from servicedesk.web import identity, names
from servicedesk.web.lists.rows import Row, rows_of
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l, ngettext, sentence

PAGE = 25

SHOWN: dict[Show, Words] = {Show.ALL: _l("All"), Show.OPEN: _l("Open"), Show.CLOSED: _l("Closed")}

# Where in a ticket the words were found.
PLACES: dict[str, Words] = {
    "subject": _l("Subject"),
    "description": _l("Description"),
    "requester": _l("Requester"),
    "platform_case": _l("The platform's case number"),
    "supplier_description": _l("Description for the supplier"),
    "body": _l("Written in the ticket"),
    "reason": _l("Reason"),
    "tried": _l("What has been tried"),
    "question": _l("Question"),
    "answer": _l("Answer"),
    "solution": _l("Solution"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    show: Show
    label: str
    count: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One ticket. `place` says where the `excerpt` is from; both are empty when there is nothing to show."""

    row: Row
    title: tuple[Piece, ...]
    place: str
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`said`: how many were found, to be read out. `trouble`: why nothing could be sought. `hint`: what was left out of
    what was asked. `straight_to`: the one ticket whose whole number this is. `has_municipality` is False where all who
    look have the same."""

    typed: str
    show: Show
    said: str = ""
    trouble: str = ""
    hint: str = ""
    tabs: tuple[Tab, ...] = ()
    found: tuple[Found, ...] = ()
    after: str = ""
    straight_to: str = ""
    has_municipality: bool = False


def search_page(typed: str, show: Show, after: str, reading: Reading) -> SearchPage:
    try:
        asked = read_asked(typed)
    except Invalid as error:
        return SearchPage(typed, show, trouble=" ".join(sentence(fault) for fault in error.fields["q"]))
    if not asked.wanted:
        return SearchPage(asked.text, show, trouble=_why_nothing(asked, typed))
    connection, viewer = reading.connection, identity.viewer()
    named = named_tickets(connection, viewer, asked)
    counts = count_found(connection, viewer, asked)
    hits = search_tickets(connection, viewer, asked, show, named=named, after=after, limit=PAGE)
    rows = rows_of((hit.line for hit in hits.hits), reading)
    return SearchPage(
        typed=asked.text,
        show=show,
        said=_said(counts[show]),
        hint=_left_out(asked),
        tabs=tuple(Tab(one, str(SHOWN[one]), _counted(counts[one]), one is show) for one in Show),
        found=tuple(_found(hit, row, asked) for hit, row in zip(hits.hits, rows, strict=True)),
        after=hits.after,
        has_municipality=any(hit.line.municipality not in viewer.organisations for hit in hits.hits)
        or len(viewer.organisations) > 1,
        straight_to=next((one.number for one in named if one.number == asked.text.upper()), ""),
    )


def _found(hit: Hit, row: Row, asked: Asked) -> Found:
    return Found(
        row=row,
        title=marked(row.title, asked),
        place=str(PLACES.get(hit.excerpt.field, "")) if hit.excerpt else "",
        excerpt=hit.excerpt.pieces if hit.excerpt else (),
    )


def _why_nothing(asked: Asked, typed: str) -> str:
    if asked.ignored:
        return _(
            "Almost every ticket holds %(words)s, so nothing is found by that alone. Add a word about the matter.",
            words=_quoted(asked),
        )
    return _("Type a word, a name or a number to search for.") if typed.strip() else ""


def _left_out(asked: Asked) -> str:
    if not asked.ignored:
        return ""
    return _("Searched without %(words)s, which almost every ticket holds.", words=_quoted(asked))


def _quoted(asked: Asked) -> str:
    return names.listed([_("“%(word)s”", word=word) for word in asked.ignored])


def _said(count: int) -> str:
    if count == 0:
        return _("Nothing found")
    return ngettext("One ticket found", "%(count)s tickets found", count, count=_counted(count))


def _counted(count: int) -> str:
    """Exact up to the cap, then "1,000+"."""
    return f"{format_decimal(COUNT_CAP)}+" if count > COUNT_CAP else format_decimal(count)
