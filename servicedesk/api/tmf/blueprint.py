"""What all of this face have in common: who calls, how much is read, and what every answer carries."""

import re

from flask import Blueprint, Response, request

from servicedesk.api.clients import authenticate
from servicedesk.api.packing import pack
from servicedesk.api.tmf.reading import LARGEST_BODY
from servicedesk.api.v1.blueprint import NUMBER
from servicedesk.core.errors import NotFound
from servicedesk.core.tmf621 import PREFIX

bp = Blueprint("tmf", __name__, url_prefix=PREFIX)


@bp.before_request
def check_in() -> None:
    request.max_content_length = LARGEST_BODY
    if request.method != "OPTIONS":  # what an address takes is no secret
        authenticate()
    number = (request.view_args or {}).get("number")
    # Whatever is no number at all would only reach the database to be refused there.
    if number is not None and not re.fullmatch(NUMBER, number):
        raise NotFound("There is no such ticket.")


@bp.after_request
def keep_apart(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.vary.update(("Authorization", "Accept-Language"))
    return pack(response)
