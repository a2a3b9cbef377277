"""Two people on one ticket at the same time: each sees the other's doing beside their own, and nothing is lost."""

from io import BytesIO

import pytest

from servicedesk.actions import changes, entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from servicedesk.core.vocabulary import Fault, Level
from tests.support.desk import WRITTEN, new_ticket, persona, ticket_after
from tests.web.conftest import People

TICKET = "/tickets/2026-00001"


def test_each_fact_that_changed_is_shown_as_it_was_and_as_it_is(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take", fault=Fault.UNKNOWN)
    mine = person_at("first_line_lulea")
    form = mine.get(TICKET).form("/replies")
    colleague = persona(desk, "first_line_colleague_lulea")
    changes.change_priority(desk, "2026-00001", Level.HIGH, Level.HIGH, reason="Alla drabbas.", actor=colleague)
    changes.classify(desk, "2026-00001", Fault.PLATFORM, "e-tjansteplattform", "", "Alla.", actor=colleague)
    said = {need: WRITTEN[need] for need in ("reason", "tried")}
    perform(desk, "2026-00001", "escalate_to_second_line", actor=colleague, given=said)
    page = mine.post(f"{TICKET}/replies", {**form, "body": "Mitt svar."})
    assert page.status == 409
    assert "Prioritet var 4 låg är nu 1 kritisk" in page.text
    assert "Var ligger felet? var Inte klart ännu är nu Den gemensamma plattformen" in page.text
    assert "Ligger hos var Luleå kundcenter är nu Förvaltningsledare verksamhet, Luleå" in page.text
    assert "Handläggare var Exempel Första linjen Luleå är nu –" in page.text
    assert "Tjänst var" not in page.text
    assert "Alla drabbas." in page.text


def test_what_one_wrote_stands_in_its_field_beside_and_can_be_sent_or_let_go(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    mine = person_at("first_line_lulea")
    form = mine.get(TICKET).form("/replies")
    entries.note(desk, "2026-00001", "Kollegans.", actor=persona(desk, "first_line_colleague_lulea"))
    page = mine.post(f"{TICKET}/replies", {**form, "body": "Mitt\nsvar."})
    changed = page.text.index("Det här har ändrats sedan du öppnade ärendet")
    assert page.text.index("Det du skrev, inte sparat") < changed
    again = page.form("/replies")
    assert again["body"] == "Mitt\nsvar."
    assert TICKET in page.links()
    assert mine.post(f"{TICKET}/replies", again).location == TICKET
    text = mine.get(TICKET).text
    assert "Kollegans." in text
    assert "Mitt svar." in text


@pytest.mark.parametrize("audience", ["municipality", "joint"])
def test_a_note_takes_nothing_from_anybody_and_goes_through(person_at: People, desk: Desk, audience: str) -> None:
    ticket_after(desk, "take")
    mine = person_at("first_line_lulea")
    form = mine.get(TICKET).form("/notes")
    said = {need: WRITTEN[need] for need in ("reason", "tried")}
    colleague = persona(desk, "first_line_colleague_lulea")
    perform(desk, "2026-00001", "escalate_to_second_line", actor=colleague, given=said)
    page = mine.post(f"{TICKET}/notes", {**form, "audience": audience, "body": "Min anteckning."})
    assert page.location == TICKET
    assert "Min anteckning." in mine.get(TICKET).text


def test_a_note_that_others_would_read_than_were_named_does_not(person_at: People, desk: Desk) -> None:
    """Its page named one municipality; the ticket is another's now."""
    new_ticket(desk)
    mine = person_at("developer_kalix_haparanda")  # at home in both
    changes.move_municipality(desk, "2026-00001", "kalix", "Fel.", actor=persona(desk, "first_line_lulea"))
    form = mine.get(TICKET).form("/notes")
    changes.move_municipality(desk, "2026-00001", "haparanda", "Fel igen.", actor=persona(desk, "first_line_kalix"))
    page = mine.post(f"{TICKET}/notes", {**form, "body": "Bara för Kalix."})
    assert page.status == 409
    assert page.form("/notes")["body"] == "Bara för Kalix."
    assert "Bara för Kalix." not in mine.get(TICKET).text


def test_a_file_that_the_browser_lets_go_of_is_named_and_asked_for_again(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    mine = person_at("first_line_lulea")
    form = mine.get(TICKET).form("/replies")
    entries.note(desk, "2026-00001", "Kollegans.", actor=persona(desk, "first_line_colleague_lulea"))
    page = mine.post(f"{TICKET}/replies", {**form, "body": "Se bilden.", "file": (BytesIO(b"x"), "skärm bild.png")})
    assert page.status == 409
    assert page.form("/replies")["body"] == "Se bilden."
    assert "Du hade valt skärm bild.png. Webbläsaren behåller inte filer" in page.text


def test_a_button_without_words_can_be_pressed_again(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    mine = person_at("first_line_lulea")
    form = mine.get(TICKET).form("/steps/take")
    entries.note(desk, "2026-00001", "Emellan.", actor=persona(desk, "first_line_colleague_lulea"))
    page = mine.post(f"{TICKET}/steps/take", form)
    assert page.status == 409
    assert mine.post(f"{TICKET}/steps/take", page.form("/steps/take")).location == TICKET


def test_what_can_no_longer_be_done_is_kept_to_copy(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    mine = person_at("first_line_lulea")
    path = f"{TICKET}/steps/escalate_to_second_line"
    form = mine.get(path).form("escalate_to_second_line")
    said = {need: WRITTEN[need] for need in ("reason", "tried")}
    perform(
        desk,
        "2026-00001",
        "escalate_to_second_line",
        actor=persona(desk, "first_line_colleague_lulea"),
        given=said,
    )
    page = mine.post(path, {**form, "reason": "Mitt långa skäl.", "tried": "Allt möjligt."})
    assert page.status == 409
    assert "Mitt långa skäl." in page.text
    assert "Läge var Pågår hos första linjen är nu" in page.text


def test_a_supplier_reads_no_more_of_what_changed_than_it_may_see(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "accept_at_supplier", subject="Hemlig rubrik")
    technician = person_at("supplier_technician")
    form = technician.get(TICKET).form("/supplier-notes")
    manager = persona(desk, "it_service_manager")
    entries.note(desk, "2026-00001", "Hemlig anteckning", actor=persona(desk, "first_line_lulea"))
    changes.change_priority(desk, "2026-00001", Level.HIGH, Level.HIGH, reason="Hemligt skäl.", actor=manager)
    changes.classify(desk, "2026-00001", Fault.E_SERVICE, "e-tjansteplattform", "", "Hemligt.", actor=manager)
    page = technician.post(f"{TICKET}/supplier-notes", {**form, "body": "Vår fråga."})
    assert page.status == 409
    assert "Prioritet var 4 låg är nu 1 kritisk" in page.text
    assert page.form("/supplier-notes")["body"] == "Vår fråga."
    for hidden in ("Hemlig", "Hemligt", "Var ligger felet", "kundcenter"):
        assert hidden not in page.html


def test_a_page_that_says_it_has_seen_nothing_is_told_of_everything_and_of_no_before(
    person_at: People, desk: Desk
) -> None:
    ticket_after(desk, "take")
    mine = person_at("first_line_lulea")
    form = mine.get(TICKET).form("/notes")
    page = mine.post(f"{TICKET}/notes", {**form, "version": "", "body": "Text."})
    assert page.status == 409
    assert "tog ärendet" in page.text
    assert "är nu" not in page.text


def test_a_second_conflict_is_shown_beside_it_too_and_nothing_is_lost(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    mine, colleague = person_at("first_line_lulea"), persona(desk, "first_line_colleague_lulea")
    sent = {**mine.get(TICKET).form("/replies"), "body": "Mitt svar."}
    for number, level in enumerate((Level.HIGH, Level.MEDIUM, Level.HIGH), start=1):
        changes.change_priority(desk, "2026-00001", level, level, reason=f"Skäl {number}.", actor=colleague)
        page = mine.post(f"{TICKET}/replies", sent)
        assert page.status == 409
        assert f"Skäl {number}." in page.text and f"Skäl {number - 1}." not in page.text
        sent = page.form("/replies")
        assert sent["body"] == "Mitt svar."
    assert mine.post(f"{TICKET}/replies", sent).location == TICKET
    assert mine.get(TICKET).text.count("Mitt svar.") == 1


def test_so_is_one_of_a_step_and_of_a_correction(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    mine, colleague = person_at("first_line_lulea"), persona(desk, "first_line_colleague_lulea")
    step = "/steps/escalate_to_second_line"
    forms = {
        step: (f"{TICKET}{step}", {need: WRITTEN[need] for need in ("reason", "tried")}),
        "/corrections/priority": (TICKET, {"impact": "high", "urgency": "high", "reason": "Fel från början."}),
    }
    pages = {action: {**mine.get(page).form(action), **said} for action, (page, said) in forms.items()}
    for words in ("Det första.", "Det andra."):
        entries.reply(desk, "2026-00001", words, actor=colleague)
        for action, sent in pages.items():
            page = mine.post(f"{TICKET}{action}", sent)
            assert (page.status, words in page.text) == (409, True)
            pages[action] = page.form(action)
            assert forms[action][1].items() <= pages[action].items()
    assert mine.post(f"{TICKET}/corrections/priority", pages["/corrections/priority"]).location == TICKET


def test_two_windows_with_the_same_step_take_it_once_and_lose_no_words(person_at: People, desk: Desk) -> None:
    ticket_after(desk, "take")
    mine, path = person_at("first_line_lulea"), f"{TICKET}/steps/escalate_to_second_line"
    said = {need: WRITTEN[need] for need in ("reason", "tried")}
    one, other = (mine.get(path).form("escalate_to_second_line") for _ in range(2))
    assert mine.post(path, {**one, **said}).location == TICKET
    page = mine.post(path, {**other, **said, "reason": "Skrivet i det andra fönstret."})
    assert page.status == 409
    assert "Skrivet i det andra fönstret." in page.text
