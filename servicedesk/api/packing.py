"""gzip for answers in JSON that are worth it, where the client takes it.

Never for an answer that holds a secret (`never_packed`): together with what a client has sent, its length would tell of
it (BREACH). Files go as they are.
"""

import gzip

from flask import Response, g, request

LEAST = 1024
LEVEL = 5
PACKED = frozenset({"application/json", "application/problem+json"})


def never_packed() -> None:
    """The answer to this request holds a secret."""
    g.holds_secret = True


def pack(response: Response) -> Response:
    if response.mimetype not in PACKED or response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    body = b"" if "holds_secret" in g else response.get_data()
    if len(body) >= LEAST and request.accept_encodings["gzip"] > 0 and "Content-Encoding" not in response.headers:
        response.set_data(gzip.compress(body, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
