"""A definition as a graph: its edges, a shortest way to every state, and at which tiers a ticket can be in each."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from servicedesk.core.errors import Fault
from servicedesk.core.proof.walk import Path, shortest_ways
from servicedesk.core.vocabulary import Category, Tier
from servicedesk.core.workflows.definition import Definition, State, Step
from servicedesk.core.workflows.effects import PASSING_ON, Effect


@dataclass(frozen=True, slots=True)
class Edge:
    step: Step
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Model:
    """`ways_in`: a shortest path of steps by which a ticket comes into each state that can be reached.

    `tiers`: where the holder can be in a state; more than one only where the state declares none.
    """

    definition: Definition
    edges: tuple[Edge, ...]
    ways_in: dict[str, Path]
    tiers: dict[str, frozenset[Tier]]

    def fault(self, rule: str, key: str, problem: str, remedy: str, proof: Path = ()) -> Fault:
        return Fault(self.definition.file, key, problem, remedy, proof, rule)

    def way_in(self, state: str) -> Path:
        return self.ways_in.get(state, ())

    def state(self, key: str) -> State:
        return self.definition.states[key]

    def closed(self) -> set[str]:
        return {key for key, state in self.definition.states.items() if state.category is Category.CLOSED}

    def from_state(self, key: str) -> list[Edge]:
        return [edge for edge in self.edges if edge.source == key]


def model_of(definition: Definition) -> Model:
    edges = tuple(Edge(step, source, step.target(source)) for step in definition.steps() for source in step.from_states)
    return Model(definition, edges, shortest_ways(definition), _tiers(definition, edges))


def paths_from(edges: Iterable[Edge], start: str) -> dict[str, Path]:
    """Breadth first: a shortest path to every state that can be reached; the start's is empty."""
    return _search([(edge.source, edge.target, edge.step.step) for edge in edges], {start}, forwards=True)


def paths_to(edges: Iterable[Edge], goals: Collection[str]) -> dict[str, Path]:
    """A shortest path from every state from which one of the goals can be reached; a goal's is empty."""
    return _search([(edge.target, edge.source, edge.step.step) for edge in edges], goals, forwards=False)


def _search(links: list[tuple[str, str, str]], starts: Collection[str], *, forwards: bool) -> dict[str, Path]:
    paths: dict[str, Path] = dict.fromkeys(starts, ())
    edge_of_search = list(starts)
    for here in edge_of_search:
        for source, target, step in links:
            if source == here and target not in paths:
                paths[target] = (*paths[here], step) if forwards else (step, *paths[here])
                edge_of_search.append(target)
    return paths


def _tiers(definition: Definition, edges: Iterable[Edge]) -> dict[str, frozenset[Tier]]:
    """A state without a tier takes over those it is entered from, until nothing changes."""
    tiers = {key: frozenset({state.tier} if state.tier else ()) for key, state in definition.states.items()}
    open_ended = [edge for edge in edges if definition.states[edge.target].tier is None]
    changed = True
    while changed:
        changed = False
        for edge in open_ended:
            grown = tiers[edge.target] | tiers[edge.source]
            changed = changed or grown != tiers[edge.target]
            tiers[edge.target] = grown
    return tiers


def handing_tiers(model: Model, tier: Tier) -> frozenset[Tier]:
    """The tiers from which a ticket is passed on to this one; sideways counts as the tier itself."""
    found = frozenset[Tier]()
    for edge in model.edges:
        if not PASSING_ON.isdisjoint(edge.step.effects) and model.state(edge.target).tier is tier:
            sideways = Effect.PASS_TO_TEAM in edge.step.effects
            found |= {tier} if sideways else model.tiers[edge.source] - {tier}
    return found
