"""What cannot be accepted is said as TMF621 says it, whatever it was and wherever it was found."""

import json

import pytest
from flask import Flask
from sqlalchemy.exc import TimeoutError as PoolTimeout

from servicedesk.actions.desk import Desk
from tests.api.tmf.conftest import LEAST, TICKETS, System, told
from tests.api.tmf.standard import ROOT
from tests.support.desk import ticket_after
from tests.support.pages import session_of


def test_the_body_of_an_error(supplier: System) -> None:
    assert told(supplier.get(f"{TICKETS}/2026-99999"), 404) == {
        "code": "not_found",
        "reason": "There is no ticket 2026-99999.",
        "message": "Check the address. What you may not see does not exist to you.",
        "status": "404",
        "referenceError": "http://localhost/api/docs/tmf621#errors",
        "@type": "Error",
    }


@pytest.mark.parametrize("token", ["", "sd_" + "A" * 43, "x" * 5000, "sd_" + "å" * 43])
def test_without_a_valid_token_nothing_is_answered(app: Flask, token: str) -> None:
    stranger = System(app, token)
    for method, path in (("GET", TICKETS), ("POST", TICKETS), ("GET", f"{TICKETS}/2026-00001")):
        response = stranger.call(method, path)
        assert told(response, 401)["code"] in ("token_missing", "token_invalid")
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_cookie_opens_nothing(app: Flask, desk: Desk) -> None:
    browser = app.test_client()
    with browser.session_transaction() as session:
        session.update(session_of(desk, "supplier_technician"))
    assert browser.get("/queue").status_code == 200
    assert browser.get(ROOT + TICKETS).status_code == 401


def test_an_unknown_address_is_answered_alike(app: Flask) -> None:
    unknown = ("", "/", "/nothing", "/troubleTickets", "/troubleTicket/", "/troubleTicket/1/2")
    for path in unknown:
        for method in ("GET", "POST", "PATCH", "DELETE"):
            told(System(app, "").call(method, path), 404)
    assert app.test_client().get("/tmf-api").status_code == 404


def test_a_wrong_method_names_the_right_ones(supplier: System) -> None:
    for method, path, right in (
        ("PUT", f"{TICKETS}/1", "PATCH"),
        ("DELETE", TICKETS, "POST"),
        ("PATCH", TICKETS, "GET"),
    ):
        response = supplier.call(method, path)
        assert told(response, 405)["code"] == "method_not_allowed"
        assert right in response.headers["Allow"]


NO_OBJECTS = [
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b'{"description": "a", "description": "b"}',
    b'{"description": NaN}',
    b'{"description": "\xff"}',
    '{"description": "å"}'.encode("utf-16"),
    b"[" * 100_000,
    b'{"description": ' + b"9" * 5000 + b"}",
]


def test_what_is_no_json_object_is_400(lulea: System) -> None:
    for body in NO_OBJECTS:
        told(lulea.call("POST", TICKETS, data=body, content_type="application/json"), 400)


def test_another_media_type_is_400(lulea: System) -> None:
    for kind in ("text/plain", "application/xml", "application/json;charset=latin-1", ""):
        told(lulea.call("POST", TICKETS, data=json.dumps(LEAST), content_type=kind), 400)


def test_what_no_database_takes_is_cleaned_or_refused(lulea: System) -> None:
    for odd in ("a\x00b", "\ud800", "😀" * 100, "‮abc", "\r\nSet-Cookie: x=1"):
        body = json.dumps({**LEAST, "description": f"Text {odd}", "name": odd, f"odd{odd}": odd})
        assert lulea.call("POST", TICKETS, data=body, content_type="application/json").status_code in (201, 400)


def test_errors_are_in_the_clients_language(supplier: System) -> None:
    fault = told(supplier.get(f"{TICKETS}/x", headers={"Accept-Language": "sv"}), 404)
    assert fault["reason"] != "There is no ticket x."


def test_a_fault_of_our_own_is_500_and_says_nothing_of_it(
    app: Flask, supplier: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **more: object) -> None:
        raise ValueError("a secret of the program")

    monkeypatch.setattr("servicedesk.api.tmf.views.trouble_tickets", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    response = supplier.get(TICKETS)
    assert told(response, 500)["code"] == "internal_error"
    assert "secret" not in response.text


def test_a_database_that_is_away_is_503(supplier: System, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **more: object) -> None:
        raise PoolTimeout("no connection in 10 s to postgresql://secret")

    monkeypatch.setattr("servicedesk.api.tmf.views.trouble_tickets", away)
    response = supplier.get(TICKETS)
    assert told(response, 503)["code"] == "unavailable"
    assert "secret" not in response.text
    assert response.headers["Retry-After"]


def test_a_hidden_ticket_and_one_that_is_not_there_answer_alike(desk: Desk, make_system: object) -> None:
    hidden, missing = ticket_after(desk, "accept_at_supplier").number, "2026-99999"
    other = make_system("leverantor-arkiv")  # type: ignore[operator]
    for method, body in (("GET", None), ("PATCH", {"status": "resolved"}), ("PATCH", {"id": "1"}), ("DELETE", None)):
        said = []
        for number in (hidden, missing):
            response = other.call(method, f"{TICKETS}/{number}", json=body)
            headers = {
                name: value
                for name, value in response.headers
                if not name.startswith(("X-Request", "Content-L", "RateLimit"))
            }
            said.append((response.status_code, response.text.replace(number, "N"), headers))
        assert said[0] == said[1]
