"""A municipality's system logs a ticket for whoever asks, and reads it back."""

from typing import Any

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.log import NewTicket, log_ticket
from servicedesk.actions.steps import perform
from servicedesk.actions.tokens import LOG, READ
from servicedesk.api.v1 import examples
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Channel
from servicedesk.store.queries.journal import texts_of
from servicedesk.store.queries.tickets import find_ticket, state_of
from servicedesk.store.queries.verification import ticket_ids, verify_ticket
from tests.api.conftest import Caller, MakeCaller
from tests.api.test_refused_requests import assert_problem
from tests.support.desk import WRITTEN, persona, ticket_after

TICKETS = "/api/v1/tickets"
NO_CHOICE = ["Choose one of the values offered."]
LEAST = {"subject": "Ett fel", "service": "e-tjansteplattform"}


@pytest.fixture
def lulea(make_caller: MakeCaller) -> Caller:
    return make_caller("lulea")


def state(desk: Desk, number: str) -> TicketState:
    with desk.reading() as connection:
        return state_of(connection, number)


def test_the_documents_own_example_is_logged_and_read_back(desk: Desk, lulea: Caller) -> None:
    logged = lulea.post(TICKETS, examples.NEW_TICKET)
    assert logged.status_code == 201, logged.text
    body: dict[str, Any] = logged.json  # type: ignore[assignment]
    assert logged.headers["Location"] == body["href"]
    read = lulea.get(logged.headers["Location"])
    assert (read.json, read.headers["ETag"]) == (body, logged.headers["ETag"])
    assert body.keys() == examples.LOGGED.keys()
    volatile = ("number", "href", "clocks", "version")
    assert {k: v for k, v in body.items() if k not in volatile} == {
        k: v for k, v in examples.LOGGED.items() if k not in volatile
    }
    with desk.reading() as connection:
        found = [d for i in ticket_ids(connection) for d in verify_ticket(connection, desk.book(connection), i)]
    assert found == []


def test_it_becomes_what_it_would_have_been_if_a_person_had_logged_it(desk: Desk, lulea: Caller) -> None:
    number = lulea.post(TICKETS, examples.NEW_TICKET).json["number"]  # type: ignore[index]
    given: dict[str, Any] = {**examples.NEW_TICKET, "channel": Channel.API}
    by_hand = log_ticket(desk, NewTicket("lulea", **given), actor=persona(desk, "first_line_lulea"))
    by_system = state(desk, number)
    by_system.number = by_hand.number
    assert by_system == by_hand
    with desk.reading() as connection:
        ids = [find_ticket(connection, persona(desk, "first_line_lulea"), n)[0] for n in (number, by_hand.number)]
        assert texts_of(connection, ids[0]) == texts_of(connection, ids[1])


def test_a_few_words_and_a_service_are_enough(desk: Desk, lulea: Caller) -> None:
    number = lulea.post(TICKETS, LEAST).json["number"]  # type: ignore[index]
    ticket = state(desk, number)
    assert (ticket.channel, ticket.requester_kind, ticket.responded_at) == ("api", "anonymous", None)


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({}, {"subject": ["Fill in this field."], "service": ["Fill in this field."]}),
        ({**LEAST, "subject": " \n"}, {"subject": ["Say in a few words what the matter is."]}),
        ({**LEAST, "subject": 7}, {"subject": ["This must be a text."]}),
        ({**LEAST, "service": "nothing"}, {"service": ["Choose a service."]}),
        ({**LEAST, "workflow": "nothing"}, {"workflow": ["Choose a process."]}),
        (
            {**LEAST, "e_service": "pitea-bygglov"},
            {"e_service": ["Choose one of the municipality's own e-services, or none."]},
        ),
        ({**LEAST, "impact": "enormous", "fault": None}, dict.fromkeys(("impact", "fault"), NO_CHOICE)),
        ({**LEAST, "municipality": "pitea"}, {"municipality": ["There is no such field here."]}),
        ({**LEAST, "channel": "phone"}, {"channel": ["There is no such field here."]}),
        ({**LEAST, "priority": 1}, {"priority": ["There is no such field here."]}),
        (
            {**LEAST, "requester_name": "x" * 201},
            {"requester_name": ["Shorten this text to 200 characters; it has 201 now."]},
        ),
    ],
)  # fmt: skip
def test_each_field_at_fault_is_named_and_nothing_is_logged(
    desk: Desk, lulea: Caller, given: dict[str, Any], faults: dict[str, list[str]]
) -> None:
    assert assert_problem(lulea.post(TICKETS, given), 422, "invalid")["errors"] == faults
    with desk.reading() as connection:
        assert ticket_ids(connection) == []


def test_a_token_does_only_what_its_scope_says(desk: Desk, make_caller: MakeCaller, supplier: Caller) -> None:
    reader, logger = make_caller("lulea", (READ,)), make_caller("lulea", (LOG,))
    refused = assert_problem(reader.post(TICKETS, LEAST), 403, "scope_missing")
    assert "tickets:log" in refused["detail"]
    address = logger.post(TICKETS, LEAST).headers["Location"]
    assert_problem(logger.get(address), 403, "scope_missing")
    assert reader.get(address).status_code == 200
    assert_problem(supplier.post(TICKETS, LEAST), 403, "scope_missing")


def test_another_municipality_sees_nothing_of_it(make_caller: MakeCaller, lulea: Caller) -> None:
    pitea = make_caller("pitea")
    address = lulea.post(TICKETS, LEAST).headers["Location"]
    assert_problem(pitea.get(address), 404, "not_found")
    assert pitea.get(TICKETS).json == {"tickets": []}
    assert [line["href"] for line in lulea.get(TICKETS).json["tickets"]] == [address]  # type: ignore[index]


def test_it_follows_the_ticket_along_the_chain(desk: Desk, lulea: Caller) -> None:
    """Also to the supplier, whose part a supplier's system would not be shown of another."""
    number = ticket_after(desk, "accept_at_supplier").number
    body: dict[str, Any] = lulea.get(f"{TICKETS}/{number}").json  # type: ignore[assignment]
    assert (body["holder"]["tier"], body["state"]["category"], body["title"]) == (
        "supplier", "active", "Det går inte att logga in",
    )  # fmt: skip
    assert {clock["metric"] for clock in body["clocks"]} == {"response", "resolution"}
    solution = {"solution": "Klart.", "resolution_code": "solved"}
    perform(desk, number, "propose_solution", actor=persona(desk, "supplier_technician"), given=solution)
    perform(desk, number, "verify", actor=persona(desk, "it_service_manager"), given={"tried": "Ja."})
    body = lulea.get(f"{TICKETS}/{number}").json  # type: ignore[assignment]
    assert body["holder"]["tier"] == "second_line"


def test_who_asked_stays_out_of_what_is_answered(lulea: Caller) -> None:
    given = {**LEAST, "requester_name": "Anna Exempel", "requester_contact": "070-174 06 05"}
    logged = lulea.post(TICKETS, given)
    lulea.get(logged.headers["Location"])
    assert not any("Anna" in response.text or "070" in response.text for response in lulea.heard)


def test_what_one_did_not_write_is_not_shown_to_it_as_its_own(desk: Desk, supplier: Caller) -> None:
    """A supplier is still shown only the description made for it."""
    number = ticket_after(desk, "accept_at_supplier").number
    body = supplier.get(f"{TICKETS}/{number}").json
    assert body is not None and body["description"] == WRITTEN["supplier_description"]


def test_the_language_that_the_requester_reads_is_kept_and_no_other_is_taken(desk: Desk, lulea: Caller) -> None:
    given = {**LEAST, "requester_contact": "anna@medborgare.example"}
    number = lulea.post(TICKETS, {**given, "language": "en"}).json["number"]  # type: ignore[index]
    with desk.reading() as connection:
        ticket_id = find_ticket(connection, persona(desk, "first_line_lulea"), number)[0]
        assert texts_of(connection, ticket_id)[1, "requester_language"] == "en"
    assert lulea.post(TICKETS, {**given, "language": "fi"}).status_code == 422
