"""Each rule against a shipped definition that has been broken on purpose: rule, file, key and proof."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from servicedesk.core.errors import Fault, FileFaults
from servicedesk.core.proof.check import RULES, check, checked_workflow, guarantees
from servicedesk.core.proof.model import model_of, paths_from, paths_to
from servicedesk.core.workflows.definition import Definition
from tests.core.breaks import BREAKS
from tests.core.breaks.custody import a_shortcut
from tests.core.breaks.damage import FILE, Break, broken, drop
from tests.core.breaks.ways import a_cycle
from tests.workflows.cast import shipped


@cache
def verdicts(damage: Break) -> dict[str, list[Fault]]:
    """What each rule finds, by the rule's function."""
    model = model_of(broken(damage))
    return {find.__name__: list(find(model)) for find, _ in RULES}


def found_in(damage: Break) -> list[Fault]:
    return [fault for faults in verdicts(damage).values() for fault in faults]


@pytest.mark.parametrize(("damage", "rule", "key", "proof"), BREAKS, ids=[f"{r}-{k}" for _, r, k, _ in BREAKS])
def test_a_broken_definition_is_caught_by_its_rule(
    damage: Break, rule: str, key: str, proof: tuple[str, ...] | None
) -> None:
    found = [fault for fault in found_in(damage) if (fault.rule, fault.key) == (rule, key)]
    assert found, "the rule found nothing"
    assert all(fault.file == FILE and fault.problem and fault.remedy for fault in found)
    if proof is not None:
        assert proof in [fault.proof for fault in found]


@pytest.mark.parametrize("find", [find for find, _ in RULES], ids=[find.__name__ for find, _ in RULES])
def test_no_rule_goes_without_a_break_that_it_catches(find: Callable[..., Any]) -> None:
    assert any(verdicts(damage)[find.__name__] for damage, *_ in BREAKS)


def test_a_proof_is_a_path_that_can_be_followed() -> None:
    for damage, *_ in BREAKS:
        definition = broken(damage)
        for fault in found_in(damage):
            _follow(definition, fault)


def _follow(definition: Definition, fault: Fault) -> None:
    here = definition.initial
    for key in fault.proof:
        step = definition.step(key)
        assert step and here in step.from_states, f"{fault}: {key} does not leave {here}"
        here = step.target(here)


def test_every_fault_is_told_once() -> None:
    faults = check(broken(a_shortcut))
    assert len(faults) == len(set(faults)) > 1


def test_a_cycle_is_told_once_and_not_for_each_of_its_states() -> None:
    assert [fault.rule for fault in check(broken(a_cycle))].count("endless_cycle") == 1


def test_a_definition_with_faults_has_no_guarantees() -> None:
    with pytest.raises(FileFaults) as caught:
        guarantees(broken(lambda t: drop(t, "recall")))
    assert {fault.rule for fault in caught.value.faults} == {
        "left_to_supplier",
        "scenario_unknown_step",
        "state_without_scenario",
    }


def test_a_definition_comes_into_use_only_when_it_is_proven() -> None:
    text = shipped("citizen_incident").source
    assert checked_workflow(text, FILE).version == shipped("citizen_incident").version
    with pytest.raises(FileFaults):
        checked_workflow(text.replace('effects = ["pass_to_tier"]', "effects = []"), FILE)


def test_shortest_ways_are_found_in_both_directions() -> None:
    edges = model_of(shipped("citizen_incident")).edges
    assert paths_from(edges, "first_new")["closed"] == ("solve_at_once",)
    assert paths_to(edges, {"closed"})["resolved"] == ("confirm",)


def test_a_state_without_a_tier_takes_over_those_it_is_entered_from() -> None:
    tiers = model_of(shipped("citizen_incident")).tiers
    assert {str(tier) for tier in tiers["closed"]} == {"first_line", "second_line"}
