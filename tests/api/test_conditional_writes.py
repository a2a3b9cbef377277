"""ETag and If-Match: a client acts on what it has read, or on nothing."""

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note, note_to_supplier
from tests.api.conftest import Caller
from tests.support.desk import persona, ticket_after

QUESTION = {"question": "Sedan när?"}


@pytest.fixture
def number(desk: Desk) -> str:
    return ticket_after(desk, "accept_at_supplier").number


def tag(supplier: Caller, number: str) -> str:
    return supplier.get(f"/api/v1/tickets/{number}").headers["ETag"]


def ask(supplier: Caller, number: str, if_match: str) -> int:
    return supplier.post(f"/api/v1/tickets/{number}/information-requests", QUESTION, If_Match=if_match).status_code


def test_the_tag_is_the_version_the_client_sees(supplier: Caller, number: str) -> None:
    response = supplier.get(f"/api/v1/tickets/{number}")
    assert response.headers["ETag"] == f'"{response.json["version"]}"'  # type: ignore[index]


def test_the_tag_that_was_read_lets_a_step_pass_and_a_new_one_comes_back(supplier: Caller, number: str) -> None:
    before = tag(supplier, number)
    done = supplier.post(f"/api/v1/tickets/{number}/information-requests", QUESTION, If_Match=before)
    assert done.status_code == 200
    assert done.headers["ETag"] == tag(supplier, number) != before
    assert done.headers["Content-Location"] == f"/api/v1/tickets/{number}"


def test_a_stale_tag_does_nothing_and_tells_what_has_changed(desk: Desk, supplier: Caller, number: str) -> None:
    before = tag(supplier, number)
    note_to_supplier(desk, number, "Det gäller bara Firefox.", actor=persona(desk, "it_service_manager"))
    refused = supplier.post(f"/api/v1/tickets/{number}/information-requests", QUESTION, If_Match=before)
    assert refused.status_code == 412
    assert refused.json is not None
    assert [change["texts"] for change in refused.json["changes"]] == [{"note": "Det gäller bara Firefox."}]
    assert supplier.get(f"/api/v1/tickets/{number}").json["state"]["category"] == "active"  # type: ignore[index]


def test_what_the_client_may_not_see_does_not_make_its_tag_stale(desk: Desk, supplier: Caller, number: str) -> None:
    before = tag(supplier, number)
    note(desk, number, "Vi väntar ut leverantören.", actor=persona(desk, "second_line_lulea"))
    assert tag(supplier, number) == before
    assert ask(supplier, number, before) == 200


@pytest.mark.parametrize("header", ["*", 'W/"1", {}', '"1" , {}', "{}"])
def test_one_tag_of_several_is_enough(supplier: Caller, number: str, header: str) -> None:
    assert ask(supplier, number, header.format(tag(supplier, number))) == 200


@pytest.mark.parametrize("header", ['"1"', "W/{}", '"other"', '"99999999999999999999"', '"1", "3"'])
def test_a_tag_that_does_not_match_stops_the_step(supplier: Caller, number: str, header: str) -> None:
    assert ask(supplier, number, header.format(tag(supplier, number))) == 412


@pytest.mark.parametrize("header", ["7", '"7', "", "7, 8", '"a" "b"', "w/'7'"])
def test_a_tag_that_cannot_be_read_is_a_bad_request(supplier: Caller, number: str, header: str) -> None:
    assert ask(supplier, number, header) == 400
