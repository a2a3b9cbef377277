"""One act on many tickets: what it would do to each of them, or why it cannot be done, found out before it is done.

An act is a step of the tickets' workflows, by its key, or one of the few things that are done outside them. What can be
taken back is told of each: a step that only moves the work about can, one that somebody outside was told of cannot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from servicedesk.core.changing import new_priority, require_assignable
from servicedesk.core.custody import next_holder
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.rights import Right, has_right, require
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Category, Level, Need, Verb
from servicedesk.core.workflows import engine
from servicedesk.core.workflows.definition import Definition, Step
from servicedesk.core.workflows.effects import PASSING_ON, Effect
from servicedesk.core.workflows.parties import Parties

# A page of the queue.
MOST = 50
# So long can a batch be taken back.
UNDO_WITHIN = timedelta(minutes=10)
STEP = "step:"
UNDO = "undo:"

_MOVES_WORK = frozenset({Verb.TAKE, Verb.ACCEPT, Verb.HAND_OVER})
_LEAVES_NO_TRACE = PASSING_ON | {Effect.ACCEPT_CUSTODY, Effect.ASSIGN_ACTOR, Effect.CLEAR_ASSIGNEE}


class Kind(StrEnum):
    """What is done outside the workflows."""

    ASSIGN = "assign"
    PRIORITY = "priority"
    NOTE = "note"
    NOTE_TO_JOINT = "note_to_joint"


RIGHTS = {
    Kind.ASSIGN: Right.ASSIGN,
    Kind.PRIORITY: Right.CHANGE_PRIORITY,
    Kind.NOTE: Right.NOTE,
    Kind.NOTE_TO_JOINT: Right.NOTE_TO_JOINT,
}


@dataclass(frozen=True, slots=True)
class Act:
    """`name`: a Kind, or STEP with the key of a step. `given`: what a person wrote and chose for all of the tickets."""

    name: str
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def step(self) -> str:
        """'' where it is no step."""
        return self.name.removeprefix(STEP) if self.name.startswith(STEP) else ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Of one ticket: its state, holder, assignee and priority afterwards, None where they stay. `faults`: what is still
    to be said, by field."""

    state: str | None = None
    team: str | None = None
    assignee: str | None = None
    priority: int | None = None
    can_undo: bool = False
    faults: Mapping[str, Sequence[str]] = field(default_factory=dict)


def acts_on(ticket: TicketState, actor: Actor, definition: Definition, parties: Parties) -> list[str]:
    """The names of what this actor can do to a ticket now, the most likely first."""
    steps = [f"{STEP}{o.step.step}" for o in engine.options(definition, ticket, actor, parties) if not o.refusal]
    return steps + [str(kind) for kind, right in RIGHTS.items() if has_right(right, ticket, actor)]


def foresee(
    act: Act, ticket: TicketState, actor: Actor, definition: Definition, installation: Installation, parties: Parties
) -> Foreseen:
    """Refusal says why this ticket stays as it is. What is not said yet is no refusal: see `faults`."""
    if act.step:
        return _of_step(act, ticket, actor, definition, installation, parties)
    kind = Kind(act.name)
    require(RIGHTS[kind], ticket, actor)
    try:
        return _of_kind(kind, act.given, ticket, actor, installation)
    except Invalid as error:
        return Foreseen(faults=error.fields, can_undo=kind in (Kind.ASSIGN, Kind.PRIORITY))


def _of_kind(
    kind: Kind, given: Mapping[str, str], ticket: TicketState, actor: Actor, installation: Installation
) -> Foreseen:
    if kind is Kind.ASSIGN:
        person = given.get("assignee")
        if person is None:
            return Foreseen(can_undo=True)
        require_assignable(ticket, person, installation, actor)
        if person == ticket.assignee:
            raise Refusal("The ticket already has this assignee.", code="nothing_changed")
        return Foreseen(assignee=person, can_undo=True)
    if kind is Kind.PRIORITY:
        wanted = [level for name in ("impact", "urgency") if (level := _level(given.get(name, "")))]
        number = new_priority(ticket, wanted[0], wanted[1], installation, actor) if len(wanted) == 2 else None
        missing = {} if given.get("reason", "").strip() else {"reason": ["Say why."]}
        return Foreseen(priority=number, can_undo=True, faults=missing)
    return Foreseen(faults={} if given.get("body", "").strip() else {"body": ["Write something first."]})


def _level(text: str) -> Level | None:
    return Level(text) if text in list(Level) else None


def _of_step(
    act: Act, ticket: TicketState, actor: Actor, definition: Definition, installation: Installation, parties: Parties
) -> Foreseen:
    faults: Mapping[str, Sequence[str]] = {}
    try:
        engine.attempt(definition, ticket, act.step, actor, act.given, parties)
    except Invalid as error:
        faults = error.fields
    step = definition.step(act.step)
    assert step is not None
    to = definition.states[step.target(ticket.state)]
    team = act.given.get(Need.TEAM, "")
    is_known = Effect.PASS_TO_TEAM not in step.effects or team in installation.teams
    holder, _rule = (
        next_holder(installation, ticket, step.effects, to.tier or ticket.holder.tier, team) if is_known else (None, "")
    )
    return Foreseen(
        state=to.key if to.key != ticket.state else None,
        team=holder.team if holder and holder.team != ticket.holder.team else None,
        assignee=_assignee_after(step, ticket, actor, passes=holder is not None),
        can_undo=can_undo(step, ticket.state, definition),
        faults=faults,
    )


def _assignee_after(step: Step, ticket: TicketState, actor: Actor, *, passes: bool) -> str | None:
    after = "" if passes or Effect.CLEAR_ASSIGNEE in step.effects else ticket.assignee
    if {Effect.ASSIGN_ACTOR, Effect.ACCEPT_CUSTODY} & set(step.effects):
        after = actor.key if actor.kind == "person" else ""
    return after if after != ticket.assignee else None


def can_undo(step: Step, state: str, definition: Definition) -> bool:
    """Whether a step only moved the work about: whoever asked was told nothing, and no supplier was given words."""
    to = definition.states[step.target(state)]
    return (
        step.verb in _MOVES_WORK
        and set(step.effects) <= _LEAVES_NO_TRACE
        and to.category in (Category.NEW, Category.ACTIVE)
        and Need.SUPPLIER_DESCRIPTION not in step.needs
    )
