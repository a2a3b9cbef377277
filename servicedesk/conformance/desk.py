"""A desk of two tickets that misbehaves on purpose, for a vendor's client to meet: busy, hurried, changed meanwhile,
restored from a backup.

It answers as the API does and remembers every request; what a good client does with such answers is judged in `client`.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

FIRST, SECOND = "2026-00001", "2026-00002"
RETRY_AFTER = 2
# Carried out, and the line cut before the answer.
NO_ANSWER = 0
# Where the second page of the list begins.
NEXT = "c2Vjb25k"
# Where the feed is after its first change. Who has come so far finds the desk restored: that position is no more, its
# change has another, and what has happened since comes in one answer, a large one.
BEFORE, RESTORED, SINCE = 1, 5_207_400_000_001, 200
END = RESTORED + SINCE
LARGE = 1024 * 1024
# The most that the API takes of a body that is no file.
LARGEST_BODY = 256 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came; `status` is what it was answered with."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    at: float
    status: int


@dataclass(frozen=True, slots=True)
class Told:
    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class MisbehavingDesk:
    """Busy at the first of each kind of request; the ticket changes just before its first solution; restored from a
    backup when the feed is followed."""

    token: str
    requests: list[Asked] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=lambda: {FIRST: 7, SECOND: 7})
    _lock: Lock = field(default_factory=Lock)

    def answer(self, method: str, address: str, headers: Mapping[str, str], body: bytes) -> Told:
        path = urlsplit(address).path
        query = {name: given[-1] for name, given in parse_qs(urlsplit(address).query).items()}
        with self._lock:
            told = self._told(method, path, query, headers, len(body))
            self.requests.append(Asked(method, path, query, headers, body, time.monotonic(), told.status))
        return told

    def _told(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], size: int) -> Told:
        if headers.get("authorization") != f"Bearer {self.token}":
            return _problem(401, "token_invalid")
        parts = path.removeprefix("/api/v1/").strip("/").split("/")
        if method == "GET":
            return self._read(parts, query)
        if size >= LARGEST_BODY:
            return _problem(413, "too_large")
        return self._act(parts, headers)

    def _read(self, parts: list[str], query: Mapping[str, str]) -> Told:
        match parts:
            case ["tickets"] if not self._before("GET", "/api/v1/tickets"):
                return _problem(503, "unavailable", {"Retry-After": str(RETRY_AFTER)})
            case ["tickets"] if query.get("after") == NEXT:
                return Told(200, {"tickets": [self._ticket(SECOND)]})
            case ["tickets"]:
                link = f'</api/v1/tickets?after={NEXT}>; rel="next"'
                return Told(200, {"tickets": [self._ticket(FIRST)]}, {"Link": link})
            case ["tickets", number] if number in self.versions:
                return Told(200, self._ticket(number), {"ETag": f'"{self.versions[number]}"'})
            case ["changes"]:
                return self._changes(query.get("after", "0"), query.get("limit", str(SINCE)))
        return _problem(404, "not_found")

    def _changes(self, position: str, most: str) -> Told:
        """The first change alone, and once the desk has been restored the others together."""
        if not (position.isdecimal() and most.isdecimal()):
            return _problem(400, "invalid_parameters")
        after = int(position)
        if BEFORE <= after < RESTORED:
            return _problem(409, "feed_restored", last=RESTORED, restored_at="2026-03-02T06:30:00Z")
        if after == 0:
            reached = RESTORED if self._is_restored() else BEFORE
            return Told(200, {"changes": [_change(reached, FIRST)], "after": reached, "last": reached, "more": True})
        reached = max(after, min(after + int(most), END))
        changes = [_change(each, SECOND, "x" * (LARGE // SINCE)) for each in range(after + 1, reached + 1)]
        return Told(200, {"changes": changes, "after": reached, "last": END, "more": reached < END})

    def _is_restored(self) -> bool:
        return any(asked.status == 409 for asked in self.requests)

    def _act(self, parts: list[str], headers: Mapping[str, str]) -> Told:
        match parts:
            case ["tickets", number, resource] if number in self.versions:
                return self._post(number, resource, headers)
        return _problem(404, "not_found")

    def _post(self, number: str, resource: str, headers: Mapping[str, str]) -> Told:
        if not headers.get("idempotency-key"):
            return _problem(400, "idempotency_key_missing")
        path = f"/api/v1/tickets/{number}/{resource}"
        if resource == "acknowledgements" and (hindrance := self._hindered(path)):
            return hindrance
        if resource == "notes" and not self._before("POST", path):
            return _problem(429, "rate_limited", {"Retry-After": str(RETRY_AFTER)})
        if resource == "solutions" and not self._before("POST", path):
            self.versions[number] += 1
            return _problem(412, "conflict")
        self.versions[number] += 1
        return Told(200, self._ticket(number), {"ETag": f'"{self.versions[number]}"'})

    def _hindered(self, path: str) -> Told | None:
        """The first time it is busy, the second time the answer is lost, and from then on it is told again."""
        match sum((asked.method, asked.path) == ("POST", path) for asked in self.requests):
            case 0:
                return _problem(503, "unavailable")
            case 1:
                self.versions[FIRST] += 1
                return Told(NO_ANSWER, {})
        return Told(200, self._ticket(FIRST), {"ETag": f'"{self.versions[FIRST]}"', "Idempotency-Replayed": "true"})

    def _before(self, method: str, path: str) -> bool:
        return any((asked.method, asked.path) == (method, path) for asked in self.requests)

    def _ticket(self, number: str) -> dict[str, Any]:
        return {"number": number, "version": self.versions[number], "title": "Åtgärda e-tjänsten", "something_new": {}}


def _change(position: int, number: str, something_new: str = "") -> dict[str, Any]:
    told = {"type": "ticket.shared", "ticket": number, "href": f"/api/v1/tickets/{number}", "ordinal": 1, "own": False}
    return {"position": position, "at": "2026-03-02T08:00:00Z", **told, "something_new": something_new}


def _problem(status: int, code: str, headers: Mapping[str, str] | None = None, **more: Any) -> Told:
    body = {"type": f"/api/problems/{code}", "title": code, "status": status, "code": code, "detail": code, **more}
    return Told(status, body, {"Content-Type": "application/problem+json", **(headers or {})})


def serve(desk: MisbehavingDesk, port: int) -> tuple[int, Callable[[], None]]:
    """(the port, what stops it), on this machine alone."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told = desk.answer(self.command, self.path, {n.lower(): v for n, v in self.headers.items()}, body)
            if told.status == NO_ANSWER:
                self.close_connection = True
                return
            data = json.dumps(told.body, ensure_ascii=False).encode()
            self.send_response(told.status)
            for name, value in {"Content-Type": "application/json", **told.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

        def log_message(self, *args: Any) -> None:
            """The report tells."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return server.server_port, stop
