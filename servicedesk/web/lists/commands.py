"""Everything there is to go to: the pages of one's menu and those behind them, and tickets by what one remembers."""

from dataclasses import dataclass

from flask import url_for

from servicedesk.core.administering import is_administrator
from servicedesk.core.errors import Invalid
from servicedesk.core.facts import Actor
from servicedesk.core.follow_up import follower
from servicedesk.core.majors import follows
from servicedesk.store.queries.search import Hit, named_tickets, search_tickets
from servicedesk.store.search.asked import read_asked
from servicedesk.web import identity
from servicedesk.web.administration.words import KINDS
from servicedesk.web.lists.rows import Row, rows_of
from servicedesk.web.menu import menu_of
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import SCOPES

MOST = 7


@dataclass(frozen=True, slots=True)
class Place:
    """One page: `within` is the page that it belongs to, '' of one that stands by itself."""

    label: str
    address: str
    within: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class FoundTicket:
    """`because`: the words of it that were looked for, where they are not in its subject."""

    row: Row
    because: str


def places(viewer: Actor) -> list[Place]:
    """In the order of the menu, each page's own parts after it."""
    found = []
    for item in menu_of(viewer):
        label, endpoint = str(item.label), item.endpoints[0]
        found.append(Place(label, url_for(endpoint), key=item.key))
        if endpoint == "web.queue":
            found += [Place(str(SCOPES[one]), url_for("web.queue", scope=one), label) for one in SCOPES]
    found.append(Place(_("Search"), url_for("web.search"), key="/"))
    if follows(viewer) and not any(item.endpoints[0] == "web.majors" for item in menu_of(viewer)):
        found.append(Place(_("Major incidents"), url_for("web.majors")))
    if follower(viewer) is not None:
        found.append(Place(_("What if"), url_for("web.what_if"), _("Follow-up")))
    if is_administrator(viewer):
        within = _("Administration")
        found += [Place(str(KINDS[kind]), url_for("web.administration_kind", kind=kind), within) for kind in KINDS]
    found.append(Place(_("I am away"), url_for("web.own_absence")))
    found.append(Place(_("Disruptions, as the public sees them"), url_for("web.public_disruptions")))
    return found


def remembered(typed: str, reading: Reading) -> list[FoundTicket]:
    """The first tickets that hold all of this, those of this number first; none for what cannot be sought."""
    try:
        asked = read_asked(typed)
    except Invalid:
        return []
    if not asked.wanted:
        return []
    viewer = identity.viewer()
    named = named_tickets(reading.connection, viewer, asked)
    hits = search_tickets(reading.connection, viewer, asked, named=named, limit=MOST).hits
    rows = rows_of((hit.line for hit in hits), reading)
    return [FoundTicket(row, _because(hit)) for hit, row in zip(hits, rows, strict=True)]


def _because(hit: Hit) -> str:
    if hit.excerpt is None or hit.excerpt.field == "subject":
        return ""
    return "".join(piece.text for piece in hit.excerpt.pieces)
