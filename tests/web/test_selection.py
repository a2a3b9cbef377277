"""Selecting tickets and doing one thing to all of them: seen beforehand, done once, taken back."""

import re

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note
from tests.support.desk import new_ticket, persona, ticket_after
from tests.support.pages import Page, Visitor
from tests.web.conftest import People

BOTH = "ticket=2026-00001&ticket=2026-00002"


def chosen(visitor: Visitor, do: str, tickets: str = BOTH) -> Page:
    return visitor.get(f"/selection?{tickets}&do={do}")


def test_every_row_of_the_queue_can_be_ticked_without_a_script(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    page = person_at("first_line_lulea").get("/queue")
    ticks = [a for tag, a in page.elements if tag == "input" and a.get("name") == "ticket"]
    assert [(tick["value"], tick["form"], tick["aria-label"]) for tick in ticks] == [
        ("2026-00001", "selection-bar", "Välj 2026-00001")
    ]
    assert page.element("selection-bar")["action"] == "/selection"


def test_what_can_be_done_to_all_comes_first_and_to_some_says_to_how_many(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    ticket_after(desk, "take")
    text = person_at("first_line_lulea").get(f"/selection?{BOTH}").text
    assert text.index("Tilldela en handläggare") < text.index("Ta ärendet 1 av 2")


def test_what_an_act_changes_is_seen_beforehand_with_what_refuses_and_why(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    ticket_after(desk, "take")
    page = chosen(person_at("first_line_lulea"), "step:take")
    assert "Läge var Nytt hos första linjen blir Pågår hos första linjen" in page.text
    assert "Handläggare var ingen blir Exempel Första linjen Luleå" in page.text
    assert "Förblir som det är. Ärendet har bytt läge" in page.text
    assert "Du kan ångra det i 10 minuter" in page.text
    assert page.form("/selection")["tickets"] == "2026-00001:1"


def test_a_choice_is_seen_in_each_ticket_before_anything_is_saved(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = chosen(visitor, "priority").form("/selection")
    given = {**form, "impact": "high", "urgency": "high", "reason": "Alla är drabbade.", "look": "1"}
    page = visitor.post("/selection", given)
    assert page.status == 200
    assert page.text.count("Prioritet var 4 låg blir 1 kritisk") == 2
    assert 'data-priority="1"' not in visitor.get("/queue").html
    assert page.form("/selection")["reason"] == "Alla är drabbade."


def test_it_is_done_and_undone(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    done = visitor.post("/selection", chosen(visitor, "step:take").form("/selection"))
    page = visitor.get(done.location)
    assert "Gjort: 2." in page.text
    assert "Mina ärenden 2" in visitor.get("/queue").text
    back = visitor.get(visitor.post(f"{done.location}/undo", page.form(f"{done.location}/undo")).location)
    assert "Ångrat: 2." in back.text
    assert "Mina ärenden 0" in visitor.get("/queue").text
    assert "ångrade det som just gjorts" in visitor.get("/tickets/2026-00001").text


def test_a_double_click_does_it_once(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = {**chosen(visitor, "note").form("/selection"), "body": "Gäller hela huset."}
    first, second = (visitor.post("/selection", form).location for _ in range(2))
    assert first == second
    assert visitor.get("/tickets/2026-00001").text.count("Gäller hela huset.") == 1


def test_other_words_in_a_form_that_was_sent_are_given_back_and_done_when_sent_anew(
    person_at: People, desk: Desk
) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = chosen(visitor, "note", "ticket=2026-00001").form("/selection")
    visitor.post("/selection", {**form, "body": "Gäller hela huset."})
    page = visitor.post("/selection", {**form, "body": "Något annat."})
    assert page.status == 409 and "Då stod det något annat i det, och det är sparat." in page.text
    assert "Något annat." not in visitor.get("/tickets/2026-00001").text
    assert visitor.post("/selection", page.form("/selection")).status == 303
    assert visitor.get("/tickets/2026-00001").text.count("Något annat.") == 1


def test_what_a_colleague_changed_meanwhile_is_left_as_it_is(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = chosen(visitor, "step:take").form("/selection")
    note(desk, "2026-00001", "Jag var här först.", actor=persona(desk, "first_line_colleague_lulea"))
    page = visitor.get(visitor.post("/selection", form).location)
    assert "Gjort: 1, Inte gjort: 1." in page.text
    assert "Någon har ändrat ärendet under tiden" in page.text


@pytest.mark.parametrize("do", ["step:escalate_to_second_line", "note", "priority"])
def test_what_is_missing_is_asked_for_and_nothing_is_lost(person_at: People, desk: Desk, do: str) -> None:
    ticket_after(desk, "take")
    ticket_after(desk, "take")
    visitor = person_at("first_line_lulea")
    given = {"tried": "Allt möjligt.", "impact": "high", "urgency": "high"}
    page = visitor.post("/selection", {**chosen(visitor, do).form("/selection"), **given})
    assert page.status == 422
    assert "<title>Fel: " in page.html
    if do.startswith("step:"):
        assert page.form("/selection")["tried"] == "Allt möjligt."


def test_nobody_reaches_others_tickets_by_naming_them(person_at: People, desk: Desk) -> None:
    new_ticket(desk, "lulea", subject="Bara Luleås")
    visitor = person_at("first_line_pitea")
    page = visitor.get("/selection?ticket=2026-00001&do=step:take")
    assert "Bara Luleås" not in page.text
    form = {"tickets": "2026-00001:1", "do": "step:take", "csrf_token": token(visitor)}
    assert "Bara Luleås" not in visitor.post("/selection", form).text
    mine = person_at("first_line_lulea")
    assert "Nytt hos första linjen" in mine.get("/selection?ticket=2026-00001&do=step:take").text, "it was not taken"


def test_a_batch_is_nobody_elses(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    made = visitor.post("/selection", chosen(visitor, "step:take", "ticket=2026-00001").form("/selection")).location
    other = person_at("first_line_colleague_lulea")
    assert other.get(made).status == 404
    assert other.post(f"{made}/undo", {"csrf_token": token(other)}).status == 404


def test_a_supplier_is_told_nothing_of_the_customers_chain(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "order_from_supplier")
    page = chosen(person_at("supplier_technician"), "step:accept_at_supplier", "ticket=2026-00001")
    assert "Handläggare var ingen blir" in page.text
    assert "Läge" not in page.text


@pytest.mark.parametrize(
    "address",
    [
        "/selection",
        "/selection?ticket=",
        "/selection?ticket=nonsense&do=step:take",
        "/selection?ticket=2026-00001&do=nonsense",
        "/selection?ticket=2026-00001&do=step:nonsense",
        "/selection?ticket=%00&do=assign",
        "/selection/1",
        "/selection/999999999999",
    ],
)
def test_an_address_that_was_tampered_with_breaks_nothing(person_at: People, desk: Desk, address: str) -> None:
    new_ticket(desk)
    page = person_at("first_line_lulea").get(address)
    assert page.status == (404 if re.search(r"\d$", address) and "?" not in address else 200)


def token(visitor: Visitor) -> str:
    return visitor.get("/queue").form("/sign-out")["csrf_token"]
