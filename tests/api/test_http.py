"""HTTP as clients expect it: HEAD and OPTIONS on every resource, gzip where it is worth it, an id for each request."""

import gzip

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.api.packing import LEAST, never_packed
from servicedesk.api.v1.tickets import bp
from tests.api.conftest import Caller
from tests.support.desk import ticket_after


@pytest.fixture
def number(desk: Desk) -> str:
    return ticket_after(desk, "accept_at_supplier").number


def test_every_resource_says_what_it_takes_and_answers_head_as_get(app: Flask, supplier: Caller, number: str) -> None:
    bearer = {"Authorization": f"Bearer {supplier.token}"}
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1/"):
            continue
        with app.test_request_context():
            built = rule.build({"number": number, "attachment": 1, "webhook_id": 1, "delivery_id": 1, "wait": 0}, False)
        assert built
        options = supplier.http.options(built[1])
        assert options.status_code == 200, rule.rule
        assert rule.methods - {"OPTIONS"} <= set(options.headers["Allow"].split(", "))  # type: ignore[operator]
        if "GET" in (rule.methods or ()):
            got, head = (supplier.http.open(built[1], method=method, headers=bearer) for method in ("GET", "HEAD"))
            assert (head.status_code, head.data) == (got.status_code, b"")
            assert head.headers["Content-Length"] == got.headers["Content-Length"]


def test_what_is_large_is_packed_for_who_takes_it(supplier: Caller, number: str) -> None:
    path = f"/api/v1/tickets/{number}/actions"
    plain, packed = supplier.get(path), supplier.get(path, Accept_Encoding="gzip, br")
    assert len(plain.data) > LEAST and "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(packed.data) == plain.data
    assert {"Accept-Encoding", "Authorization"} <= set(packed.headers["Vary"].split(", "))
    assert "Content-Encoding" not in supplier.get(path, Accept_Encoding="gzip;q=0, br").headers
    small = supplier.get("/api/v1/tickets?scope=closed", Accept_Encoding="gzip")
    assert "Content-Encoding" not in small.headers


def test_what_holds_a_secret_is_never_packed(
    app: Flask, supplier: Caller, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.before_request_funcs, bp.name, [*app.before_request_funcs[bp.name], never_packed])
    path = f"/api/v1/tickets/{number}"
    assert "Content-Encoding" in supplier.get(f"{path}/actions", Accept_Encoding="gzip").headers
    assert "Content-Encoding" not in supplier.get(path, Accept_Encoding="gzip").headers


def test_each_answer_has_the_id_of_its_request(supplier: Caller) -> None:
    own = "8d3f0b6e2c9a4417b1f5d2a7c3e90846"
    assert supplier.get("/api/v1/tickets", X_Request_ID=own).headers["X-Request-ID"] == own
    refused = supplier.get("/api/v1/tickets/none", X_Request_ID=own)
    assert refused.json["request_id"] == own  # type: ignore[index]
    assert supplier.get("/api/v1/tickets").headers["X-Request-ID"] != own
