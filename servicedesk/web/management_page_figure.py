"""A figure as it stands on a page: its words, and the address of the tickets behind it."""

from dataclasses import dataclass

from servicedesk.web import numbers


@dataclass(frozen=True, slots=True)
class Figured:
    """`n` is what the list behind it must come to. Of nothing there is no list: `href` is ''."""

    text: str
    href: str
    n: int


NOTHING = Figured("–", "", 0)


def figured(n: int, href: str, text: str = "") -> Figured:
    return Figured(text or numbers.whole(n), href if n else "", n)
