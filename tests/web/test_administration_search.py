"""Everything that `load` reads can be seen in pages, and is found there by what it says."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from html import unescape
from typing import Any

import pytest

from servicedesk.actions.administering.absences import add_absence
from servicedesk.actions.desk import Desk
from servicedesk.core.facts import Installation
from servicedesk.core.installations.file import ALWAYS, KEYED, TABLES
from servicedesk.store.queries.administration import state_of
from servicedesk.web.administration.seeing import FIELD
from servicedesk.web.administration.words import KINDS
from tests.support.desk import persona
from tests.support.pages import Visitor
from tests.web.conftest import People

MANAGER, SOME = "it_service_manager", 6
# Said in other words, or by where it stands: keys of oneself, a day as it is written in a week, what a team is told by.
OTHERWISE = {"key", "week", "versions", "memberships", "former", "zone", "frozen", "holidays", "holiday_categories"}


@pytest.fixture
def installation(desk: Desk) -> Installation:
    with desk.reading() as connection:
        return desk.book(connection).installation


def test_there_is_a_list_of_every_table_that_a_file_may_hold(installation: Installation) -> None:
    assert set(KINDS) == set(FIELD) == set(KEYED)
    assert set(TABLES) - set(KEYED) == {"priority", "ladder", "installation"}, "these have a page: web.rules"
    whole = {field.name for field in fields(installation)}
    assert whole == {*FIELD.values(), "priorities", "ladder", "zone"}, "a new field needs a page"


@pytest.mark.parametrize("kind", KINDS)
def test_a_things_page_says_everything_that_its_file_does(
    person_at: People, installation: Installation, kind: str
) -> None:
    visitor = person_at(MANAGER)
    things = [each for each in getattr(installation, FIELD[kind]).values() if each.key != ALWAYS]
    for each in [*things[: SOME // 2], *things[-SOME // 2 :]]:
        page = visitor.get(f"/administration/{kind}/{each.key}")
        words = f"{page.text} {unescape(page.html)}"
        for name, value in texts(each):
            said = [value, *(getattr(found, "name", "") or value for found in named(installation, value))]
            assert any(one in words for one in said), f"{kind} {each.key} does not say {name}: {value}"


def texts(thing: Any, inside: str = "") -> Iterator[tuple[str, str]]:
    """Every text and number of a thing, however deep; choices are told in words of their own."""
    for field in fields(thing):
        if field.name in OTHERWISE:
            continue
        value = getattr(thing, field.name)
        for each in value if isinstance(value, tuple) else (value,):
            if is_dataclass(each) and not isinstance(each, type):
                yield from texts(each, f"{inside}{field.name}.")
            elif isinstance(each, str | date) and not isinstance(each, Enum) and str(each):
                yield f"{inside}{field.name}", str(each)


def named(installation: Installation, key: str) -> list[Any]:
    """What a key may stand for."""
    return [found[key] for name in FIELD.values() if key in (found := getattr(installation, name))]


def test_a_thing_is_found_by_what_only_its_page_says(desk: Desk, installation: Installation, person_at: People) -> None:
    key, clerk = "lulea-forsta-linjen", persona(desk, "administrator_lulea")
    with desk.reading() as connection:
        seen = state_of(connection, "person", key)
    add_absence(desk, key, date(2026, 4, 6), date(2026, 4, 10), "", actor=clerk, seen=seen)
    visitor = person_at(MANAGER)
    known, template = next(iter(installation.known.values())), next(iter(installation.templates.values()))
    for words, address in (
        (known.answer.split(".")[0], f"/administration/known/{known.key}"),
        (known.symptoms[0], f"/administration/known/{known.key}"),
        (template.text.split("\n")[0], f"/administration/template/{template.key}"),
        ("luleå 2026-04-06", f"/administration/person/{key}"),
        ("europe/stockholm", "/administration/rules"),
        ("invånare tar emot", "/workflows/citizen_incident"),
    ):
        assert address in found(visitor, words), words
    theirs = found(person_at("supplier_technician"), "europe/stockholm")
    assert theirs and all("/leverantor" in each or each.endswith("/always") for each in theirs)


def found(visitor: Visitor, words: str) -> list[str]:
    """Where the search leads."""
    page = visitor.get(f"/administration?q={words}")
    assert page.status == 200
    return re.findall(r'href="(/[^"?]+)', page.html.partition('id="found"')[2].partition("</main>")[0])
