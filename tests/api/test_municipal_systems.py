"""What a municipality's own system does for whoever asks, and what it is told that it can do."""

from typing import Any

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from servicedesk.store.queries.tickets import state_of
from tests.api.conftest import Caller, MakeCaller
from tests.api.test_refused_requests import assert_problem
from tests.support.desk import WRITTEN, new_ticket, persona, ticket_after


@pytest.fixture
def lulea(make_caller: MakeCaller) -> Caller:
    return make_caller("lulea")


def asked(desk: Desk, by: str, step: str, last: str) -> str:
    number = ticket_after(desk, last).number
    perform(desk, number, step, actor=persona(desk, by), given={"question": "Vilken webbläsare?"})
    return number


def state(desk: Desk, number: str) -> Any:
    with desk.reading() as connection:
        return state_of(connection, number)


def actions(caller: Caller, number: str) -> dict[str, dict[str, Any]]:
    found = caller.get(f"/api/v1/tickets/{number}/actions").json["actions"]  # type: ignore[index]
    return {action["verb"]: action for action in found}


def test_it_answers_what_the_requester_or_the_first_line_is_asked(desk: Desk, lulea: Caller) -> None:
    for by, step, last in (
        ("first_line_lulea", "ask_requester_from_first_line", "take"),
        ("second_line_lulea", "ask_requester_from_second_line", "accept_in_second_line"),
        ("second_line_lulea", "ask_first_line", "accept_in_second_line"),
    ):
        number = asked(desk, by, step, last)
        answer = actions(lulea, number)["answer"]
        assert answer["possible"] and [field["name"] for field in answer["fields"]] == ["answer"]
        assert lulea.post(answer["href"], {"answer": "Firefox."}).status_code == 200
        assert state(desk, number).category == "active"
    number = asked(desk, "it_service_manager", "ask_second_line", "accept_in_joint")
    assert not actions(lulea, number)["answer"]["possible"], "the second line is asked, and answers itself"
    assert_problem(lulea.post(f"/api/v1/tickets/{number}/answers", {"answer": "Ja."}), 409, "wrong_state")


def test_it_confirms_and_reopens(desk: Desk, lulea: Caller) -> None:
    number = ticket_after(desk, "resolve_in_second_line").number
    assert lulea.post(f"/api/v1/tickets/{number}/confirmations").json["state"]["category"] == "closed"  # type: ignore[index]
    again = lulea.post(f"/api/v1/tickets/{number}/reopenings", {"reason": "Felet är tillbaka."})
    assert again.json["state"]["category"] == "active"  # type: ignore[index]


def test_it_withdraws_where_its_ticket_came_in_and_not_further_on(desk: Desk, lulea: Caller) -> None:
    mistaken = {"cancel_reason": "mistaken", "reason": "Invånaren löste det själv."}
    first = new_ticket(desk).number
    done = lulea.post(f"/api/v1/tickets/{first}/cancellations", mistaken)
    assert done.json["state"]["tmf_status"] == "cancelled"  # type: ignore[index]
    internal = {"subject": "Fel", "service": "e-tjansteplattform", "workflow": "internal_incident"}
    second = lulea.post("/api/v1/tickets", internal).json["number"]  # type: ignore[index]
    assert lulea.post(f"/api/v1/tickets/{second}/cancellations", mistaken).status_code == 200
    further = ticket_after(desk, "accept_in_second_line").number
    assert not actions(lulea, further)["cancel"]["possible"]
    assert_problem(lulea.post(f"/api/v1/tickets/{further}/cancellations", mistaken), 409, "wrong_state")


def test_it_writes_for_whom_it_says(desk: Desk, lulea: Caller, supplier: Caller) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    for path, given, readers in (
        ("notes", {"body": "Ett."}, "municipality"),
        ("notes", {"body": "Två.", "audience": "joint"}, "joint"),
        ("updates", {"body": "Tre."}, "joint"),
        ("replies", {"body": "Fyra."}, "requester"),
    ):
        assert lulea.post(f"/api/v1/tickets/{number}/{path}", given).status_code == 200
        told = lulea.get(f"/api/v1/tickets/{number}/timeline").json["entries"][-1]  # type: ignore[index]
        assert (list(told["texts"].values()), told["readers"], told["party"], told["name"]) == (
            [given["body"]], readers, "municipality", "Provsystem",
        )  # fmt: skip
    assert_problem(lulea.post(f"/api/v1/tickets/{number}/notes", {"body": "x", "audience": "supplier"}), 422, "invalid")
    heard = supplier.get(f"/api/v1/tickets/{number}/timeline").text
    assert not any(word in heard for word in ("Ett.", "Två.", "Tre.", "Fyra."))


def test_a_reply_is_the_response_that_was_promised(desk: Desk, lulea: Caller) -> None:
    number = lulea.post("/api/v1/tickets", {"subject": "Fel", "service": "e-tjansteplattform"}).json["number"]  # type: ignore[index]
    replied = lulea.post(f"/api/v1/tickets/{number}/replies", {"body": "Vi ser på det."}).json
    assert {clock["metric"]: clock["outcome"] for clock in replied["clocks"]}["response"] == "kept"  # type: ignore[index]


def test_it_has_nothing_else_to_do(desk: Desk, lulea: Caller) -> None:
    number = ticket_after(desk, "take").number
    assert set(actions(lulea, number)) == {
        "answer", "confirm", "reopen", "cancel", "note", "update", "reply", "attach", "name",
    }  # fmt: skip
    solved = {name: WRITTEN[name] for name in ("solution", "resolution_code")}
    for path, given in (("solutions", solved), ("takeovers", {}), ("handovers", {"reason": "x", "tried": "x"})):
        assert_problem(lulea.post(f"/api/v1/tickets/{number}/{path}", given), 409, "not_yours")


def test_its_timeline_says_whose_each_part_is(desk: Desk, lulea: Caller) -> None:
    number = ticket_after(desk, "propose_solution").number
    entries = lulea.get(f"/api/v1/tickets/{number}/timeline").json["entries"]  # type: ignore[index]
    assert [entry["party"] for entry in entries] == [*["municipality"] * 5, *["joint"] * 2, *["supplier"] * 2]
    assert entries[0]["texts"]["subject"] == "Det går inte att logga in"
    assert not any("Anna" in str(entry["texts"]) for entry in entries), "who asked is not told again"
    assert {entry["name"] for entry in entries[5:]} == {None}
