"""Agreements on a ticket's page: how promises are told, and moving it to another version beside it."""

from dataclasses import replace

from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.core.clock import ControlledClock
from servicedesk.core.vocabulary import AgreementKind, Level
from servicedesk.store.queries.tickets import state_of
from tests.actions.life import at, go_to
from tests.support.desk import new_ticket, ticket_after
from tests.support.promises import promise_everything
from tests.web.conftest import People

NUMBER = "2026-00001"
TICKET = f"/tickets/{NUMBER}"
URGENT = {"impact": Level.HIGH, "urgency": Level.HIGH}


def pinned(desk: Desk) -> dict[str, str]:
    with desk.reading() as connection:
        return state_of(connection, NUMBER).agreements


def rename_agreements(desk: Desk) -> None:
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    renamed = {key: replace(each, name="Omförhandlat") for key, each in installation.agreements.items()}
    load_installation(desk, replace(installation, agreements=renamed), [])


def test_a_ticket_is_moved_to_the_version_in_force_with_a_reason(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor, before = person_at("second_line_lulea"), pinned(desk)
    assert not visitor.get(TICKET).has_form("/agreements")
    rename_agreements(desk)
    assert "Omförhandlat, från 2016-01-01" in visitor.get(TICKET).text
    silent = visitor.send(TICKET, "/agreements", agreement="lulea-sla")
    assert silent.status == 422 and pinned(desk) == before
    sent = visitor.send(TICKET, "/agreements", agreement="lulea-sla", reason="Kommunen har omförhandlat.")
    assert sent.location == TICKET
    assert {kind for kind in before if pinned(desk)[kind] != before[kind]} == {AgreementKind.SLA}
    page = visitor.get(TICKET)
    assert "flyttade ärendet till en annan version av åtagandet: mot anmälaren" in page.text
    assert "Kommunen har omförhandlat." in page.text
    assert not page.has_form("/agreements")


def test_what_cannot_be_chosen_is_refused_in_plain_words(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    rename_agreements(desk)
    visitor = person_at("second_line_lulea")
    refused = visitor.send(TICKET, "/agreements", agreement="pitea-sla", reason="Skäl.")
    assert refused.status == 409
    assert "Det åtagandet gäller en annan part än ärendets eget." in refused.text
    ended = visitor.send(TICKET, "/agreements", agreement="boden-sla-2016", reason="Skäl.")
    assert ended.status == 409


def test_the_it_service_manager_is_offered_the_agreements_between_tiers_alone(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier")
    rename_agreements(desk)
    page = person_at("it_service_manager").get(TICKET)
    groups = {attributes["label"] for tag, attributes in page.elements if tag == "optgroup"}
    assert {"Mellan nivåer", "Leverantörsavtal"} <= groups and "Mot anmälaren" not in groups


def test_a_supplier_learns_that_its_contract_is_another_and_not_why(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier")
    rename_agreements(desk)
    manager = person_at("it_service_manager")
    manager.send(TICKET, "/agreements", agreement="leverantor-plattform-uc", reason="Hemlig upphandling.")
    manager.send(TICKET, "/agreements", agreement="e-namnden-ola", reason="Hemligt emellan oss.")
    page = person_at("supplier_technician").get(TICKET)
    assert page.text.count("flyttade ärendet till en annan version av åtagandet") == 1
    assert "Heml" not in page.text


def test_how_long_a_promise_forgives_and_when_somebody_hears_next_are_told(person_at: People, desk: Desk) -> None:
    promise_everything(desk, seconds=3600, grace=900)
    ticket_after(desk, "take", **URGENT)
    visitor = person_at("first_line_lulea")
    text = visitor.get(TICKET).text
    assert "Nästa besked" in text
    assert "av 4 tim öppen tid har gått, respit 15 min" in text
    go_to(desk, at("2026-03-02", "13:05"))
    assert isinstance(desk.clock, ControlledClock)
    assert "5 min försenat, bryts i dag 13.15" in visitor.get(TICKET).text


def test_the_promise_is_read_out_with_when_one_hears_next(person_at: People, desk: Desk) -> None:
    promise_everything(desk, seconds=3600, grace=900)
    new_ticket(desk, **URGENT)
    assert "Nästa besked senast i dag 10.00." in person_at("first_line_lulea").get(f"{TICKET}/receipt").text
