from datetime import timedelta

import pytest

from servicedesk.actions import entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from servicedesk.actions.sweep import sweep
from servicedesk.core.clock import ControlledClock
from servicedesk.core.vocabulary import Fault, RequesterKind
from servicedesk.store.queries.tickets import state_of
from tests.support.desk import CHAIN, WRITTEN, new_ticket, persona, ticket_after
from tests.support.pages import Page, Visitor
from tests.web.conftest import People

NUMBER = "2026-00001"
TICKET = f"/tickets/{NUMBER}"


def take(visitor: Visitor, step: str, **said: str) -> Page:
    """From the ticket's page by its button, or from the step's own page by its form."""
    path = f"{TICKET}/steps/{step}"
    on_page = visitor.get(TICKET).has_form(path)
    return visitor.send(TICKET if on_page else path, path, **said)


def state(desk: Desk) -> str:
    with desk.reading() as connection:
        return state_of(connection, NUMBER).state


def test_a_ticket_goes_through_the_pages_to_the_supplier_and_back(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    for who, step, needs in CHAIN:
        name = f"{who}_lulea" if who in ("first_line", "second_line") else who
        page = take(person_at(name), step, **{need: WRITTEN[need] for need in needs})
        assert page.location == TICKET, f"{step}: {page.text}"
    assert state(desk) == ticket_after(desk, "confirm").state


def test_a_step_that_asks_for_nothing_is_a_button(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    page = visitor.follow(take(visitor, "take"))
    assert "Klart." in page.text
    assert "Handläggare: Exempel Första linjen Luleå" in page.text


def test_what_a_step_needs_is_asked_for_and_what_is_missing_explained(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    page = take(
        person_at("first_line_lulea"), "escalate_to_second_line", reason="", tried="Vi provade allt.\nTvå gånger."
    )
    assert page.status == 422
    assert "Skriv varför." in page.text
    assert page.element("step-escalate_to_second_line-reason")["aria-invalid"] == "true"
    assert page.form("escalate_to_second_line")["tried"] == "Vi provade allt.\nTvå gånger."
    assert state(desk) == "first_active"


def test_the_same_form_can_be_mended_and_sent_again(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    visitor = person_at("first_line_lulea")
    page = take(visitor, "escalate_to_second_line", tried="Allt.")
    mended = {**page.form("escalate_to_second_line"), "reason": "Det är för svårt."}
    assert visitor.post(f"{TICKET}/steps/escalate_to_second_line", mended).location == TICKET


def test_a_step_of_another_role_is_refused_with_what_one_could_do_instead(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = visitor.get(TICKET).form("/steps/take")
    page = visitor.post(f"{TICKET}/steps/accept_in_joint", form)
    assert page.status == 409
    assert "Det här steget är inte ditt" in page.text
    assert "Det här kan du göra: Ta ärendet Lös och avsluta direkt" in page.text
    assert f"{TICKET}/steps/solve_at_once" in page.links()


def test_a_step_from_another_state_is_refused_and_the_text_kept(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = visitor.get(TICKET).form("/steps/take")
    page = visitor.post(f"{TICKET}/steps/resolve_in_first_line", {**form, "solution": "Jag skrev en lång lösning."})
    assert page.status == 409
    assert "Ärendet har bytt läge: Nytt hos första linjen." in page.text
    assert "Jag skrev en lång lösning." in page.text


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault.E_SERVICE, "Felet ligger i kommunens egen e-tjänst."),
        (Fault.UNKNOWN, "Ingen har angett om felet ligger i plattformen eller i en e-tjänst."),
    ],
)
def test_a_guards_refusal_says_why_and_what_to_do(person_at: People, desk: Desk, fault: Fault, sentence: str) -> None:
    ticket_after(desk, "accept_in_second_line", fault=fault)
    visitor = person_at("second_line_lulea")
    assert visitor.get(f"{TICKET}/steps/escalate_to_joint").status == 404
    form = visitor.get(f"{TICKET}/steps/resolve_in_second_line").form("resolve_in_second_line")
    page = visitor.post(f"{TICKET}/steps/escalate_to_joint", {**form, "reason": "r", "tried": "t"})
    assert page.status == 409
    assert sentence in page.text
    assert state(desk) == "second_active"


def test_an_anonymous_requester_cannot_be_asked(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take", requester_kind=RequesterKind.ANONYMOUS, requester_name="", requester_contact="")
    assert "Anmälaren är anonym." in person_at("first_line_lulea").get(TICKET).text


@pytest.mark.parametrize("step", ["no_such_step", "timed:remind_requester", "accept_in_joint"])
def test_a_step_that_one_does_not_have_has_no_page(person_at: People, desk: Desk, step: str) -> None:
    new_ticket(desk)
    page = person_at("first_line_lulea").get(f"{TICKET}/steps/{step}")
    assert page.status == 404
    assert "Öppna ärendet och välj något av det du kan göra." in page.text


@pytest.mark.parametrize("step", ["no_such_step", "timed:remind_requester"])
def test_no_step_is_taken_that_is_not_a_persons_to_take(person_at: People, desk: Desk, step: str) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    assert visitor.post(f"{TICKET}/steps/{step}", visitor.get(TICKET).form("/steps/take")).status == 409


def test_a_step_on_a_ticket_one_may_not_see_is_a_step_on_nothing(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_pitea")
    token = visitor.get("/queue").form("/sign-out")["csrf_token"]
    page = visitor.post(f"{TICKET}/steps/take", {"csrf_token": token, "version": "1"})
    assert page.status == 404
    assert state(desk) == "first_new"


def test_a_sideways_hand_over_offers_the_other_teams_of_the_tier(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_second_line")
    visitor = person_at("second_line_lulea")
    page = visitor.get(f"{TICKET}/steps/hand_over_sideways")
    assert "Administratörer, Luleå" in page.text
    assert "Luleå kundcenter" not in page.text
    said = {"team": "lulea-administration", "reason": "r", "tried": "t"}
    assert take(visitor, "hand_over_sideways", **said).location == TICKET
    assert "Ligger hos: Administratörer, Luleå" in visitor.get(TICKET).text


def test_a_time_is_given_in_the_installations_zone(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_in_second_line")
    visitor = person_at("second_line_lulea")
    assert take(visitor, "wait_for_change_in_second_line", reason="r", until="2026-06-01T08:00").location == TICKET
    with desk.reading() as connection:
        moment = state_of(connection, NUMBER).resume_at
    assert moment is not None
    assert moment.isoformat() == "2026-06-01T06:00:00+00:00"


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        ("2026-01-01T08:00", "Ange en tid som inte har passerat."),
        ("i morgon", "Ange datum och klockslag."),
        ("", "Ange till när."),
    ],
)
def test_a_time_that_cannot_be_is_explained(person_at: People, desk: Desk, until: str, sentence: str) -> None:
    ticket_after(desk, "accept_in_second_line")
    page = take(person_at("second_line_lulea"), "wait_for_change_in_second_line", reason="r", until=until)
    assert page.status == 422
    assert sentence in page.text
    assert page.form("wait_for_change_in_second_line")["reason"] == "r"


def test_a_duplicate_names_its_original(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    said = {"cancel_reason": "duplicate", "reason": "Samma fel."}
    missing = take(visitor, "cancel_in_first_line", **said)
    assert missing.status == 422
    assert "Ange numret på det ärende" in missing.text
    unknown = take(visitor, "cancel_in_first_line", **said, duplicate_of="2026-00099")
    assert "Ärendet finns inte." in unknown.text
    assert take(visitor, "cancel_in_first_line", **said, duplicate_of="2026-00002").location == TICKET
    assert "Dubblett av 2026-00002" in visitor.get(TICKET).text


def test_the_second_of_two_people_is_told_what_changed_and_keeps_their_text(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    mine = person_at("first_line_lulea")
    form = mine.get(f"{TICKET}/steps/escalate_to_second_line").form("escalate_to_second_line")
    colleague = persona(desk, "first_line_colleague_lulea")
    entries.note(desk, NUMBER, "Anna har redan fått besked.", actor=colleague)
    said = {**form, "reason": "Min långa förklaring.", "tried": "Allt."}
    page = mine.post(f"{TICKET}/steps/escalate_to_second_line", said)
    assert page.status == 409
    assert "Någon hann före" in page.text
    assert "Exempel Kollega Första linjen Luleå skrev en intern anteckning" in page.text
    assert "Anna har redan fått besked." in page.text
    assert state(desk) == "first_active"
    kept = page.form("escalate_to_second_line")
    assert (kept["reason"], kept["tried"]) == ("Min långa förklaring.", "Allt.")
    assert kept["version"] != form["version"]
    assert mine.post(f"{TICKET}/steps/escalate_to_second_line", kept).location == TICKET


def test_when_the_colleague_took_the_same_step_there_is_nothing_left_to_send(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    mine = person_at("first_line_lulea")
    form = mine.get(f"{TICKET}/steps/escalate_to_second_line").form("escalate_to_second_line")
    given = {"reason": "Kollegans skäl.", "tried": "t"}
    perform(desk, NUMBER, "escalate_to_second_line", actor=persona(desk, "first_line_colleague_lulea"), given=given)
    page = mine.post(f"{TICKET}/steps/escalate_to_second_line", {**form, "reason": "Mitt skäl.", "tried": "Allt."})
    assert page.status == 409
    assert "Det du skulle göra går inte längre" in page.text
    assert "Kollegans skäl." in page.text
    assert "Mitt skäl." in page.text
    assert not page.has_form("escalate_to_second_line")


def test_a_warning_is_not_told_as_a_change(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take", impact="high", urgency="high")
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(minutes=20))
    sweep(desk)
    mine = person_at("first_line_lulea")
    form = mine.get(TICKET).form("/replies")
    entries.note(desk, NUMBER, "Emellan.", actor=persona(desk, "first_line_colleague_lulea"))
    page = mine.post(f"{TICKET}/replies", {**form, "body": "Min."})
    assert "Emellan." in page.text
    assert "av tiden har gått" not in page.text


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "²"])
def test_a_form_without_a_version_has_seen_nothing(person_at: People, desk: Desk, version: str) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    form = {**visitor.get(TICKET).form("/steps/take"), "version": version}
    assert visitor.post(f"{TICKET}/steps/take", form).status == 409
