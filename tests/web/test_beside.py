"""What stands beside a ticket: only what its reader may see, and asked for after the page."""

from servicedesk.actions.desk import Desk
from servicedesk.actions.disruptions import NewDisruption, declare_disruption
from servicedesk.actions.relations import link
from servicedesk.core.vocabulary import Relation
from tests.support.desk import PLATFORM, new_ticket, persona, ticket_after
from tests.web.conftest import People

TICKET = "/tickets/2026-00001"
AROUND = f"{TICKET}/beside"
PART = {"HX-Request": "true", "HX-Target": "beside"}


def test_it_tells_what_is_linked_alike_and_asked_before(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint")
    earlier = new_ticket(desk, subject="Glömt lösenordet", description="Kortet är slut.").number
    alike = new_ticket(desk, requester_name="Bo", requester_contact="bo@brev.example").number
    linked = new_ticket(desk, subject="Servern", description="x", requester_name="", requester_contact="").number
    elsewhere = new_ticket(desk, "pitea").number
    link(desk, "2026-00001", Relation.FOLLOWS, linked, actor=persona(desk, "first_line_lulea"))
    page = person_at("first_line_lulea").get(AROUND)
    order = ("Kopplade ärenden", linked, "andra ärenden", earlier, "gälla samma sak", alike)
    told = page.text[page.text.index(order[0]) :]
    places = [told.index(word) for word in order]
    assert places == sorted(places)
    assert elsewhere not in page.text and "2026-00001" not in told
    board = person_at("it_service_manager").get(AROUND).text
    assert not [number for number in (earlier, alike, linked, elsewhere) if number in board]
    assert "anmälarens" not in board.lower()
    assert person_at("first_line_pitea").get(AROUND).status == 404


def test_it_promises_a_supplier_nothing_of_the_requester(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier")
    for who, promised in (("first_line_lulea", True), ("supplier_technician", False)):
        assert ("anmälarens tidigare" in person_at(who).get(TICKET).text) is promised, who


def test_it_counts_open_tickets_about_the_same_and_tells_of_disruptions(person_at: People, desk: Desk) -> None:
    for _ in range(5):
        new_ticket(desk)
    ticket_after(desk, "confirm")
    new_ticket(desk, "pitea")
    told = NewDisruption(PLATFORM, ("lulea",), "Inloggningen ligger nere", "Vi felsöker.")
    declare_disruption(desk, told, actor=persona(desk, "second_line_lulea"))
    text = person_at("first_line_lulea").get(AROUND).text
    assert "som du kan se: 4" in text
    assert "Driftstörning just nu: Inloggningen ligger nere" in text


def test_the_page_of_the_ticket_does_not_wait_for_it(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    page = visitor.get(TICKET)
    assert AROUND in page.links()
    assert page.element("beside")["hx-get"] == AROUND
    part = visitor.client.get(AROUND, headers=PART).get_data(as_text=True)
    assert "<html" not in part and "Kopplade ärenden" in part
    assert "Kopplade ärenden" not in page.text
