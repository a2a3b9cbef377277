"""The kit against a receiver and a client that do it right, and against each that does one thing wrong."""

import json
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from servicedesk.client.problems import Problem
from servicedesk.client.signing_in import Token
from servicedesk.client.transport import Patience, Transport
from servicedesk.client.webhooks import NotGenuine, verify_webhook
from servicedesk.conformance import receiver as kit
from servicedesk.conformance.client import LONG, WORDS, check_client, is_done
from servicedesk.conformance.desk import BEFORE, FIRST, RESTORED, SECOND, MisbehavingDesk, serve
from servicedesk.conformance.receiver import check_receiver, other_secret, sample
from servicedesk.conformance.report import Finding, in_words
from servicedesk.conformance.sending import Sender
from tests.actions.delivering import carry, hook
from tests.support.desk import DeskFactory, ticket_after
from tests.support.receiver import receiver

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


def read_all(transport: Transport) -> None:
    page = transport.send("GET", "/api/v1/tickets")
    while page.next_page:
        page = transport.send("GET", page.next_page)


def follow(transport: Transport) -> None:
    """A client that does all that the kit asks of it."""
    read_all(transport)
    transport.send("POST", f"/api/v1/tickets/{FIRST}/acknowledgements")
    transport.send("POST", f"/api/v1/tickets/{FIRST}/notes", body={"body": WORDS})
    etag = transport.send("GET", f"/api/v1/tickets/{FIRST}").etag
    solution = {"solution": "Klart", "resolution_code": "software_fix"}
    try:
        transport.send("POST", f"/api/v1/tickets/{FIRST}/solutions", body=solution, headers={"If-Match": etag})
    except Problem as problem:
        assert problem.code == "conflict"
        etag = transport.send("GET", f"/api/v1/tickets/{FIRST}").etag
        transport.send("POST", f"/api/v1/tickets/{FIRST}/solutions", body=solution, headers={"If-Match": etag})
    too_long(transport)
    follow_changes(transport)


def too_long(transport: Transport) -> None:
    with pytest.raises(Problem, match="too_large"):
        transport.send("POST", f"/api/v1/tickets/{SECOND}/notes", body={"body": "a" * LONG})


def follow_changes(transport: Transport) -> None:
    after = 0
    while True:
        try:
            told = transport.send("GET", "/api/v1/changes", query={"after": after}).json
        except Problem as problem:
            assert problem.go_on_from is not None
            read_all(transport)
            after = problem.go_on_from
            continue
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
    is_seen = all(finding.is_seen for finding in check_client(desk.requests))
    assert is_done(desk.requests, math.inf) == (is_seen and bool(desk.requests))
    latest = desk.requests[-1].at if desk.requests else 0.0
    assert not is_done(desk.requests, latest), "the client may be in the midst of something"
    return list(check_client(desk.requests))


def test_our_own_client_does_it_right() -> None:
    findings = met(follow, Patience(chance=lambda: 0.0))
    assert to_mend(findings) == set(), in_words(findings)
    assert all(finding.is_seen for finding in findings), in_words(findings)


def test_a_client_in_a_hurry_is_told_to_wait() -> None:
    hurried = Patience(wait=lambda seconds: None)
    assert {"the list again after a 503", "the wait before notes again"} <= to_mend(met(follow, hurried))


@pytest.mark.parametrize(
    ("change", "asked", "words"),
    [
        (
            lambda sent: {**sent, "headers": {}},
            "acknowledgements again after no answer",
            "with the same Idempotency-Key",
        ),
        (lambda sent: {**sent, "headers": {}}, "acknowledgements again after a 503", "the same Idempotency-Key"),
        (lambda sent: {**sent, "body": {"body": "?sa"}}, "letters of many scripts", "Send JSON in UTF-8"),
        (lambda sent: {**sent, "body": b"\xc5sa"}, "letters of many scripts", "Send JSON in UTF-8"),
    ],
)
def test_a_client_with_a_fault_is_told_which(change: Callable[[Any], Any], asked: str, words: str) -> None:
    """It tries each thing itself, as often as it must, with a new key each time unless told otherwise."""

    def act(transport: Transport) -> None:
        for resource, body in (("acknowledgements", None), ("notes", {"body": WORDS})):
            for _ in range(4):
                sent = change({"body": body, "headers": {"Idempotency-Key": resource}})
                with suppress(Problem):
                    transport.send("POST", f"/api/v1/tickets/{FIRST}/{resource}", **sent)

    [fault] = [finding for finding in met(act, Patience(attempts=1)) if finding.asked == asked]
    assert words in fault.advice


def changes(transport: Transport, *positions: int) -> None:
    for after in positions:
        with suppress(Problem):
            transport.send("GET", "/api/v1/changes", query={"after": after})


def again_and_again(transport: Transport) -> None:
    for _ in range(3):
        too_long(transport)


def begins_anew(transport: Transport) -> None:
    """It reads its tickets, and follows the feed from where it was."""
    changes(transport, 0, BEFORE)
    read_all(transport)
    changes(transport, BEFORE, BEFORE)


def forgets_what_it_has(transport: Transport) -> None:
    changes(transport, 0, BEFORE, RESTORED)


def reads_a_page(transport: Transport) -> None:
    changes(transport, 0, BEFORE)
    transport.send("GET", "/api/v1/tickets")


@pytest.mark.parametrize(
    ("act", "asked", "words"),
    [
        (again_and_again, "a note that is too large", "Do not send again what was answered 413"),
        (begins_anew, "the feed after a 409 feed_restored", "go on from `last` of that answer"),
        (forgets_what_it_has, "the tickets after a 409 feed_restored", "read all your tickets again, every page"),
        (reads_a_page, "the tickets after a 409 feed_restored", "read all your tickets again, every page"),
        (forgets_what_it_has, "an answer of 1 MB", "Read it whole, however large"),
        (lambda transport: changes(transport, 0, 0), "the feed", "Ask again with `after`"),
    ],
)
def test_a_client_that_knows_no_limit_or_no_restored_desk_is_told_so(
    act: Callable[[Transport], None], asked: str, words: str
) -> None:
    [fault] = [finding for finding in met(act, Patience(wait=lambda seconds: None)) if finding.asked == asked]
    assert words in fault.advice


def test_what_the_client_did_not_do_could_not_be_seen() -> None:
    findings = met(lambda transport: None, Patience())
    assert not any(finding.is_seen for finding in findings)
    assert "could not be seen from outside" in in_words(findings)


def test_a_report_is_words(capsys: pytest.CaptureFixture[str]) -> None:
    words = in_words(found(Receiver().take))
    assert words.startswith("Signatures") and words.endswith("3 could not be seen from outside.")
    json.dumps(words)
