"""Each rule against a shipped definition that has been broken on purpose: rule, file, key and proof."""

import json
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from servicedesk.core.errors import Fault, FileFaults
from servicedesk.core.model_check import RULES, check, checked_workflow, guarantees
from servicedesk.core.model_check_model import model_of, paths_from, paths_to
from servicedesk.core.workflow_definition import Definition
from servicedesk.core.workflow_file import definition_from_json, definition_to_json
from tests.workflows.cast import shipped

Tables = dict[str, Any]
Break = Callable[[Tables], object]
FILE = "broken.toml"


def broken(damage: Break, key: str = "citizen_incident") -> Definition:
    tables = deepcopy(json.loads(definition_to_json(shipped(key))))
    damage(tables)
    return definition_from_json(json.dumps(tables), FILE)


def _step(tables: Tables, key: str, **changes: Any) -> None:
    tables["transition"][key].update(changes)


def _drop(tables: Tables, *keys: str) -> None:
    for key in keys:
        del tables["transition"][key]


def _clock(tables: Tables, state: str, **changes: str) -> None:
    tables["state"][state]["clocks"].update(changes)


def _add_state(tables: Tables, key: str, like: str) -> None:
    tables["state"][key] = deepcopy(tables["state"][like]) | {"sv": f"Prov {key}", "en": f"Sample {key}"}


def _add_step(tables: Tables, key: str, like: str, **changes: Any) -> None:
    labels = {"sv": f"Prov {key}", "en": f"Sample {key}"}
    tables["transition"][key] = deepcopy(tables["transition"][like]) | labels | changes


def an_island(t: Tables) -> None:
    _add_state(t, "island", "first_active")
    _add_step(t, "leave_island", "take", **{"from": ["island"], "to": "first_active"})


def a_cycle(t: Tables) -> None:
    """first_active -> round -> about -> round -> …"""
    _add_state(t, "round", "first_active")
    _add_state(t, "about", "first_active")
    _add_step(t, "enter", "take", **{"from": ["first_active"], "to": "round"})
    _add_step(t, "turn", "take", **{"from": ["round"], "to": "about"})
    _add_step(t, "turn_back", "take", **{"from": ["about"], "to": "round"})


def a_way_into_a_cycle(t: Tables) -> None:
    a_cycle(t)
    _add_state(t, "porch", "first_active")
    _add_step(t, "go_to_porch", "take", **{"from": ["first_active"], "to": "porch"})
    _add_step(t, "go_in", "take", **{"from": ["porch"], "to": "round"})


def only_the_requester(t: Tables) -> None:
    _drop(t, "resume_in_first_line")
    t["timed"]["close_unanswered"]["from"].remove("first_waiting_requester")
    t["transition"]["cancel_in_first_line"]["from"].remove("first_waiting_requester")
    _step(t, "answer_first_line", who=["requester"])


def supplier_or_requester(t: Tables) -> None:
    """The supplier's state has a way out besides the supplier's own: by the requester, who is an outsider too."""
    _drop(t, "recall")
    _add_step(t, "tell", "resume_in_first_line", verb="step", who=["requester"], effects=["pass_back"])
    states = ["supplier_received", "supplier_active", "supplier_waiting_joint", "supplier_waiting_change"]
    _step(t, "tell", **{"from": states, "to": "joint_active"})


def no_closed_state(t: Tables) -> None:
    for key in ("closed", "cancelled"):
        t["state"][key]["category"] = "resolved"


def a_shortcut(t: Tables) -> None:
    _step(t, "escalate_to_second_line", to="joint_received")


def no_moment_given(t: Tables) -> None:
    _step(t, "wait_for_change_in_joint", needs=["reason"], effects=[])


def a_guess(t: Tables) -> None:
    t["scenario"]["solved_at_the_first_contact"]["steps"] = ["resolve_in_first_line"]


def a_misspelt_step(t: Tables) -> None:
    t["scenario"]["solved_at_the_first_contact"]["steps"] = ["solve_at_onse"]


def back_to_another(t: Tables) -> None:
    t["scenario"]["solved_at_the_first_contact"]["steps"] = ["take", "escalate_to_second_line", "return_to_joint"]


TO_SUPPLIER = (
    "take",
    "escalate_to_second_line",
    "accept_in_second_line",
    "escalate_to_joint",
    "accept_in_joint",
    "order_from_supplier",
)
TO_JOINT = TO_SUPPLIER[:4]

# (what is broken, rule, key, proof or None where a path proves nothing)
BREAKS: list[tuple[Break, str, str, tuple[str, ...] | None]] = [
    (an_island, "unreachable", "state.island", None),
    (lambda t: _drop(t, "wait_for_supplier"), "unreachable", "state.joint_waiting_supplier", None),
    (
        lambda t: _step(t, "end_wait_in_joint", **{"from": ["joint_waiting_change"]}),
        "dead_end",
        "state.joint_waiting_supplier",
        (*TO_JOINT, "accept_in_joint", "wait_for_supplier"),
    ),
    (
        lambda t: _step(t, "end_wait_in_joint", **{"from": ["joint_waiting_change"]}),
        "waiting_without_exit",
        "state.joint_waiting_supplier",
        (*TO_JOINT, "accept_in_joint", "wait_for_supplier"),
    ),
    (a_cycle, "endless_cycle", "state.round", ("take", "enter", "turn", "turn_back")),
    (a_way_into_a_cycle, "no_way_to_close", "state.porch", ("take", "go_to_porch")),
    (no_closed_state, "no_closed_state", "state", None),
    (lambda t: _drop(t, "recall"), "left_to_supplier", "state.supplier_received", TO_SUPPLIER),
    (
        lambda t: _drop(t, "recall"),
        "left_to_supplier",
        "state.supplier_waiting_joint",
        (*TO_SUPPLIER, "accept_at_supplier", "ask_joint"),
    ),
    (
        only_the_requester,
        "left_to_requester",
        "state.first_waiting_requester",
        ("take", "ask_requester_from_first_line"),
    ),
    (supplier_or_requester, "left_to_outsiders", "state.supplier_received", TO_SUPPLIER),
    (
        lambda t: _step(t, "end_wait_in_joint", guards=["supplier_known"]),
        "guard_in_the_way",
        "state.joint_waiting_supplier",
        (*TO_JOINT, "accept_in_joint", "wait_for_supplier"),
    ),
    (
        lambda t: _step(t, "recall", guards=["supplier_known"]),
        "left_to_supplier",
        "state.supplier_received",
        TO_SUPPLIER,
    ),
    (lambda t: t["workflow"].update(initial="first_active"), "initial_not_new", "workflow.initial", None),
    (
        lambda t: t["state"]["joint_waiting_supplier"].pop("waits_on"),
        "waiting_without_owner",
        "state.joint_waiting_supplier.waits_on",
        None,
    ),
    (
        lambda t: t["state"]["first_active"].update(waits_on="requester"),
        "owner_without_waiting",
        "state.first_active.waits_on",
        None,
    ),
    (
        lambda t: _clock(t, "first_waiting_requester", resolution="run", holding="run"),
        "waiting_without_effect",
        "state.first_waiting_requester.clocks",
        ("take", "ask_requester_from_first_line"),
    ),
    (
        lambda t: _drop(t, "answer_joint"),
        "asked_cannot_answer",
        "state.joint_waiting_second_line",
        (*TO_JOINT, "accept_in_joint", "ask_second_line"),
    ),
    (
        lambda t: _step(t, "answer_first_line", who=["first_line_staff@first_line"]),
        "asked_cannot_answer",
        "state.first_waiting_requester",
        ("take", "ask_requester_from_first_line"),
    ),
    (
        lambda t: _clock(t, "closed", resolution="pause"),
        "closed_clock_lives",
        "state.closed.clocks.resolution",
        ("solve_at_once",),
    ),
    (
        lambda t: _clock(t, "first_active", contract="run"),
        "contract_elsewhere",
        "state.first_active.clocks.contract",
        ("take",),
    ),
    (
        lambda t: _clock(t, "second_received", acknowledgement="pause"),
        "acceptance_untimed",
        "state.second_received.clocks.acknowledgement",
        ("take", "escalate_to_second_line"),
    ),
    (
        lambda t: _clock(t, "second_active", acknowledgement="run"),
        "acceptance_elsewhere",
        "state.second_active.clocks.acknowledgement",
        ("take", "escalate_to_second_line", "accept_in_second_line"),
    ),
    (
        lambda t: _step(t, "escalate_to_second_line", effects=[]),
        "custody_missing",
        "transition.escalate_to_second_line.effects",
        ("take", "escalate_to_second_line"),
    ),
    (
        lambda t: _step(t, "take", effects=["assign_actor", "pass_to_tier"]),
        "custody_needless",
        "transition.take.effects",
        ("take",),
    ),
    (
        lambda t: _step(t, "escalate_to_second_line", effects=["pass_to_tier", "pass_back"]),
        "custody_twice",
        "transition.escalate_to_second_line.effects",
        ("take", "escalate_to_second_line"),
    ),
    (
        lambda t: _step(t, "escalate_to_second_line", effects=["pass_to_team"], needs=["team", "reason"]),
        "custody_astray",
        "transition.escalate_to_second_line.effects",
        ("take", "escalate_to_second_line"),
    ),
    (
        lambda t: _step(t, "recall", effects=["assign_actor", "pass_back"]),
        "custody_late",
        "transition.recall.effects",
        None,
    ),
    (
        a_shortcut,
        "tier_skipped",
        "transition.escalate_to_second_line.effects",
        ("take", "escalate_to_second_line"),
    ),
    (
        lambda t: _step(t, "escalate_to_second_line", to="second_active"),
        "lands_unreceived",
        "transition.escalate_to_second_line.to",
        ("take", "escalate_to_second_line"),
    ),
    (
        lambda t: _step(t, "return_to_first_line", to="first_received"),
        "lands_received",
        "transition.return_to_first_line.to",
        ("take", "escalate_to_second_line", "return_to_first_line"),
    ),
    (lambda t: _step(t, "take", to="first_received"), "received_from_nobody", "transition.take.to", ("take",)),
    (
        lambda t: _step(t, "take", verb="accept", effects=["accept_custody"]),
        "accepts_nothing",
        "transition.take.effects",
        ("take",),
    ),
    (
        lambda t: t["state"]["second_received"].update(category="waiting"),
        "received_astray",
        "state.second_received.received",
        None,
    ),
    (
        lambda t: _drop(t, "return_from_joint"),
        "handover_without_return",
        "transition.escalate_to_joint",
        TO_JOINT,
    ),
    (
        lambda t: _drop(t, "return_sideways"),
        "handover_without_return",
        "transition.hand_over_sideways",
        ("take", "escalate_to_second_line", "accept_in_second_line", "hand_over_sideways"),
    ),
    (
        lambda t: _drop(t, "accept_in_joint"),
        "handover_without_acceptance",
        "state.joint_received",
        TO_JOINT,
    ),
    (
        lambda t: _step(t, "recall", to="second_active"),
        "nobody_handed_over",
        "transition.recall.effects",
        (*TO_SUPPLIER, "recall"),
    ),
    (
        lambda t: _step(t, "order_from_supplier", needs=["reason"], effects=["pass_to_tier"]),
        "supplier_uninformed",
        "transition.order_from_supplier.effects",
        TO_SUPPLIER,
    ),
    (lambda t: _step(t, "take", who=[]), "nobody_may", "transition.take.who", None),
    (lambda t: _step(t, "take", who=["first_line_staff@joint"]), "nobody_may", "transition.take.who", None),
    (lambda t: _step(t, "take", who=["first_line_staff"]), "nobody_may", "transition.take.who", None),
    (lambda t: _step(t, "take", who=["operator"]), "nobody_may", "transition.take.who", None),
    (lambda t: _step(t, "take", who=["requester@first_line"]), "nobody_may", "transition.take.who", None),
    (
        lambda t: _step(t, "resolve_in_first_line", who=["supplier_agent@supplier"]),
        "out_of_reach",
        "transition.resolve_in_first_line.who",
        ("take",),
    ),
    (
        lambda t: _step(t, "propose_solution", who=["requester", "supplier_agent@supplier"]),
        "out_of_reach",
        "transition.propose_solution.who",
        (*TO_SUPPLIER, "accept_at_supplier"),
    ),
    (
        lambda t: _step(t, "accept_in_joint", who=["it_service_manager@joint", "local_it@second_line"]),
        "out_of_reach",
        "transition.accept_in_joint.who",
        TO_JOINT,
    ),
    (
        lambda t: _step(t, "resolve_in_first_line", sv="lös och avsluta direkt "),
        "same_label",
        "transition.resolve_in_first_line.sv",
        ("take",),
    ),
    (
        lambda t: _step(t, "resolve_in_first_line", en="Resolve and close at once"),
        "same_label",
        "transition.resolve_in_first_line.en",
        ("take",),
    ),
    (lambda t: _step(t, "take", effects=[]), "verb_broken", "transition.take.effects", ()),
    (
        lambda t: _step(t, "escalate_to_second_line", needs=["tried"]),
        "verb_broken",
        "transition.escalate_to_second_line.needs",
        ("take",),
    ),
    (lambda t: _step(t, "confirm", to="first_active"), "verb_broken", "transition.confirm.to", None),
    (
        lambda t: _step(t, "reopen", **{"from": ["first_active", "closed"]}),
        "verb_broken",
        "transition.reopen.from",
        ("take",),
    ),
    (lambda t: _step(t, "take", verb="remind"), "verb_broken", "transition.take.verb", ()),
    (
        lambda t: _step(t, "ask_first_line", needs=[]),
        "effect_without_need",
        "transition.ask_first_line.effects",
        None,
    ),
    (lambda t: _step(t, "take", needs=["team"]), "need_without_effect", "transition.take.needs", None),
    (
        no_moment_given,
        "until_not_given",
        "timed.resume_in_joint_after_change.at",
        (*TO_JOINT, "accept_in_joint", "wait_for_change_in_joint"),
    ),
    (a_guess, "scenario_illegal_step", "scenario.solved_at_the_first_contact.steps", ()),
    (a_misspelt_step, "scenario_unknown_step", "scenario.solved_at_the_first_contact.steps", ()),
    (
        back_to_another,
        "scenario_illegal_step",
        "scenario.solved_at_the_first_contact.steps",
        ("take", "escalate_to_second_line"),
    ),
    (
        lambda t: t["scenario"].pop("cancelled_as_a_duplicate"),
        "state_without_scenario",
        "state.cancelled",
        ("cancel_in_first_line",),
    ),
]


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
        guarantees(broken(lambda t: _drop(t, "recall")))
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
