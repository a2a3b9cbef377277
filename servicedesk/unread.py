"""An answer reaches its reader only when the reader has stopped sending.

A browser that is refused in the middle of a large form finds its connection closed and shows an error of its own, not
our page. So what the application left unread is read and thrown away before the answer goes out, within bounds.
"""

import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CHUNK = 64 * 1024
MOST_BYTES = 64 * 1024 * 1024
MOST_SECONDS = 30
# Who announces more than they send keeps a thread waiting no longer than this.
LONGEST_SILENCE = 5


class ReadToTheEnd:
    """WSGI middleware around the whole application."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with _patience(environ.get("gunicorn.socket")):
            answer = self.app(environ, start_response)
            # Only a server that ends the stream itself: from a bare socket one would read, and wait, past the request.
            if environ.get("wsgi.input_terminated"):
                _discard(environ["wsgi.input"])
        return answer


def _discard(stream: Any) -> None:
    left, until = MOST_BYTES, time.monotonic() + MOST_SECONDS
    try:
        while left > 0 and time.monotonic() < until:
            read = len(stream.read(CHUNK))
            if not read:
                return
            left -= read
    except Exception:
        # The sender is gone or silent, or sends what no request may hold: the answer is ready, and the server ends it.
        return


@contextmanager
def _patience(connection: socket.socket | None) -> Iterator[None]:
    if connection is None:
        yield
        return
    before = connection.gettimeout()
    connection.settimeout(LONGEST_SILENCE)
    try:
        yield
    finally:
        connection.settimeout(before)
