"""Major incidents over the pages: declared, gathered, told of and solved, on the page, the ticket and the log page."""

import re

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.actions.majors.belonging import attach
from servicedesk.actions.majors.declaring import NewMajor, declare_major
from servicedesk.actions.majors.leading import resolve_all, tell_all
from servicedesk.core.majors import Major
from servicedesk.core.vocabulary import Category
from servicedesk.store.queries.majors import acts, major_of, majors
from servicedesk.web.majors import listing
from tests.actions.life import kinds, state
from tests.performance.pages import statements
from tests.support.desk import PLATFORM, new_ticket, persona, ticket_after
from tests.support.pages import Visitor
from tests.web.conftest import People

MANAGER, FIRST, SUPPLIER = "it_service_manager", "first_line_lulea", "supplier_technician"


@pytest.fixture
def key(desk: Desk) -> str:
    new = NewMajor(PLATFORM, ["lulea", "pitea"], "Inloggningen fungerar inte", "Vi söker felet.")
    return declare_major(desk, new, actor=persona(desk, MANAGER))


def test_it_is_declared_out_of_a_ticket_by_one_form_and_leads_to_its_page(person_at: People, desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_joint").number
    manager = person_at(MANAGER)
    assert f"/major-incidents/new?ticket={number}" in manager.get(f"/tickets/{number}").links()
    address = f"/major-incidents/new?ticket={number}"
    faulty = manager.send(address, "/major-incidents", title="", text="Vi söker felet.")
    assert faulty.status == 422 and faulty.form("/major-incidents")["text"] == "Vi söker felet."
    said = {
        "title": "Inloggningen fungerar inte",
        "text": "Vi söker felet.",
        "municipalities": "lulea",
        "public": "yes",
    }
    form = {**manager.get(address).form("/major-incidents"), **said}
    sent = manager.post("/major-incidents", form)
    page = manager.follow(sent)
    assert page.status == 200 and "Inloggningen fungerar inte" in page.text and f"/tickets/{number}" in page.links()
    again = manager.post("/major-incidents", form)  # the back button, and once more
    assert again.location == sent.location
    assert "Inloggningen fungerar inte" in Visitor(manager.client.application).get("/driftinfo").text
    assert kinds(desk, number).count("MajorIncidentDeclared") == 1


@pytest.mark.parametrize("who", [FIRST, "second_line_lulea", SUPPLIER])
def test_nobody_else_is_offered_to_declare_one(person_at: People, desk: Desk, who: str) -> None:
    visitor, number = person_at(who), ticket_after(desk, "accept_at_supplier").number
    assert not any("major-incidents/new" in link for link in visitor.get(f"/tickets/{number}").links())
    assert visitor.get("/major-incidents/new").status == 409


def test_whom_it_concerns_meets_it_where_they_begin_until_it_is_over(person_at: People, desk: Desk, key: str) -> None:
    address = f"/major-incidents/{key}"
    for who in (FIRST, "first_line_pitea", "second_line_lulea", "developer_lulea", "system_owner"):
        assert address in person_at(who).get("/queue").links(), who
    for start in ("/triage", "/triage?by=tier"):
        assert address in person_at(MANAGER).get(start).links()
    for who in ("first_line_pajala", SUPPLIER):
        assert key not in person_at(who).get("/queue").html, who
    assert "/major-incidents" in person_at(FIRST).get("/commands").links()
    assert "/major-incidents" not in person_at(SUPPLIER).get("/commands").links()
    resolve_all(desk, key, "Certifikatet är bytt.", "solved", actor=persona(desk, MANAGER))
    assert key not in person_at(FIRST).get("/queue").html
    assert address in person_at(FIRST).get("/major-incidents").links()


def test_the_list_asks_as_little_of_many_as_of_one_and_counts_what_the_reader_sees(
    person_at: People, desk: Desk, key: str, app: Flask
) -> None:
    for municipality in ("lulea", "pitea"):
        number = new_ticket(desk, municipality).number
        attach(desk, number, key, actor=persona(desk, f"first_line_{municipality}"))
    tell_all(desk, key, "Felet är hittat.", "requester", actor=persona(desk, MANAGER))
    first = person_at(FIRST)
    page = first.get("/major-incidents")
    assert "Felet är hittat." in page.text
    figures = {
        who: re.findall(r"<dd>(\d+)</dd>", person_at(who).get("/major-incidents").html) for who in (FIRST, MANAGER)
    }
    assert figures == {FIRST: ["1", "1"], MANAGER: ["2", "2"]}

    def asked() -> int:
        with statements(app) as sent:
            first.get("/major-incidents")
        return len(sent)

    of_one = asked()
    for at in range(3):
        new = NewMajor(PLATFORM, ["lulea"], f"Avbrott {at}", "Vi söker felet.")
        declare_major(desk, new, actor=persona(desk, MANAGER))
    assert asked() == of_one


def test_those_that_are_over_are_leafed_through_and_each_is_there_once(
    person_at: People, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "OVER", 2)
    manager = persona(desk, MANAGER)
    for at in range(5):
        where = ["lulea"] if at != 2 else ["pitea"]
        gone = declare_major(desk, NewMajor(PLATFORM, where, f"Avbrott {at}", "Vi söker felet."), actor=manager)
        resolve_all(desk, gone, "Löst.", "solved", actor=manager)
    first, address, pages = person_at(FIRST), "/major-incidents", []
    while address:
        page = first.get(address)
        pages.append(re.findall(r"Avbrott \d", page.html))
        address = next((link for link in page.links() if "before=" in link), "")
    assert pages == [["Avbrott 4", "Avbrott 3"], ["Avbrott 1", "Avbrott 0"]]


def test_a_supplier_finds_none_anywhere(person_at: People, key: str) -> None:
    supplier = person_at(SUPPLIER)
    assert not any("major-incidents" in link for link in supplier.get("/queue").links())
    for address in ("/major-incidents", f"/major-incidents/{key}"):
        assert supplier.get(address).status == 404


def test_a_municipality_that_it_does_not_concern_finds_none(person_at: People, key: str) -> None:
    assert person_at("first_line_pajala").get(f"/major-incidents/{key}").status == 404
    assert person_at("first_line_pitea").get(f"/major-incidents/{key}").status == 200


def test_the_first_line_attaches_its_own_in_one_press_and_undoes_it(person_at: People, desk: Desk, key: str) -> None:
    number, first = new_ticket(desk).number, person_at(FIRST)
    first.follow(first.send(f"/tickets/{number}", "/major-incident"))
    assert state(desk, number).major == key
    first.follow(first.send(f"/tickets/{number}", "/major-incident/detachment"))
    assert not state(desk, number).major


def test_whoever_leads_loses_sight_of_what_they_detach_and_comes_back_to_the_incident(
    person_at: People, desk: Desk, key: str
) -> None:
    number = new_ticket(desk).number
    attach(desk, number, key, actor=persona(desk, FIRST))
    manager = person_at(MANAGER)
    back = manager.send(f"/tickets/{number}", "/major-incident/detachment")
    assert back.location == f"/major-incidents/{key}" and manager.follow(back).status == 200
    assert manager.get(f"/tickets/{number}").status == 404


def test_alike_tickets_are_suggested_and_many_attached_at_once(person_at: People, desk: Desk, key: str) -> None:
    alike = [new_ticket(desk, subject="Inloggningen ger vit sida").number for _ in range(2)]
    other = new_ticket(desk, subject="Skrivaren är trasig").number
    elsewhere = new_ticket(desk, "pitea", subject="Inloggningen ger vit sida").number
    first = person_at(FIRST)
    page = first.get(f"/major-incidents/{key}")
    offers = {a["value"]: "checked" in a for _, a in page.elements if a.get("name") == "tickets"}
    assert offers == {**dict.fromkeys(alike, True), other: False}
    assert elsewhere not in page.html
    form = page.form("/tickets")
    first.follow(first.post(f"/major-incidents/{key}/tickets", {**form, "tickets": [*alike, elsewhere]}))
    assert [bool(state(desk, number).major) for number in (*alike, other, elsewhere)] == [True, True, False, False]
    assert first.post(f"/major-incidents/{key}/tickets", {**form, "tickets": [], "nonce": ""}).status == 422


def test_a_municipality_sees_its_own_tickets_and_no_count_of_another_s(person_at: People, desk: Desk, key: str) -> None:
    theirs = [new_ticket(desk, "pitea", subject="Piteå hemligt").number for _ in range(3)]
    for number in theirs:
        attach(desk, number, key, actor=persona(desk, "first_line_pitea"))
    page = person_at(FIRST).get(f"/major-incidents/{key}")
    assert not any(number in page.html for number in theirs) and "Piteå hemligt" not in page.html
    attached = page.html.split('id="attached-heading"')[1].split("</h2>")[0]
    assert 'class="count">0<' in attached
    assert not page.has_form("/messages") and not page.has_form("/resolution")
    manager = person_at(MANAGER).get(f"/major-incidents/{key}")
    assert all(f"/tickets/{number}" in manager.links() for number in theirs)


def test_all_are_told_and_it_is_solved_by_two_forms_and_what_could_not_be_is_named(
    person_at: People, desk: Desk, key: str
) -> None:
    number, held = ticket_after(desk, "take").number, ticket_after(desk, "accept_at_supplier").number
    for each in (number, held):
        attach(desk, each, key, actor=persona(desk, FIRST))
    manager, address = person_at(MANAGER), f"/major-incidents/{key}"
    empty = manager.send(address, "/messages", text="")
    assert empty.status == 422
    page = manager.get(address)
    form = {**page.form("/messages"), "text": "Felet är hittat.", "audience": "requester"}
    for _twice in range(2):
        manager.follow(manager.post(f"{address}/messages", form))
    assert kinds(desk, number).count("EntryAdded") == 1
    page = manager.follow(manager.send(address, "/resolution", solution="Certifikatet är bytt."))
    assert state(desk, number).category is Category.RESOLVED and state(desk, held).is_open
    refused = page.html.split('class="major-refused"')[1].split("</form>")[0]
    assert held in refused and number not in refused
    assert page.has_form("/acts/3/again") and not page.has_form("/resolution")
    manager.follow(manager.send(address, "/acts/3/again"))
    with desk.reading() as connection:
        assert not majors(connection, persona(desk, MANAGER), desk.book(connection).installation)


def test_whoever_logs_a_ticket_is_offered_it_first_and_attaches_by_one_key(
    person_at: People, desk: Desk, key: str, app: Flask
) -> None:
    first = person_at(FIRST)
    form = first.get("/tickets/new").form("/tickets/new")
    said = {**form, "subject": "Kan inte logga in", "service": PLATFORM, "municipality": "lulea"}
    page = first.post("/tickets/new", {**said, "show": "similar"})
    press = next(a for _, a in page.elements if a.get("value") == f"attach {key}")
    assert press["data-press"] == "F8"
    attached = first.post("/tickets/new", {**said, "show": f"attach {key}"})
    assert attached.form("/tickets/new")["attach_to"] == key
    logged = first.post("/tickets/new", {**said, "attach_to": key, "impact": "high", "urgency": "high"})
    assert logged.status == 303, logged.text
    number = logged.location.split("/")[2]
    assert state(desk, number).major == key and state(desk, number).joint
    other = first.post(
        "/tickets/new", {**said, "nonce": "", "attach_to": "x" * 36, "impact": "high", "urgency": "high"}
    )
    assert other.status == 422


def test_the_part_that_renews_itself_is_sent_only_when_it_has_changed(person_at: People, key: str) -> None:
    first = person_at(FIRST)
    whole = first.get(f"/major-incidents/{key}")
    seen = whole.element("live")["hx-headers"].split('"')[3]
    headers = {"HX-Request": "true", "HX-Target": "live", "X-Seen": seen}
    assert first.client.get(f"/major-incidents/{key}", headers=headers).status_code == 204


def test_what_was_learned_is_written_when_it_is_over_and_read_by_whom_it_concerned(
    person_at: People, desk: Desk, key: str
) -> None:
    manager, address = person_at(MANAGER), f"/major-incidents/{key}"
    assert not manager.get(address).has_form("/learned")
    said = {"happened": "Certifikatet gick ut.", "prevents": "Vi bevakar alla certifikat från och med nu."}
    assert manager.post(f"{address}/learned", {**manager.get(address).form("/messages"), **said}).status == 409
    resolve_all(desk, key, "Certifikatet är bytt.", "solved", actor=persona(desk, MANAGER))
    half = manager.send(address, "/learned", happened="Certifikatet gick ut.")
    assert half.status == 422 and half.form("/learned")["happened"] == "Certifikatet gick ut."
    form = {**manager.get(address).form("/learned"), **said}
    for _twice in range(2):
        manager.follow(manager.post(f"{address}/learned", form))
    for who in (FIRST, "first_line_pitea"):
        page = person_at(who).get(address)
        assert all(text in page.text for text in said.values()) and not page.has_form("/learned")
        assert person_at(who).post(f"{address}/learned", form).status == 400  # another's form
    assert person_at("first_line_pajala").get(address).status == 404
    again = {**manager.get(address).form("/learned"), "happened": "Certifikatet och dess reserv gick ut."}
    assert again["prevents"] == said["prevents"]
    page = manager.follow(manager.post(f"{address}/learned", again))
    assert page.html.count("Certifikatet gick ut.") == 1  # as what was written before
    assert page.html.index("Certifikatet och dess reserv") < page.html.index("Certifikatet gick ut.")
    unchanged = manager.post(f"{address}/learned", manager.get(address).form("/learned"))
    assert unchanged.status == 409
    with desk.reading() as connection:
        written = [each.kind for each in acts(connection, persona(desk, MANAGER), _major(desk, key))]
    assert written == ["happened", "prevents", "happened", "resolve", "declare"]


def _major(desk: Desk, key: str) -> Major:
    with desk.reading() as connection:
        return major_of(connection, persona(desk, MANAGER), desk.book(connection).installation, key)
