"""Who is away: their stand-in is told meanwhile, and whoever gives out tickets sees it."""

from datetime import date, timedelta

import pytest

from servicedesk.actions.administering.absences import add_absence, end_absence
from servicedesk.actions.changes import assign
from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.facts import Person
from servicedesk.core.people import stand_in_for
from servicedesk.store.queries.administration import state_of
from tests.actions.test_notices import people_told_of
from tests.support.desk import START, DeskFactory, new_ticket, persona

AWAY, STAND_IN = "lulea-forsta-linjen", "lulea-forsta-linjen-2"
TODAY = START.date()
WEEK = timedelta(days=7)


@pytest.fixture
def desk(desk_factory: DeskFactory) -> Desk:
    return desk_factory()


def stored(desk: Desk, key: str = AWAY) -> Person:
    with desk.reading() as connection:
        return desk.book(connection).installation.people[key]


def away(
    desk: Desk, key: str = AWAY, stand_in: str = STAND_IN, first: date = TODAY, who: str = "administrator_lulea"
) -> None:
    with desk.reading() as connection:
        seen = state_of(connection, "person", key)
    add_absence(desk, key, first, first + WEEK, stand_in, actor=persona(desk, who), seen=seen)


def told_when_assigned(desk: Desk) -> list[str]:
    number = new_ticket(desk).number
    assign(desk, number, AWAY, actor=persona(desk, "first_line_colleague_lulea"))
    assert drain(desk) >= 0
    return people_told_of(desk, number, "TicketAssigned")


def test_the_stand_in_is_told_while_somebody_is_away_and_not_before_nor_after(desk: Desk) -> None:
    away(desk, STAND_IN, "lulea-administrator", TODAY + 3 * WEEK)
    assert told_when_assigned(desk) == ["first_line_lulea"]
    away(desk, stand_in="lulea-administrator")
    assert told_when_assigned(desk) == ["administrator_lulea", "first_line_lulea"]
    end_absence(desk, AWAY, TODAY, actor=persona(desk, "administrator_lulea"))
    assert told_when_assigned(desk) == ["first_line_lulea"]


def test_who_did_it_themselves_is_not_told_as_a_stand_in_either(desk: Desk) -> None:
    away(desk)
    assert told_when_assigned(desk) == ["first_line_lulea"]


def test_a_stand_in_who_is_away_has_their_own_and_a_ring_ends(desk: Desk) -> None:
    away(desk, AWAY, STAND_IN)
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    ring = stored(desk)
    found = stand_in_for(ring, TODAY, installation)
    assert found
    assert found.key == STAND_IN
    with pytest.raises(Invalid):
        away(desk, STAND_IN, AWAY)  # away at the same time
    away(desk, STAND_IN, "lulea-administrator")
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    further = stand_in_for(stored(desk), TODAY, installation)
    assert further
    assert further.key == "lulea-administrator"
    assert stand_in_for(stored(desk), TODAY + 2 * WEEK, installation) is None


@pytest.mark.parametrize("stand_in", ["pitea-forsta-linjen", AWAY, "nobody"])
def test_a_stand_in_is_a_colleague_in_the_same_organisation(desk: Desk, stand_in: str) -> None:
    with pytest.raises(Invalid) as refused:
        away(desk, stand_in=stand_in)
    assert set(refused.value.fields) == {"stand_in"}


def test_one_says_oneself_that_one_is_away_and_of_others_only_who_gives_their_roles(desk: Desk) -> None:
    away(desk, who="first_line_lulea")
    assert len(stored(desk).absences) == 1
    with pytest.raises(NotFound):
        away(desk, who="first_line_pitea", first=TODAY + 3 * WEEK)
    with pytest.raises(NotFound):
        away(desk, who="first_line_colleague_lulea", first=TODAY + 3 * WEEK)
    with pytest.raises(Refusal):
        away(desk, who="it_service_manager", first=TODAY + 3 * WEEK)


def test_nobody_is_away_twice_at_once_nor_in_the_past(desk: Desk) -> None:
    away(desk)
    for first in (TODAY + timedelta(days=3), TODAY - 2 * WEEK):
        with pytest.raises(Invalid):
            away(desk, first=first)


def test_who_comes_back_early_was_away_until_yesterday(desk: Desk) -> None:
    away(desk, first=TODAY - timedelta(days=2))
    end_absence(desk, AWAY, TODAY - timedelta(days=2), actor=persona(desk, "first_line_lulea"))
    assert [each.last for each in stored(desk).absences] == [TODAY - timedelta(days=1)]
