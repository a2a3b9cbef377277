"""What is refused is refused with the same code, sentence and fields, whichever edge was tried, and leaves nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from servicedesk.core.vocabulary import Need, Tier
from servicedesk.core.workflows.definition import Transition
from servicedesk.core.workflows.guards import Guard
from servicedesk.store.queries.tickets import state_of
from tests.same_rules.cases import REFUSED, STRANGER, TOO_LONG, Done, everywhere_refused
from tests.same_rules.edges import UNKNOWN, Attempt, Drive, House, by_api, by_play, directly, drives, refused
from tests.same_rules.places import (
    CAST,
    Spot,
    beginning_of,
    can_leave,
    performer,
    spots_before,
    spots_needed,
    workflows,
)
from tests.same_rules.traces import Refused
from tests.same_rules.verbs import known_step
from tests.same_rules.world import CLIENT, NEVER_SAYS_NO, given_for
from tests.support.desk import START

USUAL = "citizen_incident"
TEXTS = frozenset({Need.REASON, Need.TRIED, Need.QUESTION, Need.ANSWER, Need.SOLUTION, Need.SUPPLIER_DESCRIPTION})
IMPOSSIBLE = {
    Need.RESOLUTION_CODE: "magic",
    Need.CANCEL_REASON: "boredom",
    Need.TEAM: "pitea-medborgarservice",
    Need.UNTIL: START.isoformat(),
}


@dataclass(frozen=True)
class Tried:
    """A step tried where or how it cannot be done. `given` replaces what it needs, unless it is None."""

    why: str
    step: Transition
    spot: Spot
    who: str
    code: str
    fields: frozenset[str] = frozenset()
    given: tuple[tuple[str, str], ...] | None = None
    stale: bool = False
    number: str = ""

    def __str__(self) -> str:
        return "-".join((self.spot.workflow, self.step.key, self.why, "by", self.who))

    def attempt(self, house: House) -> Attempt:
        number = house.world.numbers[self.spot]
        given: Mapping[str, Any] = given_for(self.step.needs, house.world.beside[number])
        given = dict(self.given) if self.given is not None else given
        known = known_step(self.step)
        return Attempt(known, self.number or number, self.who, given, "", self.spot.workflow, self.stale)


def distinct_steps() -> Iterator[tuple[str, Transition]]:
    """(workflow, step), one of those that differ in nothing that a refusal could tell."""
    seen = set()
    for key, definition in workflows().items():
        for step in definition.transitions.values():
            if (mark := (step.key, step.verb, step.who, step.needs, step.guards)) not in seen:
                seen.add(mark)
                yield key, step


def refusals_of_rules(key: str, step: Transition) -> Iterator[Tried]:
    """Wrong state, not theirs, not the way back, and what is missing or impossible."""
    spot, who = spots_before(key, step)[0], CAST[performer(step)]
    if step.needs:
        yield Tried("with nothing said", step, spot, who, "invalid", frozenset(map(str, step.needs)), ())
    for need in IMPOSSIBLE.keys() & set(step.needs):
        given = tuple({**given_for(step.needs, ""), need: IMPOSSIBLE[need]}.items())
        fields = frozenset({str(need), *({"team"} if Need.TEAM in step.needs else ())})
        yield Tried(f"with an impossible {need}", step, spot, who, "invalid", fields, given)
    if elsewhere := _elsewhere(key, step):
        yield Tried("in another state", step, elsewhere, who, "wrong_state")
    if other := _not_theirs(step, spot):
        yield Tried("not theirs", step, spot, other, "not_yours")
    for back in _wrong_ways_back(key, step):
        yield Tried("not the way back", step, back, who, "came_from_elsewhere")


def _elsewhere(key: str, step: Transition) -> Spot | None:
    found = (spot for spot in _nearest(key) if spot.place.state not in step.from_states)
    return next((spot for spot in found if spot.is_seen_from(performer(step))), None)


def _nearest(key: str) -> list[Spot]:
    return sorted(spots_needed(key), key=lambda spot: (len(spot.way), spot.way))


def _not_theirs(step: Transition, spot: Spot) -> str:
    tiers = {who.tier for who in step.who}
    return next((CAST[tier] for tier in Tier if tier not in tiers and spot.is_seen_from(tier)), "")


def _wrong_ways_back(key: str, step: Transition) -> list[Spot]:
    there = [spot for spot in _nearest(key) if spot.place.state in step.from_states]
    return [spot for spot in there if not can_leave(workflows()[key], spot.place, step)][:1]


def refusals_of_any_step(key: str, step: Transition) -> Iterator[Tried]:
    """What has nothing to do with the step itself."""
    spot, who = spots_before(key, step)[0], CAST[performer(step)]
    yield Tried("too late", step, spot, who, "conflict", stale=True)
    yield Tried("on no ticket", step, spot, who, "not_found", number=UNKNOWN)
    if texts := frozenset(str(need) for need in step.needs if need in TEXTS):
        given = tuple({**given_for(step.needs, ""), **dict.fromkeys(texts, TOO_LONG)}.items())
        yield Tried("at length", step, spot, who, "invalid", texts, given)


def is_a_suppliers(step: Transition) -> bool:
    return any(who.tier is Tier.SUPPLIER for who in step.who)


def one_of_each_verb(steps: Iterable[tuple[str, Transition]]) -> list[tuple[str, Transition]]:
    return list({step.verb: (key, step) for key, step in steps}.values())


STEPS = tuple(distinct_steps())
RULES = tuple(tried for key, step in STEPS for tried in refusals_of_rules(key, step))
ALIKE = tuple(
    tried
    for key, step in one_of_each_verb(STEPS)
    for tried in (
        *refusals_of_any_step(key, step),
        Tried("out of sight", step, spots_before(key, step)[0], STRANGER, "not_found"),
    )
)
SUPPLIERS = tuple((key, step) for key, step in STEPS if is_a_suppliers(step))
SUPPLIERS_VERBS = one_of_each_verb((key, step) for key, step in SUPPLIERS if key == USUAL)


def of_systems() -> Iterator[Tried]:
    """The supplier's steps by its system; its every verb too late, too long, and on a ticket that it never had."""
    for tried in RULES:
        if is_a_suppliers(tried.step) and tried.who == CAST[Tier.SUPPLIER]:
            yield replace(tried, who=CLIENT)
    for key, step in SUPPLIERS_VERBS:
        yield from (replace(tried, who=CLIENT) for tried in refusals_of_any_step(key, step))
        yield Tried("out of sight", step, beginning_of(key), CLIENT, "not_found")


def of_another_supplier(step: Transition, house: House) -> Attempt:
    return Attempt(known_step(step), house.world.lost, CAST[Tier.SUPPLIER], given_for(step.needs, ""))


@pytest.mark.parametrize("step", [step for _, step in SUPPLIERS_VERBS], ids=lambda step: step.key)
def test_a_ticket_that_is_another_suppliers_now_is_not_theirs(house: House, step: Transition) -> None:
    attempt = of_another_supplier(step, house)
    assert check(house, attempt, drives(attempt.known, attempt.who)).code == "not_yours"


@pytest.mark.parametrize("step", [step for _, step in SUPPLIERS_VERBS], ids=lambda step: step.key)
def test_a_ticket_that_is_another_suppliers_now_is_not_their_systems(house: House, step: Transition) -> None:
    attempt = replace(of_another_supplier(step, house), who=CLIENT)
    assert check(house, attempt, [by_api]).code == "not_yours"


@pytest.mark.parametrize("tried", (*RULES, *ALIKE), ids=str)
def test_a_step_is_refused_alike_through_every_edge(house: House, tried: Tried) -> None:
    attempt = tried.attempt(house)
    itself = check(house, attempt, drives(attempt.known, attempt.who))
    assert (itself.code, frozenset(itself.fields)) == (tried.code, tried.fields)


@pytest.mark.parametrize("tried", tuple(of_systems()), ids=str)
def test_a_suppliers_system_is_refused_as_its_people_are(house: House, tried: Tried) -> None:
    itself = check(house, tried.attempt(house), [by_api])
    assert (itself.code, frozenset(itself.fields)) == (tried.code, tried.fields)


@pytest.mark.parametrize("guard", [guard for guard in Guard if guard not in NEVER_SAYS_NO])
def test_a_guard_says_the_same_through_every_edge(house: House, guard: Guard) -> None:
    number = house.world.numbers[guard]
    with house.desk.reading() as connection:
        ticket = state_of(connection, number)
    steps = workflows()[ticket.workflow].transitions.values()
    guarded = [step for step in steps if guard in step.guards and ticket.state in step.from_states]
    assert guarded
    for step in guarded:
        attempt = Attempt(known_step(step), number, CAST[performer(step)], given_for(step.needs, ""))
        itself = check(house, attempt, drives(attempt.known, attempt.who))
        assert itself.code not in ("wrong_state", "not_yours", "invalid")


@pytest.mark.parametrize("case", (*REFUSED, *everywhere_refused()), ids=str)
def test_everything_else_is_refused_alike_through_every_edge(house: House, case: Done) -> None:
    attempt = case.attempt(house)
    itself = check(house, attempt, drives(attempt.known, attempt.who))
    assert (itself.code, set(itself.fields)) == (case.code, set(case.fields))
    if case.is_offered_to_systems:
        check(house, replace(attempt, who=CLIENT), [by_api])


def check(house: House, attempt: Attempt, edges: Iterable[Drive]) -> Refused:
    """The action's own refusal, which every edge must repeat. A scenario has seen no version that could be stale."""
    house.ensure_clean()
    itself = refused(house, directly, attempt)
    for drive in edges:
        if not (attempt.stale and drive is by_play):
            found = refused(house, drive, attempt, itself)
            # The API says in its own words that a field is missing, before the desk is asked.
            same = found.names() == itself.names() if drive is by_api else found == itself
            assert same, f"{drive.__name__}: {found}, and itself {itself}"
    return itself
