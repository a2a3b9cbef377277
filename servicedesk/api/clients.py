"""Who calls: the client behind the bearer token. No cookie counts here, so no other site can act through a browser."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, g, request

from servicedesk.actions.callers import recognise
from servicedesk.actions.desk import Desk
from servicedesk.actions.rates import WINDOW, Rates, Standing
from servicedesk.api.language import language
from servicedesk.core.errors import DeskError, Refusal
from servicedesk.core.facts import Actor


def desk() -> Desk:
    """The desk of the application now serving."""
    found: Desk = current_app.extensions["desk"]
    return found


def client() -> Actor:
    """The client of this request; `authenticate` has put it there."""
    found: Actor = g.client
    return found


def init_app(app: Flask) -> None:
    app.extensions["rates"] = Rates(app.extensions["desk"])
    app.after_request(tell_rate)


def authenticate() -> None:
    """Before every request of a client: who it is, whether it may call from there, and whether it calls too often."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise DeskError("Send your token in the header Authorization: Bearer sd_…", code="token_missing")
    caller = recognise(desk(), token.strip(), request.remote_addr or "")
    g.client = replace(caller.actor, language=language())
    take(f"client:{caller.client_id}", caller.rate or current_app.config["CLIENT_RATE"], caller.now)


def take(what: str, quota: int, now: datetime) -> None:
    """One request of so many a minute. Refusal `rate_limited` when there have been as many."""
    rates: Rates = current_app.extensions["rates"]
    g.standing = standing = rates.take(what, quota, now)
    if not standing.passes:
        raise Refusal(
            "You have made %(quota)s requests this minute, which is all that you may. Wait %(seconds)s s.",
            code="rate_limited",
            quota=quota,
            seconds=standing.seconds,
        )


def tell_rate(response: Response) -> Response:
    """draft-ietf-httpapi-ratelimit-headers-10: what the client may do in all, and how it stands."""
    standing: Standing | None = g.get("standing")
    if standing is not None:
        response.headers["RateLimit-Policy"] = f'"minute";q={standing.quota};w={WINDOW}'
        response.headers["RateLimit"] = f'"minute";r={standing.left};t={standing.seconds}'
    return response


def requires(scope: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Only for clients whose token has this scope. Goes outermost, so that it is asked before anything else."""

    def decorator(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if scope not in client().scopes:
                raise Refusal("Your token lacks the scope %(scope)s.", code="scope_missing", scope=scope)
            return view(*args, **kwargs)

        documented: Any = guarded
        if hasattr(documented, "_apidoc"):
            manual = documented._apidoc.setdefault("manual_doc", {})
            manual["security"] = [{"bearer": [scope]}, {"oauth2": [scope]}]
            manual.setdefault("responses", {})[429] = HTTPStatus.TOO_MANY_REQUESTS.name
        return guarded

    return decorator
