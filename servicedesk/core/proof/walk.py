"""Walking a definition the way a ticket does: by states, and with the way back that custody leaves behind."""

from dataclasses import dataclass

from servicedesk.core.vocabulary import Tier
from servicedesk.core.workflows.definition import Definition, Step
from servicedesk.core.workflows.effects import PASSING_ON, Effect

Path = tuple[str, ...]

# Enough for the way up the whole chain and one hand-over more; a shortest path never needs a longer way back.
LONGEST_WAY_BACK = len(Tier) + 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ticket is: its state, the holder's tier, and the tiers that handed it over, last at the end."""

    state: str
    tier: Tier | None
    came_from: tuple[Tier | None, ...] = ()


def beginning(definition: Definition) -> Place:
    return Place(definition.initial, definition.states[definition.initial].tier)


def leads_back(definition: Definition, place: Place, step: Step) -> bool:
    """False for a way back to a tier that did not hand the ticket over; true for every other step."""
    back_to = definition.states[step.target(place.state)].tier
    return Effect.PASS_BACK not in step.effects or place.came_from[-1:] == (back_to,)


def after(definition: Definition, place: Place, step: Step) -> Place:
    """The place that a step leads to; the step must leave the place's state, and a way back must lead back."""
    state = step.target(place.state)
    tier = definition.states[state].tier or place.tier
    came_from = place.came_from
    if Effect.PASS_BACK in step.effects:
        came_from = came_from[:-1]
    elif Effect.PASS_TO_TEAM in step.effects or (not PASSING_ON.isdisjoint(step.effects) and tier is not place.tier):
        came_from = (*came_from, place.tier)
    return Place(state, tier, came_from)


def shortest_ways(definition: Definition) -> dict[str, Path]:
    """A shortest path that a ticket can really take to each state; states it can never be in are left out."""
    start = beginning(definition)
    ways: dict[Place, Path] = {start: ()}
    front = [start]
    for place in front:
        for step in definition.steps_from(place.state):
            if leads_back(definition, place, step):
                there = after(definition, place, step)
                if there not in ways and len(there.came_from) <= LONGEST_WAY_BACK:
                    ways[there] = (*ways[place], step.step)
                    front.append(there)
    shortest: dict[str, Path] = {}
    for place, way in ways.items():
        shortest.setdefault(place.state, way)
    return shortest
