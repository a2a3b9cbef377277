"""What changes for a ticket that goes from a state of one version to a state of another: said before it is done."""

from collections.abc import Iterator

from servicedesk.core.workflows.definition import STATED, Definition, State


def differences(old: Definition, state: str, new: Definition, target: str) -> list[str]:
    here, there = old.states[state], new.states[target]
    return [*_declared(here, there), *_steps(old, state, new, target)]


def _declared(here: State, there: State) -> Iterator[str]:
    for name, one, other in (
        ("category", here.category, there.category),
        ("tier", here.tier, there.tier),
        ("waits on", here.waits_on, there.waits_on),
        ("TMF621 status", here.tmf621, there.tmf621),
        *((f"{metric} clock", here.clocks[metric], there.clocks[metric]) for metric in STATED),
    ):
        if one is not other:
            yield f"{name}: {one or 'none'} -> {other or 'none'}"


def _steps(old: Definition, state: str, new: Definition, target: str) -> Iterator[str]:
    had = {step.step for step in old.steps_from(state)}
    has = {step.step for step in new.steps_from(target)}
    if gained := [step.step for step in new.steps_from(target) if step.step not in had]:
        yield f"new steps: {', '.join(gained)}"
    if lost := [step.step for step in old.steps_from(state) if step.step not in has]:
        yield f"steps no longer there: {', '.join(lost)}"
