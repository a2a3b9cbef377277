import pytest

from servicedesk.actions.desk import Desk
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Relation
from servicedesk.store.queries.tickets import state_of
from servicedesk.web.words import RELATIONS, RELATIONS_BACK
from tests.support.desk import new_ticket, ticket_after
from tests.web.conftest import People

NUMBER = "2026-00001"
TICKET = f"/tickets/{NUMBER}"


def ticket(desk: Desk) -> TicketState:
    with desk.reading() as connection:
        return state_of(connection, NUMBER)


def test_somebody_in_the_team_is_put_to_work(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    assert visitor.send(TICKET, "/assignments", assignee="lulea-forsta-linjen-2").location == TICKET
    assert ticket(desk).assignee == "lulea-forsta-linjen-2"
    refused = visitor.send(TICKET, "/assignments", assignee="pitea-forsta-linjen")
    assert refused.status == 422
    assert "Välj någon i det team som har ärendet." in refused.text


def test_the_priority_follows_from_impact_and_urgency_and_needs_a_reason(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    missing = visitor.send(TICKET, "/priority", impact="high", urgency="high")
    assert missing.status == 422
    assert missing.form("/priority")["impact"] == "high"
    assert visitor.send(TICKET, "/priority", impact="high", urgency="high", reason="Alla drabbas.").location == TICKET
    assert ticket(desk).priority == 1
    same = visitor.send(TICKET, "/priority", reason="Igen.")
    assert same.status == 409
    assert "Ärendet har redan den påverkan" in same.text


def test_a_fault_is_classified(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    said = {"fault": "e_service", "e_service": "lulea-ekonomiskt-bistand", "reason": "Bara här."}
    assert visitor.send(TICKET, "/classification", **said).location == TICKET
    assert (ticket(desk).fault, ticket(desk).e_service) == ("e_service", "lulea-ekonomiskt-bistand")
    wrong = visitor.send(TICKET, "/classification", **{**said, "service": "datahall"})
    assert wrong.status == 422
    assert "Välj en av kommunens egna e-tjänster i den här tjänsten, eller ingen." in wrong.text


def test_a_ticket_moved_to_the_right_municipality_is_out_of_sight(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    said = {"municipality": "pitea", "reason": "Anna bor i Piteå och vet om det."}
    assert visitor.send(TICKET, "/municipality", **said).location == "/queue"
    assert "Ärendet är flyttat." in visitor.get("/queue").text
    assert visitor.get(TICKET).status == 404
    assert person_at("first_line_pitea").get(TICKET).status == 200


def test_moving_it_needs_a_municipality_and_a_reason(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    page = person_at("first_line_lulea").send(TICKET, "/municipality", municipality="", reason="Skäl.")
    assert page.status == 422
    assert "Välj en kommun." in page.text
    assert page.form("/municipality")["reason"] == "Skäl."


def test_tickets_are_linked_both_ways(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    assert visitor.send(TICKET, "/links", relation="child_of", number=" 2026-00002 ").location == TICKET
    assert "Hör till 2026-00002" in visitor.get(TICKET).text
    assert f"Hit hör {NUMBER}" in visitor.get("/tickets/2026-00002").text


def test_every_link_has_words_from_both_sides() -> None:
    assert set(RELATIONS) == set(RELATIONS_BACK) == set(Relation)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("2026-00099", "Ärendet finns inte."),
        ("2026-00002", "Ärendet finns inte."),  # Piteå's: what one may not see does not exist
        (NUMBER, "Välj ett annat ärende än det här."),
        ("", "Ärendet finns inte."),
    ],
)
@pytest.mark.parametrize("action", ["/links", "/merges"])
def test_only_another_ticket_that_one_sees_can_be_named(
    person_at: People, desk: Desk, action: str, number: str, sentence: str
) -> None:
    new_ticket(desk)
    new_ticket(desk, "pitea")
    form = {"reason": "Skäl."} if action == "/merges" else {}
    page = person_at("first_line_lulea").send(TICKET, action, number=number, **form)
    assert page.status == 422
    assert sentence in page.text


def test_a_merged_ticket_is_closed_and_leads_to_the_other(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    page = visitor.follow(visitor.send(TICKET, "/merges", number="2026-00002", reason="Samma fel."))
    assert "Ihopslaget med 2026-00002" in page.text
    assert "Du kan inte öppna ärendet igen. Det är ihopslaget med 2026-00002." in page.text


def test_who_does_not_hold_the_ticket_is_refused_with_a_reason(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint")
    visitor = person_at("first_line_lulea")
    page = visitor.get(TICKET)
    given = page.form("/notes")
    for action, sentence in {
        "/assignments": "Bara de som har ärendet kan tilldela det.",
        "/priority": "Bara den kommun som har ärendet kan ändra prioriteten",
        "/classification": "Bara de som har ärendet kan ändra tjänst",
        "/agreements": "Bara kommunens förvaltningsledare verksamhet kan flytta ett öppet ärende",
        "/municipality": "Bara den kommun som har ärendet kan flytta det till en annan.",
        "/merges": "Bara den kommun som har ärendet kan slå ihop det med ett annat.",
        "/supplier-notes": "Bara förvaltningsledare IT kan skriva till leverantören",
    }.items():
        new_ticket(desk)
        said = {"impact": "high", "urgency": "high", "fault": "platform", "number": "2026-00002", "reason": "Skäl."}
        said["agreement"] = "lulea-sla"
        refused = visitor.post(TICKET + action, {**given, **said, "body": "Text"})
        assert (action, refused.status) == (action, 409)
        assert sentence in refused.text
        assert not page.has_form(TICKET + action)
