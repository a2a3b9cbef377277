"""Who calls: the client behind the bearer token. No cookie counts here, so no other site can act through a browser."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import current_app, g, request

from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import client_of_token
from servicedesk.api.language import language
from servicedesk.core.errors import DeskError, Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.vocabulary import Tier


def desk() -> Desk:
    """The desk of the application now serving."""
    found: Desk = current_app.extensions["desk"]
    return found


def client() -> Actor:
    """The client of this request; `authenticate` has put it there."""
    found: Actor = g.client
    return found


def authenticate() -> None:
    """Before every request under /api/v1."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise DeskError("Send your token in the header Authorization: Bearer sd_…", code="token_missing")
    g.client = replace(client_of_token(desk(), token.strip()), language=language())


def requires(scope: str, *, of: Tier | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Only for clients whose token has this scope, and that sit at the tier `of` where one is named. Goes outermost, so
    that it is asked before anything else."""

    def decorator(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if scope not in client().scopes:
                raise Refusal("Your token lacks the scope %(scope)s.", code="scope_missing", scope=scope)
            if of is not None and all(seat.tier is not of for seat in client().seats):
                raise Refusal("Only a supplier's system can ask for this. Read the ticket itself.", code="not_for_you")
            return view(*args, **kwargs)

        documented: Any = guarded
        manual = documented._apidoc.setdefault("manual_doc", {})
        manual["security"] = [{"bearer": [scope]}]
        return guarded

    return decorator
