"""Where webhooks arrive: checked, remembered, answered at once; the work is done elsewhere."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from servicedesk.client.webhooks import NotGenuine, verify_webhook
from servicedesk.supplier_desk.book import Book

LARGEST = 64 * 1024
TAKEN, REFUSED, TOO_LARGE, CLOSED = 204, 401, 413, 503


class Receiver:
    """`wake` is called for each genuine message that has not come before. While it `is_down` nothing is taken."""

    def __init__(
        self,
        book: Book,
        wake: Callable[[], object],
        clock: Callable[[], float],
        is_down: Callable[[], bool] = lambda: False,
    ) -> None:
        self.book, self.wake, self.clock, self.is_down = book, wake, clock, is_down

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        if self.is_down():
            return CLOSED
        try:
            message = verify_webhook(body, headers, [self.book.kept("secret")], now=self.clock())
        except NotGenuine:
            return REFUSED
        if self.book.is_new(message.id):
            self.wake()
        return TAKEN


def listen(receiver: Receiver, port: int) -> tuple[int, Callable[[], None]]:
    """(the port, what stops it), on this machine alone."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 15

        def do_POST(self) -> None:
            size = self.headers.get("Content-Length", "")
            if not size.isdecimal() or int(size) > LARGEST:
                self.close_connection = True
                self._answer(TOO_LARGE)
                return
            self._answer(receiver.take(self.rfile.read(int(size)), dict(self.headers)))

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """The book remembers."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return server.server_port, stop
