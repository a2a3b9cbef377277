"""Webhooks as they arrive: whether the desk sent them, when, and what they say (Standard Webhooks 1.0)."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

PREFIX = "whsec_"
# How far the two clocks may be apart.
TOLERANCE_SECONDS = 5 * 60


class NotGenuine(Exception):
    """Answer 401 and do nothing: the desk has not signed it, it is too old to be believed, or it is no message."""


@dataclass(frozen=True, slots=True)
class Message:
    """`id` is the same on every retry: what has been seen before needs no second look."""

    id: str
    type: str
    timestamp: str
    data: Mapping[str, Any]


def verify_webhook(
    body: bytes, headers: Mapping[str, str], secrets: Iterable[str], *, now: float | None = None
) -> Message:
    """The message, if one of `secrets` (`whsec_…`; two while one is being rotated) has signed it. NotGenuine."""
    given = {name.lower(): value for name, value in headers.items()}
    message_id, sent_at = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not message_id or not sent_at.isdecimal():
        raise NotGenuine("webhook-id or webhook-timestamp is missing")
    if abs((time.time() if now is None else now) - int(sent_at)) > TOLERANCE_SECONDS:
        raise NotGenuine("webhook-timestamp is more than five minutes from this clock")
    signed = f"{message_id}.{sent_at}.".encode() + body
    wanted = [signature_of(secret, signed) for secret in secrets]
    offered = given.get("webhook-signature", "").split()
    if not any(hmac.compare_digest(one.encode(), other.encode()) for one in offered for other in wanted):
        raise NotGenuine("no webhook-signature fits the body")
    try:
        told = json.loads(body)
        return Message(message_id, str(told["type"]), str(told["timestamp"]), dict(told["data"]))
    except (ValueError, KeyError, TypeError) as error:
        raise NotGenuine("what is signed is no message") from error


def signature_of(secret: str, signed: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("A webhook's secret is whsec_ and base64.") from error
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
