"""Answers for everybody, alike for all: they may be kept for a minute and asked for again by their mark."""

from datetime import datetime

from flask import Response, make_response, request

from servicedesk.web.headers import POLICY

KEPT_FOR = 60
# The one page that others may show in a frame of their own; it has no form and nobody is signed in on it.
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")


def cached(body: str | bytes, media_type: str, updated_at: datetime | None, *, speaks: bool = False) -> Response:
    """304 to whoever has it. `speaks`: it is in the browser's language."""
    response = make_response(body)
    response.headers["Content-Type"] = media_type
    response.cache_control.public = True
    response.cache_control.max_age = KEPT_FOR
    if speaks:
        response.vary.add("Accept-Language")
    response.add_etag()
    if updated_at:
        response.last_modified = updated_at
    response.make_conditional(request)
    return response
