"""The kit against a receiver that does it right, and against each that does one thing wrong."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from servicedesk.client.webhooks import NotGenuine, verify_webhook
from servicedesk.conformance import receiver as kit
from servicedesk.conformance.receiver import check_receiver, other_secret, sample
from servicedesk.conformance.report import Finding, in_words
from servicedesk.conformance.sending import Sender
from tests.actions.delivering import carry, hook
from tests.conformance.findings import to_mend
from tests.support.desk import DeskFactory, ticket_after
from tests.support.receiver import receiver

SECRET = other_secret()
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


def test_a_receiver_that_does_it_right_has_nothing_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "PROMPT_SECONDS", 120)  # by whatever machine this is
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


class Wrong(Receiver):
    """One that does a thing wrong; `acted` is in which order it has worked, each time that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.acted: list[str] = []
        self.asked_before: set[str] = set()

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        status = super().take(body, headers)
        if status == 204 and headers["webhook-id"] not in self.acted:
            self.acted.append(headers["webhook-id"])
        return status


class Unsigned(Wrong):
    def take(self, body: bytes, headers: dict[str, str]) -> int:
        if "webhook-id" in headers and headers["webhook-id"] not in self.acted:
            self.acted.append(headers["webhook-id"])
        return 204


class Timeless(Wrong):
    """It believes any timestamp that is signed."""

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        try:
            verify_webhook(body, headers, [SECRET], now=float(headers.get("webhook-timestamp", "0")))
        except NotGenuine:
            return 401
        return 204


class Twice(Wrong):
    def take(self, body: bytes, headers: dict[str, str]) -> int:
        status = super().take(body, headers)
        self.acted += [headers["webhook-id"]] if status == 204 else []
        return status


class TwiceAtOnce(Wrong):
    """It looks, and writes down a moment later, when the others have looked."""

    def __init__(self) -> None:
        super().__init__()
        self.all_have_looked = threading.Barrier(kit.AT_ONCE)

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        is_new = headers.get("webhook-id") not in self.acted
        status = Receiver.take(self, body, headers)
        if b'"ordinal": 3,' in body:
            self.all_have_looked.wait()
        self.acted += [headers["webhook-id"]] if status == 204 and is_new else []
        return status


class Slow(Wrong):
    def take(self, body: bytes, headers: dict[str, str]) -> int:
        time.sleep(0.03)
        return super().take(body, headers)


class FailsAtFirst(Wrong):
    def take(self, body: bytes, headers: dict[str, str]) -> int:
        message = headers.get("webhook-id", "")
        if message not in self.asked_before:
            self.asked_before.add(message)
            return 500
        return super().take(body, headers)


class LosesWhatFailed(FailsAtFirst):
    """It fails after it has written down that the message has come, and takes the retry for a duplicate."""

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        status = super().take(body, headers)
        self.acted.clear()
        return status


class Backwards(Wrong):
    """It works last in, first out."""

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        status = super().take(body, headers)
        self.acted.sort(key=self.seen.index, reverse=True)
        return status


FAULTS = [
    (Unsigned, "signed with another secret", "Answer 401: anybody could have sent it."),
    (Unsigned, "without any signature", "Answer 401 when a webhook- header is missing."),
    (Timeless, "signed ten minutes ago", "it may be a replay"),
    (Timeless, "signed ten minutes from now", "it may be a replay"),
    (Twice, "how often the one that came three times was acted on", "Act on each webhook-id once"),
    (TwiceAtOnce, "how often the one that came 3 times at once was acted on", "Act on each webhook-id once"),
    (Slow, "how soon it is answered", "Answer first and work afterwards"),
    (FailsAtFirst, "a genuine message", "Answer 2xx to what is signed with your secret."),
    (FailsAtFirst, "the same, sent again after that", "the desk comes back in 5 seconds"),
    (LosesWhatFailed, "how often the one that came three times was acted on", "also when your first attempt"),
    (Backwards, "the order in which the four were acted on", "in the order in which they come"),
]


@pytest.fixture(scope="module")
def told_to() -> Callable[[type[Wrong]], list[Finding]]:
    known: dict[type[Wrong], list[Finding]] = {}

    def told(kind: type[Wrong]) -> list[Finding]:
        if kind not in known:
            wrong = kind()
            known[kind] = found(wrong.take, lambda: wrong.acted)
        return known[kind]

    return told


@pytest.mark.parametrize(("wrong", "asked", "words"), FAULTS)
def test_each_fault_is_named_and_so_is_what_to_do(
    told_to: Callable[[type[Wrong]], list[Finding]],
    monkeypatch: pytest.MonkeyPatch,
    wrong: type[Wrong],
    asked: str,
    words: str,
) -> None:
    monkeypatch.setattr(kit, "PROMPT_SECONDS", 0.02)
    findings = told_to(wrong)
    [fault] = [finding for finding in findings if finding.asked == asked]
    assert words in fault.advice and fault.advice in in_words(findings)


def test_one_that_has_a_fault_of_its_own_is_told_of_no_other(
    told_to: Callable[[type[Wrong]], list[Finding]],
) -> None:
    soon = {"how soon it is answered"}  # by whatever machine this is
    assert to_mend(told_to(Backwards)) - soon == {"the order in which the four were acted on"}
    assert to_mend(told_to(TwiceAtOnce)) - soon == {"how often the one that came 3 times at once was acted on"}


def test_what_the_kit_sends_is_what_the_desk_sends(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    desk.secret = "a-key-for-tests-only"
    with receiver() as there:
        hook(desk, there)
        ticket_after(desk, "order_from_supplier")
        carry(desk)
    told = there.heard[0].json["data"]
    assert sample(SECRET).data.keys() == told.keys()


def test_nobody_at_the_address_is_a_finding_and_no_crash() -> None:
    findings = list(check_receiver(Sender("http://127.0.0.1:9/", time.time), SECRET, lambda: None))
    assert "gave no answer" in findings[0].saw and findings[0].advice


def test_a_report_is_words(capsys: pytest.CaptureFixture[str]) -> None:
    words = in_words(found(Receiver().take))
    assert words.startswith("Signatures") and words.endswith("3 could not be seen from outside.")
    json.dumps(words)
