"""The board of all that is open, divided by municipality, service, tier or age; and what moving a card means."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from servicedesk.actions.desk import Desk
from servicedesk.core.grouping import By
from servicedesk.store.queries.board import divided, one_column
from servicedesk.store.queries.lists import EVERYTHING, Filter
from servicedesk.store.tickets import Ticket
from servicedesk.web.lists import board
from tests.actions.life import state, wait
from tests.support.desk import new_ticket, persona, ticket_after
from tests.web.conftest import People

MANAGER, SECOND, FIRST, SUPPLIER = "it_service_manager", "second_line_lulea", "first_line_lulea", "supplier_technician"


def counted(desk: Desk, who: str, by: By, wanted: Filter = EVERYTHING, each: int = 2) -> dict[str, int]:
    with desk.reading() as connection:
        found = divided(connection, persona(desk, who), by, wanted, desk.now(connection), each)
    assert all(len(column.ids) == min(each, column.count) for column in found)
    return {column.key: column.count for column in found}


def test_every_division_counts_each_ticket_once_and_only_those_that_one_sees(desk: Desk) -> None:
    for place, count in (("lulea", 3), ("pitea", 2)):
        for _ in range(count):
            ticket_after(desk, "accept_in_joint", place)
    new_ticket(desk)
    ticket_after(desk, "confirm")
    assert counted(desk, MANAGER, By.MUNICIPALITY) == {"lulea": 3, "pitea": 2}
    assert counted(desk, SECOND, By.TIER) == {"joint": 3, "first_line": 1}
    assert counted(desk, SECOND, By.SERVICE) == {"e-tjansteplattform": 4}
    assert counted(desk, MANAGER, By.MUNICIPALITY, Filter(municipality="pitea")) == {"pitea": 2}
    wait(desk, days=8)
    new_ticket(desk)
    assert counted(desk, SECOND, By.AGE) == {"week": 4, "new": 1}


@pytest.mark.parametrize(("days", "column"), [(0, "new"), (1, "days"), (7, "week"), (30, "month"), (400, "month")])
def test_a_ticket_grows_older_column_by_column(desk: Desk, days: int, column: str) -> None:
    number = new_ticket(desk).number
    wait(desk, days=days)
    with desk.reading() as connection:
        now = desk.now(connection)
        mine = one_column(connection, persona(desk, FIRST), By.AGE, column, EVERYTHING, now, limit=10)[0].ids
        assert [connection.execute(select(Ticket.number).where(Ticket.id == each)).scalar() for each in mine] == [
            number
        ]
        earlier = now - timedelta(seconds=1)
        before = one_column(connection, persona(desk, FIRST), By.AGE, column, EVERYTHING, earlier, limit=10)[0].ids
        assert bool(before) is (days in (0, 400))


def test_a_column_is_capped_and_shown_whole_at_an_address_of_its_own(person_at: People, desk: Desk) -> None:
    numbers = [ticket_after(desk, "accept_in_joint").number for _ in range(7)]
    manager = person_at(MANAGER)
    priority = state(desk, numbers[0]).priority
    page = manager.get(f"/triage?by=municipality&priority={priority}")
    links = page.links()
    assert sum(f"/tickets/{number}" in links for number in numbers) == 5
    whole = next(link for link in links if "column=lulea" in link)
    assert f"priority={priority}" in whole
    assert sum(f"/tickets/{number}" in manager.get(whole).links() for number in numbers) == 7


def test_a_column_alone_is_leafed_through_to_its_last_ticket_each_once(
    person_at: People, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "ALONE", 3)
    numbers = {new_ticket(desk).number for _ in range(7)}
    new_ticket(desk, "pitea")
    first, address, seen = person_at(FIRST), "/triage?by=tier&column=first_line", []
    while address:
        page = first.get(address)
        seen.append([link.rpartition("/")[2] for link in page.links() if link.startswith("/tickets/2026-")])
        assert 'class="count">7<' in page.html
        address = next((link for link in page.links() if "after=" in link), "")
    assert [len(each) for each in seen] == [3, 3, 1] and {number for each in seen for number in each} == numbers
    assert first.get("/triage?by=tier&column=first_line&after=nonsense").links().count(f"/tickets/{seen[0][0]}") == 1


def test_moving_a_card_to_a_tier_is_the_step_that_leads_there(person_at: People, desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_joint").number
    manager = person_at(MANAGER)
    board = manager.get("/triage?by=tier")
    choices = board.html.split(f'id="to-{number}"')[1].split("</select>")[0]
    assert [tier in choices for tier in ("first_line", "second_line", "joint", "supplier")] == [
        False,
        True,
        False,
        True,
    ]
    page = manager.get(f"/triage/move/{number}?by=tier&to=second_line")
    assert page.status == 200 and page.has_form("/steps/hand_down_to_second_line")
    form = page.form("/steps/hand_down_to_second_line")
    said = {**form, "reason": "Felet är ert.", "tried": "Allt."}
    manager.follow(manager.post(f"/tickets/{number}/steps/hand_down_to_second_line", said))
    assert state(desk, number).holder.tier == "second_line"


def test_a_drop_that_means_nothing_or_is_not_allowed_says_why_and_what_can_be_done(
    person_at: People, desk: Desk
) -> None:
    number, new = ticket_after(desk, "accept_in_joint").number, new_ticket(desk).number
    manager, first = person_at(MANAGER), person_at(FIRST)
    for visitor, address in (
        (manager, f"{number}?by=tier&to=first_line"),
        (manager, f"{number}?by=municipality&to=pitea"),
        (manager, f"{number}?by=age&to=new"),
        (first, f"{new}?by=tier&to=supplier"),
        (first, f"{new}?by=municipality&to=lulea"),
        (first, f"{new}?by=service&to=nothing"),
    ):
        page = visitor.get(f"/triage/move/{address}")
        assert page.status == 409 and page.element("trouble"), address
        assert any("/steps/" in link for link in page.links()), address
    assert state(desk, number).municipality == "lulea"
    assert manager.get(f"/triage/move/{new}?by=tier&to=joint").status == 404
    assert manager.get(f"/triage/move/{number}?by=colour&to=joint").status == 404


def test_moving_to_a_municipality_or_a_service_fills_in_the_form_of_it(person_at: People, desk: Desk) -> None:
    number, first = new_ticket(desk).number, person_at(FIRST)
    moved = first.get(f"/triage/move/{number}?by=municipality&to=pitea").form("/municipality")
    assert moved["municipality"] == "pitea"
    classified = first.get(f"/triage/move/{number}?by=service&to=e-arkiv").form("/classification")
    assert classified["service"] == "e-arkiv"
    first.follow(first.post(f"/tickets/{number}/classification", {**classified, "reason": "Det är arkivet."}))
    assert state(desk, number).service == "e-arkiv"


def test_a_supplier_s_board_tells_nothing_that_its_list_does_not(person_at: People, desk: Desk) -> None:
    held, other = ticket_after(desk, "accept_at_supplier").number, ticket_after(desk, "accept_in_joint").number
    supplier = person_at(SUPPLIER)
    for by in By:
        page = supplier.get(f"/triage?by={by}")
        assert f"/tickets/{held}" in page.links() and other not in page.html
    assert supplier.get(f"/triage/move/{other}?by=tier&to=joint").status == 404
