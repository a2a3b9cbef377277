"""What somebody is writing on a ticket is kept at each pause, and stands in its form again until it is sent."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from servicedesk.actions.desk import Desk
from servicedesk.actions.drafts import KEPT_FOR
from servicedesk.actions.entries import reply
from servicedesk.core.clock import ControlledClock
from servicedesk.store.drafts import KeptDraft
from tests.support.desk import WRITTEN, new_ticket, persona, ticket_after
from tests.support.pages import Visitor
from tests.web.conftest import People

TICKET = "/tickets/2026-00001"
STEP = f"{TICKET}/steps/escalate_to_second_line"


def pause(visitor: Visitor, way: str, form: dict[str, str]) -> dict[str, str]:
    """The form after what the page keeps at a pause in the typing."""
    answer = visitor.client.post(f"{TICKET}/drafts/{way}", data=form).get_json()
    return {**form, "nonce": answer["form"], "saves": str(answer["saves"])}


def rows(desk: Desk) -> int:
    with desk.reading() as connection:
        return connection.execute(select(func.count()).select_from(KeptDraft)).scalar_one()


def begin(
    visitor: Visitor, way: str = "reply", action: str = "/replies", page: str = TICKET, **said: str
) -> dict[str, str]:
    return pause(visitor, way, {**visitor.get(page).form(action), **(said or {"body": "Ett halvt svar\nrad två"})})


def test_it_stands_in_its_form_again_for_who_wrote_it_and_for_nobody_else(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    begin(person_at("first_line_lulea"))
    page = person_at("first_line_lulea").get(TICKET)  # after a lost session, at another machine
    assert page.form("/replies")["body"] == "Ett halvt svar\nrad två"
    assert "Ditt utkast från" in page.text
    assert person_at("first_line_colleague_lulea").get(TICKET).form("/replies")["body"] == ""


def test_of_whom_it_was_for_the_page_opens_there(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    begin(visitor, "note", "/notes")
    page = visitor.get(TICKET)
    assert [a["value"] for _, a in page.elements if a.get("name") == "to" and "checked" in a] == ["note"]


def test_it_goes_when_it_is_sent_and_a_late_pause_brings_it_not_back(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = begin(visitor)
    assert visitor.post(f"{TICKET}/replies", form).location == TICKET
    assert rows(desk) == 0
    assert pause(visitor, "reply", form)["saves"] == "0"
    assert rows(desk) == 0
    assert visitor.get(TICKET).form("/replies")["body"] == ""


def test_what_another_window_kept_of_it_is_not_shown_once_it_is_sent(person_at: People, desk: Desk) -> None:
    """Whoever had the page before the first pause says that it was never kept."""
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = begin(visitor)
    assert visitor.post(f"{TICKET}/replies", {**form, "saves": "0"}).location == TICKET
    assert visitor.get(TICKET).form("/replies")["body"] == ""


def test_two_windows_lose_nothing_of_one_another(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = begin(visitor, body="I den ena")
    other = pause(visitor, "reply", {**form, "saves": "0", "body": "I den andra"})
    assert other["nonce"] != form["nonce"]
    assert rows(desk) == 2
    visitor.post(f"{TICKET}/replies", {**other, "version": visitor.get(TICKET).form("/replies")["version"]})
    assert visitor.get(TICKET).form("/replies")["body"] == "I den ena"


def test_the_same_words_told_again_are_one_draft(person_at: People, desk: Desk) -> None:
    """The answer to the first time was lost on the way."""
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = begin(visitor)
    assert pause(visitor, "reply", {**form, "saves": "0"}) == form
    assert rows(desk) == 1


def test_what_is_emptied_is_let_go(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    assert pause(visitor, "reply", {**begin(visitor), "body": "  "})["saves"] == "0"
    assert rows(desk) == 0


def test_a_step_and_a_correction_are_kept_too(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    visitor = person_at("first_line_lulea")
    begin(visitor, "step-escalate_to_second_line", "escalate_to_second_line", STEP, reason=WRITTEN["reason"])
    begin(visitor, "priority", "/priority", reason="Alla är drabbade.", impact="high")
    assert visitor.get(STEP).form("escalate_to_second_line")["reason"] == WRITTEN["reason"]
    page = visitor.get(TICKET)
    form = page.form("/priority")
    assert (form["reason"], form["impact"]) == ("Alla är drabbade.", "high")
    assert "open" in page.element("change-priority")


def test_after_a_conflict_it_is_kept_from_the_page_that_shows_it(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = begin(visitor)
    reply(desk, "2026-00001", "Kollegans.", actor=persona(desk, "first_line_colleague_lulea"))
    page = visitor.post(f"{TICKET}/replies", form)
    assert page.status == 409
    again = pause(visitor, "reply", page.form("/replies"))
    assert rows(desk) == 1
    assert visitor.post(f"{TICKET}/replies", again).location == TICKET
    assert rows(desk) == 0


def test_it_is_kept_over_a_weekend(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    begin(person_at("first_line_lulea"))
    clock = desk.clock
    assert isinstance(clock, ControlledClock)
    clock.move_to(clock.now() + KEPT_FOR - timedelta(hours=1))
    assert person_at("first_line_lulea").get(TICKET).form("/replies")["body"]
    clock.move_to(clock.now() + timedelta(hours=2))
    assert person_at("first_line_lulea").get(TICKET).form("/replies")["body"] == ""


@pytest.mark.parametrize("said", ["🙂 مرحبا ‏שלום", "<script>alert(1)</script></textarea>", "\u202e \\ %s {{ 7*7 }}"])
def test_it_comes_back_letter_by_letter(person_at: People, desk: Desk, said: str) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    begin(visitor, body=said)
    page = visitor.get(TICKET)
    assert page.form("/replies")["body"] == said
    assert "<script>alert" not in page.html


def test_a_huge_paste_is_no_draft_and_says_so(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = {**visitor.get(TICKET).form("/replies"), "body": "abc " * 250_000}
    assert visitor.client.post(f"{TICKET}/drafts/reply", data=form).status_code == 422
    page = visitor.post(f"{TICKET}/replies", form)
    assert page.status == 422
    assert page.form("/replies")["body"] == form["body"]
    assert "Korta ner texten till" in page.text


def test_a_ticket_that_is_not_theirs_keeps_nothing(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    stranger = person_at("first_line_pitea")
    form = {**stranger.get("/tickets/new").form("/tickets/new"), "body": "Hej"}
    assert stranger.client.post(f"{TICKET}/drafts/reply", data=form).status_code == 404
    assert rows(desk) == 0
