import flask_babel
import pytest
from flask import Flask, render_template_string

from servicedesk.actions.desk import Desk
from servicedesk.web.speech import ngettext
from tests.support.desk import new_ticket
from tests.support.pages import Visitor
from tests.web.conftest import People


def test_pages_speak_swedish_unless_asked(visitor: Visitor) -> None:
    page = visitor.get("/sign-in")
    assert '<html lang="sv"' in page.html
    assert "Logga in" in page.text


def test_english_is_a_choice_before_and_after_signing_in(visitor: Visitor, desk: Desk) -> None:
    assert visitor.send("/sign-in", "/settings", language="en").status == 303
    assert "Sign in" in visitor.get("/sign-in").text
    visitor.sign_in("forsta.linjen@lulea.example")
    page = visitor.get("/queue")
    assert '<html lang="en"' in page.html
    assert "My team's queue" in page.text


def test_the_choice_leads_back_to_the_page_one_was_on(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    page = person_at("first_line_lulea").send("/tickets/2026-00001", "/settings", language="en")
    assert page.location.startswith("/tickets/2026-00001")


def test_states_and_steps_are_called_by_their_name_in_the_language(person_at: People, desk: Desk) -> None:
    new_ticket(desk)
    visitor = person_at("first_line_lulea")
    assert "Ta ärendet" in visitor.get("/tickets/2026-00001").text
    visitor.send("/queue", "/settings", language="en")
    page = visitor.get("/tickets/2026-00001")
    assert "Take the ticket" in page.text
    assert "New at first line" in page.text


def test_a_language_that_is_not_spoken_changes_nothing(visitor: Visitor) -> None:
    visitor.send("/sign-in", "/settings", language="xx")
    assert '<html lang="sv"' in visitor.get("/sign-in").html


def test_the_sign_out_keeps_the_language(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    visitor.send("/queue", "/settings", language="en")
    visitor.send("/queue", "/sign-out")
    assert "Sign in" in visitor.get("/sign-in").text


@pytest.mark.parametrize(
    "language, one, many",
    [("sv", "1 pågående ärende", "3 pågående ärenden"), ("en", "1 running ticket", "3 running tickets")],
)
def test_a_number_gets_the_form_of_its_language_in_code_and_in_templates(
    app: Flask, language: str, one: str, many: str
) -> None:
    shown = "{{ ngettext('1 running ticket', '%(count)s running tickets', n, count=n) }}"
    with app.test_request_context(), flask_babel.force_locale(language):
        said = [ngettext("1 running ticket", "%(count)s running tickets", n, count=n) for n in (1, 3)]
        assert said == [render_template_string(shown, n=n) for n in (1, 3)] == [one, many]
