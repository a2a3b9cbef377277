"""What is done is the same, whichever edge it was done through."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from servicedesk.core.vocabulary import CancelReason, Need, Tier
from servicedesk.core.workflows.definition import Transition
from tests.same_rules.cases import DONE, Done
from tests.same_rules.edges import Attempt, House, by_api, by_tmf621, directly, done, drives, move_of
from tests.same_rules.places import CAST, Spot, performer, spots_before, workflows
from tests.same_rules.verbs import is_for_municipal_systems, known_step
from tests.same_rules.world import CLIENT, MUNICIPAL_CLIENT, given_for
from tests.support.desk import PERSONAS


@dataclass(frozen=True)
class Taken:
    """A step taken from a place."""

    step: Transition
    spot: Spot
    given: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return "-".join((self.spot.workflow, self.step.key, "from", self.spot.place.state, *dict(self.given).values()))

    def attempt(self, house: House) -> Attempt:
        number = house.world.numbers[self.spot]
        given: dict[str, Any] = {**given_for(self.step.needs, house.world.beside[number]), **dict(self.given)}
        other = ""
        if given.get(Need.CANCEL_REASON) == CancelReason.DUPLICATE:
            other = given[Need.DUPLICATE_OF] = house.world.other
        return Attempt(known_step(self.step), number, CAST[performer(self.step)], given, other, self.spot.workflow)


def steps_taken() -> Iterator[Taken]:
    """Every step from every state that it leaves; a cancelling one also as a duplicate of another ticket."""
    for key, definition in workflows().items():
        for step in definition.transitions.values():
            for spot in spots_before(key, step):
                yield Taken(step, spot)
            if Need.CANCEL_REASON in step.needs:
                yield Taken(step, spots_before(key, step)[0], ((Need.CANCEL_REASON, CancelReason.DUPLICATE),))


def of_suppliers() -> list[Taken]:
    return [taken for taken in steps_taken() if any(who.tier is Tier.SUPPLIER for who in taken.step.who)]


def of_municipal_systems() -> list[Taken]:
    return [taken for taken in steps_taken() if is_for_municipal_systems(taken.step)]


@pytest.mark.parametrize("taken", tuple(steps_taken()), ids=str)
def test_a_step_does_the_same_through_every_edge(house: House, taken: Taken) -> None:
    attempt = taken.attempt(house)
    itself = done(house, directly, attempt)
    assert itself.events and attempt.number in itself.states
    for drive in drives(attempt.known, attempt.who):
        assert done(house, drive, attempt) == itself, drive.__name__


@pytest.mark.parametrize("taken", of_suppliers(), ids=str)
def test_a_suppliers_system_does_what_its_people_do(house: House, taken: Taken) -> None:
    """By the API, which speaks in verbs, exactly as by the action; as a person's, but for who did it and was told."""
    check_system(house, taken.attempt(house))


@pytest.mark.parametrize("taken", of_municipal_systems(), ids=str)
def test_a_municipalitys_system_does_what_its_people_do(house: House, taken: Taken) -> None:
    check_system(house, taken.attempt(house), MUNICIPAL_CLIENT)


def check_system(house: House, attempt: Attempt, client: str = CLIENT) -> None:
    itself = done(house, directly, replace(attempt, who=client))
    assert done(house, by_api, replace(attempt, who=client)) == itself
    house.fresh()
    if move_of(house, replace(attempt, who=client)):
        assert done(house, by_tmf621, replace(attempt, who=client)) == itself
    themselves = [PERSONAS[attempt.who]]
    assert itself.whoever(themselves) == done(house, directly, attempt).whoever(themselves)


@pytest.mark.parametrize("case", DONE, ids=str)
def test_everything_else_does_the_same_through_every_edge(house: House, case: Done) -> None:
    attempt = case.attempt(house)
    itself = done(house, directly, attempt)
    assert itself.events
    for drive in drives(attempt.known, attempt.who):
        assert done(house, drive, attempt) == itself, drive.__name__


@pytest.mark.parametrize("case", [case for case in DONE if case.is_offered_to_systems], ids=str)
def test_a_suppliers_system_writes_what_its_people_write(house: House, case: Done) -> None:
    check_system(house, case.attempt(house))
