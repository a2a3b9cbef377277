"""Fewer tickets at a time, by controls that say themselves in the address."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from servicedesk.actions.changes import assign
from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from servicedesk.store.queries import lists
from servicedesk.store.queries.lists import Filter, count_tickets, list_tickets
from servicedesk.store.queries.whose import Scope
from servicedesk.store.tickets import TicketClock
from servicedesk.web.lists.queue import filter_from, in_address
from tests.support.desk import START, new_ticket, persona, ticket_after
from tests.web.conftest import People

MINUTE = timedelta(minutes=1)


def numbers(desk: Desk, viewer: str, scope: Scope = Scope.OPEN, **wanted: Any) -> list[str]:
    with desk.reading() as connection:
        page = list_tickets(connection, persona(desk, viewer), scope, Filter(**wanted), now=START)
    return sorted(line.number[-1] for line in page.lines)


def test_each_filter_lets_through_what_it_names(desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint")
    ticket_after(desk, "accept_at_supplier", "pitea")
    ticket_after(desk, "escalate_to_joint", impact="high", urgency="high")
    manager = persona(desk, "it_service_manager")
    assign(desk, "2026-00001", manager.key, actor=manager)
    assert numbers(desk, "it_service_manager") == ["1", "2", "3"]
    assert numbers(desk, "it_service_manager", municipality="pitea") == ["2"]
    assert numbers(desk, "it_service_manager", priority=1) == ["3"]
    assert numbers(desk, "it_service_manager", tier="joint") == ["1", "3"]
    assert numbers(desk, "it_service_manager", tier="joint", unassigned=True) == ["3"]
    assert numbers(desk, "it_service_manager", service="e-arkiv") == []


def test_counts_follow_the_filter_in_every_scope(desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint")
    ticket_after(desk, "escalate_to_joint", "pitea")
    ticket_after(desk, "confirm", "pitea")
    manager = persona(desk, "it_service_manager")
    assign(desk, "2026-00001", manager.key, actor=manager)
    with desk.reading() as connection:
        every = count_tickets(connection, manager, now=START)
        pitea = count_tickets(connection, manager, Filter(municipality="pitea"), now=START)
    known = (Scope.MINE, Scope.TEAM, Scope.OPEN, Scope.CLOSED)
    assert [every[scope] for scope in known] == [1, 2, 2, 1]
    assert [pitea[scope] for scope in known] == [0, 1, 1, 1]


def test_a_supplier_learns_by_no_filter_who_has_a_ticket_that_has_left_it(desk: Desk) -> None:
    ticket_after(desk, "verify")
    who = "supplier_technician"
    assert numbers(desk, who) == ["1"]
    for tier in ("first_line", "second_line", "joint", "supplier"):
        assert numbers(desk, who, tier=tier) == [], tier
    assert numbers(desk, who, unassigned=True) == []
    ticket_after(desk, "accept_at_supplier")
    ticket_after(desk, "propose_solution")
    assert numbers(desk, who, tier="supplier") == ["2"]
    assert numbers(desk, who, tier="joint") == ["3"]
    assert numbers(desk, who, unassigned=True) == []


def test_what_is_late_and_what_soon_will_be_are_filtered_by_control_and_word(person_at: People, desk: Desk) -> None:
    """A ticket whose first promise is broken is at risk again when the next one is about to be."""
    new_ticket(desk, subject="Obesvarat")
    who, late, risk = "first_line_lulea", Filter(late=True), Filter(at_risk=True)
    viewer = persona(desk, who)
    with desk.reading() as connection:
        due = sorted(at for at in connection.execute(select(TicketClock.due_at)).scalars() if at)
        first, last = due[0], due[-1]
        assert first + timedelta(days=1) < last
        found = [
            [len(list_tickets(connection, viewer, Scope.OPEN, one, now=moment).lines) for one in (late, risk)]
            for moment in (START, first - MINUTE, first + MINUTE, last - MINUTE, last)
        ]
        line = list_tickets(connection, viewer, Scope.AT_RISK, now=last - MINUTE).lines[0]
    assert found == [[0, 0], [0, 1], [1, 0], [1, 1], [1, 0]]
    assert line.due_at == last, "the list says what is about to be broken, not what has been"
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(first + MINUTE)
    page = person_at(who).get("/queue?scope=open&late=1")
    assert "Obesvarat" in page.text
    assert page.form("/queue", "priority")["late"] == "1"
    assert "Försenade ta bort" in page.text
    assert "Alla öppna 1" in page.text and "Avslutade 0" in page.text
    assert "Alla öppna 0" in person_at(who).get("/queue?scope=open&at_risk=1").text


def test_nobody_filters_their_way_to_what_is_not_theirs(desk: Desk) -> None:
    new_ticket(desk, "lulea")
    assert numbers(desk, "first_line_pitea", municipality="lulea") == []


def test_the_page_shows_what_is_on_and_the_way_out_of_each(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint", subject="Luleås")
    ticket_after(desk, "accept_in_joint", "pitea", subject="Piteås")
    page = person_at("it_service_manager").get("/queue?scope=open&municipality=pitea&tier=joint")
    assert "Piteås" in page.text
    assert "Luleås" not in page.text
    assert "/queue?scope=open&amp;tier=joint" in page.html
    assert "/queue?scope=open&amp;municipality=pitea" in page.html
    assert "/queue?scope=closed&amp;municipality=pitea&amp;tier=joint" in page.html, "the other scopes keep the filter"
    stands = page.form("/queue", "priority")
    assert {name: stands[name] for name in ("scope", "municipality", "tier", "service")} == {
        "scope": "open",
        "municipality": "pitea",
        "tier": "joint",
        "service": "",
    }


def test_those_of_one_municipality_are_not_asked_which(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    page = person_at("first_line_lulea").get("/queue?scope=open")
    assert "municipality" not in page.form("/queue", "priority")
    assert "Luleå kommun" not in page.html[page.html.index("<table") : page.html.index("</table")]


def test_a_supplier_is_asked_neither_about_the_customers_chain_nor_about_others_services(person_at: People) -> None:
    page = person_at("supplier_technician").get("/queue")
    offered = [a["value"] for tag, a in page.elements if tag == "option"]
    assert "joint" in offered
    assert "first_line" not in offered
    assert "e-arkiv" not in offered


def test_nothing_that_meets_the_filter_is_no_dead_end(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    page = person_at("first_line_lulea").get("/queue?scope=open&priority=1")
    assert "Inget ärende här stämmer med filtret." in page.text
    assert "/queue?scope=open" in page.links()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"municipality": "lulea", "service": "e-arkiv", "priority": "2", "tier": "joint", "unassigned": "1"},
        {"late": "1", "at_risk": "1"},
        {"tier": "supplier"},
    ],
)
def test_an_address_says_what_it_was_read_as(typed: dict[str, str]) -> None:
    assert in_address(filter_from(typed)) == typed


@pytest.mark.parametrize("typed", [{"tier": "moon"}, {"priority": "9"}, {"unassigned": "yes"}, {"service": "a\x00b"}])
def test_a_value_that_is_none_of_ours_asks_for_nothing(typed: dict[str, str]) -> None:
    assert filter_from(typed) == Filter()


def test_closed_tickets_are_counted_to_a_thousand(
    person_at: People, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket_after(desk, "confirm")
    ticket_after(desk, "confirm")
    monkeypatch.setattr(lists, "COUNT_CAP", 1)
    monkeypatch.setattr("servicedesk.web.lists.queue.COUNT_CAP", 1)
    assert "Avslutade 1+" in person_at("first_line_lulea").get("/queue").text
