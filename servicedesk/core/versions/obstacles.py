"""What stands in the way of moving a ticket to a state of another version. Nothing is guessed, nothing is lost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from servicedesk.core.proof.walk import LONGEST_WAY_BACK, Place, after, leads_back
from servicedesk.core.ticket import TicketState
from servicedesk.core.versions.memory import Memories, remembered
from servicedesk.core.vocabulary import Category, Role, Tier, Verb
from servicedesk.core.workflows.definition import Definition, State, Timed
from servicedesk.core.workflows.effects import Effect

# A ticket keeps its kind; only a wait for nothing in particular may end, since work can always be taken up.
SUCCEEDS: dict[Category, frozenset[Category]] = {
    Category.NEW: frozenset({Category.NEW}),
    Category.ACTIVE: frozenset({Category.ACTIVE}),
    Category.WAITING: frozenset({Category.WAITING, Category.ACTIVE}),
    Category.RESOLVED: frozenset({Category.RESOLVED}),
    Category.CLOSED: frozenset(),
}
OUTSIDERS = frozenset({Role.SUPPLIER_AGENT, Role.REQUESTER})


@dataclass(frozen=True, slots=True)
class Obstacle:
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Crossing:
    """From a state of the old definition to one of the new; `relies_on` is what the new one's states rely on."""

    old: Definition
    new: Definition
    target: str
    relies_on: Mapping[str, Memories]


def obstacles(ticket: TicketState, crossing: Crossing) -> Iterator[Obstacle]:
    """Everything that speaks against it; nothing when the ticket can go on there as if it had come by a step."""
    here, there = crossing.old.states[ticket.state], crossing.new.states[crossing.target]
    yield from _kind(ticket, here, there)
    yield from _lost(ticket, crossing, there)
    for memory in sorted(crossing.relies_on[crossing.target] - remembered(ticket)):
        yield Obstacle("memory_missing", f"{there.key} relies on {memory}, which the ticket has not.")
    yield from _ways_on(ticket, crossing, there)


def unmapped(state: str, new: Definition) -> Obstacle:
    why = "is declared otherwise in the new version" if state in new.states else "is no state of the new version"
    return Obstacle("not_mapped", f"{state} {why}, and the map does not say what becomes of it: --map {state}=…")


def _kind(ticket: TicketState, here: State, there: State) -> Iterator[Obstacle]:
    holder = ticket.holder.tier
    if there.tier is not None and there.tier is not holder:
        yield Obstacle("other_tier", f"{there.key} belongs to {there.tier}, and the ticket is with {holder}.")
    if there.category not in SUCCEEDS[here.category]:
        yield Obstacle("other_category", f"{here.key} is {here.category}, {there.key} is {there.category}.")
    if there.received == ticket.accepted:
        said = "has been accepted" if ticket.accepted else "is yet to be accepted"
        yield Obstacle("other_acceptance", f"the ticket {said}, and {there.key} says otherwise.")
    if there.category is here.category and there.waits_on is not here.waits_on:
        yield Obstacle("other_wait", f"{here.key} waits on {here.waits_on}, {there.key} on {there.waits_on}.")


def _lost(ticket: TicketState, crossing: Crossing, there: State) -> Iterator[Obstacle]:
    """What the ticket waits for must not be forgotten on the way."""
    steps = list(crossing.new.steps_from(there.key))
    if ticket.question is not None and not any(Effect.RECORD_ANSWER in step.effects for step in steps):
        yield Obstacle("question_lost", f"its question is open, and in {there.key} nobody can answer it.")
    if ticket.resume_at is not None and not any(isinstance(step, Timed) and step.until for step in steps):
        yield Obstacle("moment_lost", f"it waits for a moment, and in {there.key} nothing happens then.")


def _ways_on(ticket: TicketState, crossing: Crossing, there: State) -> Iterator[Obstacle]:
    back_to = ticket.handed_over_by[-1].tier if ticket.handed_over_by else None
    had, has = _back(crossing.old, ticket.state), _back(crossing.new, there.key)
    if back_to is not None and back_to in had and back_to not in has:
        yield Obstacle("way_back_lost", f"it can be given back to {back_to} now, and not from {there.key}.")
    if _reopens(crossing.old, ticket.state) and not _reopens(crossing.new, there.key):
        yield Obstacle("not_reopenable", f"it can be reopened now, and not from {there.key}.")
    came_from = tuple(holder.tier for holder in ticket.handed_over_by)
    if not can_be_closed(crossing.new, Place(there.key, ticket.holder.tier, came_from)):
        yield Obstacle("stranded", f"from {there.key} it could not be closed, having come the way it did.")


def _back(definition: Definition, state: str) -> set[Tier | None]:
    steps = definition.steps_from(state)
    return {definition.states[step.target(state)].tier for step in steps if Effect.PASS_BACK in step.effects}


def _reopens(definition: Definition, state: str) -> bool:
    return any(step.verb is Verb.REOPEN for step in definition.steps_from(state))


def can_be_closed(definition: Definition, start: Place) -> bool:
    """Whether a ticket at a place can be closed by people of the municipalities and the joint organisation, or by time,
    past no guard: what the check has proved of tickets that began in this version, asked of one that did not."""
    front, seen = [start], {start}
    for place in front:
        if definition.states[place.state].category is Category.CLOSED:
            return True
        for step in definition.steps_from(place.state):
            if step.guards or {who.role for who in step.who} <= OUTSIDERS or not leads_back(definition, place, step):
                continue
            there = after(definition, place, step)
            if there not in seen and len(there.came_from) <= len(start.came_from) + LONGEST_WAY_BACK:
                seen.add(there)
                front.append(there)
    return False
