"""Many at once: one limit for all processes, and no access token that slips past the end of its secret."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

import pytest
from flask import Flask

from servicedesk.actions.clients import ClientGiven, create_client
from servicedesk.actions.desk import Desk
from servicedesk.actions.rates import Rates
from servicedesk.actions.tokens import ACT, READ, make_token, revoke_token, rotate_token
from servicedesk.core.facts import OPERATOR
from servicedesk.store.queries.clients import SECRET, all_tokens
from tests.api.conftest import SUPPLIER, app_on
from tests.support.desk import START, Template, fill

T = TypeVar("T")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def app(request: pytest.FixtureRequest, desk_template: Template, tmp_path: Path) -> Iterator[Flask]:
    if request.param == "sqlite":
        made = app_on(desk_template.copy_to(tmp_path), tmp_path)
    else:
        made = app_on(request.getfixturevalue("postgres_url"), tmp_path)
        fill(made.extensions["desk"])
    yield made
    made.extensions["desk"].engine.dispose()


@pytest.fixture
def desk(app: Flask) -> Desk:
    found: Desk = app.extensions["desk"]
    return found


def together(*works: Callable[[], T]) -> list[T]:
    """All begun at the same moment, in threads of their own."""
    ready = Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        ready.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result() for each in [pool.submit(run, work) for work in works]]


def test_threads_and_processes_let_through_exactly_what_may_pass(desk: Desk) -> None:
    processes = [Rates(desk), Rates(desk)]

    def ask(rates: Rates) -> int:
        return sum(rates.take("client:1", 120, START).passes for _ in range(80))

    passed = together(*(partial(ask, rates) for rates in processes * 2))
    assert sum(passed) == 120


def test_an_access_token_got_while_its_secret_is_revoked_is_dead_too(app: Flask, desk: Desk) -> None:
    client = create_client(desk, SUPPLIER, ClientGiven("Larm", (READ, ACT)), actor=OPERATOR)
    for _ in range(5):
        secret = make_token(desk, client.key, SECRET, "x", actor=OPERATOR)
        sent = {"grant_type": "client_credentials", "client_id": client.key, "client_secret": secret.text}
        ask = partial(_ask, app, sent)
        *answers, _revoked = together(ask, ask, partial(_revoke, desk, secret.id))
        for body in answers:
            if "access_token" in body:
                headers = {"Authorization": f"Bearer {body['access_token']}"}
                assert app.test_client().get("/api/v1/tickets", headers=headers).status_code == 401
            else:
                assert body["error"] == "invalid_client"


def _ask(app: Flask, sent: dict[str, str]) -> Any:
    return app.test_client().post("/oauth/token", data=sent).get_json()


def _revoke(desk: Desk, token_id: int) -> Any:
    return revoke_token(desk, token_id, actor=OPERATOR)


def test_two_who_replace_the_same_token_leave_it_its_end(desk: Desk) -> None:
    client = create_client(desk, SUPPLIER, ClientGiven("Larm", (READ,)), actor=OPERATOR)
    old = make_token(desk, client.key, SECRET, "x", actor=OPERATOR)
    together(*[lambda: rotate_token(desk, old.id, actor=OPERATOR)] * 3)
    with desk.reading() as connection:
        ends = [token.expires_at for token in all_tokens(connection, client.id)]
    assert ends[0] is not None and len(ends) == 4
    assert all(end is not None and end > ends[0] for end in ends[1:])
