import re

import pytest
from sqlalchemy import func, select

from servicedesk.actions.desk import Desk
from servicedesk.store.queries.tickets import state_of, view_ticket
from servicedesk.store.tickets import Ticket
from tests.support.desk import PLATFORM, new_ticket, persona, ticket_after
from tests.support.pages import Page, Visitor
from tests.web.conftest import People

SAID = {
    "subject": "Kvittensen kommer aldrig fram",
    "description": "Rad ett.\nRad två.",
    "requester_name": "Anna Exempel",
    "requester_contact": "070-000 00 00",
}


def log(visitor: Visitor, **said: str) -> Page:
    return visitor.send("/tickets/new", **{**SAID, **said})


def test_a_ticket_is_logged_and_its_number_can_be_read_out(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    page = log(visitor, impact="high", urgency="high")
    assert page.location == "/tickets/2026-00001/receipt"
    receipt = visitor.follow(page)
    assert "2026-00001" in receipt.text
    assert "Luleå kundcenter" in receipt.text
    assert "1 kritisk" in receipt.text
    assert "Luleå kundcenter tar hand om det. Löst senast i dag 13.00." in receipt.text


def test_everything_said_stands_on_the_ticket(person_at: People, desk: Desk) -> None:
    log(person_at("first_line_lulea"), platform_case="LUL-77", fault="platform", channel="visit")
    with desk.reading() as connection:
        view = view_ticket(connection, desk.book(connection), persona(desk, "first_line_lulea"), "2026-00001")
    assert (view.title, view.description) == (SAID["subject"], SAID["description"])
    assert view.requester is not None
    assert (view.requester.name, view.requester.contact) == ("Anna Exempel", "070-000 00 00")
    assert (view.ticket.platform_case, view.ticket.fault, view.ticket.channel) == ("LUL-77", "platform", "visit")
    assert (view.ticket.municipality, view.ticket.service) == ("lulea", PLATFORM)


def test_a_fault_says_its_numbers_as_people_read_them(person_at: People) -> None:
    page = log(person_at("first_line_lulea"), description="x" * 25_000)
    assert "Korta ner texten till 20\xa0000 tecken; nu har den 25\xa0000." in page.html


def test_a_missing_subject_is_explained_beside_its_field_and_nothing_typed_is_lost(person_at: People) -> None:
    page = log(person_at("first_line_lulea"), subject=" ", impact="medium", channel="mail", platform_case="LUL-1")
    assert page.status == 422
    assert "Skriv med några ord vad det gäller." in page.text
    field = page.element("new-subject")
    assert field["aria-invalid"] == "true"
    assert "new-subject-fault" in field["aria-describedby"]
    assert page.element("new-subject-fault")
    form = page.form("/tickets/new")
    kept = {name: form[name] for name in ("description", "requester_name", "impact", "channel", "platform_case")}
    assert kept == {
        "description": SAID["description"],
        "requester_name": "Anna Exempel",
        "impact": "medium",
        "channel": "mail",
        "platform_case": "LUL-1",
    }


def test_every_field_at_fault_is_named_at_once(person_at: People) -> None:
    page = log(person_at("first_line_lulea"), subject="", e_service="pitea-bygglov", platform_case="x" * 81)
    assert page.status == 422
    assert [id for id in ("subject", "e_service", "platform_case") if f'id="new-{id}-fault"' in page.html] == [
        "subject",
        "e_service",
        "platform_case",
    ]
    assert "Korta ner texten till 80 tecken; nu har den 81." in page.text


def test_a_choice_that_was_not_offered_is_refused_as_one(person_at: People) -> None:
    page = log(person_at("first_line_lulea"), impact="enormous")
    assert page.status == 422
    assert "Välj ett av alternativen." in page.text


def test_only_ones_own_municipality_is_offered_and_no_other_is_taken(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    page = visitor.get("/tickets/new")
    assert page.form("/tickets/new")["municipality"] == "lulea"
    assert "Piteå kommun" not in page.text
    refused = log(visitor, municipality="pitea")
    assert refused.status == 409
    assert "Du kan bara registrera ärenden i en kommun där du arbetar." in refused.text
    assert refused.form("/tickets/new")["subject"] == SAID["subject"]


@pytest.mark.parametrize("name", ["it_service_manager", "supplier_technician"])
def test_those_who_log_nothing_are_told_so_and_not_invited(person_at: People, name: str) -> None:
    visitor = person_at(name)
    assert "/tickets/new" not in visitor.get("/queue").links()
    page = visitor.get("/tickets/new")
    assert page.status == 409
    assert "Du kan bara registrera ärenden" in page.text


def test_what_they_log_most_stands_first(person_at: People) -> None:
    assert person_at("first_line_lulea").get("/tickets/new").form("/tickets/new")["workflow"] == "citizen_incident"
    assert person_at("second_line_lulea").get("/tickets/new").form("/tickets/new")["workflow"] != "citizen_incident"


def test_after_a_fault_the_same_form_can_be_sent_again(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    page = log(visitor, subject="")
    again = visitor.post("/tickets/new", {**page.form("/tickets/new"), "subject": "Nu rätt"})
    assert again.location == "/tickets/2026-00001/receipt"


def test_a_caller_without_name_and_contact_is_anonymous(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    log(visitor, requester_name="", requester_contact="")
    assert "Anonym" in visitor.get("/tickets/2026-00001").text


def fragment(visitor: Visitor, target: str, changed: str, **said: str) -> str:
    """What htmx gets when a field has changed."""
    form = {**visitor.get("/tickets/new").form("/tickets/new"), "show": "promise", **said}
    headers = {"HX-Request": "true", "HX-Target": target, "HX-Trigger-Name": changed}
    response = visitor.client.post("/tickets/new", data=form, headers=headers)
    text: str = response.get_data(as_text=True)
    response.close()
    assert "<html" not in text
    return text


def test_the_promise_is_shown_before_anything_is_saved(person_at: People, desk: Desk) -> None:
    visitor = person_at("first_line_lulea")
    assert "Prioritet 4 låg" in visitor.get("/tickets/new").text
    shown = fragment(visitor, "promise", "impact", impact="high", urgency="high", channel="mail")
    assert "Prioritet 1 kritisk" in shown
    assert "Svar senast i dag 09.30, löst senast i dag 13.00." in shown
    assert "Går till Luleå kundcenter." in shown
    with desk.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Ticket)).scalar_one() == 0


@pytest.mark.parametrize("impact", ["high", "medium", "low"])
@pytest.mark.parametrize("channel", ["phone", "mail"])
def test_what_is_promised_before_is_what_is_promised_after(person_at: People, impact: str, channel: str) -> None:
    visitor = person_at("second_line_lulea")
    said = {**SAID, "impact": impact, "channel": channel}
    before = fragment(visitor, "promise", "impact", **said)
    receipt = visitor.follow(log(visitor, **said))
    promise = re.search(r"((Svar|Löst) senast [^<]*|Ingen tid är utlovad)\.", before)
    team = re.search(r"Går till ([^<]*)\.", before)
    assert promise and promise.group() in receipt.text
    assert team and f"{team.group(1)} tar hand om det." in receipt.text


def test_without_javascript_a_button_shows_the_promise_and_logs_nothing(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    page = visitor.send("/tickets/new", **SAID, impact="high", urgency="high", show="promise")
    assert page.status == 200
    assert "Prioritet 1 kritisk" in page.text
    assert page.form("/tickets/new")["description"] == SAID["description"]
    assert visitor.get("/tickets/2026-00001").status == 404
    assert visitor.post("/tickets/new", page.form("/tickets/new")).location == "/tickets/2026-00001/receipt"


def test_what_is_missing_for_a_promise_is_said_in_its_place(person_at: People) -> None:
    shown = fragment(person_at("first_line_lulea"), "promise", "e_service", e_service="Finns inte")
    assert "Välj en av kommunens egna e-tjänster, eller ingen." in shown


def test_an_e_service_is_picked_by_its_name_and_brings_its_service(person_at: People, desk: Desk) -> None:
    visitor = person_at("first_line_lulea")
    log(visitor, e_service=" ansök om  BYGGLOV", service="e-arkiv")
    with desk.reading() as connection:
        ticket = state_of(connection, "2026-00001")
    assert (ticket.e_service, ticket.service) == ("lulea-bygglov", PLATFORM)


def test_a_picked_e_service_chooses_its_service_in_the_form(person_at: People) -> None:
    shown = fragment(
        person_at("first_line_lulea"), "promise", "e_service", e_service="Ansök om bygglov", service="e-arkiv"
    )
    assert 'id="ask-service" hx-swap-oob="true"' in shown
    assert f'<option value="{PLATFORM}" selected>' in shown


def test_another_service_lets_go_of_the_e_service(person_at: People) -> None:
    shown = fragment(
        person_at("first_line_lulea"), "promise", "service", e_service="Ansök om bygglov", service="e-arkiv"
    )
    assert 'id="ask-e_service" hx-swap-oob="true"' in shown
    assert 'value="Ansök om bygglov" id="new-e_service"' not in shown
    assert "senast" in shown


def test_open_tickets_about_the_same_are_shown_and_nobody_elses(person_at: People, desk: Desk) -> None:
    new_ticket(desk, subject="Inloggningen med BankID går runt")
    new_ticket(desk, "pitea", subject="Inloggningen med BankID hos oss")
    ticket_after(desk, "confirm", subject="Inloggning via BankID, redan löst")
    new_ticket(desk, subject="Skrivaren är trasig")
    visitor = person_at("first_line_lulea")
    shown = fragment(visitor, "similar", "subject", subject="bankid inloggning fungerar inte")
    assert "Inloggningen med BankID går runt" in shown
    assert "/tickets/2026-00001" in shown
    for other in ("hos oss", "redan löst", "Skrivaren"):
        assert other not in shown
    assert "<li>" not in fragment(visitor, "similar", "subject", subject="och det i som")


def test_the_receipt_is_for_those_who_log(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier")
    for name in ("it_service_manager", "supplier_technician"):
        assert person_at(name).get("/tickets/2026-00001/receipt").location == "/tickets/2026-00001"
    assert person_at("first_line_pitea").get("/tickets/2026-00001/receipt").status == 404


@pytest.mark.parametrize(
    ("letters", "means"),
    [("bygg", "lulea-bygglov"), ("lulea-bygglov", "lulea-bygglov"), ("ansök om bygglov", "lulea-bygglov"), ("xyz", "")],
)
def test_a_few_letters_that_stand_in_one_name_alone_pick_it(
    person_at: People, desk: Desk, letters: str, means: str
) -> None:
    page = log(person_at("first_line_lulea"), e_service=letters)
    if means:
        with desk.reading() as connection:
            assert state_of(connection, "2026-00001").e_service == means
    else:
        assert page.status == 422
        assert page.form("/tickets/new")["e_service"] == letters


def test_letters_that_could_mean_several_are_asked_about(person_at: People) -> None:
    page = log(person_at("first_line_lulea"), e_service="a")
    assert page.status == 422
    assert "Välj en av kommunens egna e-tjänster, eller ingen." in page.text
