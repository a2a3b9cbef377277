"""Search is no oracle: a word finds a ticket, counts it and shows if and only if the viewer may read a text it stands
in. Every kind of viewer, every kind of ticket, every text, on both databases."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import Connection, select

from servicedesk.actions.desk import Desk
from servicedesk.app import create_app
from servicedesk.config import read_settings
from servicedesk.core.clock import ControlledClock
from servicedesk.core.facts import Actor
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import PersonalText
from servicedesk.store.queries.search import Hit, Show, count_found, named_tickets, search_tickets
from servicedesk.store.search.asked import read_asked
from tests.isolation.world import (
    FOR_SUPPLIER,
    INNER,
    KINDS,
    MUNICIPAL,
    VIEWERS,
    Viewer,
    build,
    forbidden,
    marker,
    may_see,
)
from tests.support.desk import START, Template, fill, persona
from tests.support.pages import Page, Visitor, session_of

EVERY_TEXT = (*MUNICIPAL, *INNER, *FOR_SUPPLIER)
PEOPLE = [viewer for viewer in VIEWERS if viewer.side != "outside" and not viewer.has_token]
# What is found hangs on the organisation alone; the page is tried by everybody.
ONE_OF_EACH = list({viewer.organisation: viewer for viewer in PEOPLE}.values())


@dataclass(frozen=True)
class World:
    """A database with every kind of ticket in it, their numbers, and every text that stands in any of them."""

    desk: Desk
    numbers: dict[str, str]
    texts: frozenset[str | None]


def world_in(desk: Desk) -> World:
    numbers = build(desk)
    with desk.reading() as connection:
        return World(desk, numbers, frozenset(connection.execute(select(PersonalText.text)).scalars()))


@pytest.fixture(scope="module")
def embedded(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    desk = Desk(make_engine(desk_template.copy_to(tmp_path_factory.mktemp("search"))), ControlledClock(START))
    yield world_in(desk)
    desk.engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Once of each kind of database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("embedded")
        return
    with request.getfixturevalue("postgres_cluster").fresh() as url:
        desk = Desk(make_engine(url), ControlledClock(START))
        fill(desk)
        yield world_in(desk)
        desk.engine.dispose()


def search(connection: Connection, viewer: Actor, typed: str) -> tuple[list[Hit], int]:
    """The hits, and how many it says there are."""
    asked = read_asked(typed)
    named = named_tickets(connection, viewer, asked)
    hits = search_tickets(connection, viewer, asked, named=named, limit=100).hits
    return hits, count_found(connection, viewer, asked)[Show.ALL]


def numbers_of(hits: list[Hit]) -> list[str]:
    return [hit.line.number for hit in hits]


def shown_in(hits: list[Hit]) -> str:
    pieces = [piece.text for hit in hits if hit.excerpt for piece in hit.excerpt.pieces]
    return " ".join([*(hit.line.title for hit in hits), *pieces])


@pytest.mark.parametrize("viewer", ONE_OF_EACH, ids=lambda viewer: viewer.name)
def test_a_text_finds_its_ticket_for_those_who_may_read_it_and_for_nobody_else(world: World, viewer: Viewer) -> None:
    actor = persona(world.desk, viewer.name)
    with world.desk.reading() as connection:
        for kind in KINDS:
            for field in EVERY_TEXT:
                text = marker(kind.name, field)
                readable = may_see(viewer, kind) and text not in forbidden(viewer, kind) and text in world.texts
                hits, count = search(connection, actor, text)
                expected = [world.numbers[kind.name]] if readable else []
                assert (numbers_of(hits), count) == (expected, len(expected)), f"{viewer.name}: {text}"


@pytest.mark.parametrize("viewer", ONE_OF_EACH, ids=lambda viewer: viewer.name)
def test_what_is_found_shows_nothing_that_may_not_be_read(world: World, viewer: Viewer) -> None:
    """All texts hold this word, so that every excerpt could show any of them."""
    with world.desk.reading() as connection:
        hits, count = search(connection, persona(world.desk, viewer.name), "MARK")
    assert set(numbers_of(hits)) == {world.numbers[kind.name] for kind in KINDS if may_see(viewer, kind)}
    assert count == len(hits)
    assert [mark for kind in KINDS for mark in forbidden(viewer, kind) if mark in shown_in(hits)] == []


@pytest.mark.parametrize("viewer", ONE_OF_EACH, ids=lambda viewer: viewer.name)
def test_the_number_of_a_ticket_one_may_not_see_is_as_good_as_none(world: World, viewer: Viewer) -> None:
    actor = persona(world.desk, viewer.name)
    with world.desk.reading() as connection:
        for kind in KINDS:
            number = world.numbers[kind.name]
            for typed in (number, number.partition("-")[2]):
                hits, count = search(connection, actor, typed)
                assert (number in numbers_of(hits)) == may_see(viewer, kind), f"{viewer.name}: {kind.name}"
                assert count == len(hits)


@pytest.fixture(scope="module")
def app(embedded: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    environ = {
        "SERVICEDESK_INSTANCE": str(tmp_path_factory.mktemp("instance")),
        "SERVICEDESK_DATABASE_URL": str(embedded.desk.engine.url),
        "SERVICEDESK_SECRET_KEY": "a-key-for-tests-only",
    }
    made = create_app(read_settings(environ), ControlledClock(START))
    yield made
    made.extensions["desk"].engine.dispose()


@pytest.mark.parametrize("viewer", PEOPLE, ids=lambda viewer: viewer.name)
def test_the_page_and_its_part_say_no_more(app: Flask, embedded: World, viewer: Viewer) -> None:
    visitor = Visitor(app)
    with visitor.client.session_transaction() as session:
        session.update(session_of(app.extensions["desk"], viewer.name))
    whole = visitor.get("/search?q=MARK")
    part = Page(visitor.client.get("/search?q=MARK", headers={"HX-Request": "true", "HX-Target": "results"}))
    assert "<html" in whole.html and "<html" not in part.html
    for kind in KINDS:
        number = embedded.numbers[kind.name]
        for page in (whole, part):
            assert [mark for mark in forbidden(viewer, kind) if mark in page.text] == []
            assert (number in page.html) == may_see(viewer, kind)
        straight = visitor.get(f"/search?q={number}").location
        assert straight == (f"/tickets/{number}" if may_see(viewer, kind) else "")
