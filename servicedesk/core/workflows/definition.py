"""What a workflow file says, as frozen values: `file` reads it, core.proof proves it, `engine` runs it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from servicedesk.core.vocabulary import (
    Category,
    ClockEffect,
    Language,
    Metric,
    Need,
    Role,
    Tier,
    TmfStatus,
    Verb,
    WaitsOn,
)
from servicedesk.core.workflows.effects import Effect
from servicedesk.core.workflows.guards import Guard

TIMED = "timed:"

Labels = Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Who:
    """A role at its tier; the requester and the scheduler sit at none."""

    role: Role
    tier: Tier | None = None

    def __str__(self) -> str:
        return f"{self.role}@{self.tier}" if self.tier else str(self.role)


# What a state says of each clock; an update runs as the promise that it belongs to.
STATED = tuple(metric for metric in Metric if metric is not Metric.UPDATE)


@dataclass(frozen=True, slots=True)
class State:
    """`tier` is the holder's; None in a resolved or closed state means that whoever had the ticket keeps it.

    `received`: handed over and not yet accepted. `waits_on` is set in waiting states only.
    """

    key: str
    labels: Labels
    category: Category
    tier: Tier | None
    tmf621: TmfStatus
    clocks: dict[Metric, ClockEffect]
    received: bool = False
    waits_on: WaitsOn | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """A step that somebody takes. Effects apply in the order in which they are declared."""

    key: str
    verb: Verb
    from_states: tuple[str, ...]
    to: str
    labels: Labels
    who: tuple[Who, ...]
    needs: tuple[Need, ...] = ()
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()

    @property
    def step(self) -> str:
        return self.key

    @property
    def table(self) -> str:
        """Where it stands in its file."""
        return f"transition.{self.key}"

    def target(self, state: str) -> str:
        return self.to


@dataclass(frozen=True, slots=True)
class Timed:
    """A step that time takes: after `seconds` open on `calendar` in the state, or (`until`) at the moment once given.

    `to` is empty for a reminder, which leaves the state as it is.
    """

    key: str
    verb: Verb
    from_states: tuple[str, ...]
    to: str
    labels: Labels
    seconds: int
    calendar: str
    until: bool = False
    effects: tuple[Effect, ...] = ()

    @property
    def step(self) -> str:
        return f"{TIMED}{self.key}"

    @property
    def table(self) -> str:
        return f"timed.{self.key}"

    @property
    def who(self) -> tuple[Who, ...]:
        return (Who(Role.SCHEDULER),)

    @property
    def needs(self) -> tuple[Need, ...]:
        return ()

    @property
    def guards(self) -> tuple[Guard, ...]:
        return ()

    def target(self, state: str) -> str:
        return self.to or state


Step = Transition | Timed


@dataclass(frozen=True, slots=True)
class Scenario:
    """A golden path from the initial state: keys of steps, timed ones as `timed:key`."""

    key: str
    labels: Labels
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """One version of a workflow. `version` is the hash of `content`, the canonical JSON of everything it says:
    comments and spacing make no new version. Two definitions are equal when their versions are."""

    key: str
    labels: Labels
    initial: str
    states: Mapping[str, State]
    transitions: Mapping[str, Transition]
    timed: Mapping[str, Timed]
    scenarios: Mapping[str, Scenario]
    content: str
    version: str
    source: str = field(repr=False)
    file: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Definition) and other.version == self.version

    def __hash__(self) -> int:
        return hash(self.version)

    def steps(self) -> Iterator[Step]:
        """Every step, in declared order, timed ones last."""
        yield from self.transitions.values()
        yield from self.timed.values()

    def steps_from(self, state: str) -> Iterator[Step]:
        return (step for step in self.steps() if state in step.from_states)

    def step(self, key: str) -> Step | None:
        """A transition by its key, a timed step by `timed:key`."""
        if key.startswith(TIMED):
            return self.timed.get(key.removeprefix(TIMED))
        return self.transitions.get(key)
