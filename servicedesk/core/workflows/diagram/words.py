"""The words of a picture, given by whoever shows it: core speaks no language of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from servicedesk.core.vocabulary import Category, Language, Tier
from servicedesk.core.workflows.definition import State, Step, Timed
from servicedesk.core.workflows.diagram.drawing import Sign


@dataclass(frozen=True, slots=True)
class PictureWords:
    """`when` says when a timed step is due; `from_row` is written under a step that leaves every state of a row."""

    language: Language
    tiers: Mapping[Tier, str]
    ended: str
    categories: Mapping[Category, str]
    received: str
    from_row: str
    when: Callable[[Timed], str]
    signs: Mapping[Sign, str]

    def kind(self, state: State) -> str:
        """What a state's colour says, in words."""
        return self.received if state.received else self.categories[state.category]

    def step(self, step: Step) -> str:
        label = step.labels[self.language]
        return f"{label} ({self.when(step)})" if isinstance(step, Timed) else label
