from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from servicedesk.actions.changes import assign, move_municipality
from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.actions.sweep import sweep
from servicedesk.core.clock import ControlledClock
from servicedesk.store.outbox import Notice
from tests.support.desk import new_ticket, persona, ticket_after
from tests.support.pages import Page
from tests.web.conftest import People


def test_what_concerns_a_person_is_counted_and_listed_until_read(person_at: People, desk: Desk) -> None:
    new_ticket(desk, subject="Kvittens saknas")
    assign(desk, "2026-00001", "lulea-forsta-linjen-2", actor=persona(desk, "first_line_lulea"))
    drain(desk)
    visitor = person_at("first_line_colleague_lulea")
    page = visitor.get("/notices")
    assert "Det är tilldelat dig." in page.text
    assert "2026-00001 Kvittens saknas" in page.text
    assert "Aviseringar 2 olästa" in page.text
    assert visitor.send("/notices").location == "/notices"
    again = visitor.get("/notices")
    assert "olästa" not in again.text
    assert "Det är tilldelat dig." in again.text


def test_what_came_after_the_page_was_opened_stays_unread(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    drain(desk)
    visitor = person_at("first_line_colleague_lulea")
    form = visitor.get("/notices").form("/notices")
    new_ticket(desk)
    drain(desk)
    visitor.post("/notices", form)
    assert "Aviseringar 1 olästa" in visitor.get("/notices").text


def test_a_notice_of_a_ticket_one_no_longer_sees_is_gone(person_at: People, desk: Desk) -> None:
    new_ticket(desk, subject="Fel kommun")
    drain(desk)
    visitor = person_at("first_line_colleague_lulea")
    assert "Fel kommun" in visitor.get("/notices").text
    move_municipality(desk, "2026-00001", "pitea", "Bor där.", actor=persona(desk, "first_line_lulea"))
    assert "Fel kommun" not in visitor.get("/notices").text


def test_notices_are_a_persons_own(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "escalate_to_second_line", subject="Till andra linjen")
    drain(desk)
    assert "Det är överlämnat till dig." in person_at("second_line_lulea").get("/notices").text
    assert "Till andra linjen" not in person_at("second_line_pitea").get("/notices").text


def test_an_empty_list_says_what_will_come(person_at: People) -> None:
    assert "Du har inga aviseringar." in person_at("it_service_manager").get("/notices").text


def test_a_mark_that_is_no_number_marks_nothing(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    drain(desk)
    visitor = person_at("first_line_colleague_lulea")
    form = visitor.get("/notices").form("/notices")
    assert visitor.post("/notices", {**form, "up_to": "all"}).status == 303
    assert "Aviseringar 1 olästa" in visitor.get("/notices").text


def test_opening_a_ticket_from_its_notice_reads_all_of_them(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    new_ticket(desk)
    drain(desk)
    visitor = person_at("first_line_colleague_lulea")
    page = visitor.send("/notices", "/tickets/2026-00001/notices")
    assert page.location == "/tickets/2026-00001"
    assert "Aviseringar 1 olästa" in visitor.get("/notices").text


def test_opening_it_in_any_way_sends_that_it_has_been_read_and_reading_alone_changes_nothing(
    person_at: People, desk: Desk
) -> None:
    new_ticket(desk)
    drain(desk)
    visitor = person_at("first_line_colleague_lulea")
    for _ in range(2):
        page = visitor.get("/tickets/2026-00001")
        assert "Aviseringar 1 olästa" in page.text
    sent = next(a for tag, a in page.elements if tag == "form" and a["action"].endswith("/notices"))
    assert (sent["hx-post"], sent["hx-trigger"]) == ("/tickets/2026-00001/notices", "load")
    token = page.form("/tickets/2026-00001/notices")
    answer = visitor.client.post("/tickets/2026-00001/notices", data=token, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert not visitor.get("/tickets/2026-00001").has_form("/tickets/2026-00001/notices")


def test_a_notice_of_another_persons_ticket_cannot_be_read_for_them(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    drain(desk)
    stranger = person_at("first_line_pitea")
    token = stranger.get("/notices").form("/sign-out")["csrf_token"]
    assert stranger.post("/tickets/2026-00001/notices", {"csrf_token": token}).status == 404
    assert "Aviseringar 1 olästa" in person_at("first_line_colleague_lulea").get("/notices").text


def test_unread_ones_stand_on_top_day_by_day(person_at: People, desk: Desk) -> None:
    assert isinstance(desk.clock, ControlledClock)
    new_ticket(desk, subject="Äldre ärende")
    drain(desk)
    visitor = person_at("first_line_colleague_lulea")
    visitor.send("/notices")
    desk.clock.move_to(desk.clock.now() + timedelta(days=1))
    new_ticket(desk, subject="Nyare ärende")
    drain(desk)
    text = visitor.get("/notices").text
    places = [text.index(word) for word in ("Olästa", "i dag", "Nyare ärende", "Lästa", "i går", "Äldre ärende")]
    assert places == sorted(places)


def test_a_ticket_stands_once_a_day_with_all_that_happened_to_it(person_at: People, desk: Desk) -> None:
    assert isinstance(desk.clock, ControlledClock)
    new_ticket(desk, subject="Bråttom", impact="high", urgency="high")
    desk.clock.move_to(desk.clock.now() + timedelta(hours=2))
    sweep(desk)
    drain(desk)
    page = person_at("first_line_colleague_lulea").get("/notices")
    assert page.text.count("Bråttom") == 1
    assert "Ett åtagande riskerar att brytas. " in page.text
    risky = [a for tag, a in page.elements if a.get("data-tone") == "risk"]
    assert len(risky) == 1
    assert "Det är nytt i din kö." in page.text


def test_more_than_can_be_read_is_counted_as_more_than_99(person_at: People, desk: Desk) -> None:
    many_notices(desk, 120)
    assert "Aviseringar 99+ olästa" in person_at("first_line_colleague_lulea").get("/notices").text


def test_a_page_holds_thirty_and_leads_to_the_older_ones_read_or_not(person_at: People, desk: Desk) -> None:
    many_notices(desk, 34)
    visitor = person_at("first_line_colleague_lulea")
    page = visitor.get("/notices")
    assert "30 gånger" in page.text
    last = visitor.get(next_page(page))
    assert "5 gånger" in last.text
    assert "Nästa sida" not in last.text
    visitor.send("/notices")
    assert "5 gånger" in visitor.get(next_page(visitor.get("/notices"))).text


@pytest.mark.parametrize("after", ["", "x", "read", "read-", "read-x", "unread--1", "unread-99999999999999999999"])
def test_an_after_that_says_nothing_is_the_first_page(after: str, person_at: People, desk: Desk) -> None:
    many_notices(desk, 34)
    assert "30 gånger" in person_at("first_line_colleague_lulea").get(f"/notices?after={after}").text


def next_page(page: Page) -> str:
    return next(a["href"] for tag, a in page.elements if tag == "a" and "after=" in a.get("href", ""))


def many_notices(desk: Desk, more: int) -> None:
    """One new ticket, told of once and then so many times more."""
    new_ticket(desk)
    drain(desk)
    with desk.transaction() as connection:
        one = (
            connection.execute(select(Notice.__table__).where(Notice.person == "lulea-forsta-linjen-2"))
            .mappings()
            .one()
        )
        copies = [{**one, "id": None, "seq": seq} for seq in range(1_000, 1_000 + more)]
        connection.execute(insert(Notice), [{k: v for k, v in each.items() if k != "id"} for each in copies])
