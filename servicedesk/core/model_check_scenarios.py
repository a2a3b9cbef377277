"""The golden paths: each can be walked, and together they come through every state."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from servicedesk.core.effects import PASSING_ON, Effect
from servicedesk.core.errors import Fault
from servicedesk.core.installation_file_entry import suggestion
from servicedesk.core.model_check_model import Model
from servicedesk.core.vocabulary import Tier
from servicedesk.core.workflow_definition import Scenario, Step


@dataclass(slots=True)
class Walk:
    """Where a scenario has come: the state, the holder's tier, and the tiers that a way back would lead to."""

    state: str
    tier: Tier | None
    came_from: list[Tier | None] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)


def scenarios_can_be_walked(model: Model) -> Iterator[Fault]:
    for scenario in model.definition.scenarios.values():
        yield from _walk(model, scenario)[1]


def scenarios_come_through_every_state(model: Model) -> Iterator[Fault]:
    seen = {s for scenario in model.definition.scenarios.values() for s in _walk(model, scenario)[0].seen}
    for key in model.definition.states:
        if key not in seen and key in model.ways_in:
            remedy = "Add the steps that lead there to a scenario."
            proof = model.way_in(key)
            yield model.fault("state_without_scenario", f"state.{key}", "is in no scenario.", remedy, proof)


def _walk(model: Model, scenario: Scenario) -> tuple[Walk, list[Fault]]:
    """As far as the steps are legal; at most one fault."""
    initial = model.state(model.definition.initial)
    walk = Walk(initial.key, initial.tier, seen=[initial.key])
    for key in scenario.steps:
        step = model.definition.step(key)
        stop = _unknown(model, key) if step is None else _illegal(model, walk, step)
        if step is None or stop:
            rule, problem, remedy = stop or ("", "", "")
            where = f"scenario.{scenario.key}.steps"
            return walk, [model.fault(rule, where, problem, remedy, tuple(walk.taken))]
        _take(model, walk, step)
    return walk, []


def _unknown(model: Model, key: str) -> tuple[str, str, str]:
    known = [step.step for step in model.definition.steps()]
    return "scenario_unknown_step", f'has "{key}", which is no step.', suggestion(key, known)


def _illegal(model: Model, walk: Walk, step: Step) -> tuple[str, str, str] | None:
    if walk.state not in step.from_states:
        known = ", ".join(s.step for s in model.definition.steps_from(walk.state))
        problem = f'has "{step.step}" in {walk.state}, which it does not leave.'
        return "scenario_illegal_step", problem, f"From {walk.state} lead: {known}." if known else ""
    back_to = model.state(step.target(walk.state)).tier
    if Effect.PASS_BACK in step.effects and walk.came_from[-1:] != [back_to]:
        came_from = walk.came_from[-1] if walk.came_from else "nobody"
        problem = f'has "{step.step}" in {walk.state}, but {came_from} handed the ticket over.'
        return "scenario_illegal_step", problem, "Return it to the tier that it came from."
    return None


def _take(model: Model, walk: Walk, step: Step) -> None:
    to = model.state(step.target(walk.state))
    tier = to.tier or walk.tier
    if Effect.PASS_BACK in step.effects:
        walk.came_from.pop()
    elif Effect.PASS_TO_TEAM in step.effects or (not PASSING_ON.isdisjoint(step.effects) and tier is not walk.tier):
        walk.came_from.append(walk.tier)
    walk.state, walk.tier = to.key, tier
    walk.taken.append(step.step)
    walk.seen.append(to.key)
