"""What all of v1 have in common: who calls, how a body is read, and what every answer carries."""

import re
from functools import partial

from flask import Response, request
from flask_smorest import Blueprint

from servicedesk.api.body import LARGEST_BODY, StrictParser
from servicedesk.api.clients import authenticate
from servicedesk.api.packing import pack
from servicedesk.core.errors import NotFound

NUMBER = r"[A-Za-z0-9_.-]{1,20}"
# No database has one beyond it, and none would take it.
LARGEST_ID = 2**63 - 1
TICKET = "/tickets/<string:number>"
NUMBER_PARAMETER = {
    "name": "number",
    "in": "path",
    "required": True,
    "description": "The ticket's number",
    "schema": {"type": "string", "pattern": f"^{NUMBER}$"},
    "example": "2026-00017",
}


class Systems(Blueprint):
    """A part of /api/v1: `Systems("tickets", __name__, "What it is about.")`. `largest`: of what comes in, in bytes."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, import_name: str, description: str, *, largest: int = LARGEST_BODY) -> None:
        super().__init__(name, import_name, url_prefix="/api/v1", description=description)
        self.before_request(partial(check_in, largest))
        self.after_request(keep_nowhere)
        self.after_request(pack)


def check_in(largest: int) -> None:
    """Before every request; what an address takes (OPTIONS) is no secret."""
    request.max_content_length = largest
    if request.method != "OPTIONS":
        authenticate()
    asked = request.view_args or {}
    if any(isinstance(each, int) and each > LARGEST_ID for each in asked.values()):
        raise NotFound("There is no such thing.")
    number = asked.get("number")
    # Whatever is no number at all would only reach the database to be refused there.
    if number is not None and not re.fullmatch(NUMBER, number):
        raise NotFound("There is no such ticket.")


def keep_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.vary.update(("Authorization", "Accept-Language"))
    return response
