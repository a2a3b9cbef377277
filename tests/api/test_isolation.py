"""Nothing that is not for a supplier reaches it: not before, while or after it has a ticket, in no route and no header.

Every text that a person can write is planted with a mark of its own along a chain with every turn that touches a
supplier. After each turn everything the API says is searched for marks that are not the listener's to see.
"""

from itertools import count, cycle, islice

import pytest
from flask import Flask

from servicedesk.actions import changes, entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.log import NewTicket, log_ticket
from servicedesk.actions.steps import perform
from servicedesk.api.v1.resources import RESOURCES
from servicedesk.core.vocabulary import Fault, Level
from servicedesk.store.queries.tickets import state_of
from tests.api.conftest import SUPPLIER, Caller
from tests.support.desk import PLATFORM, persona, ticket_after
from tests.support.pages import session_of

MARKS = count(1)
READS = ("", "/actions", "/timeline")
SOLUTION = {"solution": "Löst.", "resolution_code": "software_fix"}
CHOSEN = {"resolution_code": "solved", "until": "2026-03-09T08:00:00Z"}

# (who, step or right, what is given that the supplier may read, what it may not)
CHAIN: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("first_line_lulea", "take", (), ()),
    ("first_line_lulea", "escalate_to_second_line", (), ("reason", "tried")),
    ("second_line_lulea", "accept_in_second_line", (), ()),
    ("second_line_lulea", "ask_first_line", (), ("question",)),
    ("first_line_lulea", "answer_second_line_from_first_line", (), ("answer",)),
    ("second_line_lulea", "escalate_to_joint", (), ("reason", "tried")),
    ("it_service_manager", "accept_in_joint", (), ()),
    ("it_service_manager", "ask_second_line", (), ("question",)),
    ("second_line_lulea", "answer_joint", (), ("answer",)),
    ("it_service_manager", "order_from_supplier", ("supplier_description",), ("reason", "tried")),
    ("supplier", "acknowledgements", (), ()),
    ("supplier", "information-requests", ("question",), ()),
    ("it_service_manager", "answer_supplier", ("answer",), ()),
    ("it_service_manager", "grant_wait_to_supplier", ("reason",), ()),
    ("supplier", "resumptions", ("reason",), ()),
    ("supplier", "solutions", ("solution",), ()),
    ("it_service_manager", "reject", ("reason",), ()),
    ("supplier", "acknowledgements", (), ()),
    ("supplier", "notes", ("body",), ()),
    ("supplier", "returns", ("reason",), ()),
    ("it_service_manager", "order_from_supplier", ("supplier_description",), ("reason", "tried")),
    ("it_service_manager", "recall", (), ("reason",)),
    ("it_service_manager", "order_from_supplier", ("supplier_description",), ("reason", "tried")),
    ("supplier", "acknowledgements", (), ()),
    ("supplier", "solutions", ("solution",), ()),
    ("it_service_manager", "verify", (), ("tried",)),
    ("second_line_lulea", "accept_in_second_line", (), ()),
    ("second_line_lulea", "ask_requester_from_second_line", (), ("question",)),
    ("second_line_lulea", "answer_second_line", (), ("answer",)),
    ("second_line_lulea", "resolve_in_second_line", (), ("solution",)),
    ("first_line_lulea", "confirm", (), ()),
    ("first_line_lulea", "reopen", (), ("reason",)),
)


def mark(kind: str) -> str:
    return f"{kind}-{next(MARKS):03}-mark"


def marked(kind: str, needs: tuple[str, ...]) -> dict[str, str]:
    return {need: mark(kind) for need in needs}


def logged(desk: Desk) -> str:
    secret = marked("secret", ("subject", "description", "requester_name", "requester_contact", "platform_case"))
    new = NewTicket("lulea", PLATFORM, fault=Fault.PLATFORM, **secret)  # type: ignore[arg-type]
    return log_ticket(desk, new, actor=persona(desk, "first_line_lulea")).number


def write_beside(desk: Desk, number: str) -> None:
    """Everything that is written outside the workflow and is not for a supplier."""
    first, second = persona(desk, "first_line_lulea"), persona(desk, "second_line_lulea")
    entries.note(desk, number, mark("secret"), actor=second)
    entries.note(desk, number, mark("secret"), actor=second, to_joint=True)
    entries.reply(desk, number, mark("secret"), actor=first)
    with desk.reading() as connection:
        ticket = state_of(connection, number)
    if ticket.joint and ticket.is_open:
        urgency = Level.HIGH if ticket.urgency is not Level.HIGH else Level.MEDIUM
        manager = persona(desk, "it_service_manager")
        changes.change_priority(desk, number, Level.LOW, urgency, mark("secret"), actor=manager)


def take_turn(desk: Desk, supplier: Caller, number: str, who: str, step: str, given: dict[str, str]) -> None:
    if who == "supplier":
        given |= {"resolution_code": "software_fix"} if step == "solutions" else {}
        assert supplier.post(f"/api/v1/tickets/{number}/{step}", given).status_code == 200, step
        return
    needs = {"resolve_in_second_line": ("resolution_code",), "grant_wait_to_supplier": ("until",)}.get(step, ())
    perform(desk, number, step, actor=persona(desk, who), given=given | {need: CHOSEN[need] for need in needs})


def has_had(desk: Desk, number: str, supplier: str) -> bool:
    with desk.reading() as connection:
        return supplier in state_of(connection, number).suppliers


def probe(caller: Caller, number: str) -> list[int]:
    """Every way of reading; the statuses of those about this ticket."""
    for path in ("/api/v1/tickets", "/api/v1/tickets?scope=closed", "/api/openapi.json"):
        assert caller.get(path).status_code == 200
    caller.get(f"/api/v1/tickets?limit=1&number={number}")
    return [caller.get(f"/api/v1/tickets/{number}{rest}").status_code for rest in READS]


def provoke(caller: Caller, number: str, *, is_filled_in: bool) -> list[int]:
    """Every way of writing, with what cannot be accepted: refusals and conflicts must not tell either."""
    tried = [
        caller.post(
            f"/api/v1/tickets/{number}/{each.act.name}", dict(each.example) if is_filled_in else {}, If_Match='"0"'
        )
        for each in RESOURCES
    ]
    return [response.status_code for response in tried]


def everything_heard(caller: Caller) -> str:
    """What was said again word for word stands there once."""
    bodies = [response.get_data(as_text=True) for response in caller.heard]
    return "\n".join(dict.fromkeys([*(str(response.headers) for response in caller.heard), *bodies]))


def names_of_others(desk: Desk) -> set[str]:
    """Of everybody but the supplier's own people: a person's key, name and address."""
    with desk.reading() as connection:
        people = desk.book(connection).installation.people.values()
    others = [person for person in people if not person.key.startswith(SUPPLIER)]
    return {text for person in others for text in (person.key, person.name, person.email)}


@pytest.mark.parametrize(
    "tried_a_turn", [1, pytest.param(2, marks=pytest.mark.long)], ids=["empty and filled in by turns", "both each turn"]
)
def test_no_mark_that_is_not_theirs_ever_reaches_a_supplier(
    desk: Desk, supplier: Caller, other_supplier: Caller, tried_a_turn: int
) -> None:
    number = logged(desk)
    filled_in = cycle([False, True])
    for who, step, opened, secret in CHAIN:
        if step != "reopen":
            write_beside(desk, number)
        take_turn(desk, supplier, number, who, step, marked("open", opened) | marked("secret", secret))
        assert set(probe(supplier, number)) == {200 if has_had(desk, number, SUPPLIER) else 404}
        assert set(probe(other_supplier, number)) == {404}
        for is_filled_in in islice(filled_in, tried_a_turn):
            provoke(supplier, number, is_filled_in=is_filled_in)
            assert set(provoke(other_supplier, number, is_filled_in=is_filled_in)) <= {404, 422}
    heard = everything_heard(supplier)
    assert "open-" in heard, "the marks do reach those whom they are for"
    assert "secret-" not in heard
    assert [name for name in names_of_others(desk) if name in heard] == []
    others = everything_heard(other_supplier)
    assert "open-" not in others
    assert "secret-" not in others


def test_every_mark_that_is_for_a_supplier_reaches_it(desk: Desk, supplier: Caller) -> None:
    number = logged(desk)
    planted: list[str] = []
    for who, step, opened, secret in CHAIN:
        given = marked("open", opened)
        planted += given.values()
        take_turn(desk, supplier, number, who, step, given | marked("secret", secret))
    probe(supplier, number)
    heard = everything_heard(supplier)
    assert [text for text in planted if text not in heard] == []


@pytest.mark.parametrize("last", ["", "escalate_to_joint", "accept_in_joint"])
def test_a_ticket_on_its_way_does_not_exist_yet(desk: Desk, supplier: Caller, last: str) -> None:
    number = ticket_after(desk, last).number
    assert set(probe(supplier, number)) == {404}


def test_what_is_hidden_and_what_does_not_exist_answer_alike(desk: Desk, other_supplier: Caller) -> None:
    hidden, missing = ticket_after(desk, "accept_at_supplier").number, "2026-999999"
    for method, rest in [("get", rest) for rest in READS] + [("post", f"/{each.act.name}") for each in RESOURCES]:
        answers = []
        for number in (hidden, missing):
            example = next((dict(each.example) for each in RESOURCES if rest == f"/{each.act.name}"), {})
            path = f"/api/v1/tickets/{number}{rest}"
            response = other_supplier.get(path) if method == "get" else other_supplier.post(path, example)
            # By which an operator finds the request: another one for each.
            mark = response.get_json()["request_id"]
            counted = ("Content-Length", "RateLimit")
            headers = {name: value.replace(mark, "ID") for name, value in response.headers if name not in counted}
            said = response.get_data(as_text=True).replace(number, "N").replace(mark, "ID")
            answers.append((response.status_code, said, headers))
        assert answers[0] == answers[1], rest


def test_while_a_ticket_is_elsewhere_its_state_is_the_municipalitys_business(desk: Desk, supplier: Caller) -> None:
    number = ticket_after(desk, "verify").number
    perform(desk, number, "accept_in_second_line", actor=persona(desk, "second_line_lulea"))
    question = {"question": "Fungerar det nu?"}
    perform(desk, number, "ask_requester_from_second_line", actor=persona(desk, "second_line_lulea"), given=question)
    ticket = supplier.get(f"/api/v1/tickets/{number}").json
    line = supplier.get("/api/v1/tickets").json["tickets"][0]  # type: ignore[index]
    refused = supplier.post(f"/api/v1/tickets/{number}/solutions", SOLUTION).json
    assert ticket is not None and refused is not None
    assert (ticket["holder"], ticket["state"]["category"], ticket["state"]["label"]["en"]) == (
        None,
        "active",
        "Not with you",
    )
    assert (line["holder"], line["state"]) == (None, ticket["state"])
    assert "Not with you" in refused["detail"]


def test_a_sign_in_cookie_opens_nothing(app: Flask, desk: Desk) -> None:
    browser = app.test_client()
    with browser.session_transaction() as session:
        session.update(session_of(desk, "supplier_technician"))
    assert browser.get("/queue").status_code == 200
    assert browser.get("/api/v1/tickets").status_code == 401
    assert browser.post("/api/v1/tickets/2026-000001/acknowledgements", json={}).status_code == 401


def test_the_api_leaves_no_cookie(supplier: Caller) -> None:
    assert "Set-Cookie" not in supplier.get("/api/v1/tickets").headers
    assert "Set-Cookie" not in supplier.http.get("/api/v1/tickets").headers
