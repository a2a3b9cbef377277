"""Every state can be reached, and from every state a ticket can be closed, whoever falls silent."""

from collections.abc import Iterable, Iterator

from servicedesk.core.errors import Fault
from servicedesk.core.proof.model import Edge, Model, handing_tiers, paths_from, paths_to
from servicedesk.core.proof.walk import Path
from servicedesk.core.vocabulary import Role
from servicedesk.core.workflows.effects import Effect

ADD_A_WAY_OUT = "Add a step that leads on towards a closed state."
# Who may fall silent for ever: nobody in the municipalities or the joint organisation can make them act.
OUTSIDERS: tuple[tuple[str, frozenset[Role], str], ...] = (
    ("left_to_supplier", frozenset({Role.SUPPLIER_AGENT}), "the supplier"),
    ("left_to_requester", frozenset({Role.REQUESTER}), "the requester"),
    ("left_to_outsiders", frozenset({Role.SUPPLIER_AGENT, Role.REQUESTER}), "the supplier or the requester"),
)


def every_state_is_reachable(model: Model) -> Iterator[Fault]:
    for key in model.definition.states:
        if key not in model.ways_in:
            into = [edge.source for edge in model.edges if edge.target == key and edge.source != key]
            why = f"only {', '.join(sorted(set(into)))} leads to it" if into else "no step leads to it"
            remedy = "Add a step that leads there, or remove the state."
            yield model.fault("unreachable", f"state.{key}", f"can never be reached: {why}.", remedy)


def closing_is_reachable(model: Model) -> Iterator[Fault]:
    if not model.closed():
        remedy = 'Give one state category = "closed".'
        yield model.fault("no_closed_state", "state", "has no closed state: no ticket could ever end.", remedy)
        return
    ways_out = paths_to(model.edges, model.closed())
    stuck = [key for key in model.definition.states if key not in ways_out]
    in_cycles: set[str] = set()
    for key in stuck:
        if key not in in_cycles:
            cycle = _endless_cycle(model, key)
            in_cycles |= set(cycle)
            yield _stuck(model, key, cycle)


def _stuck(model: Model, key: str, cycle: dict[str, Path]) -> Fault:
    if cycle:
        around = ", ".join(cycle)
        problem = f"is in a cycle without exit: {around}."
        back = next(
            (*path, edge.step.step)
            for state, path in cycle.items()
            for edge in model.from_state(state)
            if edge.target == key and edge.source != key
        )
        return model.fault("endless_cycle", f"state.{key}", problem, ADD_A_WAY_OUT, (*model.way_in(key), *back))
    leaving = [edge for edge in model.from_state(key) if edge.target != key]
    problem = "leads only to states that cannot be closed." if leaving else "is a dead end: no step leaves it."
    rule = "no_way_to_close" if leaving else "dead_end"
    return model.fault(rule, f"state.{key}", problem, ADD_A_WAY_OUT, model.way_in(key))


def _endless_cycle(model: Model, key: str) -> dict[str, Path]:
    """The states of the cycle that a stuck state is caught in, with paths from it; empty when it only leads to one."""
    within = paths_from(model.edges, key)
    caught = len(within) > 1 and all(key in paths_from(model.edges, state) for state in within)
    return within if caught else {}


def closing_needs_no_outsider(model: Model) -> Iterator[Fault]:
    """Also past every guard: a guard may refuse for ever, so no way out may depend on one."""
    can_close = paths_to(model.edges, model.closed())
    firm = [edge for edge in model.edges if is_firm(model, edge)]
    for key in model.definition.states:
        if key in can_close:
            yield from _dependent(model, key, firm)


def _dependent(model: Model, key: str, firm: list[Edge]) -> Iterator[Fault]:
    where, way_in = f"state.{key}", model.way_in(key)
    if key not in paths_to(firm, model.closed()):
        problem = "can be closed only past a guard, and a guard may refuse for ever."
        yield model.fault("guard_in_the_way", where, problem, "Add a way out without guards.", way_in)
        return
    for rule, outsiders, name in OUTSIDERS:
        if key not in paths_to(without(firm, outsiders), model.closed()):
            problem = f"can be closed only if {name} acts, who may stay silent for ever."
            remedy = "Add a timed step, or one by a role of the municipality or the joint organisation."
            yield model.fault(rule, where, problem, remedy, way_in)
            return


def without(edges: Iterable[Edge], roles: frozenset[Role]) -> list[Edge]:
    """The edges that somebody else than these roles may take as well."""
    return [edge for edge in edges if not {who.role for who in edge.step.who} <= roles]


def is_firm(model: Model, edge: Edge) -> bool:
    """No guard, and a way back only where there is no other tier that the ticket can have come from."""
    if edge.step.guards:
        return False
    if Effect.PASS_BACK not in edge.step.effects:
        return True
    back_to = model.tiers[edge.target]
    return all(handing_tiers(model, tier) == back_to for tier in model.tiers[edge.source])
