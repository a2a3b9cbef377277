"""Loading leaves what pages have changed alone unless told to overwrite, and says so line by line."""

from dataclasses import replace

import pytest

from servicedesk import paths
from servicedesk.actions.administering.people import (
    PersonGiven,
    add_person,
    change_person,
    end_person,
    give_seat,
    membership,
)
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.core.facts import Installation, Person
from servicedesk.core.installations.diff import Change
from servicedesk.core.installations.file import read_installation
from servicedesk.store.queries.administration import changes_of, state_of
from servicedesk.store.queries.verification_installation import verify_installation
from tests.support.desk import DeskFactory, persona

KEY = "lulea-forsta-linjen"


@pytest.fixture
def desk(desk_factory: DeskFactory) -> Desk:
    return desk_factory()


@pytest.fixture(scope="module")
def files() -> Installation:
    return read_installation(paths.samples() / "norrbotten", None)


def stored(desk: Desk, key: str = KEY) -> Person:
    with desk.reading() as connection:
        return desk.book(connection).installation.people[key]


def mark(desk: Desk, key: str = KEY) -> str:
    with desk.reading() as connection:
        return state_of(connection, "person", key)


def change(desk: Desk, **said: str) -> None:
    person = stored(desk)
    given = PersonGiven(**{"name": person.name, "email": person.email, "phone": person.phone, **said})
    change_person(desk, KEY, given, actor=persona(desk, "administrator_lulea"), seen=mark(desk))


def with_person(files: Installation, **fields: object) -> Installation:
    person = replace(files.people[KEY], **fields)  # type: ignore[arg-type]
    return replace(files, people={**files.people, KEY: person})


def lines(changes: list[Change]) -> str:
    return "\n".join(line for each in changes for line in each.lines())


def load(desk: Desk, installation: Installation, **how: bool) -> str:
    return lines(load_installation(desk, installation, [], **how))  # type: ignore[arg-type]


def whole(desk: Desk) -> bool:
    with desk.reading() as connection:
        return not list(verify_installation(connection))


def test_several_loads_in_a_row_leave_a_page_alone_and_bring_the_rest_in(desk: Desk, files: Installation) -> None:
    change(desk, phone="0920-1")
    for name in ("Första", "Andra", "Tredje"):
        said = load(desk, with_person(files, name=name, phone="112"))
        assert (stored(desk).name, stored(desk).phone) == (name, "0920-1")
        assert f"kept person.{KEY}" in said
        assert "phone: person:lulea-administrator on 2026-03-02 08:00 UTC" in said
        assert f"changed person.{KEY}" in said
    again = load(desk, with_person(files, name="Tredje", phone="112"))
    assert "kept" in again
    assert "changed person" not in again
    assert whole(desk)


def test_a_dry_run_says_the_same_and_writes_nothing(desk: Desk, files: Installation) -> None:
    change(desk, phone="0920-1")
    coming, before = with_person(files, phone="112"), mark(desk)
    dry = load(desk, coming, dry_run=True)
    assert mark(desk) == before
    assert load(desk, coming) == dry
    assert "kept" in dry


def test_told_to_overwrite_the_files_win_and_the_page_counts_no_longer(desk: Desk, files: Installation) -> None:
    change(desk, phone="0920-1")
    said = load(desk, with_person(files, phone="112"), overwrite=True)
    assert stored(desk).phone == "112"
    assert "phone: 0920-1 -> 112" in said
    assert "kept" not in said
    assert "kept" not in load(desk, with_person(files, phone="113"))
    assert stored(desk).phone == "113"
    assert whole(desk)


def test_a_page_after_an_overwriting_load_counts_again(desk: Desk, files: Installation) -> None:
    change(desk, phone="1")
    load(desk, with_person(files, phone="2"), overwrite=True)
    change(desk, phone="3")
    load(desk, with_person(files, phone="4"))
    assert stored(desk).phone == "3"


def test_who_was_added_or_ended_in_a_page_stays_so(desk: Desk, files: Installation) -> None:
    admin = persona(desk, "administrator_lulea")
    with desk.reading() as connection:
        seat = membership(desk.book(connection).installation, "lulea-kundcenter/first_line_staff")
    key = add_person(desk, PersonGiven("Ny Person", "ny@lulea.example"), seat, actor=admin)
    end_person(desk, KEY, "Har slutat.", actor=admin, seen=mark(desk))
    said = load(desk, files)
    assert stored(desk, key).name == "Ny Person"
    assert stored(desk).ended is not None
    assert stored(desk).memberships == ()
    assert f"kept person.{key}" in said
    assert f"kept person.{KEY}" in said
    assert f"left person.{key}" not in said


def test_a_role_given_in_a_page_is_not_taken_by_a_load(desk: Desk, files: Installation) -> None:
    admin = persona(desk, "administrator_lulea")
    with desk.reading() as connection:
        seat = membership(desk.book(connection).installation, "lulea-it/local_it")
    give_seat(desk, KEY, seat, actor=admin, seen=mark(desk))
    load(desk, files)
    assert len(stored(desk).memberships) == 2
    load(desk, files, overwrite=True)
    assert len(stored(desk).memberships) == 1


def test_both_pages_and_files_stand_in_the_journal(desk: Desk, files: Installation) -> None:
    change(desk, phone="1")
    load(desk, with_person(files, name="Annat namn", phone="2"))
    with desk.reading() as connection:
        newest, before, first = changes_of(connection, "person", KEY)
    assert (newest.source, newest.actor, newest.fields["name"][1]) == ("files", "operator:operator", "Annat namn")
    assert (before.source, before.actor, before.fields) == ("pages", "person:lulea-administrator", {"phone": ("", "1")})
    assert first.what == "added"


TAMPERINGS: dict[str, str] = {
    "changed": "UPDATE part_event SET actor = 'person:nobody' WHERE id = (SELECT MAX(id) FROM part_event)",
    "removed from the end": "DELETE FROM part_event WHERE id = (SELECT MAX(id) FROM part_event)",
    "removed from the middle": "DELETE FROM part_event WHERE id = 3",
}


@pytest.mark.parametrize("statement", TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_journal_that_was_tampered_with_is_found(desk: Desk, statement: str) -> None:
    change(desk, phone="1")
    assert whole(desk)
    with desk.transaction() as connection:
        connection.exec_driver_sql(statement)
    assert not whole(desk)
