"""What a person sees when something is broken: a sentence, their own words, and never a traceback."""

import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from servicedesk.actions.desk import Desk
from servicedesk.extensions import db
from servicedesk.web.views import tickets
from tests.support.desk import new_ticket
from tests.support.pages import Page, Visitor
from tests.web.conftest import People

SAID = {"subject": "Det jag skrev", "description": "En lång beskrivning som inte får gå förlorad."}


@pytest.fixture
def visitor_with_form(app: Flask, person_at: People) -> tuple[Visitor, dict[str, str]]:
    """Somebody who had the empty form before them when it happened."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    visitor = person_at("first_line_lulea")
    return visitor, {**visitor.get("/tickets/new").form("/tickets/new"), **SAID}


def file_of(desk: Desk) -> Path:
    assert desk.engine.url.database
    return Path(desk.engine.url.database)


def is_clear(page: Page, sentence: str) -> None:
    assert page.status == 503, page.text
    assert sentence in page.text
    assert "Traceback" not in page.html
    assert "sqlite" not in page.html.lower()


def test_a_missing_migration_is_named_with_its_remedy(
    desk: Desk, visitor_with_form: tuple[Visitor, dict[str, str]]
) -> None:
    visitor, form = visitor_with_form
    with sqlite3.connect(file_of(desk)) as connection:
        connection.execute("ALTER TABLE ticket_number RENAME TO ticket_number_old")
    connection.close()
    page = visitor.post("/tickets/new", form)
    is_clear(page, "Kör: servicedesk migrate")
    assert SAID["description"] in page.text


def test_a_full_disk_saves_nothing_and_loses_nothing(
    desk: Desk, visitor_with_form: tuple[Visitor, dict[str, str]]
) -> None:
    visitor, form = visitor_with_form
    with desk.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    page = visitor.post("/tickets/new", {**form, "description": "Lång. " * 3_000})
    is_clear(page, "Disken är full. Inget sparades")
    with desk.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM ticket")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM journal")).scalar_one() == 0


def test_a_database_that_is_gone_is_said_to_be_gone(
    app: Flask, desk: Desk, visitor_with_form: tuple[Visitor, dict[str, str]]
) -> None:
    visitor, form = visitor_with_form
    with app.app_context():
        db.engine.dispose()
    file = file_of(desk)
    for part in file.parent.glob("servicedesk.sqlite*"):
        part.unlink()
    file.mkdir()
    for page in (visitor.get("/queue"), visitor.post("/tickets/new", form), visitor.get("/tickets/2026-00001")):
        is_clear(page, "Databasen går inte att öppna.")


def test_a_damaged_file_is_said_to_be_damaged(
    app: Flask, desk: Desk, visitor_with_form: tuple[Visitor, dict[str, str]]
) -> None:
    visitor, form = visitor_with_form
    with app.app_context():
        db.engine.dispose()
    file_of(desk).write_bytes(b"this is no database at all, but text " * 200)
    page = visitor.post("/tickets/new", form)
    is_clear(page, "Databasfilen är skadad.")


def test_the_page_about_a_broken_database_speaks_the_chosen_language(
    desk: Desk, visitor_with_form: tuple[Visitor, dict[str, str]]
) -> None:
    visitor, _ = visitor_with_form
    visitor.send("/queue", "/settings", language="en")
    with sqlite3.connect(file_of(desk)) as connection:
        connection.execute("DROP TABLE visibility")
    connection.close()
    assert "Run: servicedesk migrate" in visitor.get("/queue").text


def test_signing_in_without_a_database_is_answered_in_words(app: Flask, desk: Desk, visitor: Visitor) -> None:
    with sqlite3.connect(file_of(desk)) as connection:
        connection.execute("DROP TABLE credential")
    connection.close()
    is_clear(visitor.sign_in("forsta.linjen@lulea.example"), "Kör: servicedesk migrate")


def test_a_fault_of_the_program_shows_no_traceback(
    desk: Desk, visitor_with_form: tuple[Visitor, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, _ = visitor_with_form
    new_ticket(desk)

    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(tickets, "ticket_page", fail)
    page = visitor.get("/tickets/2026-00001")
    assert page.status == 500
    assert "Programmet fungerade inte. Inget sparades." in page.text
    assert "secret detail" not in page.html


def test_an_address_that_is_no_page_says_where_to_look(person_at: People) -> None:
    page = person_at("first_line_lulea").get("/no-such-page")
    assert page.status == 404
    assert "Gå till kön och leta därifrån." in page.text


def test_a_page_asked_for_in_the_wrong_way_is_answered_in_words(person_at: People) -> None:
    visitor = person_at("first_line_lulea")
    page = visitor.post("/queue", {"csrf_token": visitor.get("/queue").form("/sign-out")["csrf_token"]})
    assert page.status == 405
    assert "Gå till kön och försök därifrån." in page.text


def test_a_huge_paste_is_refused_in_words(visitor_with_form: tuple[Visitor, dict[str, str]]) -> None:
    visitor, form = visitor_with_form
    page = visitor.post("/tickets/new", {**form, "description": "x" * 3_000_000})
    assert page.status == 413
    assert "större än de 2 MB som går att ta emot" in page.text
