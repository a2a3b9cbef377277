"""The kit against a receiver and a client that do it right, and against each that does one thing wrong."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from servicedesk.client.problems import Problem
from servicedesk.client.signing_in import Token
from servicedesk.client.transport import Patience, Transport
from servicedesk.client.webhooks import NotGenuine, verify_webhook
from servicedesk.conformance.client import check_client, is_done
from servicedesk.conformance.desk import FIRST, MisbehavingDesk, serve
from servicedesk.conformance.receiver import check_receiver, other_secret
from servicedesk.conformance.report import Finding, in_words
from servicedesk.conformance.sending import Sender

SECRET = other_secret()
TOKEN = "sd_" + "k" * 43
Answers = Callable[[bytes, dict[str, str]], int]


class Receiver:
    """A vendor's receiver as it should be."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        try:
            message = verify_webhook(body, headers, [SECRET])
        except NotGenuine:
            return 401
        if message.id not in self.seen:
            self.seen.append(message.id)
        return 204


@contextmanager
def listening(answers: Answers) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(answers(body, dict(self.headers)))
            self.send_header("Location", "http://127.0.0.1:9/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()


def found(answers: Answers, seen: Callable[[], list[str] | None] = lambda: None) -> list[Finding]:
    with listening(answers) as url:
        return list(check_receiver(Sender(url, time.time), SECRET, seen))


def to_mend(findings: list[Finding]) -> set[str]:
    return {finding.asked for finding in findings if not finding.is_well}


def test_a_receiver_that_does_it_right_has_nothing_to_mend() -> None:
    receiver = Receiver()
    findings = found(receiver.take, lambda: receiver.seen)
    assert to_mend(findings) == set(), in_words(findings)
    assert all(finding.is_seen for finding in findings)


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        (lambda body, headers: 204, "signed with another secret"),
        (lambda body, headers: 204, "signed ten minutes ago"),
        (lambda body, headers: 302, "a genuine message"),
        (lambda body, headers: 500 if b"something_new" in body else 204, "a field that you do not know"),
        (lambda body, headers: 500 if len(body) > 10_000 else 204, "a body of 63 kB"),
    ],
)
def test_a_receiver_that_does_it_wrong_is_told_what(answers: Answers, asked: str) -> None:
    assert asked in to_mend(found(answers))


def test_a_receiver_that_acts_twice_on_one_message_is_told() -> None:
    receiver, acted = Receiver(), []

    def twice(body: bytes, headers: dict[str, str]) -> int:
        status = receiver.take(body, headers)
        if status == 204:
            acted.append(headers["webhook-id"])
        return status

    assert "how often the one that came three times was acted on" in to_mend(found(twice, lambda: acted))


def test_nobody_at_the_address_is_a_finding_and_no_crash() -> None:
    findings = list(check_receiver(Sender("http://127.0.0.1:9/", time.time), SECRET, lambda: None))
    assert "gave no answer" in findings[0].saw and findings[0].advice


def follow(transport: Transport) -> None:
    """A client that does all that the kit asks of it."""
    page = transport.send("GET", "/api/v1/tickets")
    while page.next_page:
        page = transport.send("GET", page.next_page)
    transport.send("POST", f"/api/v1/tickets/{FIRST}/acknowledgements")
    transport.send("POST", f"/api/v1/tickets/{FIRST}/notes", body={"body": "Hej"})
    etag = transport.send("GET", f"/api/v1/tickets/{FIRST}").etag
    solution = {"solution": "Klart", "resolution_code": "software_fix"}
    try:
        transport.send("POST", f"/api/v1/tickets/{FIRST}/solutions", body=solution, headers={"If-Match": etag})
    except Problem as problem:
        assert problem.code == "conflict"
        etag = transport.send("GET", f"/api/v1/tickets/{FIRST}").etag
        transport.send("POST", f"/api/v1/tickets/{FIRST}/solutions", body=solution, headers={"If-Match": etag})
    after = 0
    while True:
        told = transport.send("GET", "/api/v1/changes", query={"after": after}).json
        if not told["changes"]:
            return
        after = told["after"]


def met(act: Callable[[Transport], None], patience: Patience) -> list[Finding]:
    desk = MisbehavingDesk(TOKEN)
    port, stop = serve(desk, 0)
    try:
        act(Transport(f"http://127.0.0.1:{port}", Token(TOKEN), patience))
    except Problem:
        pass
    finally:
        stop()
    assert is_done(desk.requests) == all(finding.is_seen for finding in check_client(desk.requests))
    return list(check_client(desk.requests))


def test_our_own_client_does_it_right() -> None:
    findings = met(follow, Patience(chance=lambda: 0.0))
    assert to_mend(findings) == set(), in_words(findings)
    assert all(finding.is_seen for finding in findings), in_words(findings)


def test_a_client_in_a_hurry_is_told_to_wait() -> None:
    hurried = Patience(wait=lambda seconds: None)
    assert {"the list again after a 503", "the wait before notes again"} <= to_mend(met(follow, hurried))


def test_what_the_client_did_not_do_could_not_be_seen() -> None:
    findings = met(lambda transport: None, Patience())
    assert not any(finding.is_seen for finding in findings)
    assert "could not be seen from outside" in in_words(findings)


def test_a_report_is_words(capsys: pytest.CaptureFixture[str]) -> None:
    receiver = Receiver()
    words = in_words(found(receiver.take))
    assert words.startswith("Signatures") and words.endswith("1 could not be seen from outside.")
    json.dumps(words)
