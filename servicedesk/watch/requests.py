"""One request: an id that follows it into the answer, the error page and the log, and one line when it is done.

The line names the route's template, never the address: numbers, names and searches stand in addresses.
"""

import logging
import re
from secrets import token_hex
from time import perf_counter
from typing import Any

from flask import Flask, Response, g, request

from servicedesk.watch.logs import request_id

HEADER = "X-Request-ID"
# As proxies make them: hexadecimal, so that nobody's name, number or address can be one.
TAKEN_OVER = re.compile(r"[0-9A-Fa-f][0-9A-Fa-f-]{14,62}[0-9A-Fa-f]")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Asked for every few seconds by machines: told only when something is wrong.
POLLED = frozenset({"healthz", "readyz", "metrics"})

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    # Flask's own names the address, and what stands in it.
    app.log_exception = tell_fault  # type: ignore[method-assign]
    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(forget)


def begin() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if TAKEN_OVER.fullmatch(given) else token_hex(8)
    g.request_began = perf_counter()
    request_id.set(g.request_id)


def end(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    quiet = request.endpoint in POLLED and response.status_code < 400
    seconds = perf_counter() - g.request_began
    told: dict[str, Any] = {
        "method": method(),
        "route": route(),
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
        "actor": actor_kind(),
    }
    log.log(logging.DEBUG if quiet else logging.INFO, "request", extra={"told": told})
    count(told["method"], told["route"], response.status_code, seconds)
    return response


def count(method: str, route: str, status: int, seconds: float) -> None:
    # Imported with the first request: starting is to be quick.
    from servicedesk.watch.counted import count_request

    count_request(method, route, status, seconds)


def tell_fault(exc_info: Any) -> None:
    log.error("a fault of the program itself", exc_info=exc_info)


def forget(error: BaseException | None) -> None:
    """What this thread tells next is no part of the request."""
    request_id.set("")


def route() -> str:
    return request.url_rule.rule if request.url_rule else "(none)"


def method() -> str:
    """Anything can stand there: only what is one."""
    return request.method if request.method in METHODS else "(other)"


def actor_kind() -> str:
    """Whether a person or a client has been recognised by now; nothing is looked up for it."""
    if "client" in g:
        return "client"
    # Where Flask-Login keeps who it has loaded.
    person = g.get("_login_user")
    return "person" if person is not None and person.is_authenticated else "nobody"
