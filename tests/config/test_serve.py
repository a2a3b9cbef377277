"""`servicedesk serve` as a real server: what a browser or client gets that sends too much."""

import http.client
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import create_token
from servicedesk.api.body import LARGEST_BODY
from servicedesk.core.facts import OPERATOR
from servicedesk.store.engine import make_engine
from tests.benchmarks.serving import MOST_SECONDS, wait_until_up
from tests.config.test_command_line import COMMAND
from tests.support.desk import Template, ticket_after

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SIX_MEGABYTES = b"email=a&password=" + b"x" * 6_000_000


@pytest.fixture(scope="module")
def folder(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("served")
    desk_template.copy_to(made)
    return made


@pytest.fixture(scope="module")
def token(folder: Path) -> str:
    desk = Desk(make_engine(f"sqlite:///{folder / 'servicedesk.sqlite'}"))
    ticket_after(desk, "order_from_supplier")
    made = create_token(desk, "leverantor-plattform", "prov", actor=OPERATOR).text
    desk.engine.dispose()
    return made


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
    environ = {"SERVICEDESK_INSTANCE": str(folder)}
    server = subprocess.Popen([*COMMAND, "serve", "--port", str(free)], env=environ, stderr=subprocess.DEVNULL)
    try:
        wait_until_up(free)
        yield free
    finally:
        server.terminate()
        server.wait(MOST_SECONDS)


def post(port: int, path: str, body: object, headers: dict[str, str], **options: bool) -> tuple[int, str]:
    """Everything is sent before the answer is read, as browsers do."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=MOST_SECONDS)
    connection.request("POST", path, body, headers, **options)  # type: ignore[arg-type]
    response = connection.getresponse()
    said = response.status, response.read().decode()
    connection.close()
    return said


@pytest.mark.parametrize("size", [2_200_000, 6_000_000, 40_000_000])
def test_too_much_is_answered_with_how_much_there_may_be(port: int, size: int) -> None:
    status, page = post(port, "/sign-in", b"email=a&password=" + b"x" * size, FORM)
    assert status == 413
    assert "större än de 2 MB" in page and "Inget sparades" in page


def test_too_much_in_pieces_of_no_told_length_is_answered_too(port: int) -> None:
    pieces = (b"x" * 100_000 for _ in range(60))
    status, page = post(port, "/sign-in", pieces, FORM, encode_chunked=True)
    assert status in (400, 413) and "Inget sparades" in page


def test_too_much_from_a_client_is_answered_as_a_problem(port: int, token: str) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    status, problem = post(port, "/api/v1/tickets/2026-00001/information-requests", SIX_MEGABYTES, headers)
    assert (status, f"at most {LARGEST_BODY // 1024} KB" in problem) == (413, True)


def test_an_answer_that_needs_nothing_of_a_large_form_arrives_all_the_same(port: int) -> None:
    """Refused before a word of it was read: a page that takes no form, and a client without a token."""
    assert post(port, "/queue", SIX_MEGABYTES, FORM)[0] in (401, 405, 413)
    assert post(port, "/api/v1/tickets", SIX_MEGABYTES, FORM)[0] in (401, 405)


def test_the_connection_can_be_used_again(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=MOST_SECONDS)
    for _ in range(2):
        connection.request("POST", "/sign-in", SIX_MEGABYTES, FORM)
        response = connection.getresponse()
        assert (response.status, bool(response.read())) == (413, True)
    connection.close()


def test_who_announces_more_than_they_send_does_not_keep_the_server_waiting(port: int) -> None:
    """A few such connections would otherwise take every thread there is."""
    headers = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n"
    begun = time.monotonic()
    with ExitStack() as stack:
        at = ("127.0.0.1", port)
        silent = [stack.enter_context(socket.create_connection(at, timeout=MOST_SECONDS)) for _ in range(2)]
        for connection, method in zip(silent, ("GET", "POST"), strict=True):
            connection.sendall(f"{method} /sign-in HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode())
        for connection in silent:
            while connection.recv(65536):
                pass
    assert time.monotonic() - begun < MOST_SECONDS
