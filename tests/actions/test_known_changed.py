"""Known errors and answers changed in pages: by those who look after whom they are for, journalled, kept over files,
and offered to the first line at once."""

from dataclasses import replace

import pytest

from servicedesk import paths
from servicedesk.actions.administering.known import (
    KnownGiven,
    add_known,
    change_known,
    restore_known,
    withdraw_known,
)
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.core.errors import Conflict, Invalid, NotFound, Refusal
from servicedesk.core.facts import Installation, Known
from servicedesk.core.installations.file import read_installation
from servicedesk.store.queries.administration import changes_of, state_of
from servicedesk.store.queries.known import known_matches
from servicedesk.store.search.asked import read_asked
from tests.actions.life import proved
from tests.support.desk import DeskFactory, persona

FOR_ALL = "logga-in-utan-bankid"
GIVEN = KnownGiven(
    kind="answer",
    title="Parkeringstillstånd för boende",
    answer="Det söks i e-tjänsten. Det tar två dagar.",
    symptoms="boendeparkering\n\n parkera på  gatan \nboendeparkering",
    service="e-tjansteplattform",
    municipality="lulea",
    e_service="",
    resolution_code="information_given",
)


@pytest.fixture
def desk(desk_factory: DeskFactory) -> Desk:
    return desk_factory()


def installation(desk: Desk) -> Installation:
    with desk.reading() as connection:
        return desk.book(connection).installation


def seen(desk: Desk, key: str) -> str:
    with desk.reading() as connection:
        return state_of(connection, "known", key)


def given(known: Known) -> KnownGiven:
    return KnownGiven(
        known.kind,
        known.title,
        known.answer,
        "\n".join(known.symptoms),
        known.service,
        known.municipality,
        known.e_service,
        known.resolution_code,
    )


def offered(desk: Desk, municipality: str, words: str) -> list[str]:
    with desk.reading() as connection:
        return [each.title for each in known_matches(desk.book(connection), municipality, read_asked(words).wanted)]


def test_a_municipality_says_what_is_known_for_its_own_and_for_nobody_else(desk: Desk) -> None:
    lulea, pitea = persona(desk, "administrator_lulea"), persona(desk, "second_line_pitea")
    key = add_known(desk, GIVEN, actor=lulea)
    known = installation(desk).known[key]
    assert known.symptoms == ("boendeparkering", "parkera på gatan")
    assert offered(desk, "lulea", "boendeparkering på gatan") == [GIVEN.title]
    assert offered(desk, "pitea", "boendeparkering på gatan") == []
    for municipality in ("", "pitea", "e-namnden", "nowhere"):
        with pytest.raises(Invalid) as refused:
            add_known(desk, replace(GIVEN, municipality=municipality), actor=lulea)
        assert set(refused.value.fields) == {"municipality"}
    with pytest.raises(NotFound):
        change_known(desk, key, GIVEN, actor=pitea, seen=seen(desk, key))
    with pytest.raises(Refusal):
        change_known(desk, FOR_ALL, given(installation(desk).known[FOR_ALL]), actor=lulea, seen=seen(desk, FOR_ALL))
    proved(desk)


def test_what_is_for_all_is_the_it_service_managers(desk: Desk) -> None:
    manager = persona(desk, "it_service_manager")
    before = installation(desk).known[FOR_ALL]
    mark = seen(desk, FOR_ALL)
    change_known(desk, FOR_ALL, replace(given(before), answer="Ring oss."), actor=manager, seen=mark)
    assert installation(desk).known[FOR_ALL] == replace(before, answer="Ring oss.")
    with pytest.raises(Conflict):
        change_known(desk, FOR_ALL, replace(given(before), answer="Skriv."), actor=manager, seen=mark)
    with desk.reading() as connection:
        [change, *_] = changes_of(connection, "known", FOR_ALL)
    assert {name: tuple(pair) for name, pair in change.fields.items()} == {"answer": (before.answer, "Ring oss.")}
    assert change.actor == f"person:{manager.key}"
    key = add_known(desk, GIVEN, actor=persona(desk, "administrator_lulea"))
    with pytest.raises(Refusal):
        withdraw_known(desk, key, actor=manager)
    proved(desk)


def test_what_is_withdrawn_is_offered_to_nobody_until_it_is_offered_again(desk: Desk) -> None:
    lulea = persona(desk, "administrator_lulea")
    key = add_known(desk, GIVEN, actor=lulea)
    stored = seen(desk, key)
    withdraw_known(desk, key, actor=lulea)
    withdraw_known(desk, key, actor=lulea)
    assert offered(desk, "lulea", "boendeparkering på gatan") == []
    restore_known(desk, key, actor=lulea)
    assert offered(desk, "lulea", "boendeparkering på gatan") == [GIVEN.title]
    assert seen(desk, key) == stored, "as before, to the hash"
    proved(desk)


def test_loading_leaves_what_pages_have_changed_unless_told_otherwise(desk: Desk) -> None:
    manager, lulea = persona(desk, "it_service_manager"), persona(desk, "administrator_lulea")
    before = installation(desk).known[FOR_ALL]
    change_known(desk, FOR_ALL, replace(given(before), answer="Ring oss."), actor=manager, seen=seen(desk, FOR_ALL))
    key = add_known(desk, GIVEN, actor=lulea)
    files = read_installation(paths.samples() / "norrbotten", None)
    told = load_installation(desk, files, [])
    assert (FOR_ALL, "kept") in [(change.key, change.what) for change in told]
    assert installation(desk).known[FOR_ALL].answer == "Ring oss." and key in installation(desk).known
    load_installation(desk, files, [], overwrite=True)
    assert installation(desk).known[FOR_ALL] == before and key in installation(desk).known
    proved(desk)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 300}, "title"),
        ({"answer": "\x00"}, "answer"),
        ({"answer": "x" * 20_001}, "answer"),
        ({"symptoms": "\n".join(map(str, range(41)))}, "symptoms"),
        ({"symptoms": "x" * 201}, "symptoms"),
        ({"kind": "rumour"}, "kind"),
        ({"service": "nothing"}, "service"),
        ({"resolution_code": "magic"}, "resolution_code"),
        ({"e_service": "nothing"}, "e_service"),
        ({"e_service": "pajala-bygglov"}, "e_service"),
    ],
)
def test_what_cannot_be_accepted_is_named(desk: Desk, wrong: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_known(desk, replace(GIVEN, **wrong), actor=persona(desk, "administrator_lulea"))
    assert set(refused.value.fields) == {field}
