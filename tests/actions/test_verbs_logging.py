"""Logging a ticket: who may, what must be right, who gets it and how bad it is."""

from typing import Any

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.log import NewTicket, log_ticket
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.events import TicketLogged
from servicedesk.core.facts import OPERATOR
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Category, Channel, Fault, Level, RequesterKind
from servicedesk.store.queries.journal import texts_of
from tests.actions.life import at, go_to, journal, kinds, proved, state
from tests.support.desk import PLATFORM, new_ticket, persona

HIGH, MEDIUM, LOW = Level.HIGH, Level.MEDIUM, Level.LOW


def log(desk: Desk, who: str = "first_line_lulea", **given: Any) -> TicketState:
    values: dict[str, Any] = {"municipality": "lulea", "service": PLATFORM, "subject": "Blankt"} | given
    return log_ticket(desk, NewTicket(**values), actor=persona(desk, who))


def faults(desk: Desk, **given: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refused:
        log(desk, **given)
    return refused.value.fields


@pytest.mark.parametrize("channel", [channel for channel in Channel if channel is not Channel.IMPORT])
def test_a_ticket_is_logged_by_any_channel_and_begins_with_the_first_line(desk: Desk, channel: Channel) -> None:
    ticket = log(desk, channel=channel)
    assert (ticket.category, ticket.channel) == (Category.NEW, channel)
    assert (ticket.holder.team, ticket.holder.calendar) == ("lulea-kundcenter", "lulea-kundcenter")
    assert kinds(desk, ticket.number) == ["TicketLogged"]
    assert state(desk, ticket.number) == ticket


def test_a_caller_who_does_not_say_who_they_are_is_anonymous(desk: Desk) -> None:
    assert log(desk).requester_kind is RequesterKind.ANONYMOUS
    assert log(desk, requester_contact="070-1").requester_kind is RequesterKind.CITIZEN
    assert log(desk, requester_kind=RequesterKind.EMPLOYEE).requester_kind is RequesterKind.EMPLOYEE


MATRIX = {
    (HIGH, HIGH): 1,
    (HIGH, MEDIUM): 2,
    (HIGH, LOW): 3,
    (MEDIUM, HIGH): 2,
    (MEDIUM, MEDIUM): 3,
    (MEDIUM, LOW): 4,
    (LOW, HIGH): 3,
    (LOW, MEDIUM): 4,
    (LOW, LOW): 4,
}


@pytest.mark.parametrize(("levels", "priority"), MATRIX.items())
def test_impact_and_urgency_give_the_priority(desk: Desk, levels: tuple[Level, Level], priority: int) -> None:
    assert log(desk, impact=levels[0], urgency=levels[1]).priority == priority


def test_the_event_says_which_rule_chose_the_team_and_which_agreements_hold(desk: Desk) -> None:
    ticket = log(desk, platform_case="ETP-4711", fault=Fault.PLATFORM)
    [event] = journal(desk, ticket.number)
    assert isinstance(event.payload, TicketLogged)
    assert (event.payload.rule, event.actor) == ("forsta-linjen", "person:lulea-forsta-linjen")
    assert set(event.payload.agreements) == {"SLA", "OLA", "UC"}
    assert (ticket.platform_case, ticket.supplier) == ("ETP-4711", "leverantor-plattform")


def test_an_internal_matter_goes_to_the_second_line_and_a_request_to_whom_routing_says(desk: Desk) -> None:
    incident = log(desk, "second_line_lulea", workflow="internal_incident")
    request = log(desk, "second_line_lulea", workflow="service_request")
    own = log(desk, "second_line_lulea", workflow="internal_incident", e_service="lulea-bygglov", fault=Fault.E_SERVICE)
    teams = [ticket.holder.team for ticket in (incident, request, own)]
    assert teams == ["lulea-forvaltning", "lulea-administration", "lulea-e-tjanster"]


def test_what_people_wrote_is_kept_apart_from_the_event(desk: Desk) -> None:
    number = log(desk, subject=" Blankt\r\n", description="Rad 1\r\nRad 2\x00", requester_name="Anna Exempel").number
    [event] = journal(desk, number)
    with desk.reading() as connection:
        texts = texts_of(connection, 1)
    assert texts == {
        (1, "subject"): "Blankt",
        (1, "description"): "Rad 1\nRad 2",
        (1, "requester_name"): "Anna Exempel",
    }
    assert set(event.texts) == {"subject", "description", "requester_name"}
    assert "Anna" not in repr(event) and "Blankt" not in repr(event)


def test_every_field_at_fault_is_named_at_once_and_nothing_is_logged(desk: Desk) -> None:
    named = faults(desk, municipality="umea", service="x", subject=" \n", e_service="y", workflow="z")
    assert set(named) == {"municipality", "service", "subject", "e_service", "workflow"}
    assert set(faults(desk, subject="x" * 201, description="x" * 20_001)) == {"subject", "description"}
    assert log(desk, subject="x" * 200, description="x" * 20_000).number == "2026-00001"


def test_an_e_service_must_be_the_municipalitys_own_and_of_the_service(desk: Desk) -> None:
    assert "e_service" in faults(desk, e_service="pitea-bygglov")
    assert "e_service" in faults(desk, e_service="lulea-bygglov", service="e-arkiv")
    assert log(desk, e_service="lulea-bygglov").e_service == "lulea-bygglov"


@pytest.mark.parametrize("who", ["first_line_pitea", "it_service_manager", "supplier_technician"])
def test_only_those_who_work_in_the_municipality_may_log_there(desk: Desk, who: str) -> None:
    with pytest.raises(Refusal) as refused:
        log(desk, who)
    assert refused.value.code == "not_yours"


def test_the_series_begins_again_each_year_by_the_clock_on_the_wall(desk: Desk) -> None:
    assert new_ticket(desk).number == "2026-00001"
    go_to(desk, at("2026-12-31", "23:59"))
    assert new_ticket(desk).number == "2026-00002"
    go_to(desk, at("2027-01-01", "00:01"))
    assert new_ticket(desk).number == "2027-00001"
    proved(desk)


def test_an_operator_may_log_anywhere(desk: Desk) -> None:
    assert log_ticket(desk, NewTicket("pajala", PLATFORM, "Blankt"), actor=OPERATOR).municipality == "pajala"
