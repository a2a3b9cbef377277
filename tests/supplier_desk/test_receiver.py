"""Webhooks at the supplier's desk: what is genuine wakes it once; nothing else does anything."""

import json
import time
from pathlib import Path

import pytest

from servicedesk.client.webhooks import signature_of
from servicedesk.conformance.receiver import check_receiver, other_secret
from servicedesk.conformance.report import in_words
from servicedesk.conformance.sending import Sender
from servicedesk.supplier_desk.book import Book
from servicedesk.supplier_desk.receiver import CLOSED, REFUSED, TAKEN, Receiver, listen

SECRET = other_secret()


@pytest.fixture
def woken() -> list[bool]:
    return []


@pytest.fixture
def receiver(tmp_path: Path, woken: list[bool]) -> Receiver:
    book = Book(tmp_path / "book.sqlite")
    book.keep(secret=SECRET)
    return Receiver(book, lambda: woken.append(True), time.time)


def message(message_id: str = "msg_1", secret: str = SECRET) -> tuple[bytes, dict[str, str]]:
    body = json.dumps({"type": "ticket.updated", "timestamp": "2026-11-02T08:00:00Z", "data": {}}).encode()
    sent_at = str(int(time.time()))
    signature = signature_of(secret, f"{message_id}.{sent_at}.".encode() + body)
    return body, {"Webhook-Id": message_id, "Webhook-Timestamp": sent_at, "Webhook-Signature": signature}


def test_a_genuine_message_wakes_it_once(receiver: Receiver, woken: list[bool]) -> None:
    assert [receiver.take(*message()) for _ in range(3)] == [TAKEN] * 3
    assert woken == [True]


def test_one_of_somebody_else_does_nothing(receiver: Receiver, woken: list[bool]) -> None:
    assert receiver.take(*message(secret=other_secret())) == REFUSED
    assert woken == []


def test_a_message_that_is_no_message_does_nothing(receiver: Receiver, woken: list[bool]) -> None:
    _, headers = message()
    headers["Webhook-Signature"] = signature_of(SECRET, f"msg_1.{headers['Webhook-Timestamp']}.".encode() + b"[]")
    assert (receiver.take(b"[]", headers), woken) == (REFUSED, [])


def test_while_it_is_down_nothing_is_taken_and_it_may_come_again(receiver: Receiver, woken: list[bool]) -> None:
    receiver.is_down = lambda: True
    assert receiver.take(*message()) == CLOSED
    receiver.is_down = lambda: False
    assert (receiver.take(*message()), woken) == (TAKEN, [True])


def test_it_passes_the_kit(receiver: Receiver) -> None:
    port, stop = listen(receiver, 0)
    try:
        findings = list(check_receiver(Sender(f"http://127.0.0.1:{port}/", time.time), SECRET, receiver.book.messages))
    finally:
        stop()
    assert all(finding.is_well and finding.is_seen for finding in findings), in_words(findings)
