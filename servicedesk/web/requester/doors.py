"""How a requester comes to their ticket: by its link, which is all that they need to have; or, an employee who has
asked, signed in. Behind both doors are the same pages.

The link's pages keep no session and set no cookie. Their address is the secret, so no other site can make a form for
them; it is told to nobody else (no referrer), kept nowhere (no store), and a link that opens nothing, whatever the
reason, is answered by one and the same page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Response, current_app, g, make_response, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.links import enter_by_link, enter_signed_in
from servicedesk.core.errors import NotFound, Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.vocabulary import Language
from servicedesk.extensions import desk
from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.rendering import render_plain
from servicedesk.web.speech import said

# Endpoints that a link opens begin like this: the guard lets them in, and asks for no form's token.
BY_LINK = "web.link_"
ADDRESS = "/arende/<link>"
SIGNED_IN = "web.own_"
OWN_ADDRESS = "/mina-arenden/<number>"
QUIET = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


@dataclass(frozen=True, slots=True)
class Door:
    """`actor` is the requester; `prefix` and `values` make the addresses of their pages. `is_signed_in`: they have a
    session, and so their forms a token."""

    actor: Actor
    prefix: str
    values: dict[str, Any]
    is_signed_in: bool = False

    @property
    def number(self) -> str:
        return self.actor.key

    def to(self, name: str, **more: Any) -> str:
        return url_for(f"{self.prefix}{name}", **{**self.values, **more})


Page = Callable[..., ResponseReturnValue]


def opens(name: str, path: str = "", method: str = "GET") -> Callable[[Page], Page]:
    """A page of the requester's, which is given the door. `path` follows the ticket's address."""

    def register(page: Page) -> Page:
        bp.add_url_rule(f"{ADDRESS}{path}", f"link_{name}", _by_link(page), methods=[method])
        if name != "language":  # who signs in has chosen theirs for all pages
            bp.add_url_rule(f"{OWN_ADDRESS}{path}", f"own_{name}", _signed_in(page), methods=[method])
        return page

    return register


def is_by_link(endpoint: str | None) -> bool:
    return (endpoint or "").startswith(BY_LINK)


def _by_link(page: Page) -> Page:
    @wraps(page)
    def opened(link: str, **values: Any) -> ResponseReturnValue:
        g.page_language = _of_browser()
        try:
            actor, theirs = enter_by_link(
                desk(), link, origin=request.remote_addr or "", days=current_app.config["LINK_DAYS"]
            )
        except (NotFound, Refusal) as error:
            return _shut(error)
        g.page_language = theirs or g.page_language
        return _quiet(make_response(page(Door(actor, BY_LINK, {"link": link}), **values)))

    return opened


def _signed_in(page: Page) -> Page:
    @wraps(page)
    def opened(number: str, **values: Any) -> ResponseReturnValue:
        actor = enter_signed_in(desk(), number, actor=identity.viewer())
        door = Door(actor, SIGNED_IN, {"number": number}, is_signed_in=True)
        return _quiet(make_response(page(door, **values)))

    return opened


def _of_browser() -> Language:
    return Language(request.accept_languages.best_match(list(Language)) or Language.SWEDISH)


def _shut(error: NotFound | Refusal) -> Response:
    is_locked = isinstance(error, Refusal)
    page = render_plain("web/requester_shut.html", trouble=said(error) if is_locked else "")
    return _quiet(make_response(page, 429 if is_locked else 404))


def _quiet(response: Response) -> Response:
    response.headers.update(QUIET)
    return response
