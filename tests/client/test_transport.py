"""Requests that arrive: tried again where it is safe, as late as is asked, and never to anybody else."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import urllib3

from servicedesk.client import ClientCredentials, Problem, Token
from servicedesk.client.transport import Patience, Transport, seconds_asked_for

Reply = tuple[int, dict[str, str], bytes]


class Desk:
    """Answers each request with the next of its replies."""

    def __init__(self, *replies: Reply | Exception) -> None:
        self.replies: Iterator[Reply | Exception] = iter(replies)
        self.requests: list[Mapping[str, Any]] = []

    def request(self, method: str, url: str, **more: Any) -> urllib3.BaseHTTPResponse:
        self.requests.append({"method": method, "url": url, **more, "headers": dict(more["headers"])})
        reply = next(self.replies)
        if isinstance(reply, Exception):
            raise reply
        status, headers, body = reply
        return urllib3.HTTPResponse(body=body, headers=headers, status=status)


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def sends(waited: list[float]) -> Callable[..., Transport]:
    def make(desk: Desk, attempts: int = 5) -> Transport:
        patience = Patience(attempts, wait=waited.append, chance=lambda: 0.0)
        made = Transport("https://desk.example", Token("sd_x"), patience)
        made._pool = desk  # type: ignore[assignment]
        return made

    return make


BUSY: Reply = (503, {}, b"")
WELL: Reply = (200, {}, b"{}")


def test_every_attempt_at_one_thing_has_one_key(sends: Callable[..., Transport], waited: list[float]) -> None:
    desk = Desk(BUSY, urllib3.exceptions.ProtocolError("gone"), (409, {}, b'{"code": "idempotency_key_in_use"}'), WELL)
    assert sends(desk).send("POST", "/api/v1/tickets", body={"subject": "Åäö"}).status == 200
    assert len({each["headers"]["Idempotency-Key"] for each in desk.requests}) == 1
    assert waited == [0.5, 1.0, 2.0]


def test_two_things_have_two_keys(sends: Callable[..., Transport]) -> None:
    desk = Desk(WELL, WELL)
    for _ in range(2):
        sends(desk).send("POST", "/api/v1/tickets", body={})
    assert len({each["headers"]["Idempotency-Key"] for each in desk.requests}) == 2


def test_it_waits_as_long_as_the_desk_asks(sends: Callable[..., Transport], waited: list[float]) -> None:
    sends(Desk((429, {"Retry-After": "7"}, b""), WELL)).send("GET", "/api/v1/tickets")
    assert waited == [7.0]


@pytest.mark.parametrize("header", ["", "soon", "-1"])
def test_a_wait_that_cannot_be_read_is_none(header: str) -> None:
    assert seconds_asked_for(header) is None


def test_a_date_is_a_wait_too() -> None:
    assert seconds_asked_for("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 422, 500])
def test_what_is_refused_is_not_tried_again(sends: Callable[..., Transport], status: int) -> None:
    desk = Desk((status, {}, b'{"code": "refused", "detail": "No.", "errors": {"reason": ["Why?"]}}'))
    with pytest.raises(Problem) as refused:
        sends(desk).send("POST", "/api/v1/tickets/2026-00001/returns")
    assert (refused.value.status, refused.value.code) == (status, "refused")
    assert refused.value.errors == {"reason": ["Why?"]}


def test_in_the_end_it_gives_up_and_says_so(sends: Callable[..., Transport]) -> None:
    with pytest.raises(Problem) as refused:
        sends(Desk(BUSY, BUSY), attempts=2).send("GET", "/api/v1/tickets")
    assert (refused.value.status, refused.value.code) == (503, "http_503")


def test_the_token_goes_to_nobody_else(sends: Callable[..., Transport]) -> None:
    desk = Desk()
    with pytest.raises(Problem) as refused:
        sends(desk).send("GET", "https://elsewhere.example/api/v1/tickets")
    assert (refused.value.code, desk.requests) == ("elsewhere", [])


def test_several_values_stand_with_commas_between(sends: Callable[..., Transport]) -> None:
    desk = Desk(WELL)
    sends(desk).send("GET", "/api/v1/tickets", query={"category": ["new", "active"], "after": None})
    assert desk.requests[0]["url"] == "https://desk.example/api/v1/tickets?category=new%2Cactive"


def test_client_credentials_are_exchanged_once_and_again_when_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [b'{"access_token": "sda_%d", "expires_in": 3600}' % n for n in range(2)]
    asked: list[dict[str, str]] = []

    def request(method: str, url: str, **more: Any) -> urllib3.BaseHTTPResponse:
        asked.append({"url": url, **more["headers"]})
        return urllib3.HTTPResponse(body=told[len(asked) - 1], status=200)

    monkeypatch.setattr(urllib3, "request", request)
    desk = Desk(WELL, (401, {}, b'{"code": "token_expired"}'), WELL)
    sends = Transport("https://desk.example", ClientCredentials("https://desk.example", "lp-1", "s:e"), Patience())
    sends._pool = desk  # type: ignore[assignment]
    for _ in range(2):
        sends.send("GET", "/api/v1/tickets")
    assert [each["headers"]["Authorization"] for each in desk.requests] == ["Bearer sda_0"] * 2 + ["Bearer sda_1"]
    assert [each["url"] for each in asked] == ["https://desk.example/oauth/token"] * 2
    assert asked[0]["Authorization"] == "Basic bHAtMTpzJTNBZQ=="
