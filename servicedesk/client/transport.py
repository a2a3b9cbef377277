"""Requests that arrive: tried again where that is safe, as late as the desk asks, and never carried out twice."""

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import uuid4

import urllib3

from servicedesk.client.problems import Problem
from servicedesk.client.signing_in import Authorization

TRIED_AGAIN = frozenset({429, 502, 503, 504})
# The first of two requests with one key is still being carried out: its result is soon there for the second.
SOON_THERE = "idempotency_key_in_use"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    @property
    def etag(self) -> str:
        return self.headers.get("ETag", "")

    @property
    def next_page(self) -> str:
        """The address in `Link: <…>; rel="next"`, '' on the last page."""
        for part in self.headers.get("Link", "").split(","):
            address, _, relation = part.partition(";")
            if 'rel="next"' in relation:
                return address.strip().strip("<>")
        return ""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is tried, how long one try may take (seconds), and what waiting is: tests do not wait."""

    attempts: int = 5
    seconds: float = 30.0
    wait: Callable[[float], object] = time.sleep
    chance: Callable[[], float] = random.random


class Transport:
    """One desk, by its address."""

    def __init__(self, url: str, authorization: Authorization, patience: Patience) -> None:
        self.url = url.rstrip("/") + "/"
        self.authorization = authorization
        self.patience = patience
        self._pool = urllib3.PoolManager(retries=False, timeout=patience.seconds)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        content_type: str = "application/json",
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """The answer, of a status below 400. Problem otherwise, and when none has come after every attempt.

        `body` is sent as JSON, bytes as they are. Every POST carries an Idempotency-Key, one for all its attempts.
        What is None in `query` and `headers` is not sent.
        """
        given = {name: value for name, value in (headers or {}).items() if value is not None}
        sent = {"Accept": "application/json, */*;q=0.5", "Accept-Encoding": "gzip", **given}
        if method == "POST":
            sent.setdefault("Idempotency-Key", str(uuid4()))
        if body is not None:
            sent["Content-Type"] = content_type
            body = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return self._until_answered(method, self._address(path, query), body, sent)

    def _address(self, path: str, query: Mapping[str, Any] | None) -> str:
        """Never another host than the one that the token is for, whatever a Link says."""
        address = urljoin(self.url, path)
        if urlsplit(address)[:2] != urlsplit(self.url)[:2]:
            raise Problem(0, {"code": "elsewhere", "detail": f"{address} is not at {self.url}"})
        asked = {name: _written(value) for name, value in (query or {}).items() if value is not None}
        return f"{address}?{urlencode(asked)}" if asked else address

    def _until_answered(self, method: str, address: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        attempt, is_renewed = 0, False
        while True:
            attempt += 1
            headers["Authorization"] = self.authorization.header()
            problem, pause = self._try(method, address, body, headers)
            if isinstance(problem, Answer):
                return problem
            if problem.status == 401 and not is_renewed and self.authorization.renewed():
                is_renewed = True
                continue
            if not may_try_again(problem) or attempt >= self.patience.attempts:
                raise problem
            self.patience.wait(pause if pause is not None else self._pause(attempt))

    def _try(
        self, method: str, address: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[Answer | Problem, float | None]:
        try:
            response = self._pool.request(method, address, body=body, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            return Problem(0, {"code": "no_answer", "detail": str(error)}), None
        answer = Answer(response.status, response.headers, response.data)
        if answer.status < 400:
            return answer, None
        return problem_of(answer), seconds_asked_for(answer.headers.get("Retry-After", ""))

    def _pause(self, attempt: int) -> float:
        """Twice as long each time, less a random half: clients that fell silent together do not come back together."""
        longest: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1))
        return longest * (1 - self.patience.chance() / 2)


def _written(value: Any) -> str:
    """Several values with commas between."""
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def may_try_again(problem: Problem) -> bool:
    """Every request may be sent again: what changes something carries a key or says which version it is for."""
    return problem.code in ("no_answer", SOON_THERE) or problem.status in TRIED_AGAIN


def problem_of(answer: Answer) -> Problem:
    try:
        told = answer.json
    except ValueError:
        told = None
    return Problem(answer.status, told if isinstance(told, dict) else {})


def seconds_asked_for(header: str) -> float | None:
    """Of Retry-After (RFC 9110): seconds, or a date."""
    if header.isdecimal():
        return min(float(header), LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return min(max(until.timestamp() - time.time(), 0.0), LONGEST_PAUSE)
