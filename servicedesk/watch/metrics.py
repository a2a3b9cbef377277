"""/metrics for Prometheus: to this machine, and to whoever shows the token. To everybody else it is not there."""

from hmac import compare_digest
from ipaddress import ip_address

from flask import Flask, Response, abort, current_app, request

# What a proxy leaves behind: then a call from this machine may be a stranger's.
PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


def init_app(app: Flask) -> None:
    app.add_url_rule("/metrics", "metrics", metrics)


def metrics() -> Response:
    if not (_is_from_here() or _shows_the_token()):
        abort(404)
    # Imported when first asked for: starting is to be quick.
    from servicedesk.watch.counted import CONTENT_TYPE, counted

    return Response(counted(current_app.extensions["desk"]), content_type=CONTENT_TYPE)


def _is_from_here() -> bool:
    if any(name in request.headers for name in PASSED_ON):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _shows_the_token() -> bool:
    expected: str = current_app.config["METRICS_TOKEN"]
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    fits = compare_digest(given.strip().encode(), expected.encode())
    return bool(expected) and scheme.lower() == "bearer" and fits
