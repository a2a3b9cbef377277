"""Everything that lists are filtered by, as one word: of so few words there are that each can be looked up by itself.

A list of closed tickets is hundreds of thousands of rows long, and a filter may let through a handful of them, anywhere
in it. Whoever knows the words that are there (`queries/closed.py`) finds those without reading past the others.
"""

from dataclasses import dataclass

# No key of an installation holds one.
BETWEEN = "|"
KNOWN, NOBODY, UNKNOWN = "+", "-", "?"


@dataclass(frozen=True, slots=True)
class Facet:
    """`assignee`: whether there is somebody, nobody, or whether that may not be known."""

    municipality: str
    service: str
    priority: int
    tier: str
    assignee: str

    @property
    def word(self) -> str:
        return BETWEEN.join((self.municipality, self.service, str(self.priority), self.tier, self.assignee))


def facet_of(municipality: str, service: str, priority: int, tier: str, assignee: str | None) -> Facet:
    known = UNKNOWN if assignee is None else KNOWN if assignee else NOBODY
    return Facet(municipality, service, priority, tier, known)


def read_facet(word: str) -> Facet:
    municipality, service, priority, tier, assignee = word.split(BETWEEN)
    return Facet(municipality, service, int(priority), tier, assignee)
