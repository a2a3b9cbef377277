import pytest

from servicedesk.actions import entries
from servicedesk.actions.desk import Desk
from tests.support.desk import new_ticket, persona, ticket_after
from tests.web.conftest import People

NUMBER = "2026-00001"
TICKET = f"/tickets/{NUMBER}"


@pytest.mark.parametrize(
    ("who", "action", "readers"),
    [
        ("first_line_lulea", "/replies", "Syns för anmälaren, Luleå kommun och Norrbottens e-nämnd."),
        ("first_line_lulea", "/notes", "Syns för Luleå kommun."),
        ("it_service_manager", "/notes", "Syns för Luleå kommun och Norrbottens e-nämnd."),
        ("it_service_manager", "/supplier-notes", "och Exempelleverantören Plattform."),
        ("supplier_technician", "/supplier-notes", "och Exempelleverantören Plattform."),
        ("it_service_manager", "/supplier-descriptions", "och Exempelleverantören Plattform."),
    ],
)
def test_what_is_written_is_kept_with_who_sees_it(
    person_at: People, desk: Desk, who: str, action: str, readers: str
) -> None:
    ticket_after(desk, "accept_at_supplier")
    visitor = person_at(who)
    page = visitor.follow(visitor.send(TICKET, action, body="Ord med\nradbrytning."))
    written = page.text.rindex("Ord med radbrytning.")
    assert page.text[:written].rstrip().endswith(readers)


def test_a_note_goes_no_further_than_the_municipality_unless_one_says_so(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint")
    visitor = person_at("first_line_lulea")
    visitor.send(TICKET, "/notes", body="Bara för oss.")
    visitor.send(TICKET, "/notes", body="För er också.", audience="joint")
    text = person_at("it_service_manager").get(TICKET).text
    assert "Bara för oss." not in text
    assert "För er också." in text


@pytest.mark.parametrize("action", ["/replies", "/notes"])
def test_an_empty_text_is_refused_beside_its_field(person_at: People, desk: Desk, action: str) -> None:
    new_ticket(desk)
    page = person_at("first_line_lulea").send(TICKET, action, body=" \n ")
    assert page.status == 422
    assert "Skriv något först." in page.text


def test_a_text_that_is_too_long_comes_back_whole(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    long = "ä" * 20_001
    page = person_at("first_line_lulea").send(TICKET, "/replies", body=long)
    assert page.status == 422
    assert "Korta ner texten till 20 000 tecken; nu har den 20 001." in page.text
    assert page.form("/replies")["body"] == long


def test_a_reply_that_crosses_a_colleagues_is_not_sent_blindly(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = visitor.get(TICKET).form("/replies")
    entries.reply(desk, NUMBER, "Kollegans svar.", actor=persona(desk, "first_line_colleague_lulea"))
    page = visitor.post(f"{TICKET}/replies", {**form, "body": "Mitt svar."})
    assert page.status == 409
    assert "Kollegans svar." in page.text
    assert page.form("/replies")["body"] == "Mitt svar."
    assert visitor.post(f"{TICKET}/replies", page.form("/replies")).location == TICKET


def test_the_board_cannot_reply_to_the_requester(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint")
    visitor = person_at("it_service_manager")
    page = visitor.get(TICKET)
    assert not page.has_form("/replies")
    refused = visitor.post(f"{TICKET}/replies", {**page.form("/notes"), "body": "Ett otillåtet svar."})
    assert refused.status == 409
    assert "Bara ärendets kommun kan svara anmälaren" in refused.text
    assert "Ett otillåtet svar." in refused.text
    assert "Skriv till leverantören" in refused.text
