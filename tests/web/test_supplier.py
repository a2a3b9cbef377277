"""A supplier's technician without an API: what is asked, what runs out and what is new; how it goes, and one's own
reference, told on the page as a system tells them."""

from datetime import timedelta

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note_to_supplier
from servicedesk.core.clock import ControlledClock
from servicedesk.core.ticket import TicketState
from servicedesk.store.queries.journal import events_of
from servicedesk.store.queries.tickets import state_of
from servicedesk.web.lists.supplier import AT_FIRST, looked
from tests.support.desk import START, new_ticket, persona, ticket_after
from tests.web.conftest import People

SUPPLIER, OTHER, MANAGER = "supplier_technician", "other_supplier_technician", "it_service_manager"
DESCRIBED = "Inloggningen ger fel 500"


def later(desk: Desk, **span: float) -> None:
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(**span))


def ticket(desk: Desk, number: str) -> TicketState:
    with desk.reading() as connection:
        return state_of(connection, number)


def section(text: str, heading: str, until: str) -> str:
    return text.partition(heading)[2].partition(until)[0]


def test_the_day_begins_with_what_is_asked_what_runs_out_and_what_is_new(person_at: People, desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    new_ticket(desk, subject="Kommunens eget")
    technician = person_at(SUPPLIER)
    assert technician.get("/").location == "/supplier"
    page = technician.get("/supplier").text
    assert number in section(page, "Går ut först", "Nytt sedan") and "Kommunens eget" not in page
    assert DESCRIBED in page and "Det går inte att logga in" not in page, "never the requester's words"
    later(desk, hours=5)
    assert "Inget har ändrats sedan" in technician.get("/supplier").text
    later(desk, hours=5)
    note_to_supplier(desk, number, "Hur går det?", actor=persona(desk, MANAGER))
    assert number in technician.get("/supplier").text.partition("Nytt sedan du tittade senast")[2]
    assert number in technician.get("/supplier").text.partition("Nytt sedan du tittade senast")[2], "a look lasts"
    assert number not in person_at(OTHER).get("/supplier").text


def test_the_page_is_a_suppliers(person_at: People) -> None:
    for who in ("first_line_lulea", MANAGER):
        assert person_at(who).get("/supplier").status == 404


@pytest.mark.parametrize("cookie", ["", "x", "1.2.3", "9999999999.1", "99999999999999.1", "٣.٤", "5.4"])
def test_a_cookie_that_is_none_of_ours_shows_the_last_day(cookie: str) -> None:
    assert looked(cookie, START).since == START - AT_FIRST


def test_how_it_goes_is_told_as_a_system_tells_it_and_ends_the_silence(person_at: People, desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    person_at(SUPPLIER).send(f"/tickets/{number}", "/updates", body="Vi har hittat felet och rättar i kväll.")
    with desk.reading() as connection:
        last = events_of(connection, 1)[-1]
    assert (last.kind, getattr(last.payload, "entry", ""), last.party) == (
        "EntryAdded",
        "update",
        "leverantor-plattform",
    )
    assert "Vi har hittat felet" in person_at(MANAGER).get(f"/tickets/{number}").text
    assert "Vi har hittat felet" not in person_at(OTHER).get("/search?q=hittat").text


def test_an_update_without_words_says_so_and_changes_nothing(person_at: People, desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    seq = ticket(desk, number).seq
    page = person_at(SUPPLIER).send(f"/tickets/{number}", "/updates", body=" ")
    assert page.status == 422 and ticket(desk, number).seq == seq


def test_an_own_reference_is_kept_found_by_and_taken_away_also_when_the_ticket_has_gone_back(
    person_at: People, desk: Desk
) -> None:
    number = ticket_after(desk, "propose_solution").number
    technician = person_at(SUPPLIER)
    assert not technician.get(f"/tickets/{number}").has_form("/updates"), "it is no longer with them"
    technician.send(f"/tickets/{number}", "/reference", reference="  INC-42 ")
    assert ticket(desk, number).references == {"leverantor-plattform": "INC-42"}
    assert number in technician.get("/search?q=INC-42").text
    technician.send(f"/tickets/{number}", "/reference", reference="")
    assert ticket(desk, number).references == {"leverantor-plattform": ""} or not any(
        ticket(desk, number).references.values()
    )
    assert technician.send(f"/tickets/{number}", "/reference", reference="x" * 81).status == 422


def test_nobody_else_says_what_a_supplier_calls_it(person_at: People, desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    for who, status in (("first_line_lulea", 409), (MANAGER, 409), (OTHER, 404)):
        visitor = person_at(who)
        token = next(form.fields["csrf_token"] for form in visitor.get("/notices").forms if "csrf_token" in form.fields)
        sent = visitor.post(
            f"/tickets/{number}/reference", {"csrf_token": token, "version": "99", "reference": "INC-1"}
        )
        assert sent.status == status, who
    assert ticket(desk, number).references == {}
