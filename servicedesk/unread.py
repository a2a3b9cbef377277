"""An answer reaches its reader only when the reader has stopped sending.

A browser that is refused in the middle of a large form finds its connection closed and shows an error of its own, not
our page. So what the application left unread is read and thrown away before the answer goes out, within bounds.
"""

import time
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CHUNK = 64 * 1024
MOST_BYTES = 64 * 1024 * 1024
MOST_SECONDS = 20


class ReadToTheEnd:
    """WSGI middleware. `most` bytes and `seconds` bound what is read for nothing."""

    def __init__(self, app: WSGIApplication, most: int = MOST_BYTES, seconds: float = MOST_SECONDS) -> None:
        self.app, self.most, self.seconds = app, most, seconds

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = self.app(environ, start_response)
        # Only a server that ends the stream itself: from a bare socket one would read, and wait, past the request.
        if environ.get("wsgi.input_terminated"):
            self._discard(environ["wsgi.input"])
        return answer

    def _discard(self, stream: Any) -> None:
        left, until = self.most, time.monotonic() + self.seconds
        try:
            while left > 0 and time.monotonic() < until:
                read = len(stream.read(CHUNK))
                if not read:
                    return
                left -= read
        except Exception:
            # The sender is gone, or sends what no request may hold: the answer is ready and the server ends it.
            return
