"""The page that logs, part by part: who is found, what is offered, what a press fills in, and what is kept."""

import pytest
from sqlalchemy import select

from servicedesk.actions.desk import Desk
from servicedesk.actions.disruptions import NewDisruption, declare, declare_disruption
from servicedesk.core.vocabulary import Category, RequesterKind
from servicedesk.store.queries.tickets import state_of
from servicedesk.store.tickets import Ticket
from tests.support.desk import PLATFORM, new_ticket, persona, ticket_after
from tests.support.pages import Page, Visitor
from tests.web.conftest import People
from tests.web.test_new_ticket import SAID, fragment, log

EVIL = "<script>alert(1)</script>"


def pressed(visitor: Visitor, show: str, **said: str) -> Page:
    """As without scripts: a button sends the whole form."""
    return visitor.send("/tickets/new", **{**SAID, **said}, show=show)


@pytest.fixture
def clerk(person_at: People) -> Visitor:
    return person_at("first_line_lulea")


def test_who_has_asked_before_is_offered_and_filled_in(clerk: Visitor, desk: Desk) -> None:
    new_ticket(desk, requester_name="Berit Exempel", requester_contact="070-555 11 22")
    new_ticket(desk, "pitea", requester_name="Berit Piteå", requester_contact="070-555 11 23")
    shown = pressed(clerk, "people", requester_name="berit", requester_contact="")
    assert "Berit Exempel" in shown.text
    assert "Berit Piteå" not in shown.text
    form = pressed(clerk, "person ticket 2026-00001").form("/tickets/new")
    assert (form["requester_name"], form["requester_contact"]) == ("Berit Exempel", "070-555 11 22")
    assert form["subject"] == SAID["subject"]


def test_ones_own_colleagues_are_found_as_employees(clerk: Visitor) -> None:
    shown = pressed(clerk, "people", requester_name="exempel adm", requester_contact="")
    assert "Exempel Administratör Luleå" in shown.text
    form = pressed(clerk, "person staff lulea-administrator").form("/tickets/new")
    assert (form["requester_name"], form["requester_kind"]) == ("Exempel Administratör Luleå", RequesterKind.EMPLOYEE)


@pytest.mark.parametrize("who", ["ticket 2026-00002", "staff pitea-forvaltningsledare", "ticket \x00", "staff", ""])
def test_nobody_of_another_municipality_is_filled_in(clerk: Visitor, desk: Desk, who: str) -> None:
    new_ticket(desk)
    new_ticket(desk, "pitea", requester_name="Berit Piteå")
    page = pressed(clerk, f"person {who}")
    assert page.status == 200
    assert page.form("/tickets/new")["requester_name"] == SAID["requester_name"]
    assert "pitea" not in page.html


def test_a_protected_identity_is_logged_without_a_trace_of_who(clerk: Visitor, desk: Desk) -> None:
    new_ticket(desk, requester_name="Anna Exempel")
    refused = log(clerk, requester_kind="protected")
    assert refused.status == 422
    assert refused.text.count("sparar inget om den som har skyddade personuppgifter") >= 2
    assert "<li>" not in fragment(clerk, "people", "requester_name", requester_kind="protected", requester_name="Anna")
    log(clerk, requester_kind="protected", requester_name="", requester_contact="")
    page = clerk.get("/tickets/2026-00002")
    assert "Skyddade personuppgifter" in page.text


def test_where_nobody_is_found_nothing_comes_that_would_move_what_is_pressed_next(clerk: Visitor) -> None:
    said = {"show": "people", "requester_name": "Xyzzy", "requester_contact": ""}
    assert "Ingen hittades" not in fragment(clerk, "people", "requester_name", **said)
    assert "Ingen hittades" in pressed(clerk, **said).text, "without scripts one has asked, and is told"


def test_who_is_to_be_anonymous_is_not_named_on_the_ticket(clerk: Visitor) -> None:
    receipt = clerk.follow(log(clerk, requester_kind="anonymous"))
    assert receipt.status == 200
    page = clerk.get("/tickets/2026-00001")
    assert "Anonym" in page.text
    assert SAID["requester_name"] not in page.html and SAID["requester_contact"] not in page.html


@pytest.mark.parametrize("kind", ["protected", "anonymous"])
def test_no_draft_says_who_somebody_is_that_is_not_to_be_named(clerk: Visitor, kind: str) -> None:
    keep(clerk, **{**SAID, "requester_kind": kind})
    [link] = kept(clerk)
    form = clerk.get(link).form("/tickets/new")
    assert (form["subject"], form["requester_name"], form["requester_contact"]) == (SAID["subject"], "", "")


def test_what_is_known_and_what_is_alike_are_offered_as_words_are_typed(clerk: Visitor, desk: Desk) -> None:
    new_ticket(desk, subject="Kan inte logga in med BankID", requester_name="Någon Annan")
    ticket_after(desk, "confirm", subject="Något helt annat", requester_name="Anna Exempel", requester_contact="070-7")
    shown = fragment(
        clerk, "similar", "subject", subject="logga in bankid", requester_name="Anna Exempel", requester_contact=""
    )
    assert "i äldre Safari" in shown
    assert "Samma persons ärenden" in shown
    assert "Något helt annat" in shown
    assert shown.count('data-press="F2"') == shown.count('data-press="F8"') == 1
    assert "2026-00001</span> <kbd" in shown  # the closed one is no place to attach to
    assert "Förslag, antal driftstörningar: 0, kända svar: 2, ärenden: 2." in shown


def test_a_disruption_that_matches_comes_first_with_what_to_say(clerk: Visitor, desk: Desk) -> None:
    manager = persona(desk, "it_service_manager")
    for places, title in ((("lulea", "pitea"), "Inloggningen går trögt"), (("pitea",), "Inloggningen nere i Piteå")):
        words = "Vi söker felet. Mer besked kl. 11."
        declare_disruption(desk, NewDisruption(PLATFORM, places, title, words), actor=manager)
    own = new_ticket(desk, subject="Utskriften är trasig")
    other = NewDisruption("e-arkiv", ("lulea",), "E-arkivet svarar inte", "Vi startar om.")
    with desk.transaction() as connection:
        ticket_id = connection.execute(select(Ticket.id).where(Ticket.number == own.number)).scalar_one()
        book, now = desk.book(connection), desk.now(connection)
        declare(connection, book.installation, other, now, actor=manager, ticket_id=ticket_id)
    shown = fragment(clerk, "similar", "subject", subject="kan inte logga in")
    assert shown.index("Driftstörning just nu") < shown.index("Inloggningen går trögt") < shown.index("Mer besked")
    assert "Piteå" not in shown and "E-arkivet" not in shown
    shown = fragment(clerk, "similar", "subject", subject="arkivet")
    assert "E-arkivet svarar inte" in shown
    assert f'value="attach {own.number}" data-offer="attach" data-press="F8"' in shown


def test_what_is_critical_comes_first(clerk: Visitor, desk: Desk) -> None:
    new_ticket(desk, subject="Inloggning med BankID nere", impact="high", urgency="high")
    new_ticket(desk, subject="Inloggning med BankID krånglar")
    shown = fragment(clerk, "similar", "subject", subject="bankid inloggning")
    assert shown.index("Kritiskt och öppet just nu") < shown.index("BankID nere") < shown.index("krånglar")


def test_a_known_answer_is_taken_and_the_call_closed_at_once(clerk: Visitor, desk: Desk) -> None:
    page = pressed(clerk, "answer arkiv-snedstreck", service="e-tjansteplattform")
    form = page.form("/tickets/new")
    assert (form["solved"], form["resolution_code"], form["service"]) == ("yes", "workaround", "e-arkiv")
    assert "Sök på diarienumret" in form["solution"]
    receipt = clerk.follow(clerk.post("/tickets/new", form))
    assert "Ärendet är registrerat och avslutat" in receipt.text
    assert "Sök på diarienumret" in receipt.text
    assert "2026 00 001" in " ".join(receipt.text.split())
    with desk.reading() as connection:
        assert state_of(connection, "2026-00001").category is Category.CLOSED


def test_an_e_service_that_was_picked_is_not_taken_back_by_an_answer(clerk: Visitor) -> None:
    form = pressed(clerk, "answer arkiv-snedstreck", e_service="Ansök om bygglov").form("/tickets/new")
    assert (form["e_service"], form["service"]) == ("Ansök om bygglov", "e-tjansteplattform")


@pytest.mark.parametrize("show", ["answer", "answer no-such", "nonsense", "attach", "people", "solve x", " "])
def test_a_button_that_there_is_not_does_nothing(clerk: Visitor, show: str) -> None:
    page = pressed(clerk, show)
    assert page.status == 200
    assert page.form("/tickets/new")["subject"] == SAID["subject"]
    assert "solved" not in page.form("/tickets/new")


def test_a_solution_that_lacks_is_asked_for_and_nothing_is_logged(clerk: Visitor) -> None:
    page = log(clerk, solved="yes", solution=" ")
    assert page.status == 422
    assert page.element("new-solution")["aria-invalid"] == "true"
    assert page.form("/tickets/new")["solved"] == "yes"
    assert clerk.get("/tickets/2026-00001").status == 404


def test_where_nothing_can_be_closed_at_once_it_is_not_offered(person_at: People) -> None:
    assert 'name="solved"' in person_at("first_line_lulea").get("/tickets/new").html
    manager = person_at("second_line_lulea")
    page = log(manager, workflow="citizen_incident", solved="yes", solution="Klart.", resolution_code="solved")
    assert page.status == 409
    assert "går inte att avsluta när det registreras" in page.text


def test_a_call_is_attached_and_let_go(clerk: Visitor, desk: Desk) -> None:
    new_ticket(desk, subject="Det som redan finns")
    new_ticket(desk, "pitea", subject="Deras eget")
    page = pressed(clerk, "attach 2026-00001")
    assert "Hör till 2026-00001 Det som redan finns" in page.text
    assert "attach_to" not in pressed(clerk, "attach", attach_to="2026-00001").form("/tickets/new")
    theirs = pressed(clerk, "attach 2026-00002")
    assert "Deras eget" not in theirs.text
    assert "attach_to" not in theirs.form("/tickets/new")
    refused = clerk.post("/tickets/new", {**page.form("/tickets/new"), "attach_to": "2026-00002"})
    assert refused.status == 422
    assert "Det finns inget ärende" in refused.text
    receipt = clerk.follow(clerk.post("/tickets/new", page.form("/tickets/new")))
    assert "Hör till 2026-00001" in receipt.text


def test_a_shared_service_can_be_written_where_an_e_service_is_asked_for(clerk: Visitor, desk: Desk) -> None:
    log(clerk, e_service="e-arkivet", service="e-tjansteplattform")
    log(clerk, e_service="datah")
    with desk.reading() as connection:
        assert [(t.service, t.e_service) for t in (state_of(connection, f"2026-0000{n}") for n in (1, 2))] == [
            ("e-arkiv", ""),
            ("datahall", ""),
        ]


def kept(visitor: Visitor) -> list[str]:
    return [link for link in visitor.get("/tickets/new").links() if "draft=" in link]


def keep(visitor: Visitor, **said: str) -> dict[str, str | int]:
    form = {**visitor.get("/tickets/new").form("/tickets/new"), **said}
    answer: dict[str, str | int] = visitor.client.post("/tickets/new/draft", data=form).get_json()
    return answer


def test_a_draft_comes_back_as_it_stood_to_its_writer_alone(person_at: People) -> None:
    clerk, colleague = person_at("first_line_lulea"), person_at("first_line_colleague_lulea")
    told = keep(clerk, subject=f"{EVIL} ‮vänt 😀", description="Rad ett.\nRad två.", impact="high", solved="yes")
    assert told["saves"] == 1
    (address,) = kept(clerk)
    page = clerk.get(address)
    form = page.form("/tickets/new")
    assert (form["nonce"], form["saves"]) == (told["form"], "1")
    assert form["subject"] == f"{EVIL} ‮vänt 😀"
    assert (form["description"], form["impact"], form["solved"]) == ("Rad ett.\nRad två.", "high", "yes")
    assert EVIL not in page.html
    assert kept(colleague) == []
    assert colleague.get(address).form("/tickets/new")["subject"] == ""
    colleague.post("/tickets/new/draft/drop", {**colleague.get("/queue").form("/sign-out"), "form": str(told["form"])})
    assert kept(clerk) == [address]
    clerk.post("/tickets/new/draft/drop", {**clerk.get("/tickets/new").form("/draft/drop")})
    assert kept(clerk) == []


def test_an_empty_form_and_one_of_somebody_elses_keep_nothing(person_at: People) -> None:
    clerk, colleague = person_at("first_line_lulea"), person_at("first_line_colleague_lulea")
    theirs = colleague.get("/tickets/new").form("/tickets/new")["nonce"]
    keep(clerk)
    keep(clerk, subject="Under en annans nummer", nonce=theirs)
    keep(clerk, subject="Under inget nummer", nonce="å" * 500)
    assert kept(clerk) == kept(colleague) == []


def test_what_was_logged_is_no_draft_any_more_however_late_a_pause_comes(clerk: Visitor) -> None:
    form = {**clerk.get("/tickets/new").form("/tickets/new"), **SAID}
    clerk.client.post("/tickets/new/draft", data=form)
    assert clerk.post("/tickets/new", form).location == "/tickets/2026-00001/receipt"
    clerk.client.post("/tickets/new/draft", data={**form, "saves": "1"})
    assert kept(clerk) == []


def test_a_draft_that_two_windows_went_on_with_becomes_one_ticket_from_each_number(clerk: Visitor) -> None:
    """The second is told that the form has become a ticket, and what it says is not lost."""
    keep(clerk, **SAID)
    (address,) = kept(clerk)
    first, second = (clerk.get(address).form("/tickets/new") for _ in range(2))
    assert clerk.post("/tickets/new", first).location == "/tickets/2026-00001/receipt"
    assert clerk.post("/tickets/new", second).location == "/tickets/2026-00001/receipt"
    other = clerk.post("/tickets/new", {**second, "subject": "Något mer"})
    assert other.status == 409
    assert other.form("/tickets/new")["subject"] == "Något mer"


def test_what_people_have_written_is_shown_as_text(clerk: Visitor, desk: Desk) -> None:
    new_ticket(desk, subject=f"logga bankid {EVIL}", requester_name=f"Evil {EVIL}", requester_contact='"><img src=x>')
    for shown in (
        fragment(clerk, "people", "requester_name", requester_name="evil", requester_contact=""),
        fragment(clerk, "similar", "subject", subject="logga bankid"),
        pressed(clerk, "person ticket 2026-00001").html,
        pressed(clerk, "attach 2026-00001").html,
    ):
        assert EVIL not in shown
        assert "<img" not in shown
        assert "&lt;script&gt;" in shown


def test_nothing_is_offered_of_a_municipality_that_one_does_not_work_in(clerk: Visitor, desk: Desk) -> None:
    new_ticket(desk, "pitea", subject="Kan inte logga in med BankID", requester_name="Anna Piteå")
    for part in ("similar", "people", "solve", "attach"):
        shown = fragment(
            clerk, part, "subject", municipality="pitea", subject="logga bankid", requester_name="Anna Piteå"
        )
        assert "2026-00001" not in shown
        assert "data-offer" not in shown


def test_of_a_huge_paste_the_first_words_are_looked_at(clerk: Visitor) -> None:
    shown = fragment(clerk, "similar", "description", subject="logga bankid a/b/c " * 9, description="x " * 9_000)
    assert "i äldre Safari" in shown
