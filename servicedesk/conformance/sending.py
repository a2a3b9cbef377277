"""Webhooks as the desk would send them, and as it never would."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import urllib3

from servicedesk.client.webhooks import signature_of

# As long as the desk itself waits for an answer.
SECONDS = 15.0
NO_ANSWER = 0


def new_id() -> str:
    return f"msg_{uuid4().hex}"


@dataclass(frozen=True, slots=True)
class Sample:
    """One message. `secrets` sign it, each with a signature of its own; `later` is how far the sender's clock is ahead
    of ours, in seconds."""

    type: str
    data: Mapping[str, Any]
    secrets: tuple[str, ...]
    id: str = field(default_factory=new_id)
    later: int = 0

    def body(self, now: float) -> bytes:
        at = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return json.dumps({"type": self.type, "timestamp": at, "data": self.data}, ensure_ascii=False).encode()

    def headers(self, body: bytes, now: float) -> dict[str, str]:
        sent_at = str(int(now) + self.later)
        signed = f"{self.id}.{sent_at}.".encode() + body
        return {
            "Content-Type": "application/json",
            "User-Agent": "servicedesk-conformance",
            "webhook-id": self.id,
            "webhook-timestamp": sent_at,
            "webhook-signature": " ".join(signature_of(secret, signed) for secret in self.secrets),
        }


@dataclass(frozen=True, slots=True)
class Reply:
    """`status` is 0 when none came; then `trouble` says why."""

    status: int
    seconds: float
    trouble: str = ""

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_refused(self) -> bool:
        return 400 <= self.status < 500

    @property
    def words(self) -> str:
        return f"answered {self.status}" if self.status else f"gave no answer ({self.trouble})"


class Sender:
    """Sends to one address; a redirect is an answer like any other, and is not followed."""

    def __init__(self, url: str, clock: Callable[[], float], seconds: float = SECONDS) -> None:
        self.url, self.clock = url, clock
        self._pool = urllib3.PoolManager(retries=False, timeout=seconds)

    def send(self, sample: Sample) -> Reply:
        now = self.clock()
        body = sample.body(now)
        return self.send_as(body, sample.headers(body, now))

    def send_as(self, body: bytes, headers: Mapping[str, str]) -> Reply:
        """What it says, with the headers that it carries, whether they fit or not."""
        began = self.clock()
        try:
            response = self._pool.request("POST", self.url, body=body, headers=dict(headers), redirect=False)
        except urllib3.exceptions.HTTPError as error:
            return Reply(NO_ANSWER, self.clock() - began, type(error).__name__)
        return Reply(response.status, self.clock() - began)
