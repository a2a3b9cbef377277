"""A supplier's system works a ticket from the hand-over to the solution, and sees what it may."""

import re
from typing import Any

from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from servicedesk.store.queries.verification import ticket_ids, verify_ticket
from tests.api.conftest import Caller, MakeCaller
from tests.support.desk import WRITTEN, persona, ticket_after

SOLUTION = {"solution": "Certifikatet är bytt.", "resolution_code": "software_fix"}
# The allow-list: a new field is hidden from suppliers until somebody adds it here on purpose.
TICKET_KEYS = {
    "number", "href", "reference", "title", "description", "service", "municipality", "priority", "state", "holder",
    "opened_at", "handed_over_at", "updated_at", "clocks", "version",
}  # fmt: skip
LINE_KEYS = {
    "number", "href", "reference", "title", "service", "municipality", "priority", "state", "holder", "opened_at",
    "updated_at", "due_at",
}  # fmt: skip
ENTRY_KEYS = {
    "position", "kind", "at", "party", "name", "readers", "texts", "resolution_code", "priority", "reference",
    "clock", "share", "file", "correction", "corrects",
}  # fmt: skip


def handed_over(desk: Desk) -> str:
    return ticket_after(desk, "order_from_supplier").number


def address(number: str, rest: str = "") -> str:
    return f"/api/v1/tickets/{number}{rest}"


def by_verb(caller: Caller, number: str) -> dict[str, Any]:
    return {action["verb"]: action for action in caller.get(address(number, "/actions")).json["actions"]}  # type: ignore[index]


def test_a_ticket_goes_from_hand_over_to_solution(desk: Desk, supplier: Caller) -> None:
    number = handed_over(desk)
    listed = supplier.get("/api/v1/tickets").json["tickets"]  # type: ignore[index]
    assert [line["number"] for line in listed] == [number]
    accepted = supplier.post(address(number, "/acknowledgements"))
    assert (accepted.status_code, accepted.json["state"]["category"]) == (200, "active")  # type: ignore[index]
    asked = supplier.post(address(number, "/information-requests"), {"question": "Sedan när?"})
    assert asked.json["state"]["category"] == "waiting"  # type: ignore[index]
    answered = perform(
        desk, number, "answer_supplier", actor=persona(desk, "it_service_manager"), given={"answer": "I dag."}
    )
    assert answered.category == "active"
    solved = supplier.post(address(number, "/solutions"), SOLUTION)
    assert solved.status_code == 200
    assert solved.json["holder"]["tier"] == "joint"  # type: ignore[index]
    with desk.reading() as connection:
        found = [d for i in ticket_ids(connection) for d in verify_ticket(connection, desk.book(connection), i)]
    assert found == []


def test_a_ticket_can_be_returned_with_a_reason(desk: Desk, supplier: Caller) -> None:
    number = handed_over(desk)
    returned = supplier.post(address(number, "/returns"), {"reason": "Det är kommunens federation."})
    assert returned.json["holder"]["tier"] == "joint"  # type: ignore[index]


def test_work_can_be_resumed_without_an_answer(desk: Desk, supplier: Caller) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    supplier.post(address(number, "/information-requests"), {"question": "Sedan när?"})
    resumed = supplier.post(address(number, "/resumptions"), {"reason": "Loggen svarade."})
    assert resumed.json["state"]["category"] == "active"  # type: ignore[index]


def test_a_note_reaches_the_timeline_and_changes_no_state(desk: Desk, supplier: Caller) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    before = supplier.get(address(number)).json
    noted = supplier.post(address(number, "/notes"), {"body": "Klart i eftermiddag."})
    assert noted.status_code == 200
    assert noted.json["state"] == before["state"]  # type: ignore[index]
    last = supplier.get(address(number, "/timeline")).json["entries"][-1]  # type: ignore[index]
    assert (last["texts"], last["party"], last["name"]) == ({"note": "Klart i eftermiddag."}, "supplier", "Provsystem")


def test_the_timeline_tells_the_suppliers_part_of_the_story(desk: Desk, supplier: Caller) -> None:
    number = handed_over(desk)
    supplier.post(address(number, "/acknowledgements"))
    supplier.post(address(number, "/solutions"), SOLUTION)
    entries = supplier.get(address(number, "/timeline")).json["entries"]  # type: ignore[index]
    assert all(set(entry) == ENTRY_KEYS for entry in entries)
    told = [(entry["kind"], entry["party"], entry["texts"]) for entry in entries]
    assert told == [
        ("TicketHandedOver", "customer", {"description": WRITTEN["supplier_description"]}),
        ("TicketAccepted", "supplier", {}),
        ("TicketResolved", "supplier", {"solution": SOLUTION["solution"]}),
    ]
    assert entries[2]["resolution_code"] == "software_fix"


def test_a_ticket_has_exactly_the_listed_fields(desk: Desk, supplier: Caller) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    ticket = supplier.get(address(number)).json
    assert ticket is not None
    assert set(ticket) == TICKET_KEYS
    assert set(ticket["state"]) == {"category", "tmf_status", "label"}
    assert set(ticket["holder"]) == {"tier", "organisation"}
    line = supplier.get("/api/v1/tickets").json["tickets"][0]  # type: ignore[index]
    assert set(line) == LINE_KEYS


def test_a_ticket_shows_its_description_its_promises_and_utc_moments(desk: Desk, supplier: Caller) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    ticket = supplier.get(address(number)).json
    assert ticket is not None
    assert ticket["description"] == WRITTEN["supplier_description"]
    assert ticket["municipality"] == {"key": "lulea", "name": "Luleå kommun"}
    assert ticket["opened_at"] == "2026-03-02T08:00:00Z"
    clocks = {clock["metric"]: clock for clock in ticket["clocks"]}
    assert set(clocks) == {"acknowledgement", "contract"}
    assert (clocks["acknowledgement"]["state"], clocks["acknowledgement"]["outcome"]) == ("stop", "kept")
    assert (clocks["contract"]["state"], clocks["contract"]["outcome"]) == ("run", "open")
    assert clocks["contract"]["due_at"].endswith("Z")


def test_actions_say_what_is_possible_what_it_takes_and_why_the_rest_is_not(desk: Desk, supplier: Caller) -> None:
    number = handed_over(desk)
    before = by_verb(supplier, number)
    assert {verb for verb, action in before.items() if action["possible"]} == {
        "accept", "return", "note", "update", "attach", "name",
    }  # fmt: skip
    assert before["resolve"]["reason"]["code"] == "wrong_state"
    assert [field["name"] for field in before["return"]["fields"]] == ["reason"]
    supplier.post(before["accept"]["href"])
    after = by_verb(supplier, number)
    assert after["resolve"]["step"] == "propose_solution"
    code = next(field for field in after["resolve"]["fields"] if field["name"] == "resolution_code")
    assert "software_fix" in code["choices"]
    supplier.post(after["resolve"]["href"], SOLUTION)
    gone = by_verb(supplier, number)
    assert gone.pop("name")["possible"]
    assert {action["reason"]["code"] for action in gone.values()} <= {"wrong_state", "not_yours"}


def test_what_actions_call_possible_is_possible(desk: Desk, supplier: Caller) -> None:
    given = {"question": "Sedan när?", "reason": "Så är det.", "body": "Vi arbetar på det.", **SOLUTION}
    for verb in ("accept", "return", "note", "update"):
        number = handed_over(desk)
        action = by_verb(supplier, number)[verb]
        fields = {field["name"]: given[field["name"]] for field in action["fields"]}
        assert supplier.post(action["href"], fields).status_code == 200


def test_a_step_that_is_not_possible_is_refused_with_what_is(desk: Desk, supplier: Caller) -> None:
    number = handed_over(desk)
    refused = supplier.post(address(number, "/solutions"), SOLUTION)
    assert refused.status_code == 409
    assert refused.json is not None
    assert refused.json["code"] == "wrong_state"
    assert refused.json["allowed"] == ["accept_at_supplier", "return_from_supplier"]
    assert refused.json["type"] == "/api/problems/refused"


def test_a_closed_ticket_is_listed_among_the_closed(desk: Desk, supplier: Caller) -> None:
    number = ticket_after(desk, "confirm").number
    assert supplier.get("/api/v1/tickets").json == {"tickets": []}
    closed = supplier.get("/api/v1/tickets?scope=closed").json["tickets"]  # type: ignore[index]
    assert [line["number"] for line in closed] == [number]


def test_the_list_comes_in_pages_by_link(desk: Desk, supplier: Caller) -> None:
    numbers = {handed_over(desk) for _ in range(5)}
    seen: list[str] = []
    path = "/api/v1/tickets?limit=2"
    pages = 0
    while path:
        page = supplier.get(path)
        pages += 1
        seen += [line["number"] for line in page.json["tickets"]]  # type: ignore[index]
        leads = {rel: address for address, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', page.headers["Link"])}
        assert leads["first"] == "/api/v1/tickets?limit=2"
        path = leads.get("next", "")
    assert (pages, len(seen), set(seen)) == (3, 5, numbers)


def test_what_one_can_attach_and_call_a_ticket_is_told_with_how_it_is_sent(
    desk: Desk, supplier: Caller, make_caller: MakeCaller
) -> None:
    number = handed_over(desk)
    attach, name = by_verb(supplier, number)["attach"], by_verb(supplier, number)["name"]
    assert (attach["method"], attach["href"]) == ("POST", address(number, "/attachments"))
    assert [(field["name"], field["format"]) for field in attach["fields"]] == [("file", "file"), ("name", "text")]
    assert (name["method"], name["href"]) == ("PUT", address(number, "/reference"))
    assert [(field["name"], field["required"]) for field in name["fields"]] == [("reference", True)]
    assert {action["method"] for action in by_verb(supplier, number).values()} == {"POST", "PUT"}
    ours = by_verb(make_caller("lulea"), number)["attach"]["fields"][-1]
    assert (ours["name"], ours["choices"]) == ("audience", ["municipality", "joint"])


def test_of_a_ticket_that_is_no_longer_with_one_nothing_is_attached_and_it_is_still_called_by_ones_own(
    desk: Desk, supplier: Caller
) -> None:
    number = ticket_after(desk, "propose_solution").number
    found = by_verb(supplier, number)
    assert (found["attach"]["possible"], found["attach"]["reason"]["code"]) == (False, "not_yours")
    sent = supplier.send(f"{found['attach']['href']}?name=a.txt", b"x", "application/octet-stream")
    assert (sent.status_code, sent.json["code"]) == (409, "not_yours")  # type: ignore[index]
    assert found["name"]["possible"]
    assert supplier.put(found["name"]["href"], {"reference": "INC1"}).status_code == 200
