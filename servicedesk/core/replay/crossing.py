"""Tickets of one version of a workflow seen through a changed one: which state stands for which, and what does not fit.

A ticket keeps the names of the states that it was in; what these declare is the changed workflow's. Nothing is guessed:
what the changed workflow has no place for does not fit, and is named.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from servicedesk.core.amended import amended
from servicedesk.core.events import Event, Moved, Payload, TicketLogged, WorkflowChanged
from servicedesk.core.versions.obstacles import unmapped
from servicedesk.core.vocabulary import Category, Verb
from servicedesk.core.workflows.definition import Definition, State

# A state may come to wait, or to be worked in: that is what one asks about. New, resolved and closed stay as they are.
IN_HAND = frozenset({Category.ACTIVE, Category.WAITING})


@dataclass(frozen=True, slots=True)
class Misfit:
    """The first event of a ticket that the changed workflow has no place for."""

    seq: int
    kind: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Crossing:
    """`definition`: the old version with the changed one's states under the old names. `why_not`: state -> why nothing
    stands for it."""

    definition: Definition
    new: Definition
    why_not: Mapping[str, str]

    def misfit(self, event: Event) -> str:
        """Why the event does not fit; '' when it does."""
        for state in _states(event.payload):
            if state in self.why_not:
                return self.why_not[state]
        data = event.payload
        # A reminder changes nothing, and what another system did asked no workflow of ours.
        if not isinstance(data, Moved) or event.observed or data.verb is Verb.REMIND:
            return ""
        here, there = (self.definition.states[state].key for state in (data.from_state, data.to_state))
        if any(step.verb is data.verb and step.target(here) == there for step in self.new.steps_from(here)):
            return ""
        return f"no step {data.verb} leads from {here} to {there}."


def crossing_of(old: Definition, new: Definition, named: Mapping[str, str]) -> Crossing:
    states, why_not = {}, {}
    for key, state in old.states.items():
        there = new.states.get(named.get(key, key))
        why = _apart(state, there, new)
        if there is None or why:
            why_not[key] = why
        else:
            states[key] = there
    return Crossing(replace(old, states=states), new, why_not)


def first_misfit(events: Iterable[Event], crossing: Callable[[str], Crossing | None]) -> Misfit | None:
    """In the order in which things happened, each as it was last corrected."""
    version = ""
    for event in amended(list(events)):
        if isinstance(event.payload, TicketLogged | WorkflowChanged):
            version = event.payload.workflow_version
        through = crossing(version)
        why = through.misfit(event) if through else ""
        if why:
            return Misfit(event.seq, event.kind, event.occurred_at, why)
    return None


def _states(data: Payload) -> Iterable[str]:
    """The states of its version that an event names."""
    if isinstance(data, WorkflowChanged):
        return (data.state,)
    return (state for name in ("from_state", "to_state", "state") if (state := getattr(data, name, "")))


def _apart(here: State, there: State | None, new: Definition) -> str:
    """Why the one state cannot stand for the other."""
    if there is None:
        return unmapped(here.key, new).sentence
    if there.tier is not here.tier:
        one, other = (state.tier or "whoever had the ticket" for state in (here, there))
        return f"{here.key} belongs to {one}, and {there.key} of the changed workflow to {other}."
    if there.category is not here.category and not {there.category, here.category} <= IN_HAND:
        return f"{here.key} is {here.category}, and {there.key} of the changed workflow {there.category}."
    if there.received is not here.received:
        return f"only one of {here.key} and {there.key} of the changed workflow is yet to be accepted."
    return ""
