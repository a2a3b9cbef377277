"""A list that renews itself where it stands: only its own part of the page, and only when it has changed."""

from hashlib import sha256
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.web import identity, language
from servicedesk.web.reading import Reading
from servicedesk.web.rendering import render, render_block, wants_fragment

# The id of the part, and the name of its block in the page's template.
PART = "live"


def live_page(template: str, reading: Reading, page: Any, **beside: Any) -> ResponseReturnValue:
    """The page, or its live part alone, or 204 when the reader already has exactly that part before them.

    `page` must be a value: what it says of itself is what the part shows. `beside`: what only the whole page shows.
    """
    seen = sha256(f"{language.current()} {page!r}".encode()).hexdigest()[:16]
    told = {"page": page, "seen": seen, "here": request.full_path.rstrip("?")}
    if not wants_fragment(PART):
        return render(template, reading, **told, **beside)
    if request.headers.get(identity.RENEWAL) == seen:
        return "", 204
    return render_block(template, PART, reading, **told)
