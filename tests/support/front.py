"""One address for a whole run, behind which each test puts an application of its own: what a browser has kept of the
styles, scripts and letters stays good from test to test."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Condition, Thread
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# A page of no application, where browsers wait for their next person.
NOWHERE = "/nowhere"
PATIENCE = 60


class Front:
    """A WSGI application that is the one put behind it, and knows how many requests are being answered."""

    def __init__(self) -> None:
        self.app: Any = None
        self.address = ""
        self.answering = 0
        self.quiet = Condition()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] == NOWHERE:
            return Response("", mimetype="text/html")(environ, start_response)
        answer: Iterable[bytes] = self.app(environ, start_response)
        return answer

    @contextmanager
    def one_more(self) -> Iterator[None]:
        with self.quiet:
            self.answering += 1
        try:
            yield
        finally:
            with self.quiet:
                self.answering -= 1
                self.quiet.notify_all()

    @contextmanager
    def serving(self, app: Flask) -> Iterator[str]:
        """The address, until the last request of the test has been answered."""
        self.app = app
        yield self.address
        with self.quiet:
            assert self.quiet.wait_for(lambda: self.answering == 0, PATIENCE), "a request is never answered"


@contextmanager
def open_front() -> Iterator[Front]:
    front = Front()

    class Handler(WSGIRequestHandler):
        def run_wsgi(self) -> None:
            with front.one_more():
                super().run_wsgi()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            if not self.path.startswith("/assets/"):
                super().log_request(code, size)

    server = make_server("127.0.0.1", 0, front, threaded=True, request_handler=Handler)
    front.address = f"http://127.0.0.1:{server.port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield front
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
