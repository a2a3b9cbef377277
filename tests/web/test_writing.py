"""Before one sends: templates filled in, and what there is to see to, by plain forms."""

import pytest
from sqlalchemy import select

from servicedesk.actions import entries
from servicedesk.actions.administering.people import PersonGiven, add_person
from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.store.outbox import Notice
from tests.actions.life import proved
from tests.support.desk import WRITTEN, new_ticket, person, persona, ticket_after
from tests.support.pages import Page
from tests.web.conftest import People

NUMBER = "2026-00001"
TICKET = f"/tickets/{NUMBER}"
RECEIVED = "lulea-vi-har-tagit-emot"
ASIDE = {"HX-Request": "true"}


def begun(page: Page, action: str) -> str:
    return page.form(action)["body"]


def test_a_template_is_chosen_at_the_reply_and_comes_filled_in(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = visitor.get(TICKET).form("/replies")
    page = visitor.post(f"{TICKET}/writing/reply", {**form, "template": RECEIVED})
    assert "Svar till anmälaren. Syns för anmälaren och Luleå kommun." in page.text
    text = begun(page, "/replies")
    assert text.startswith("Hej Anna Exempel!\n\nTack för att du hörde av dig om") and NUMBER in text
    assert "[" not in text and "{" not in text
    assert visitor.post(f"{TICKET}/replies", page.form("/replies")).status == 303


def test_a_template_never_takes_the_place_of_what_is_written(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = {**visitor.get(TICKET).form("/notes"), "body": "Det här skrev jag själv.\n"}
    text = begun(visitor.post(f"{TICKET}/writing/note", {**form, "template": RECEIVED}), "/notes")
    assert text.startswith("Det här skrev jag själv.\n\nHej Anna Exempel!")


def test_what_could_not_be_filled_in_is_seen_before_it_is_sent(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint")
    visitor = person_at("first_line_lulea")
    form = visitor.get(TICKET).form("/notes")
    page = visitor.post(f"{TICKET}/writing/joint-note", {**form, "template": RECEIVED})
    assert "Hej [anmälare]!" in begun(page, "/notes")
    assert "Inget är ifyllt för anmälare." in page.text
    unseen = visitor.post(f"{TICKET}/notes", page.form("/notes"))
    assert unseen.status == 422
    assert "Inget är ifyllt för anmälare." in unseen.text
    assert begun(unseen, "/notes") == begun(page, "/notes")
    seen = visitor.post(f"{TICKET}/notes", {**unseen.form("/notes"), "as_it_stands": "yes"})
    assert seen.status == 303
    assert "Hej [anmälare]!" in person_at("it_service_manager").get(TICKET).text


def test_only_ones_own_templates_are_there_and_only_where_one_may_write(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint")
    clerk, board = person_at("first_line_lulea"), person_at("it_service_manager")
    assert "Underlag till leverantören" not in clerk.get(TICKET).text
    assert "Underlag till leverantören" in board.get(TICKET).text
    theirs = "e-namnden-underlag-till-leverantoren"
    token = clerk.get(TICKET).form("/notes")
    assert clerk.post(f"{TICKET}/writing/note", {**token, "template": theirs}).status == 404
    assert clerk.get(f"{TICKET}/writing/supplier-note").status == 404
    assert board.get(f"{TICKET}/writing/reply").status == 404
    assert person_at("first_line_pitea").get(f"{TICKET}/writing/note").status == 404


@pytest.mark.parametrize(("to", "audience"), [("reply", "Anna Exempel"), ("joint-note", "[anmälare]")])
def test_a_script_gets_the_text_alone(person_at: People, desk: Desk, to: str, audience: str) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    token = {"csrf_token": visitor.get(TICKET).form("/notes")["csrf_token"]}
    sent = {**token, "template": RECEIVED, "body": "redan skrivet"}
    answer = visitor.client.post(f"{TICKET}/writing/{to}", data=sent, headers={**ASIDE, "HX-Target": "begun"})
    assert answer.get_json()["text"].startswith(f"Hej {audience}!")
    told = {**token, "body": "Till [anmälare], {e-tjänst} och [1]."}
    part = visitor.client.post(f"{TICKET}/writing/{to}", data=told, headers={**ASIDE, "HX-Target": "doubts"})
    assert "anmälare, e-tjänst." in part.get_data(as_text=True) and "<html" not in part.get_data(as_text=True)


def quotes(page: Page) -> list[str]:
    return [link for link in page.links() if "?quote=" in link]


def test_markdown_is_shown_and_what_was_written_is_kept(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    theirs = new_ticket(desk, "pitea").number
    mine = new_ticket(desk).number
    visitor = person_at("first_line_lulea")
    body = f"**Viktigt**: se {mine}, inte {theirs}.\n\n- ett\n- <b>två</b>"
    visitor.send(TICKET, "/notes", body=body)
    html = visitor.get(TICKET).html
    assert f'<strong>Viktigt</strong>: se <a href="/tickets/{mine}" rel="noopener nofollow">{mine}</a>' in html
    assert f", inte {theirs}.</p>" in html
    assert "<li>&lt;b&gt;två&lt;/b&gt;</li>" in html
    quoted = visitor.get(quotes(visitor.get(TICKET))[0]).form("/notes")["body"]
    assert quoted.strip() == "\n".join(f"> {line}".rstrip() for line in body.split("\n"))


def test_what_the_requester_said_stands_as_it_was_said(person_at: People, desk: Desk) -> None:
    new_ticket(desk, description="**Inte** fet, _inte_ kursiv: https://a.example/")
    assert "**Inte** fet, _inte_ kursiv: https://a.example/" in person_at("first_line_lulea").get(TICKET).html


def test_one_sees_how_it_looks_before_one_sends(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = {**visitor.get(TICKET).form("/replies"), "body": "Hej **du**\r\nrad två"}
    page = visitor.post(f"{TICKET}/writing/reply", {**form, "show": "preview"})
    assert "<p>Hej <strong>du</strong><br>\nrad två</p>" in page.html
    assert page.form("/replies")["body"] == "Hej **du**\nrad två"
    nothing = visitor.post(f"{TICKET}/writing/reply", {**form, "body": "", "show": "preview"})
    assert nothing.status == 200


def test_nothing_is_quoted_to_those_who_have_not_read_it(person_at: People, desk: Desk) -> None:
    """Each entry of a ticket that has gone all the way, into each form, at each of those who may write."""
    ticket_after(desk, "propose_solution")
    clerk, board = persona(desk, "first_line_lulea"), persona(desk, "it_service_manager")
    entries.note(desk, NUMBER, "Bara kommunen.", actor=clerk)
    entries.note(desk, NUMBER, "Kommunen och nämnden.", to_joint=True, actor=clerk)
    entries.reply(desk, NUMBER, "Till anmälaren.", actor=clerk)
    entries.note_to_supplier(desk, NUMBER, "Till leverantören.", actor=board)
    told = {
        "reply": {"Till anmälaren."},
        "note": {"Bara kommunen.", "Kommunen och nämnden.", "Till anmälaren.", "Till leverantören."},
        "joint-note": {"Kommunen och nämnden.", "Till anmälaren.", "Till leverantören."},
        "supplier-note": {"Till leverantören.", WRITTEN["supplier_description"], WRITTEN["solution"]},
    }
    for who, ways in (
        ("first_line_lulea", ("reply", "note", "joint-note")),
        ("it_service_manager", ("supplier-note",)),
    ):
        visitor = person_at(who)
        for way in ways:
            found = ""
            for seq in range(1, 25):
                page = visitor.get(f"{TICKET}/writing/{way}?quote={seq}")
                found += next((form.fields["body"] for form in page.forms if "body" in form.fields), "")
            assert {words for words in told["note"] | told["supplier-note"] if words in found} >= told[way], way
            unseen = ({"Bara kommunen.", "Kommunen och nämnden."} | {WRITTEN["reason"], WRITTEN["tried"]}) - told[way]
            if way in ("reply", "supplier-note"):
                assert not [words for words in unseen if words in found], way


def test_a_quotation_of_nothing_is_not_there(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    for seq in ("1", "99", "x", "-1", "9" * 20):
        assert visitor.get(f"{TICKET}/writing/note?quote={seq}").status == 404


def offered(person_at: People, who: str, to: str) -> set[str]:
    answer = person_at(who).client.get(f"{TICKET}/writing/{to}", headers={**ASIDE, "HX-Target": "people"})
    return {each["name"] for each in answer.get_json()}


def names(desk: Desk, *who: str) -> set[str]:
    return {person(desk, each).name for each in who}


def test_only_those_who_may_read_it_are_offered_to_be_mentioned(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier")
    inside, board = names(desk, "second_line_lulea", "first_line_lulea"), names(desk, "it_service_manager")
    supplier = names(desk, "supplier_technician")
    others = names(desk, "first_line_pitea", "other_supplier_technician", "second_line_pajala")
    expected = {
        ("first_line_lulea", "note"): (inside, board | supplier | others),
        ("first_line_lulea", "joint-note"): (inside | board, supplier | others),
        ("first_line_lulea", "reply"): (inside | board, supplier | others),
        ("it_service_manager", "supplier-note"): (inside | board | supplier, others),
        ("supplier_technician", "supplier-note"): (supplier, inside | board | others),
    }
    for (who, to), (seen, unseen) in expected.items():
        found = offered(person_at, who, to)
        assert seen <= found and not found & unseen, (who, to)


def test_of_two_with_the_same_name_the_one_who_is_chosen_is_told(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    chosen = person(desk, "local_it_lulea")
    seat = person(desk, "first_line_lulea").memberships[0]
    add_person(desk, PersonGiven(chosen.name, "ny@lulea.example"), seat, actor=persona(desk, "administrator_lulea"))
    visitor = person_at("first_line_lulea")
    found = visitor.client.get(f"{TICKET}/writing/note", headers={**ASIDE, "HX-Target": "people"}).get_json()
    found.sort(key=lambda each: "Kundcenter" in each["beside"] or "kundcenter" in each["beside"])
    handles = sorted(each["handle"] for each in found if each["name"] == chosen.name)
    assert len(set(handles)) == 2 and all(each.startswith(f"{chosen.name} (") for each in handles)
    asked = visitor.send(TICKET, "/notes", body=f"Ser du, @{chosen.name}?")
    assert asked.status == 422 and all(f"@{each}" in asked.text for each in handles)
    mine = next(each["handle"] for each in found if each["name"] == chosen.name and each["beside"] in each["handle"])
    assert visitor.send(TICKET, "/notes", body=f"Ser du, @{mine}?").location == TICKET
    drain(desk)
    drain(desk)
    with desk.reading() as connection:
        told = connection.execute(select(Notice.person).where(Notice.why == "mentioned")).scalars().all()
    assert told == [chosen.key]


def test_who_is_mentioned_is_told_once_and_who_may_not_read_it_is_said_before(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_joint")
    second, board = person(desk, "second_line_lulea"), person(desk, "it_service_manager")
    visitor = person_at("first_line_lulea")
    text = f"Ser du det här, @{second.name}? Och @{board.name}?"
    refused = visitor.send(TICKET, "/notes", body=text)
    assert refused.status == 422
    assert f"Ingen som heter {board.name} får läsa det här" in refused.text
    assert f"heter {second.name}" not in refused.text
    assert visitor.post(f"{TICKET}/notes", {**refused.form("/notes"), "as_it_stands": "yes"}).status == 303
    drain(desk)
    drain(desk)
    with desk.reading() as connection:
        told = connection.execute(select(Notice.person).where(Notice.why == "mentioned")).scalars().all()
    assert told == [second.key]
    assert "Du har blivit omnämnd." in person_at("second_line_lulea").get("/notices").text
    proved(desk)
