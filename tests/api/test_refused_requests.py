"""What cannot be accepted is said in full as a problem document, and nothing of it is done."""

import io
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import ACT, READ
from servicedesk.api.body import LARGEST_BODY
from servicedesk.api.problems import KINDS
from servicedesk.store.queries.tickets import state_of
from tests.api.conftest import Caller, MakeCaller
from tests.support.desk import ticket_after


@pytest.fixture
def number(desk: Desk) -> str:
    return ticket_after(desk, "accept_at_supplier").number


@pytest.fixture(autouse=True)
def nothing_done(desk: Desk, number: str) -> Iterator[None]:
    """Whatever a test of this file sends, the ticket stays as it was."""
    before = state(desk, number)
    yield
    assert state(desk, number) == before


def state(desk: Desk, number: str) -> Any:
    with desk.reading() as connection:
        return state_of(connection, number)


def questions(number: str) -> str:
    return f"/api/v1/tickets/{number}/information-requests"


def assert_problem(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    body: dict[str, Any] = response.json  # type: ignore[assignment]
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"].removeprefix("/api/problems/") in KINDS
    assert body["title"] and body["detail"]
    return body


def test_without_a_token_nothing_is_answered(supplier: Caller, number: str) -> None:
    response = supplier.http.get(f"/api/v1/tickets/{number}")
    assert_problem(response, 401, "token_missing")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="servicedesk"'


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer  ", "sd_abc"])
def test_another_scheme_is_no_token(supplier: Caller, header: str) -> None:
    response = supplier.http.get("/api/v1/tickets", headers={"Authorization": header})
    assert_problem(response, 401, "token_missing")


@pytest.mark.parametrize("token", ["sd_abc", "x" * 5000, "sd_" + "å" * 43, "sd_" + "A" * 43, "a, Bearer b"])
def test_an_unknown_token_is_refused(supplier: Caller, token: str) -> None:
    response = supplier.http.get("/api/v1/tickets", headers={"Authorization": f"Bearer {token}"})
    assert_problem(response, 401, "token_invalid")
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]


def test_a_token_may_do_only_what_its_scope_says(make_caller: MakeCaller, number: str) -> None:
    reader, actor = make_caller(scopes=(READ,)), make_caller(scopes=(ACT,))
    assert reader.get(f"/api/v1/tickets/{number}").status_code == 200
    refused = reader.post(questions(number), {"question": "Sedan när?"})
    assert_problem(refused, 403, "scope_missing")
    assert 'scope="tickets:act"' in refused.headers["WWW-Authenticate"]
    assert_problem(actor.get(f"/api/v1/tickets/{number}"), 403, "scope_missing")
    offered = reader.get(f"/api/v1/tickets/{number}/actions").json["actions"]  # type: ignore[index]
    assert {action["reason"]["code"] for action in offered} == {"scope_missing"}


@pytest.mark.parametrize("stranger", ["2026-99999", "..", "%00", "a" * 300, "%F0%9F%98%80", "1' OR '1'='1"])
def test_what_one_may_not_see_is_not_found(supplier: Caller, stranger: str) -> None:
    assert_problem(supplier.get(f"/api/v1/tickets/{stranger}/timeline"), 404, "not_found")


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/tickets/", "/api/v1//tickets", "/api/nothing", "/api/v2/tickets"])
def test_an_unknown_address_is_a_problem_too(supplier: Caller, path: str) -> None:
    assert_problem(supplier.get(path), 404, "not_found")


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing"])
def test_an_unknown_address_is_a_problem_to_whoever_has_no_token_too(supplier: Caller, path: str) -> None:
    assert_problem(supplier.http.get(path), 404, "not_found")
    assert_problem(supplier.http.post(path), 404, "not_found")


def test_a_wrong_method_names_the_right_ones(supplier: Caller, number: str) -> None:
    response = supplier.http.delete(f"/api/v1/tickets/{number}")
    assert_problem(response, 405, "method_not_allowed")
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b'{"question": "a", "question": "b"}',
        b'{"question": NaN}',
        b'{"question": "\xff"}',
        '{"question": "å"}'.encode("utf-16"),
        b"[" * 100_000,
        b'{"question": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_json_object_is_refused(supplier: Caller, number: str, body: bytes) -> None:
    assert_problem(supplier.send(questions(number), body), 400, "malformed_json")


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("text/plain", "identity"),
        ("application/x-www-form-urlencoded", "identity"),
        ("application/json; charset=latin-1", "identity"),
        ("application/json", "gzip"),
        ("", "identity"),
    ],
)
def test_another_kind_of_body_is_refused(supplier: Caller, number: str, content_type: str, encoding: str) -> None:
    sent = supplier.send(questions(number), b'{"question": "Varf\xc3\xb6r?"}', content_type, Content_Encoding=encoding)
    assert_problem(sent, 415, "unsupported_media_type")


def test_a_body_that_is_too_large_is_refused(supplier: Caller, number: str) -> None:
    sent = supplier.send(questions(number), b'{"question": "' + b"x" * LARGEST_BODY + b'"}')
    assert_problem(sent, 413, "too_large")


def test_a_body_in_chunks_is_bounded_too(supplier: Caller, number: str) -> None:
    body = b'{"question": "Varfor?"}' + b" " * LARGEST_BODY
    sent = supplier.http.post(
        questions(number),
        input_stream=io.BytesIO(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {supplier.token}"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert_problem(sent, 413, "too_large")


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({}, {"question": ["Write the question."]}),
        ({"question": None}, {"question": ["Fill in this field."]}),
        ({"question": 7}, {"question": ["This must be a text."]}),
        ({"question": ["a"]}, {"question": ["This must be a text."]}),
        ({"question": " \n "}, {"question": ["Write the question."]}),
        ({"question": "a", "qestion": "b"}, {"qestion": ["This step does not take this field."]}),
        ({"question": "x" * 20_001}, {"question": ["Shorten this text to 20000 characters; it has 20001 now."]}),
    ],
)
def test_each_field_at_fault_is_named(
    supplier: Caller, number: str, given: dict[str, Any], faults: dict[str, list[str]]
) -> None:
    problem = assert_problem(supplier.post(questions(number), given), 422, "invalid")
    assert problem["errors"] == faults


def test_what_no_version_of_the_ticket_could_take_is_said_before_the_version_is_asked_for(
    supplier: Caller, number: str
) -> None:
    url = f"/api/v1/tickets/{number}/cancellations"
    given = {"cancel_reason": "duplicate", "duplicate_of": "x" * 20_001}
    assert_problem(supplier.post(url, given, **{"If-Match": '"2l|"'}), 422, "invalid")


def test_half_a_surrogate_pair_does_no_harm(supplier: Caller, number: str) -> None:
    sent = supplier.send(questions(number), rb'{"\ud800": "x", "question": "a"}')
    problem = assert_problem(sent, 422, "invalid")
    assert problem["errors"] == {"?": ["This step does not take this field."]}


def test_every_fault_is_named_at_once(supplier: Caller, number: str) -> None:
    problem = assert_problem(supplier.post(f"/api/v1/tickets/{number}/solutions", {"sollution": "x"}), 422, "invalid")
    assert set(problem["errors"]) == {"solution", "resolution_code", "sollution"}


def test_a_choice_outside_the_choices_is_refused(supplier: Caller, number: str) -> None:
    given = {"solution": "Klart.", "resolution_code": "magic"}
    problem = assert_problem(supplier.post(f"/api/v1/tickets/{number}/solutions", given), 422, "invalid")
    assert problem["errors"] == {"resolution_code": ["Choose one of the values offered."]}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("scope=mine", "scope"),
        ("category=new,odd", "category"),
        ("category=", "category"),
        ("priority=5", "priority"),
        ("sort=name", "sort"),
        ("updated_since=2026-03-02", "updated_since"),
        ("service=", "service"),
        ("scope=open&category=new", "scope"),
        ("sort=due&after=dXBkYXRlZH4yMDI2LTAzLTAyVDA4OjAwOjAwKzAwOjAwfjE", "after"),
        ("after=here", "after"),
        ("after=%F0%9F%98%80", "after"),
        ("after=MjAyNi0wMS0wMVQwMDowMDowMCswMDowMH45OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "after"),
        ("colour=red", "colour"),
    ],
)
def test_each_parameter_at_fault_is_named(supplier: Caller, query: str, field: str) -> None:
    problem = assert_problem(supplier.get(f"/api/v1/tickets?{query}"), 400, "invalid_parameters")
    assert set(problem["errors"]) == {field} and all(isinstance(each, str) for each in problem["errors"][field])


def test_a_refusal_speaks_swedish_where_the_client_does(supplier: Caller, number: str) -> None:
    response = supplier.get(f"/api/v1/tickets/{number}/actions", Accept_Language="sv-SE,sv;q=0.9,en;q=0.5")
    reasons = [action["reason"] for action in response.json["actions"] if not action["possible"]]  # type: ignore[index]
    assert any("Pågår hos leverantören" in reason["detail"] for reason in reasons)
    refused = supplier.post(f"/api/v1/tickets/{number}/acknowledgements", Accept_Language="sv")
    assert_problem(refused, 409, "wrong_state")
    assert refused.headers["Content-Language"] == "sv"


def test_every_kind_of_problem_has_its_page(supplier: Caller) -> None:
    for code, kind in KINDS.items():
        page = supplier.http.get(f"/api/problems/{code}")
        assert page.json == {"code": code, "status": kind.status, "title": kind.title, "remedy": kind.remedy}
    assert_problem(supplier.http.get("/api/problems/nothing"), 404, "not_found")


def test_a_fault_of_the_program_is_a_sentence_without_a_trace(
    app: Flask, supplier: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret-of-the-program")

    monkeypatch.setattr("servicedesk.api.v1.tickets.system_tickets", broken)
    response = supplier.get("/api/v1/tickets")
    assert_problem(response, 500, "internal_error")
    assert "secret" not in response.text and "Traceback" not in response.text


def test_what_happens_at_once_happens_once(app: Flask, make_caller: MakeCaller, desk: Desk) -> None:
    number = ticket_after(desk, "order_from_supplier").number
    callers = [make_caller() for _ in range(4)]
    version = callers[0].get(f"/api/v1/tickets/{number}").headers["ETag"]
    statuses: list[int] = []

    def accept(caller: Caller) -> None:
        path = f"/api/v1/tickets/{number}/acknowledgements"
        statuses.append(caller.post(path, If_Match=version).status_code)

    threads = [threading.Thread(target=accept, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 412, 412, 412]
