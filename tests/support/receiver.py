"""A receiver of webhooks on this machine, which answers as it is told to: `with receiver() as there: …`."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from threading import Event, Lock, Thread
from typing import Any

import time_machine
from standardwebhooks.webhooks import Webhook

# Given the receiver and the request: the status, and what other headers the answer has. None: the line is cut.
Answer = Callable[["Receiver", "Heard"], tuple[int, dict[str, str]] | None]


@dataclass(frozen=True)
class Heard:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def verified(self, secret: str) -> dict[str, Any]:
        """What it says, if its signature is right by the specification's own library, at the moment that it names."""
        with time_machine.travel(int(self.headers["webhook-timestamp"])):
            found: dict[str, Any] = Webhook(secret).verify(self.body, self.headers)
        return found


def accept(receiver: "Receiver", heard: Heard) -> tuple[int, dict[str, str]]:
    return 204, {}


@dataclass
class Receiver:
    answer: Answer = accept
    heard: list[Heard] = field(default_factory=list)
    # What hangs, hangs until then.
    closing: Event = field(default_factory=Event)
    port: int = 0
    is_tls: bool = False
    _lock: Lock = field(default_factory=Lock)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http{'s' if self.is_tls else ''}://{self.place}/hook"

    @property
    def ids(self) -> list[str]:
        return [heard.headers["webhook-id"] for heard in self.heard]

    def take(self, heard: Heard) -> None:
        with self._lock:
            self.heard.append(heard)


@contextmanager
def receiver(answer: Answer = accept, tls: SSLContext | None = None) -> Iterator[Receiver]:
    there = Receiver(answer, is_tls=tls is not None)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard = Heard(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            there.take(heard)
            answered = there.answer(there, heard)
            if answered is not None:
                self.send_response(answered[0])
                for name, value in answered[1].items():
                    self.send_header(name, value)
                self.end_headers()

        do_GET = do_POST

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # who hangs up on it is no news

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    there.port = server.server_address[1]
    serving = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    try:
        yield there
    finally:
        there.closing.set()
        server.shutdown()
        server.server_close()
        serving.join(10)
