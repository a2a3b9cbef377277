"""Idempotency-Key: a request that is sent again takes effect once, and is answered as it was the first time.

The key's row is written in the transaction of the effect (actions.once), and is asked for before anything else is: so a
repetition meets no ETag that its own first sending has made stale. Only what succeeded is remembered, for a day. Of the
answer nothing is kept but which ticket it was about and its last event then: it is told again from the journal, so that
no text of anybody's lies about in a second place, and what has been erased meanwhile stays erased.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import request

from servicedesk.actions.once import Once, once_for
from servicedesk.api.clients import client, desk
from servicedesk.core.errors import DeskError

HEADER = "Idempotency-Key"
REPLAYED = {"Idempotency-Replayed": "true"}
LASTS = timedelta(days=1)
KEY = re.compile(r"[\x21-\x7e]{1,255}")


def key_of_request(*, required: bool = True) -> str | None:
    """The key that the request carries, before anything else of it is read. DeskError `idempotency_key_missing`,
    `idempotency_key_malformed`."""
    key = request.headers.get(HEADER)
    if key is None and required:
        raise DeskError(
            "Send a key of your own in the header Idempotency-Key, so that the request can be sent again safely.",
            code="idempotency_key_missing",
        )
    if key is not None and not KEY.fullmatch(key):
        raise DeskError("Idempotency-Key must be 1 to 255 visible ASCII characters.", code="idempotency_key_malformed")
    return key


def once_of_request(content: Mapping[str, Any], *, required: bool = True) -> Once | None:
    """The request now served, as one that may come again; None when it carries no key and needs none. `content`: what
    was sent, as far as it makes it this request. DeskError `idempotency_key_missing`, `idempotency_key_malformed`."""
    key = key_of_request(required=required)
    if key is None:
        return None
    asked = {"method": request.method, "path": request.path, "query": request.query_string.decode("latin-1")}
    return once_for(desk(), client(), key, {**asked, "content": dict(content)}, lasts=LASTS, waits=False)
