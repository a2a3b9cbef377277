"""A figure as it stands on a page: its words, and the address of the tickets behind it."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from servicedesk.web import numbers


@dataclass(frozen=True, slots=True)
class Figured:
    """`n` is what the list behind it must come to. Of nothing there is no list: `href` is ''.

    A template writes it as it is: a page has hundreds of them, and a macro for each would be most of its time.
    """

    text: str
    href: str
    n: int

    def __html__(self) -> Markup:
        text = escape(self.text)
        if not self.href:
            return Markup(f'<span class="figure-none">{text}</span>')
        return Markup(f'<a class="figure" href="{escape(self.href)}" data-n="{self.n}">{text}</a>')

    def saying(self, words: str) -> "Figured":
        """The same with words after it, all of it one link."""
        return Figured(f"{self.text} {words}", self.href, self.n)


NOTHING = Figured("–", "", 0)


def figured(n: int, href: str, text: str = "") -> Figured:
    return Figured(text or numbers.whole(n), href if n else "", n)
