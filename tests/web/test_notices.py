from servicedesk.actions.changes import assign, move_municipality
from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from tests.support.desk import new_ticket, persona, ticket_after
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
