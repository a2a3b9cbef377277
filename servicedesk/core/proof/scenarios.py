"""The golden paths: each can be walked, and together they come through every state."""

from collections.abc import Iterator

from servicedesk.core.errors import Fault
from servicedesk.core.installations.entry import suggestion
from servicedesk.core.proof.model import Model
from servicedesk.core.proof.walk import Place, after, beginning, leads_back
from servicedesk.core.workflows.definition import Scenario, Step


def scenarios_can_be_walked(model: Model) -> Iterator[Fault]:
    for scenario in model.definition.scenarios.values():
        _, faults = _walk(model, scenario)
        yield from faults


def scenarios_come_through_every_state(model: Model) -> Iterator[Fault]:
    seen = {state for scenario in model.definition.scenarios.values() for state in _walk(model, scenario)[0]}
    for key in model.definition.states:
        if key not in seen and key in model.ways_in:
            remedy = "Add the steps that lead there to a scenario."
            proof = model.way_in(key)
            yield model.fault("state_without_scenario", f"state.{key}", "is in no scenario.", remedy, proof)


def _walk(model: Model, scenario: Scenario) -> tuple[list[str], list[Fault]]:
    """The states it comes through as far as its steps are legal, and what stopped it, if anything."""
    place = beginning(model.definition)
    seen = [place.state]
    for number, key in enumerate(scenario.steps):
        step = model.definition.step(key)
        stop = _unknown(model, key) if step is None else _illegal(model, place, step)
        if step is None or stop:
            rule, problem, remedy = stop or _unknown(model, key)
            where = f"scenario.{scenario.key}.steps"
            return seen, [model.fault(rule, where, problem, remedy, scenario.steps[:number])]
        place = after(model.definition, place, step)
        seen.append(place.state)
    return seen, []


def _unknown(model: Model, key: str) -> tuple[str, str, str]:
    known = [step.step for step in model.definition.steps()]
    return "scenario_unknown_step", f'has "{key}", which is no step.', suggestion(key, known)


def _illegal(model: Model, place: Place, step: Step) -> tuple[str, str, str] | None:
    if place.state not in step.from_states:
        known = ", ".join(s.step for s in model.definition.steps_from(place.state))
        problem = f'has "{step.step}" in {place.state}, which it does not leave.'
        return "scenario_illegal_step", problem, f"From {place.state} lead: {known}." if known else "End it there."
    if not leads_back(model.definition, place, step):
        came_from = place.came_from[-1] if place.came_from else "nobody"
        problem = f'has "{step.step}" in {place.state}, but {came_from} handed the ticket over.'
        return "scenario_illegal_step", problem, "Return it to the tier that it came from."
    return None
