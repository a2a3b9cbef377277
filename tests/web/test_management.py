"""Follow-up: who has it, which period, what stands on it."""

from datetime import timedelta

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from tests.support.desk import new_ticket, ticket_after
from tests.web.conftest import People

FOLLOWERS = ("it_service_manager", "system_owner", "second_line_lulea", "supplier_technician")
OTHERS = ("first_line_lulea", "administrator_lulea", "developer_lulea", "local_it_lulea")


def later(desk: Desk, **span: float) -> None:
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(**span))


@pytest.mark.parametrize("who", FOLLOWERS)
def test_those_who_manage_have_it_in_the_menu(person_at: People, who: str) -> None:
    visitor = person_at(who)
    assert "/management" in visitor.get("/queue").links()
    assert visitor.get("/management").status == 200


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("address", ["/management", "/management/tickets?figure=open"])
def test_others_are_told_whom_it_is_for(person_at: People, who: str, address: str) -> None:
    visitor = person_at(who)
    assert "/management" not in visitor.get("/queue").links()
    page = visitor.get(address)
    assert page.status == 404
    assert "Uppföljningen är för förvaltningsledare, systemägare och leverantörer." in page.text


def test_a_period_without_tickets_says_so_without_dividing_by_nothing(person_at: People) -> None:
    page = person_at("it_service_manager").get("/management?from=2020-01-01&to=2020-12-31")
    assert page.status == 200
    assert "inget avgjort" in page.text
    assert "Inget ärende som började hos första linjen avslutades under perioden." in page.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("period=this-month", "mars 2026"),
        ("period=last-month", "februari 2026"),
        ("period=this-year", "2026"),
        ("period=last-3-months", "3 december 2025 – 2 mars 2026"),
        ("period=nonsense", "3 december 2025 – 2 mars 2026"),
        ("from=2026-03-02&to=2026-03-02", "2 mars 2026"),
        ("from=2026-01-05&to=2026-02-10", "5 januari – 10 februari 2026"),
    ],
)
def test_the_period_is_told_in_words(person_at: People, query: str, words: str) -> None:
    page = person_at("it_service_manager").get(f"/management?{query}")
    assert page.status == 200
    assert f"Uppföljning {words} Den här månaden" in page.text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=i+går&to=2026-03-01", "Skriv dagen som 2026-03-02."),
        ("from=2026-02-30&to=2026-03-01", "Skriv dagen som 2026-03-02."),
        ("from=2026-02-01", "Skriv dagen som 2026-03-02."),
        ("from=0001-01-01&to=2026-03-01", "Skriv dagen som 2026-03-02."),
        ("from=2026-01-01&to=9999-12-31", "Skriv dagen som 2026-03-02."),
        ("from=2026-02-10&to=2026-02-09", "Sista dagen ligger före den första."),
        ("from=2026-03-03&to=2026-03-04", "Perioden har inte börjat."),
        ("from=2026-03-01&to=2027-06-01", "Välj en sista dag inom ett år från i dag."),
        ("from=2001-03-01&to=2026-03-01", "Välj högst tio år."),
        ("municipality=atlantis", "Välj något i listan."),
        ("service=%00", "Välj något i listan."),
    ],
)
def test_a_wrong_period_or_choice_is_told_in_a_sentence_and_what_was_typed_stays(
    person_at: People, query: str, sentence: str
) -> None:
    visitor = person_at("it_service_manager")
    for address in (f"/management?{query}", f"/management/tickets?figure=open&{query}"):
        page = visitor.get(address)
        assert page.status == 422
        assert sentence in page.text
        assert "Hållna åtaganden" not in page.text
    typed = dict(part.split("=") for part in query.split("&"))
    if typed.get("from") == "2026-02-10":
        assert page.form("/management")["from"] == "2026-02-10"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "figure=nonsense",
        "figure=open&tier=nonsense",
        "figure=open&priority=9",
        "figure=promises&metric=%00",
        "figure=held&organisation=atlantis",
        "figure=held&team=atlantis",
    ],
)
def test_an_address_that_names_no_figure_leads_nowhere(person_at: People, query: str) -> None:
    page = person_at("it_service_manager").get(f"/management/tickets?{query}")
    assert page.status == 404
    assert "Den siffran finns inte." in page.text


@pytest.mark.parametrize("after", ["nonsense", "-1", "9" * 30, "١"])
def test_a_cursor_that_was_tampered_with_shows_the_first_page(person_at: People, desk: Desk, after: str) -> None:
    ticket_after(desk, "escalate_to_joint")
    page = person_at("it_service_manager").get(f"/management/tickets?figure=open&period=this-month&after={after}")
    assert "/tickets/2026-00001" in page.links()


def test_what_has_not_been_handed_over_is_counted_and_not_shown(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "escalate_to_joint", subject="Överlämnat")
    for number in range(3):
        new_ticket(desk, subject=f"Hemligt {number}")
    visitor = person_at("it_service_manager")
    page = visitor.get("/management/tickets?figure=open&period=this-month")
    assert "Öppna ärenden 4 ärenden" in page.text
    assert "1 av 4 ärenden visas. Resten har inte lämnats över till er." in page.text
    assert "Överlämnat" in page.text
    assert "Hemligt" not in page.html
    assert "2026-00002" not in page.html


def test_a_list_says_in_words_which_figure_it_is(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier")
    later(desk, days=9)
    visitor = person_at("it_service_manager")
    said = {
        "figure=promises&outcome=broken&metric=contract&tier=supplier&party=leverantor-plattform": (
            "Brutna åtaganden: Exempelleverantören Plattform: avtalad lösningstid 1 åtagande i 1 ärende"
        ),
        "figure=promises&outcome=broken&lives=yes&metric=resolution&priority=4": "Brutna åtaganden som pågår",
        "figure=open&tier=supplier&age=7-30": "Öppna ärenden: Leverantör, 7–30 dygn 1 ärende",
        "figure=held&tier=supplier&part=work": "Tid: Leverantör, arbete 216 tim i 1 ärende",
        "figure=flow&what=returned&from_tier=supplier&to_tier=joint": (
            "Lämnade tillbaka: Leverantör → Förvaltningsledare IT"
        ),
        "figure=first-line&solved_there=yes": "Lösta hos första linjen 0 ärenden",
    }
    for query, words in said.items():
        assert words in visitor.get(f"/management/tickets?{query}&period=this-month").text


def test_a_supplier_follows_up_its_own_contract_and_nothing_else(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier", subject="Bara för kommunen")
    later(desk, days=1)
    page = person_at("supplier_technician").get("/management?period=this-month")
    assert "Ert avtal" in page.text
    flow = "Registrerade och avslutade ärenden"
    others = ("Mot anmälaren", "Mellan nivåerna", "Lösningstid per kommun", "Första linjen", flow)
    assert [words for words in others if words in page.text] == []
    other = person_at("other_supplier_technician").get("/management?period=this-month")
    assert not [link for link in other.links() if link.startswith("/management/tickets")]


def test_a_promise_that_breaks_while_it_runs_is_broken_from_that_moment(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    visitor = person_at("second_line_lulea")
    address = "/management/tickets?figure=promises&metric=resolution&period=this-month&outcome={}"
    assert "1 åtagande" in visitor.get(address.format("running")).text
    later(desk, days=28)
    assert "1 åtagande" in visitor.get(address.format("broken")).text
    assert "0 åtaganden" in visitor.get(address.format("running")).text
    # Before it broke it was running, whenever one asks.
    then = "/management/tickets?figure=promises&metric=resolution&from=2026-03-02&to=2026-03-02&outcome={}"
    assert "1 åtagande" in visitor.get(then.format("running")).text
    assert "0 åtaganden" in visitor.get(then.format("broken")).text


def test_the_page_says_when_it_is_that_the_open_tickets_are_open(person_at: People) -> None:
    visitor = person_at("it_service_manager")
    assert "Så är det nu, 2 mars 2026 kl. 09.00." in visitor.get("/management").text
    ended = visitor.get("/management?period=last-month").text
    assert "Så är det när perioden slutade, vid midnatt efter 2026-02-28." in ended


def test_every_picture_says_in_words_what_it_shows(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "confirm")
    page = person_at("it_service_manager").get("/management?period=this-month")
    pictures = [attributes for tag, attributes in page.elements if tag == "svg" and attributes.get("role") == "img"]
    assert len(pictures) > 15
    assert all(attributes["aria-label"] for attributes in pictures)
    assert "style=" not in page.html.split("<main")[1]


def test_a_municipality_has_no_choice_of_municipality(person_at: People) -> None:
    assert 'name="municipality"' not in person_at("second_line_lulea").get("/management").html
    assert 'name="municipality"' in person_at("it_service_manager").get("/management").html
