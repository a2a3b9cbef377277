"""Whatever is written in any form: it is stored as it was written or clearly refused, and does nothing to any page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from servicedesk.actions.desk import Desk
from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.core.inputs import clean_line, clean_text
from servicedesk.extensions import db
from tests.actions.conftest import prepare
from tests.support.desk import START, Template, ticket_after
from tests.support.pages import Page, Visitor
from tests.web.conftest import People

MARKUP = (
    """<script>alert(1)</script>"><svg onload=alert(2)>'onmouseover='alert(3) """
    "javascript:alert(4) {{31337*31337}}"
)
QUOTES = """Robert'); DROP TABLE ticket;-- \\ %s %(x)s </textarea></title><!-- &lt; &#60;"""
INVISIBLE = "a\x00b\x1bc\u202ed\u2066e\u200bf\ufeffg e\u0301\u0302 👩\u200d👧 \r\nrad"
HOSTILE = (MARKUP, QUOTES, INVISIBLE)
# As HTML these would do something, and so would any attribute that listens; 982007569 is what a template would make of
# the sum.
DOES_SOMETHING = ("<script>alert", "<svg onload", "<!-- &lt;", "982007569")
INKLESS = ("\x00", "\x1b", "\u202e", "\u2066", "\u200b", "\ufeff")
CHOICES = {"resolution_code": "solved", "impact": "high", "urgency": "high", "cancel_reason": "mistaken"}
READERS = ("first_line_lulea", "second_line_lulea", "it_service_manager", "supplier_technician")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def app(request: pytest.FixtureRequest, desk_template: Template, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of either kind."""
    if request.param == "sqlite":
        yield from serving(desk_template.copy_to(tmp_path), tmp_path)
    else:
        cluster = request.getfixturevalue("postgres_cluster")
        with cluster.fresh(cluster.template("loaded", prepare)) as url:
            yield from serving(url, tmp_path)


def serving(url: str, folder: Path) -> Iterator[Flask]:
    settings = Settings(instance=folder, database_url=url, secret_key="only-for-tests-0123456789")
    made = create_app(settings, ControlledClock(START))
    yield made
    with made.app_context():
        db.engine.dispose()


def harmless(page: Page) -> Page:
    assert page.status < 500, page.text
    assert [sign for sign in DOES_SOMETHING if sign in page.html] == []
    assert [name for _, attributes in page.elements for name in attributes if name.startswith("on")] == []
    assert [link for link in page.links() if link.startswith("javascript:")] == []
    return page


def clean(page: Page) -> Page:
    """Shows what is stored, not what somebody has just typed."""
    assert [sign for sign in INKLESS if sign in page.html] == []
    return harmless(page)


def one_line(text: str) -> str:
    return " ".join(text.split())


def written_in(page: Page) -> set[str]:
    """The names of the fields that one writes in."""
    return {
        attributes["name"]
        for tag, attributes in page.elements
        if "name" in attributes and (tag == "textarea" or (tag == "input" and attributes.get("type") == "text"))
    }


def places_of(visitor: Visitor, number: str) -> list[str]:
    """The ticket's page and that of every step which this person may take there; each without the ticket's address."""
    own = f"/tickets/{number}"
    links = dict.fromkeys(visitor.get(own).links())
    return ["", *(link.removeprefix(own) for link in links if link.startswith(f"{own}/steps/"))]


def forms_on(page: Page, number: str) -> Iterator[tuple[str, dict[str, str], set[str]]]:
    """(address, what stands in it, what one writes in it) of every form about the ticket."""
    for form in page.forms:
        if form.action.startswith(f"/tickets/{number}") and (texts := written_in(page) & set(form.fields)):
            yield form.action, form.fields, texts


@pytest.mark.parametrize("hostile", HOSTILE, ids=["markup", "quotes", "invisible"])
def test_a_ticket_is_logged_as_it_was_written(person_at: People, hostile: str) -> None:
    visitor = person_at("first_line_lulea")
    form = visitor.get("/tickets/new").form("/tickets/new")
    said = {
        "subject": hostile,
        "description": hostile,
        "requester_name": hostile,
        "requester_contact": hostile,
        "platform_case": hostile[:80],
    }
    harmless(visitor.post("/tickets/new", {**form, **said, "impact": hostile}))
    harmless(visitor.post("/tickets/new", {**form, **said, "service": hostile, "municipality": hostile}))
    harmless(visitor.post("/tickets/new", {**form, **said, "show": "promise"}))
    receipt = clean(visitor.follow(visitor.post("/tickets/new", {**form, **said})))
    assert clean_line(hostile) in receipt.text
    ticket = clean(visitor.get("/tickets/2026-00001"))
    for text in (clean_line(hostile), one_line(clean_text(hostile)), clean_line(hostile[:80])):
        assert text in ticket.text
    clean(visitor.get("/queue?scope=open"))


@pytest.mark.parametrize(
    ("who", "last"),
    [
        ("first_line_lulea", "take"),
        ("second_line_lulea", "accept_in_second_line"),
        ("it_service_manager", "accept_in_joint"),
        ("supplier_technician", "accept_at_supplier"),
    ],
)
def test_every_form_on_a_ticket_keeps_it_or_says_why_not(person_at: People, app: Flask, who: str, last: str) -> None:
    desk: Desk = app.extensions["desk"]
    visitor, readers = person_at(who), [person_at(name) for name in READERS]
    first = ticket_after(desk, last).number
    own = f"/tickets/{first}"
    places = {
        address.removeprefix(own): place
        for place in reversed(places_of(visitor, first))
        for address, _, _ in forms_on(visitor.get(own + place), first)
    }
    assert len(places) >= 4
    kept = 0
    for way, place in places.items():
        number = ticket_after(desk, last).number
        page = visitor.get(f"/tickets/{number}{place}")
        address, form, texts = next(found for found in forms_on(page, number) if found[0].endswith(way))
        hostile = "\n".join(HOSTILE)
        chosen = {name: CHOICES[name] for name in CHOICES if name in form}
        answer = harmless(visitor.post(address, {**form, **chosen, **dict.fromkeys(texts, hostile)}))
        pages = [clean(reader.get(f"/tickets/{number}")) for reader in readers]
        if answer.status == 303:
            kept += 1
            assert any(one_line(clean_text(hostile)) in page.text for page in pages), way
        else:
            assert answer.status in (409, 422), way
            assert any("Robert');" in value for form in answer.forms for value in form.fields.values()), way
    assert kept >= 2


@pytest.mark.parametrize("hostile", HOSTILE, ids=["markup", "quotes", "invisible"])
def test_addresses_and_the_sign_in_are_not_to_be_had_by_it(person_at: People, visitor: Visitor, hostile: str) -> None:
    harmless(visitor.send("/sign-in", email=hostile, password=hostile, next=hostile, draft=hostile))
    clerk = person_at("first_line_lulea")
    for path in ("/queue", "/search", "/notices", "/tickets/new"):
        harmless(
            Page(clerk.client.get(path, query_string=dict.fromkeys(("scope", "after", "q", "next", "state"), hostile)))
        )


def test_a_choice_that_is_gone_since_the_page_was_opened_is_named_and_the_rest_is_kept(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    form = {**visitor.get("/tickets/new").form("/tickets/new"), "subject": "Det jag skrev", "description": "Rad."}
    for name, gone in {"service": "nedlagd", "workflow": "borttagen", "fault": "x", "channel": "fax"}.items():
        page = visitor.post("/tickets/new", {**form, name: gone})
        assert page.status == 422
        assert page.element(f"new-{name}-fault")
        again = page.form("/tickets/new")
        assert (again["subject"], again["description"]) == ("Det jag skrev", "Rad.")


def test_a_huge_paste_is_told_how_much_there_may_be_and_comes_back_whole(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    pasted = "abc " * 250_000
    page = visitor.send("/tickets/new", subject="Ett ärende", description=pasted)
    assert page.status == 422
    assert "Korta ner texten till 20 000 tecken; nu har den 999 999." in page.text
    assert page.form("/tickets/new")["description"] == pasted
    assert page.html.count("<title>Fel: Nytt ärende") == 1


@pytest.mark.parametrize("nothing", ["", "   ", "\r\n\t", "\u00a0\u3000", "\u200b\u200d\ufeff", "\x00"])
def test_a_text_of_nothing_is_no_text(person_at: People, nothing: str) -> None:
    page = person_at("first_line_lulea").send("/tickets/new", subject=nothing)
    assert page.status == 422
    assert "Skriv med några ord vad det gäller." in page.text


HUGE = "abc " * 250_000
LONG_FORMS = {
    "/replies": ("", {"body": HUGE}),
    "/notes": ("", {"body": HUGE}),
    "/steps/escalate_to_second_line": ("/steps/escalate_to_second_line", {"reason": HUGE, "tried": "Allt."}),
    "/priority": ("", {"impact": "high", "urgency": "high", "reason": HUGE}),
    "/corrections/priority": ("", {"impact": "high", "urgency": "high", "reason": HUGE}),
}


@pytest.mark.parametrize("action", LONG_FORMS)
def test_a_huge_paste_in_any_form_of_a_ticket_comes_back_whole(person_at: People, app: Flask, action: str) -> None:
    desk: Desk = app.extensions["desk"]
    own = f"/tickets/{ticket_after(desk, 'take').number}"
    visitor, (place, said) = person_at("first_line_lulea"), LONG_FORMS[action]
    page = visitor.post(own + action, {**visitor.get(own + place).form(action), **said})
    assert page.status == 422
    assert "Korta ner texten till" in page.text
    assert said.items() <= page.form(action).items()
