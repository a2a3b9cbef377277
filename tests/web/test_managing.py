"""What whoever shares work out watches: every promise at risk, load by team, and the way to a supplier's figures."""

import re
from datetime import timedelta

import pytest

from servicedesk.actions.administering.absences import add_absence
from servicedesk.actions.changes import assign
from servicedesk.actions.desk import Desk
from servicedesk.core.risk import at_risk_from
from servicedesk.store.queries.administration import state_of
from servicedesk.store.queries.at_risk import promises_at_risk
from servicedesk.store.queries.lists import EVERYTHING, Filter
from servicedesk.store.queries.load import load_of
from servicedesk.web.managing import load
from tests.actions.life import state, wait
from tests.support.desk import PERSONAS, PLATFORM, new_ticket, persona, ticket_after
from tests.web.conftest import People

MANAGER, SECOND, FIRST, SUPPLIER = "it_service_manager", "second_line_lulea", "first_line_lulea", "supplier_technician"


def test_every_promise_that_is_at_risk_by_the_one_rule_is_in_the_list_by_time_left(desk: Desk) -> None:
    numbers = [ticket_after(desk, "accept_at_supplier").number, ticket_after(desk, "accept_in_joint").number]
    numbers += [ticket_after(desk, "take", "pitea").number]
    for days in (0, 1, 3, 40):
        wait(desk, days=days)
        for who in (MANAGER, SECOND):
            with desk.reading() as connection:
                now = desk.now(connection)
                found, count = promises_at_risk(connection, persona(desk, who), EVERYTHING, "", now, 1_000)
            expected = {
                (number, clock.key)
                for number in (numbers[:2])
                for clock in state(desk, number).clocks.values()
                if clock.due_at and now >= at_risk_from(clock.due_at, clock.started_at)
            }
            assert {(each.line.number, each.key) for each in found} == expected and count == len(expected)
            assert [each.due_at for each in found] == sorted(each.due_at for each in found)


def test_promises_are_filtered_by_municipality_service_and_supplier(desk: Desk) -> None:
    held, other = ticket_after(desk, "accept_at_supplier").number, ticket_after(desk, "accept_in_joint", "pitea").number
    wait(desk, days=40)
    manager = persona(desk, MANAGER)

    def found(wanted: Filter = EVERYTHING, supplier: str = "") -> set[str]:
        with desk.reading() as connection:
            lines, _ = promises_at_risk(connection, manager, wanted, supplier, desk.now(connection), 100)
        return {each.line.number for each in lines}

    assert found() == {held, other}
    assert found(Filter(municipality="pitea")) == {other}
    assert found(Filter(service="e-arkiv")) == set() and found(Filter(service=PLATFORM)) == {held, other}
    assert found(supplier="leverantor-plattform") == {held}


def test_the_list_names_who_holds_each_and_by_which_agreement_with_a_link_to_all(person_at: People, desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    wait(desk, days=40)
    page = person_at(MANAGER).get("/promises")
    row = page.html.split(f"/tickets/{number}")[0].rsplit("<tr", 1)[1]
    links = page.links()
    assert f"/tickets/{number}" in links and any(link.startswith("/load?team=leverantor") for link in links)
    assert any(link.startswith("/administration/agreement/") for link in links) and "data-tone" in row
    assert f"/tickets/{number}" in person_at(MANAGER).get("/promises?supplier=leverantor-plattform").links()
    for other in ("municipality=pitea", "supplier=leverantor-arkiv"):
        assert number not in person_at(MANAGER).get(f"/promises?{other}").html
    # A municipality reads of the agreement, and is led nowhere that it may not go.
    own = person_at(SECOND).get("/promises")
    assert f"/tickets/{number}" in own.links()


@pytest.mark.parametrize("who", [FIRST, SUPPLIER, "system_owner"])
def test_nobody_else_watches_what_others_work_on(person_at: People, who: str) -> None:
    for address in ("/promises", "/load"):
        assert person_at(who).get(address).status == 404


def test_load_counts_what_each_has_how_long_and_what_is_at_risk(desk: Desk) -> None:
    numbers = [ticket_after(desk, "take").number for _ in range(2)]
    assign(desk, numbers[0], PERSONAS["first_line_colleague_lulea"], actor=persona(desk, FIRST))
    wait(desk, hours=2)
    third = new_ticket(desk).number
    team = state(desk, third).holder.team
    with desk.reading() as connection:
        found = load_of(connection, persona(desk, SECOND), [team], desk.now(connection))
    loads = {each.person: (each.open, each.held) for each in found}
    assert loads == {
        PERSONAS["first_line_colleague_lulea"]: (1, 7200),
        PERSONAS[FIRST]: (1, 7200),
        "": (1, 0),
    }
    wait(desk, days=30)
    with desk.reading() as connection:
        found = load_of(connection, persona(desk, SECOND), [team], desk.now(connection))
        assert sum(each.at_risk for each in found) == 3
        assert not load_of(connection, persona(desk, MANAGER), [team], desk.now(connection))  # nothing is escalated


def test_the_page_tells_who_is_away_and_who_stands_in_and_leads_to_their_tickets(person_at: People, desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    team, who = state(desk, number).holder.team, PERSONAS[FIRST]
    today = desk.clock.now().date()
    stand_in = PERSONAS["first_line_colleague_lulea"]
    with desk.reading() as connection:
        seen = state_of(connection, "person", who)
    add_absence(desk, who, today, today + timedelta(days=2), stand_in, actor=persona(desk, FIRST), seen=seen)
    manager = person_at(SECOND)
    page = manager.get("/load")
    assert 'class="away"' in page.html and "ersätter" in page.text
    address = f"/load?team={team}&person={who}"
    assert address in page.links()
    assert f"/tickets/{number}" in manager.get(address).links()
    assert f"/tickets/{number}" not in manager.get(f"/load?team={team}&person=").links()
    # Another municipality's team shows nothing of itself.
    assert number not in person_at("second_line_pitea").get(address).html


def test_who_is_away_now_or_within_a_week_is_told_first_with_who_stands_in_and_what_lies_with_them(
    person_at: People, desk: Desk
) -> None:
    ticket_after(desk, "take")
    today, stand_in = desk.clock.now().date(), PERSONAS["first_line_colleague_lulea"]

    def leaves(name: str, days: int, instead: str) -> None:
        with desk.reading() as connection:
            seen = state_of(connection, "person", PERSONAS[name])
        first = today + timedelta(days=days)
        last = first + timedelta(days=1)
        add_absence(desk, PERSONAS[name], first, last, instead, actor=persona(desk, name), seen=seen)

    assert "Ingen i teamen är borta" in person_at(SECOND).get("/load").text
    leaves("developer_lulea", 3, "")
    leaves(FIRST, 0, stand_in)
    leaves("local_it_lulea", 8, "")
    leaves("first_line_pitea", 0, "")

    def told(who: str) -> list[str]:
        section = person_at(who).get("/load").html.split('class="load-away"')[1].split("</section>")[0]
        return [" ".join(re.sub("<[^>]*>", " ", each).split()) for each in section.split("<li")[1:]]

    now, soon = told(SECOND)
    assert "Första linjen Luleå" in now and "Borta till och med" in now and "Kollega" in now and "ersätter" in now
    assert "Öppna ärenden hos personen: 1" in now
    assert "Borta från" in soon and "Ingen ersätter" in soon and "Öppna ärenden" not in soon
    assert len(told(MANAGER)) == 3 and not any("Öppna ärenden" in each for each in told(MANAGER))


def test_what_a_team_has_is_leafed_through_and_counted_whole(
    person_at: People, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "SHOWN", 2)
    numbers = {new_ticket(desk).number for _ in range(5)}
    team = state(desk, min(numbers)).holder.team
    manager, address, seen = person_at(SECOND), f"/load?team={team}&person=", []
    while address:
        page = manager.get(address)
        assert 'class="count">5<' in page.html
        seen += [link.rpartition("/")[2] for link in page.links() if link.startswith("/tickets/2026-")]
        address = next((link for link in page.links() if "after=" in link), "")
    assert len(seen) == 5 and set(seen) == numbers


def test_a_supplier_s_figures_are_one_press_away_on_the_board_and_the_ticket(person_at: People, desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    figures = "/management?supplier=leverantor-plattform"
    manager = person_at(MANAGER)
    assert figures in manager.get("/triage").links() and figures in manager.get(f"/tickets/{number}").links()
    assert manager.get(figures).status == 200
    assert figures not in person_at(SUPPLIER).get(f"/tickets/{number}").links()
    assert figures not in person_at(FIRST).get(f"/tickets/{number}").links()


def test_where_several_report_the_same_the_board_leads_to_declaring_it(person_at: People, desk: Desk) -> None:
    for place in ("lulea", "pitea", "pajala"):
        ticket_after(desk, "escalate_to_joint", place)
    address = f"/major-incidents/new?service={PLATFORM}"
    manager = person_at(MANAGER)
    assert address in manager.get("/triage").links()
    assert manager.get(address).form("/major-incidents")["service"] == PLATFORM
