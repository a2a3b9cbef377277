"""Where in the chain a ticket is, as a picture of a line's height: four places, the present one filled."""

from functools import cache

from markupsafe import Markup

from servicedesk.core.vocabulary import Tier


@cache
def place(tier: str, words: str = "") -> Markup:
    """`words` name it where no words beside it do. '' is nowhere, and draws nothing."""
    if not tier:
        return Markup()
    said = Markup('role="img" aria-label="{}"').format(words) if words else Markup('aria-hidden="true"')
    dots = Markup().join(_dot(5 + 12 * number, one == tier) for number, one in enumerate(Tier))
    line = Markup('<path class="place-line" d="M5 5h36"/>')
    return Markup('<svg class="place" viewBox="0 0 46 10" {}>{}{}</svg>').format(said, line, dots)


def _dot(x: int, is_here: bool) -> Markup:
    look = Markup('class="place-here" r="4"') if is_here else Markup('r="3"')
    return Markup('<circle {} cx="{}" cy="5"/>').format(look, x)
