"""The kit against a client that does it right, and against each that does one thing wrong."""

import math
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from servicedesk.client.problems import Problem
from servicedesk.client.signing_in import Token
from servicedesk.client.transport import Patience, Transport
from servicedesk.conformance.client import LONG, WORDS, check_client, is_done
from servicedesk.conformance.desk import BEFORE, FIRST, RESTORED, SECOND, MisbehavingDesk, serve
from servicedesk.conformance.report import Finding, in_words
from tests.conformance.findings import to_mend

TOKEN = "sd_" + "k" * 43


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
