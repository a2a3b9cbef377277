"""Clients: no more rights than they need, only from where they may call, stopped at once; and all is written down."""

import json
from datetime import timedelta
from ipaddress import ip_network
from typing import Any, Literal

import pytest
from flask import Flask
from hypothesis import assume
from hypothesis import given as given_any
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from servicedesk.actions import attempts
from servicedesk.actions.attempts import Limit
from servicedesk.actions.clients import ClientGiven, change_client, create_client, resume_client, suspend_client
from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import ACT, LOG, READ, NewToken, make_token, revoke_token, rotate_token
from servicedesk.app import create_app
from servicedesk.config import read_settings
from servicedesk.core.clients import is_allowed, networks_given
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.facts import OPERATOR
from servicedesk.store.queries.clients import TOKEN, Client, all_tokens, happenings
from tests.api.conftest import SUPPLIER
from tests.support.desk import START, persona


def given(**more: Any) -> ClientGiven:
    return ClientGiven(**{"name": "Larm", "scopes": (READ,), **more})


@pytest.fixture
def made(desk: Desk) -> Client:
    return create_client(desk, SUPPLIER, given(), actor=persona(desk, "it_service_manager"))


@pytest.fixture
def token(desk: Desk, made: Client) -> NewToken:
    return make_token(desk, made.key, TOKEN, "drift", actor=OPERATOR)


def call(app: Flask, token: str, origin: str = "192.0.2.7", path: str = "/api/v1/tickets") -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"}
    return app.test_client().get(path, headers=headers, environ_base={"REMOTE_ADDR": origin})


def code_of(response: TestResponse) -> Any:
    return response.get_json()["code"]


def fields_of(desk: Desk, organisation: str, given: ClientGiven) -> set[str]:
    with pytest.raises(Invalid) as refused:
        create_client(desk, organisation, given, actor=OPERATOR)
    return set(refused.value.fields)


def test_a_client_may_do_only_what_is_ticked(app: Flask, desk: Desk, token: NewToken) -> None:
    assert call(app, token.text).status_code == 200
    headers = {"Authorization": f"Bearer {token.text}"}
    refused = app.test_client().post("/api/v1/tickets/2026-00001/acknowledgements", json={}, headers=headers)
    assert (refused.status_code, code_of(refused)) == (403, "scope_missing")


@pytest.mark.parametrize(
    ("organisation", "changed", "fields"),
    [
        (SUPPLIER, {"scopes": ()}, {"scopes"}),
        (SUPPLIER, {"scopes": (LOG,)}, {"scopes"}),
        ("lulea", {"scopes": (READ, "tickets:destroy")}, {"scopes"}),
        ("e-namnden", {}, {"organisation"}),
        ("nobody", {"name": " \u202e"}, {"organisation", "name"}),
        (SUPPLIER, {"name": "x" * 121, "contact": "x" * 201}, {"name", "contact"}),
        (SUPPLIER, {"rate": 0}, {"rate"}),
        (SUPPLIER, {"rate": 10**9}, {"rate"}),
        (SUPPLIER, {"addresses": "192.0.2.0/24 nowhere"}, {"addresses"}),
    ],
)
def test_what_cannot_be_a_client_is_refused_field_by_field(
    desk: Desk, organisation: str, changed: dict[str, Any], fields: set[str]
) -> None:
    assert fields_of(desk, organisation, given(**changed)) == fields


@pytest.mark.parametrize("who", ["second_line_lulea", "first_line_lulea", "supplier_technician", "system_owner"])
def test_only_the_it_service_manager_looks_after_clients(desk: Desk, made: Client, token: NewToken, who: str) -> None:
    actor = persona(desk, who)
    for act in (
        lambda: create_client(desk, SUPPLIER, given(), actor=actor),
        lambda: change_client(desk, made.key, given(), actor=actor),
        lambda: suspend_client(desk, made.key, actor=actor),
        lambda: resume_client(desk, made.key, actor=actor),
        lambda: make_token(desk, made.key, TOKEN, "x", actor=actor),
        lambda: rotate_token(desk, token.id, actor=actor),
        lambda: revoke_token(desk, token.id, actor=actor),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "not_yours"


@pytest.mark.parametrize(
    ("written", "kept", "is_faulty"),
    [
        ("", [], False),
        (" 192.0.2.10, 198.51.100.0/24\n2001:db8::/32;", ["192.0.2.10", "198.51.100.0/24", "2001:db8::/32"], False),
        ("192.0.2.10 192.0.2.10/32 ::ffff:192.0.2.10", ["192.0.2.10"], False),
        ("2001:DB8::1", ["2001:db8::1"], False),
        ("10.1.2.3/8", [], True),
        ("::ffff:10.1.2.3/104", [], True),
        ("fe80::1%eth0", [], True),
        ("300.1.1.1", [], True),
        ("192.0.2.0/33", [], True),
        ("lulea.example", [], True),
        ("%(name)s", [], True),
        (" ".join(f"10.0.0.{n}" for n in range(51)), [f"10.0.0.{n}" for n in range(51)], True),
    ],
)
def test_addresses_are_networks_and_nothing_that_lets_in_more_than_was_meant(
    written: str, kept: list[str], is_faulty: bool
) -> None:
    found, faults = networks_given(written)
    assert (found, bool(faults)) == (kept, is_faulty)


@given_any(data=st.data())
def test_an_address_is_let_in_when_it_is_in_one_of_the_networks(data: st.DataObject) -> None:
    version: Literal[4, 6] = data.draw(st.sampled_from((4, 6)))
    bits = 32 if version == 4 else 128
    origin = data.draw(st.ip_addresses(v=version))
    near = [int(origin) ^ (1 << data.draw(st.integers(0, bits - 1))), int(data.draw(st.ip_addresses(v=version)))]
    made = [ip_network((address, data.draw(st.integers(0, bits))), strict=False) for address in near]
    kept, faults = networks_given("\n".join(map(str, made)))
    assert not faults
    # One that is mapped from IPv4 is that address, and has cases of its own.
    assume(getattr(origin, "ipv4_mapped", None) is None)
    assert is_allowed(" ".join(kept), str(origin)) == any(origin in network for network in made)
    if version == 4:
        assert is_allowed(" ".join(kept), f"::ffff:{origin}") == any(origin in network for network in made)


@pytest.mark.parametrize(
    ("origin", "passes"),
    [
        ("192.0.2.10", True),
        ("192.0.2.11", False),
        ("::ffff:192.0.2.10", True),
        ("2001:db8:1::5", True),
        ("2001:db9::5", False),
        ("", False),
    ],
)
def test_a_client_calls_only_from_its_addresses(
    app: Flask, desk: Desk, made: Client, origin: str, passes: bool
) -> None:
    change_client(desk, made.key, given(addresses="192.0.2.10 2001:db8::/32"), actor=OPERATOR)
    mine = make_token(desk, made.key, TOKEN, "drift", actor=OPERATOR)
    answer = call(app, mine.text, origin)
    if passes:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, code_of(answer)) == (403, "address_not_allowed")


def test_from_elsewhere_nothing_is_told_of_what_a_token_is_worth(
    app: Flask, desk: Desk, made: Client, token: NewToken
) -> None:
    change_client(desk, made.key, given(addresses="192.0.2.10"), actor=OPERATOR)
    told = [call(app, token.text, "203.0.113.1")]
    revoke_token(desk, token.id, actor=OPERATOR)
    told.append(call(app, token.text, "203.0.113.1"))
    suspend_client(desk, made.key, actor=OPERATOR)
    told.append(call(app, token.text, "203.0.113.1"))
    bodies = [{**answer.get_json(), "request_id": ""} for answer in told]
    assert bodies[0] == bodies[1] == bodies[2]
    assert all("RateLimit" not in answer.headers for answer in told)


def test_behind_a_proxy_its_word_counts_and_nobody_elses(app: Flask, desk: Desk, made: Client, token: NewToken) -> None:
    change_client(desk, made.key, given(addresses="198.51.100.4"), actor=OPERATOR)
    said = {"Authorization": f"Bearer {token.text}", "X-Forwarded-For": "198.51.100.4, 203.0.113.9"}
    assert app.test_client().get("/api/v1/tickets", headers=said).status_code == 403
    url = str(desk.engine.url)
    environ = {"SERVICEDESK_DATABASE_URL": url, "SERVICEDESK_SECRET_KEY": "a-key-for-tests-only"}
    environ |= {"SERVICEDESK_PROXIES": "1", "SERVICEDESK_INSTANCE": "/nowhere"}
    behind = create_app(read_settings(environ), ControlledClock(START))
    for forwarded, status in (("198.51.100.4, 203.0.113.9", 403), ("203.0.113.9, 198.51.100.4", 200)):
        said["X-Forwarded-For"] = forwarded
        assert behind.test_client().get("/api/v1/tickets", headers=said).status_code == status
    behind.extensions["desk"].engine.dispose()


def test_a_suspended_client_is_stopped_and_goes_on_where_it_was(
    app: Flask, desk: Desk, made: Client, token: NewToken
) -> None:
    suspend_client(desk, made.key, actor=OPERATOR)
    refused = call(app, token.text)
    assert (refused.status_code, code_of(refused)) == (401, "client_suspended")
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    resume_client(desk, made.key, actor=OPERATOR)
    assert call(app, token.text).status_code == 200


def test_a_token_is_replaced_without_a_gap(app: Flask, desk: Desk, token: NewToken) -> None:
    new = rotate_token(desk, token.id, actor=OPERATOR)
    assert (new.name, new.kind, new.client.key) == (token.name, token.kind, token.client.key)
    desk.clock.move_to(START + timedelta(days=6, hours=23))  # type: ignore[attr-defined]
    assert [call(app, each.text).status_code for each in (token, new)] == [200, 200]
    desk.clock.move_to(START + timedelta(days=7))  # type: ignore[attr-defined]
    assert [call(app, each.text).status_code for each in (token, new)] == [401, 200]
    with pytest.raises(Refusal) as refused:
        rotate_token(desk, token.id, actor=OPERATOR)
    assert refused.value.code == "token_ended"


def test_replacing_a_token_does_not_make_it_live_longer(desk: Desk, made: Client) -> None:
    ends = START + timedelta(days=2)
    short = make_token(desk, made.key, TOKEN, "kort", actor=OPERATOR, expires_at=ends)
    rotate_token(desk, short.id, actor=OPERATOR)
    with desk.reading() as connection:
        assert all_tokens(connection, made.id)[0].expires_at == ends
    with pytest.raises(Invalid):
        rotate_token(desk, short.id, actor=OPERATOR, overlap=timedelta(days=91))


def test_a_token_lives_a_year_and_at_most_two(desk: Desk, made: Client) -> None:
    assert make_token(desk, made.key, TOKEN, "x", actor=OPERATOR).expires_at == START + timedelta(days=365)
    for days in (0, 733):
        with pytest.raises(Invalid) as refused:
            make_token(desk, made.key, TOKEN, "x", actor=OPERATOR, expires_at=START + timedelta(days=days))
        assert set(refused.value.fields) == {"expires"}


def test_what_is_no_token_is_refused(desk: Desk, made: Client) -> None:
    with pytest.raises(Invalid) as refused:
        make_token(desk, made.key, "access", "x" * 121, actor=OPERATOR)
    assert set(refused.value.fields) == {"kind", "name"}
    for key in ("nobody", "\x00"):
        with pytest.raises(NotFound):
            make_token(desk, key, TOKEN, "x", actor=OPERATOR)
    for _ in range(20):
        make_token(desk, made.key, TOKEN, "x", actor=OPERATOR)
    with pytest.raises(Refusal) as full:
        make_token(desk, made.key, TOKEN, "x", actor=OPERATOR)
    assert full.value.code == "too_many_tokens"


def test_who_did_what_and_when_is_written_down(desk: Desk, made: Client, token: NewToken) -> None:
    desk.clock.move_to(START + timedelta(hours=1))  # type: ignore[attr-defined]
    change_client(desk, made.key, given(scopes=(READ, ACT), rate=600), actor=OPERATOR)
    change_client(desk, made.key, given(scopes=(READ, ACT), rate=600), actor=OPERATOR)
    new = rotate_token(desk, token.id, actor=OPERATOR)
    for _ in range(2):
        revoke_token(desk, new.id, actor=OPERATOR)
        suspend_client(desk, made.key, actor=OPERATOR)
    resume_client(desk, made.key, actor=OPERATOR)
    with desk.reading() as connection:
        told = happenings(connection, made.id)[::-1]
    kinds = ["created", "token_made", "changed", "token_rotated", "token_revoked", "suspended", "resumed"]
    assert [each.kind for each in told] == kinds
    assert told[0].actor == f"person:{persona(desk, 'it_service_manager').key}"
    assert told[2].details == {"scopes": [READ, f"{READ} {ACT}"], "rate": [None, 600]}
    assert (told[2].actor, told[2].at) == ("operator:operator", START + timedelta(hours=1))
    assert token.text not in json.dumps([each.details for each in told])


def test_an_address_that_shows_many_dead_tokens_waits_and_a_working_one_does_not(
    app: Flask, token: NewToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "TOKEN", Limit("token", 3, timedelta(minutes=10)))
    wrong = "sd_" + "x" * 43
    here, beside = "203.0.113.50", "203.0.113.51"
    statuses = [call(app, wrong, here).status_code for _ in range(4)]
    assert statuses == [401, 401, 401, 429]
    refused = call(app, wrong, here)
    assert (code_of(refused), refused.headers["Retry-After"]) == ("too_many_failures", "600")
    assert call(app, wrong, beside).status_code == 401
    assert call(app, token.text, here).status_code == 200
    # What has not even the shape of a token costs nothing, and is not counted.
    assert call(app, "hej", here).status_code == 401


def test_a_client_keeps_its_name_in_journals_when_it_is_renamed(desk: Desk, made: Client, token: NewToken) -> None:
    changed = change_client(desk, made.key, given(name="Larmsystemet"), actor=OPERATOR)
    assert (changed.key, changed.name) == (made.key, "Larmsystemet")
    assert rotate_token(desk, token.id, actor=OPERATOR).client.key == made.key
