"""What an organisation's own system calls a ticket: kept in its history, found by, and no other supplier's to know."""

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.actions.references import give_reference
from servicedesk.core.errors import Refusal
from servicedesk.store.queries.tickets import state_of
from servicedesk.store.queries.verification import ticket_ids, verify_ticket
from tests.api.conftest import Caller, MakeCaller
from tests.api.test_refused_requests import assert_problem
from tests.support.desk import persona, ticket_after
from tests.support.pages import signed_in

OURS = "INC0012345"


@pytest.fixture
def address(desk: Desk) -> str:
    return f"/api/v1/tickets/{ticket_after(desk, 'accept_at_supplier').number}"


def test_it_is_shown_found_and_told_and_every_row_can_be_proved(
    app: Flask, desk: Desk, supplier: Caller, make_caller: MakeCaller, address: str
) -> None:
    lulea, number = make_caller("lulea"), address[-10:]
    given = supplier.put(f"{address}/reference", {"reference": f" {OURS} "})
    assert (given.status_code, given.json["reference"]) == (200, OURS)  # type: ignore[index]
    assert given.headers["ETag"] == supplier.get(address).headers["ETag"]
    lulea.put(f"{address}/reference", {"reference": "KC-7"})
    for caller, own in ((supplier, OURS), (lulea, "KC-7")):
        found = caller.get(f"/api/v1/tickets?reference={own}").json["tickets"]  # type: ignore[index]
        assert [(line["href"], line["reference"]) for line in found] == [(address, own)]
    assert supplier.get("/api/v1/tickets?reference=KC-7").json == {"tickets": []}
    told = supplier.get(f"{address}/timeline").json["entries"][-1]  # type: ignore[index]
    assert (told["kind"], told["party"], told["reference"]) == ("ReferenceGiven", "supplier", OURS)
    assert not any("KC-7" in each.text for each in supplier.heard)
    for who, seen in (("it_service_manager", True), ("second_line_lulea", True), ("supplier_technician", True)):
        visitor = signed_in(app, who)
        assert (OURS in visitor.get(f"/tickets/{number}").html) is seen
        assert number in visitor.get(f"/search?q={OURS}").html
    assert "KC-7" not in signed_in(app, "supplier_technician").get(f"/tickets/{number}").html
    with desk.reading() as connection:
        book = desk.book(connection)
        assert [d for each in ticket_ids(connection) for d in verify_ticket(connection, book, each)] == []


def test_the_same_again_changes_nothing_and_an_empty_one_takes_it_away(
    desk: Desk, supplier: Caller, address: str
) -> None:
    first = supplier.put(f"{address}/reference", {"reference": OURS})
    assert supplier.put(f"{address}/reference", {"reference": OURS}).headers["ETag"] == first.headers["ETag"]
    gone = supplier.put(f"{address}/reference", {"reference": ""}, If_Match=first.headers["ETag"])
    assert gone.json["reference"] is None  # type: ignore[index]
    with desk.reading() as connection:
        assert state_of(connection, address[-10:]).references == {}
    assert supplier.get(f"/api/v1/tickets?reference={OURS}").json == {"tickets": []}
    stale = supplier.put(f"{address}/reference", {"reference": OURS}, If_Match=first.headers["ETag"])
    assert [each["kind"] for each in assert_problem(stale, 412, "conflict")["changes"]] == ["ReferenceGiven"]


def test_a_ticket_may_be_logged_with_it(make_caller: MakeCaller) -> None:
    lulea = make_caller("lulea")
    new = {"subject": "Ett fel", "service": "e-tjansteplattform", "reference": "KC-7"}
    logged = lulea.post("/api/v1/tickets", new)
    assert logged.json["reference"] == "KC-7"  # type: ignore[index]
    assert len(lulea.get("/api/v1/tickets?reference=KC-7").json["tickets"]) == 1  # type: ignore[index]


def test_what_cannot_be_one_is_refused(desk: Desk, supplier: Caller, other_supplier: Caller, address: str) -> None:
    for given in ({"reference": "x" * 81}, {"reference": 7}, {}):
        assert_problem(supplier.put(f"{address}/reference", given), 422, "invalid")
    assert_problem(other_supplier.put(f"{address}/reference", {"reference": "x"}), 404, "not_found")
    with pytest.raises(Refusal):
        give_reference(desk, address[-10:], "x", actor=persona(desk, "it_service_manager"))
