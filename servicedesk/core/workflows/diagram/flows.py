"""Which steps share an arrow: those between the same two states, people's apart from time's.

A step that leaves every state of a row is drawn once, from the row's frame. A step that leaves the state as it is
(taking over, a reminder) is told inside its box.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from servicedesk.core.vocabulary import Verb
from servicedesk.core.workflows.definition import Definition, Step, Timed
from servicedesk.core.workflows.diagram.places import Plan
from servicedesk.core.workflows.effects import Effect


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """`row` is set when the steps leave every state of that row, else None and there is one source."""

    sources: tuple[str, ...]
    target: str
    steps: tuple[Step, ...]
    row: int | None = None

    @property
    def source(self) -> str:
        return self.sources[0]

    @property
    def is_timed(self) -> bool:
        return isinstance(self.steps[0], Timed)

    @property
    def is_back(self) -> bool:
        return all(Effect.PASS_BACK in step.effects or step.verb is Verb.REOPEN for step in self.steps)


def flows_of(definition: Definition, plan: Plan) -> list[Flow]:
    grouped: dict[tuple[tuple[str, ...], str, int | None, bool], list[Step]] = {}
    for step in definition.steps():
        for sources, target, row in _leaving(step, plan):
            grouped.setdefault((sources, target, row, isinstance(step, Timed)), []).append(step)
    return [Flow(sources, target, tuple(steps), row) for (sources, target, row, _), steps in grouped.items()]


def staying(definition: Definition, state: str) -> tuple[Step, ...]:
    """The steps that leave a ticket in the state."""
    return tuple(step for step in definition.steps_from(state) if step.target(state) == state)


def _leaving(step: Step, plan: Plan) -> Iterator[tuple[tuple[str, ...], str, int | None]]:
    left = [state for state in dict.fromkeys(step.from_states) if step.target(state) != state]
    for row in range(len(plan.rows)):
        members = plan.members(row)
        here = [state for state in left if plan.places[state].row == row]
        if len(here) > 1 and len(here) == len(members):
            yield tuple(members), step.to, row
        else:
            yield from (((state,), step.to, None) for state in here)
