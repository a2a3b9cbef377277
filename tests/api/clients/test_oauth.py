"""OAuth 2.0 client credentials as RFC 6749 has them, and what RFC 8414 says of them."""

from base64 import b64encode
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from servicedesk.actions.callers import client_of_token
from servicedesk.actions.clients import ClientGiven, change_client, create_client, resume_client, suspend_client
from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import (
    ACT,
    LOG,
    READ,
    NewToken,
    drop_access_tokens,
    make_token,
    revoke_token,
    rotate_token,
)
from servicedesk.api import oauth
from servicedesk.api.oauth import LARGEST_BODY
from servicedesk.core.facts import OPERATOR
from servicedesk.store.queries.clients import SECRET, TOKEN, all_tokens
from tests.api.conftest import SUPPLIER
from tests.support.desk import START

PLACE = "/oauth/token"


@pytest.fixture
def secret(desk: Desk) -> NewToken:
    client = create_client(desk, SUPPLIER, ClientGiven("Larm", (READ, ACT)), actor=OPERATOR)
    return make_token(desk, client.key, SECRET, "prov", actor=OPERATOR)


@pytest.fixture
def http(app: Flask) -> FlaskClient:
    return app.test_client()


def ask(http: FlaskClient, secret: NewToken, **more: str) -> TestResponse:
    sent = {"grant_type": "client_credentials", "client_id": secret.client.key, "client_secret": secret.text}
    return http.post(PLACE, data={**sent, **more})


def basic(key: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{key}:{secret}".encode()).decode()}


def list_with(http: FlaskClient, token: str) -> TestResponse:
    return http.get("/api/v1/tickets", headers={"Authorization": f"Bearer {token}"})


def code_of(response: TestResponse) -> Any:
    return response.get_json()["code"]


def test_a_secret_gives_an_access_token_of_an_hour(http: FlaskClient, secret: NewToken, desk: Desk) -> None:
    given = ask(http, secret)
    body = given.get_json()
    assert (given.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 3600)
    assert body["scope"] == "tickets:read tickets:act"
    assert (given.headers["Cache-Control"], given.headers["Pragma"]) == ("no-store", "no-cache")
    assert list_with(http, body["access_token"]).status_code == 200
    desk.clock.move_to(START + timedelta(hours=1))  # type: ignore[attr-defined]
    assert code_of(list_with(http, body["access_token"])) == "token_expired"
    assert drop_access_tokens(desk) >= 1
    assert code_of(list_with(http, body["access_token"])) == "token_invalid"


def test_the_client_is_told_by_http_basic_too_each_part_form_encoded(http: FlaskClient, secret: NewToken) -> None:
    sent = basic(quote_plus(secret.client.key), quote_plus(secret.text))
    assert http.post(PLACE, data={"grant_type": "client_credentials"}, headers=sent).status_code == 200
    # Naming itself in the body as well is no second way of showing who it is.
    same = {"grant_type": "client_credentials", "client_id": secret.client.key}
    assert http.post(PLACE, data=same, headers=sent).status_code == 200


def test_a_client_can_ask_for_less_than_it_may(http: FlaskClient, secret: NewToken, desk: Desk) -> None:
    given = ask(http, secret, scope=READ).get_json()
    assert given["scope"] == READ
    assert client_of_token(desk, given["access_token"]).scopes == (READ,)
    # What the client loses, its access tokens lose at once.
    change_client(desk, secret.client.key, ClientGiven("Larm", (ACT,)), actor=OPERATOR)
    assert client_of_token(desk, given["access_token"]).scopes == ()


def test_nothing_that_a_client_shows_is_kept_but_as_a_hash(http: FlaskClient, secret: NewToken, desk: Desk) -> None:
    access = ask(http, secret).get_json()["access_token"]
    with desk.reading() as connection:
        tables = ("api_token", "api_client", "client_event", "api_allowance")
        kept = "".join(str(connection.exec_driver_sql(f"SELECT * FROM {table}").all()) for table in tables)
    assert not any(text in kept or text[4:] in kept for text in (secret.text, access))


def test_a_secret_itself_opens_nothing(http: FlaskClient, secret: NewToken) -> None:
    assert code_of(list_with(http, secret.text)) == "token_invalid"


def test_an_access_token_ends_with_its_secret_and_rests_with_its_client(
    http: FlaskClient, secret: NewToken, desk: Desk
) -> None:
    other = make_token(desk, secret.client.key, SECRET, "annan", actor=OPERATOR)
    of_first, of_other = (ask(http, each).get_json()["access_token"] for each in (secret, other))
    revoke_token(desk, secret.id, actor=OPERATOR)
    assert code_of(list_with(http, of_first)) == "token_revoked"
    assert list_with(http, of_other).status_code == 200
    suspend_client(desk, secret.client.key, actor=OPERATOR)
    assert code_of(list_with(http, of_other)) == "client_suspended"
    assert ask(http, other).status_code == 401
    resume_client(desk, secret.client.key, actor=OPERATOR)
    assert list_with(http, of_other).status_code == 200


def test_an_access_token_never_outlives_its_secret(http: FlaskClient, secret: NewToken, desk: Desk) -> None:
    before = ask(http, secret).get_json()["access_token"]
    rotate_token(desk, secret.id, actor=OPERATOR, overlap=timedelta(0))
    assert code_of(list_with(http, before)) == "token_expired"
    desk.clock.move_to(START + timedelta(days=1))  # type: ignore[attr-defined]
    ending = make_token(
        desk, secret.client.key, SECRET, "kort", actor=OPERATOR, expires_at=START + timedelta(days=1.02)
    )
    assert ask(http, ending).get_json()["expires_in"] == 1728


def test_the_use_of_an_access_token_is_its_secrets_too(http: FlaskClient, secret: NewToken, desk: Desk) -> None:
    access = ask(http, secret).get_json()["access_token"]
    desk.clock.move_to(START + timedelta(minutes=30))  # type: ignore[attr-defined]
    list_with(http, access)
    with desk.reading() as connection:
        [shown] = all_tokens(connection, secret.client.id)
    assert shown.last_used_at == START + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "tickets:log"}, 400, "invalid_scope"),
        ({"scope": "tickets:read  tickets:act"}, 400, "invalid_scope"),
        ({"scope": '"\\\x00å'}, 400, "invalid_scope"),
        ({"scope": "x" * (LARGEST_BODY - 500)}, 400, "invalid_scope"),
        ({"scope": "x" * LARGEST_BODY}, 413, "invalid_request"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_secret": "sds_" + "x" * 43}, 401, "invalid_client"),
        ({"client_secret": "\r\nX-Evil: 1"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": "x" * 9000}, 401, "invalid_client"),
    ],
)
def test_what_cannot_be_granted_is_refused_in_the_words_of_the_rfc(
    http: FlaskClient, secret: NewToken, changed: dict[str, str], status: int, error: str
) -> None:
    refused = ask(http, secret, **changed)
    body = refused.get_json()
    assert (refused.status_code, body["error"]) == (status, error)
    assert set(body) <= {"error", "error_description"}
    assert refused.headers["Cache-Control"] == "no-store"
    assert ("WWW-Authenticate" in refused.headers) == (status == 401)
    assert "X-Evil" not in refused.headers


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !!!", "Basic aGVq", "Basic " + b64encode(b"\xff\xfe:x").decode(), "Bearer x", "Basic é"]
)
def test_a_header_that_is_no_basic_is_refused(http: FlaskClient, header: str) -> None:
    refused = http.post(PLACE, data={"grant_type": "client_credentials"}, headers={"Authorization": header})
    assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")


def test_two_ways_of_showing_who_one_is_are_one_too_many(http: FlaskClient, secret: NewToken) -> None:
    sent = {"grant_type": "client_credentials", "client_id": secret.client.key, "client_secret": secret.text}
    refused = http.post(PLACE, data=sent, headers=basic(secret.client.key, secret.text))
    assert (refused.status_code, refused.get_json()["error"]) == (400, "invalid_request")
    twice = http.post(PLACE, data={**sent, "scope": [READ, ACT]})
    assert (twice.status_code, twice.get_json()["error"]) == (400, "invalid_request")


def test_only_a_form_is_read(http: FlaskClient, secret: NewToken) -> None:
    sent = {"grant_type": "client_credentials", "client_id": secret.client.key, "client_secret": secret.text}
    assert http.post(PLACE, json=sent).get_json()["error"] == "invalid_request"
    assert http.post(f"{PLACE}?client_secret={secret.text}").status_code == 400
    wrong = http.get(PLACE)
    assert (wrong.status_code, wrong.get_json()["error"]) == (405, "invalid_request")
    assert "POST" in wrong.headers["Allow"]


def test_a_token_is_no_secret_and_one_clients_secret_is_not_anothers(
    http: FlaskClient, secret: NewToken, desk: Desk
) -> None:
    token = make_token(desk, secret.client.key, TOKEN, "prov", actor=OPERATOR)
    other = create_client(desk, "lulea", ClientGiven("Kontaktcenter", (READ, LOG)), actor=OPERATOR)
    assert ask(http, secret, client_secret=token.text).status_code == 401
    assert ask(http, secret, client_id=other.key).status_code == 401


def test_a_client_that_asks_without_end_is_told_to_wait(
    http: FlaskClient, secret: NewToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oauth, "GRANTS_A_MINUTE", 2)
    granted, again, refused = (ask(http, secret) for _ in range(3))
    assert (granted.status_code, again.status_code, refused.status_code) == (200, 200, 429)
    assert refused.get_json()["error"] == "temporarily_unavailable"
    assert refused.headers["Retry-After"] == "60"
    assert refused.headers["RateLimit-Policy"] == '"minute";q=2;w=60'


def test_a_library_finds_its_way(http: FlaskClient) -> None:
    found = http.get("/.well-known/oauth-authorization-server", base_url="https://stod.example")
    assert found.status_code == 200
    told = found.get_json()
    assert told["issuer"] == "https://stod.example"
    assert told["token_endpoint"] == "https://stod.example/oauth/token"
    assert told["grant_types_supported"] == ["client_credentials"]
    assert told["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "client_secret_post"]
