"""How a person wants the pages: chosen by one press, kept from then on, whoever signs in."""

import pytest

from servicedesk.web import preferences
from tests.support.pages import Page, Visitor
from tests.web.conftest import People


def look(page: Page) -> tuple[str, str]:
    html = next(attributes for tag, attributes in page.elements if tag == "html")
    return html["data-color-scheme"], html["data-size"]


def pressed(page: Page, name: str) -> list[str]:
    """The choices of this name that the page says are made."""
    return [
        attributes["value"]
        for tag, attributes in page.elements
        if tag == "button" and attributes.get("name") == name and attributes["aria-pressed"] == "true"
    ]


def test_a_page_looks_as_the_machine_does_until_somebody_chooses(person_at: People) -> None:
    page = person_at("first_line_lulea").get("/queue")
    assert look(page) == ("auto", "md")
    assert [pressed(page, name) for name in ("language", "scheme", "density", "keys")] == [
        ["sv"],
        ["auto"],
        ["md"],
        ["on"],
    ]


def test_each_choice_stands_beside_those_made_before(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    visitor.send("/queue", "/settings", scheme="dark")
    visitor.send("/queue", "/settings", density="lg")
    page = visitor.get("/notices")
    assert look(page) == ("dark", "lg")
    assert pressed(page, "scheme") == ["dark"]


def test_choices_outlive_the_session_and_meet_the_next_one_at_the_door(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    visitor.send("/queue", "/settings", scheme="light", density="sm", language="en")
    visitor.send("/queue", "/sign-out")
    page = visitor.get("/sign-in")
    assert look(page) == ("light", "sm")
    assert "Sign in" in page.text


def test_they_can_be_made_before_signing_in_and_lead_back(visitor: Visitor) -> None:
    page = visitor.send("/sign-in?next=/notices", "/settings", scheme="dark")
    assert page.location == "/sign-in?next=/notices"
    assert look(visitor.follow(page))[0] == "dark"


def test_shortcuts_can_be_turned_off(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    visitor.send("/queue", "/settings", keys="off")
    assert 'data-keys="off"' in visitor.get("/queue").html


@pytest.mark.parametrize("name", ["language", "scheme", "density", "keys"])
def test_what_is_none_of_the_choices_changes_nothing(person_at: People, name: str) -> None:
    visitor = person_at("first_line_lulea")
    visitor.send("/queue", "/settings", **{name: '"><script>'})
    page = visitor.get("/queue")
    assert look(page) == ("auto", "md")
    assert "<script>" not in page.html


@pytest.mark.parametrize("kept", ["purple", "%%%", "dark;", "", "a" * 3000])
def test_a_cookie_that_somebody_wrote_does_no_harm(visitor: Visitor, kept: str) -> None:
    for name in preferences.KINDS:
        visitor.client.set_cookie(preferences.COOKIE.format(name), kept)
    page = visitor.get("/sign-in")
    assert page.status == 200
    assert look(page) == ("auto", "md")


def test_choices_in_one_breath_undo_nothing(person_at: People) -> None:
    """The second is sent before the first is answered, so it knows nothing of it; and is answered last."""
    visitor, cookie = person_at("first_line_lulea"), preferences.COOKIE.format("scheme")
    visitor.send("/queue", "/settings", scheme="dark")
    visitor.client.delete_cookie(cookie)
    visitor.send("/queue", "/settings", density="sm")
    assert visitor.client.get_cookie(cookie) is None
    visitor.client.set_cookie(cookie, "dark")
    assert look(visitor.get("/queue")) == ("dark", "sm")


def test_the_choice_leads_to_no_other_site(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    assert visitor.send("/queue", "/settings", next="//elsewhere.example", scheme="dark").location == "/"
