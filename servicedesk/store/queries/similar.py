"""Tickets that may be about the same, found as a new one is written: open, of that municipality, with like words."""

from dataclasses import replace
from itertools import combinations

from sqlalchemy import Connection

from servicedesk.core.errors import Invalid
from servicedesk.core.facts import Actor
from servicedesk.store.queries.lines import Line
from servicedesk.store.queries.search import Show, search_tickets
from servicedesk.store.search.asked import Asked, Ways, read_asked

MOST_WORDS = 6
SHOWN = 5


def similar_tickets(connection: Connection, viewer: Actor, municipality: str, subject: str) -> list[Line]:
    """The last changed of those that share two words with the subject; the one word, where it has no more. None for a
    subject of only common words, or of more than anybody searches for."""
    try:
        asked = read_asked(subject)
    except Invalid:
        return []
    seats = tuple(seat for seat in viewer.seats if seat.organisation == municipality)
    if not asked.wanted or not seats:
        return []
    likely = Asked(asked.text, (_any_two(asked.wanted[:MOST_WORDS]),), ())
    return [
        hit.line
        for hit in search_tickets(connection, replace(viewer, seats=seats), likely, Show.OPEN, limit=SHOWN).hits
    ]


def _any_two(words: tuple[Ways, ...]) -> Ways:
    if len(words) == 1:
        return words[0]
    return tuple(a + b for one, other in combinations(words, 2) for a in one for b in other)
