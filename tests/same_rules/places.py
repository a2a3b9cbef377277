"""Where tickets can be: for every step of every workflow a shortest way to a place from which it can be taken."""

from dataclasses import dataclass
from functools import cache

from servicedesk import paths
from servicedesk.core.proof.walk import LONGEST_WAY_BACK, Place, after, beginning, leads_back
from servicedesk.core.vocabulary import Tier
from servicedesk.core.workflows.definition import Definition, Transition
from servicedesk.core.workflows.file import parse_workflow

Way = tuple[str, ...]

# Who acts at each tier; the requester's steps are recorded by the municipality's staff.
CAST = {
    Tier.FIRST_LINE: "first_line_lulea",
    Tier.SECOND_LINE: "second_line_lulea",
    Tier.JOINT: "it_service_manager",
    Tier.SUPPLIER: "supplier_technician",
}


@dataclass(frozen=True)
class Spot:
    """A place in a workflow, and the steps that lead a new ticket there."""

    workflow: str
    place: Place
    way: Way

    def is_seen_from(self, tier: Tier) -> bool:
        """Whether the tier has had the ticket on the way: what it has not had, it does not see."""
        return tier in (Tier.FIRST_LINE, Tier.SECOND_LINE, self.place.tier, *self.place.came_from)


@cache
def workflows() -> dict[str, Definition]:
    files = sorted(paths.workflows().glob("*.toml"))
    parsed = (parse_workflow(file.read_text(encoding="utf-8"), file.name) for file in files)
    return {definition.key: definition for definition in parsed}


@cache
def spots(workflow: str) -> tuple[Spot, ...]:
    """Every place that steps lead to, nearest first. What time does is left to other suites."""
    definition = workflows()[workflow]
    found = {beginning(definition): Spot(workflow, beginning(definition), ())}
    front = list(found.values())
    for spot in front:
        for step in definition.transitions.values():
            there = after(definition, spot.place, step) if can_leave(definition, spot.place, step) else spot.place
            if there not in found and len(there.came_from) <= LONGEST_WAY_BACK:
                found[there] = Spot(workflow, there, (*spot.way, step.key))
                front.append(found[there])
    return tuple(found.values())


def can_leave(definition: Definition, place: Place, step: Transition) -> bool:
    return place.state in step.from_states and leads_back(definition, place, step)


def spots_before(workflow: str, step: Transition) -> list[Spot]:
    """The nearest place in each state from which the step can be taken."""
    found: dict[str, Spot] = {}
    for spot in spots(workflow):
        if can_leave(workflows()[workflow], spot.place, step):
            found.setdefault(spot.place.state, spot)
    return list(found.values())


def spots_needed(workflow: str) -> set[Spot]:
    """One in each state, and one before each step."""
    nearest: dict[str, Spot] = {}
    for spot in spots(workflow):
        nearest.setdefault(spot.place.state, spot)
    steps = workflows()[workflow].transitions.values()
    return {*nearest.values(), *(spot for step in steps for spot in spots_before(workflow, step))}


def spot_at(tier: Tier, workflow: str = "citizen_incident") -> Spot:
    """The nearest place where a tier has accepted the ticket and works on it."""
    definition = workflows()[workflow]
    for spot in spots(workflow):
        state = definition.states[spot.place.state]
        if (state.tier, state.category, state.received) == (tier, "active", False):
            return spot
    raise LookupError(f"{workflow} never comes to {tier}")


def beginning_of(workflow: str = "citizen_incident") -> Spot:
    return spots(workflow)[0]


def performer(step: Transition) -> Tier:
    """The tier that takes the step: the first that it names."""
    return next(who.tier for who in step.who if who.tier)
