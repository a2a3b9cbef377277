"""Who else has the ticket before them: said on top of its page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import request

from servicedesk.actions import presence
from servicedesk.core.ticket import TicketState
from servicedesk.extensions import desk
from servicedesk.store.queries.presence import Present, beside
from servicedesk.web import identity, names
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _

# What a page sends along while somebody writes on it (static/news.js), and which of this it shows already.
WRITING, SHOWN = "X-Writes", "X-Present"
# Named; the others are counted.
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Others:
    """By name, in words. `mark` stands for all of it, in a header. `has_begun`: the reader has drafts there."""

    writing: str
    reading: str
    has_begun: bool

    @property
    def mark(self) -> str:
        return f"{self.writing}/{self.reading}".encode().hex() if self.writing or self.reading else ""

    @property
    def is_shown_already(self) -> bool:
        return request.headers.get(SHOWN, "") == self.mark


def others(ticket: TicketState, reading: Reading) -> Others:
    since = reading.now - presence.LASTS
    found = beside(reading.connection, reading.installation, identity.viewer(), ticket, since)
    writing = _listed(each for each in found.others if each.writes)
    return Others(writing, _listed(each for each in found.others if not each.writes), found.has_begun)


def polled(ticket: TicketState, version: int, reading: Reading) -> dict[str, Any]:
    """What a page of the ticket's needs to ask for its news, as a reader has it who has seen this version."""
    return {"number": ticket.number, "version": version, "others": others(ticket, reading)}


def tell_open(number: str) -> None:
    """The reader has opened the page of a ticket that they may see."""
    presence.open_page(desk(), number, actor=identity.viewer())


def tell_still_open(number: str) -> None:
    presence.stay(desk(), number, actor=identity.viewer(), writes=request.headers.get(WRITING))


def _listed(people: Iterable[Present]) -> str:
    all_of_them = [each.name for each in people]
    beyond = len(all_of_them) - MOST_NAMED
    if beyond > 1:
        all_of_them[MOST_NAMED:] = [_("%(count)s others", count=beyond)]
    return names.listed(all_of_them)
