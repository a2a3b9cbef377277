"""Where each state stands: the row of its tier, and in it the column of what it is.

A tier works the same way everywhere: tickets come in on the left, are worked on in the middle, and wait on the right.
The middle is the state that most steps touch, the hub. What is resolved or closed stands apart at the right edge.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from servicedesk.core.vocabulary import Category, Tier
from servicedesk.core.workflows.definition import Definition, State

ENDED = "ended"
ENTRY, HUB, WAITING, END = range(4)
ENDS = (Category.RESOLVED, Category.CLOSED)


@dataclass(frozen=True, slots=True)
class Place:
    row: int
    column: int
    position: int
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """`rows`: tiers in chain order, then ENDED if anything ends; row -> column -> states from top to bottom."""

    rows: tuple[str, ...]
    columns: tuple[dict[int, list[str]], ...]
    places: dict[str, Place]

    def members(self, row: int) -> list[str]:
        return [state for states in self.columns[row].values() for state in states]

    def end_row(self) -> int | None:
        return len(self.rows) - 1 if self.rows[-1] == ENDED else None

    @property
    def tiers(self) -> int:
        """How many rows are tiers."""
        return len(self.rows) - (self.end_row() is not None)


def plan_of(definition: Definition) -> Plan:
    by_row: dict[str, list[State]] = {}
    for state in definition.states.values():
        by_row.setdefault(_row_of(state), []).append(state)
    rows = tuple(row for row in (*map(str, Tier), ENDED) if row in by_row)
    columns = tuple(_columns(definition, by_row[row]) for row in rows)
    places = {
        state: Place(row, column, position, position == 0, position == len(states) - 1)
        for row, stacks in enumerate(columns)
        for column, states in stacks.items()
        for position, state in enumerate(states)
    }
    return Plan(rows, columns, places)


def _row_of(state: State) -> str:
    return ENDED if state.category in ENDS or state.tier is None else str(state.tier)


def _columns(definition: Definition, states: list[State]) -> dict[int, list[str]]:
    if _row_of(states[0]) == ENDED:
        ordered = sorted(states, key=lambda state: list(Category).index(state.category))
        return {END: [state.key for state in ordered]}
    working = [state for state in states if state.category is not Category.WAITING]
    hub = max(working, key=lambda state: _touched(definition, state.key), default=None)
    columns = {
        ENTRY: _keys(state for state in working if state is not hub),
        HUB: [hub.key] if hub else [],
        WAITING: _keys(state for state in states if state.category is Category.WAITING),
    }
    return {column: keys for column, keys in columns.items() if keys}


def _keys(states: Iterable[State]) -> list[str]:
    return [state.key for state in states]


def _touched(definition: Definition, state: str) -> int:
    return sum((state in step.from_states) + (step.to == state) * len(step.from_states) for step in definition.steps())
