"""A step is what its verb says: it asks for what it records, records what it asks for, and leads where it claims."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from servicedesk.core.calendars.duration import format_duration
from servicedesk.core.errors import Fault
from servicedesk.core.proof.model import Model
from servicedesk.core.vocabulary import Category, Need, Verb
from servicedesk.core.workflows.definition import Step, Timed
from servicedesk.core.workflows.effects import NEED_OF_EFFECT, Effect

AROUND_THE_CLOCK = "always"
WAITING = frozenset({Category.WAITING})
CLOSED = frozenset({Category.CLOSED})
ENDED = frozenset({Category.RESOLVED, Category.CLOSED})
OPEN = frozenset(Category) - ENDED


@dataclass(frozen=True, slots=True)
class Shape:
    """What a verb promises: all of `effects`, one of `one_of`, these needs, and the kinds of state at its ends."""

    effects: frozenset[Effect] = frozenset()
    one_of: frozenset[Effect] = frozenset()
    needs: frozenset[Need] = frozenset()
    leaves: frozenset[Category] = frozenset(Category)
    lands: frozenset[Category] = frozenset(Category)


_REASON = frozenset({Need.REASON})
SHAPES: dict[Verb, Shape] = {
    Verb.TAKE: Shape(effects=frozenset({Effect.ASSIGN_ACTOR}), leaves=OPEN, lands=OPEN),
    Verb.HAND_OVER: Shape(one_of=frozenset({Effect.PASS_TO_TIER, Effect.PASS_TO_TEAM}), needs=_REASON, lands=OPEN),
    Verb.ACCEPT: Shape(effects=frozenset({Effect.ACCEPT_CUSTODY}), lands=OPEN),
    Verb.RETURN: Shape(effects=frozenset({Effect.PASS_BACK, Effect.COUNT_RETURN}), needs=_REASON, lands=OPEN),
    Verb.RECALL: Shape(effects=frozenset({Effect.PASS_BACK}), needs=_REASON, lands=OPEN),
    Verb.ASK: Shape(effects=frozenset({Effect.RECORD_QUESTION}), lands=WAITING),
    Verb.ANSWER: Shape(effects=frozenset({Effect.RECORD_ANSWER}), leaves=WAITING),
    Verb.WAIT: Shape(needs=_REASON, lands=WAITING),
    Verb.RESUME: Shape(leaves=WAITING, lands=OPEN - WAITING),
    Verb.RESOLVE: Shape(
        effects=frozenset({Effect.RECORD_SOLUTION}), needs=frozenset({Need.RESOLUTION_CODE}), leaves=OPEN
    ),
    Verb.VERIFY: Shape(leaves=OPEN),
    Verb.REJECT: Shape(effects=frozenset({Effect.CLEAR_SOLUTION}), needs=_REASON, lands=OPEN),
    Verb.CONFIRM: Shape(leaves=frozenset({Category.RESOLVED}), lands=CLOSED),
    Verb.REOPEN: Shape(effects=frozenset({Effect.CLEAR_SOLUTION}), needs=_REASON, leaves=ENDED, lands=OPEN),
    Verb.CLOSE: Shape(lands=CLOSED),
    Verb.CANCEL: Shape(needs=frozenset({Need.CANCEL_REASON}), leaves=OPEN, lands=CLOSED),
    Verb.REMIND: Shape(leaves=WAITING),
    Verb.STEP: Shape(),
}


def steps_are_what_their_verb_says(model: Model) -> Iterator[Fault]:
    for step in model.definition.steps():
        for key, problem, remedy in _misshapen(model, step, SHAPES[step.verb]):
            yield model.fault("verb_broken", f"{step.table}.{key}", problem, remedy, model.way_in(step.from_states[0]))
        for state in step.from_states:
            kind, allowed = model.state(state).category, SHAPES[step.verb].leaves
            if kind not in allowed:
                remedy = _kinds(step.verb, allowed)
                way_in = model.way_in(state)
                yield model.fault("verb_broken", f"{step.table}.from", f"has {state}, which is {kind}.", remedy, way_in)


def _misshapen(model: Model, step: Step, shape: Shape) -> Iterator[tuple[str, str, str]]:
    if step.verb is Verb.REMIND and not isinstance(step, Timed):
        yield "verb", "is remind, which only time does.", "Declare it as [timed.…]."
    for effect in sorted(shape.effects - set(step.effects)):
        yield "effects", f'has not "{effect}", although its verb is {step.verb}.', f'Add "{effect}".'
    if shape.one_of and shape.one_of.isdisjoint(step.effects):
        names = " or ".join(f'"{effect}"' for effect in sorted(shape.one_of))
        yield "effects", f"has none of {names}, although its verb is {step.verb}.", f"Add {names}."
    for need in sorted(shape.needs - set(step.needs)) if not isinstance(step, Timed) else ():
        yield "needs", f'has not "{need}", although its verb is {step.verb}.', f'Add "{need}".'
    if step.to and model.state(step.to).category not in shape.lands:
        yield "to", f"is {step.to}, which is {model.state(step.to).category}.", _kinds(step.verb, shape.lands)


def _kinds(verb: Verb, kinds: frozenset[Category]) -> str:
    allowed = " or ".join(kind for kind in Category if kind in kinds)
    return f"With verb {verb} only a state of category {allowed} can stand here."


def what_is_asked_for_is_recorded(model: Model) -> Iterator[Fault]:
    for step in model.definition.steps():
        for effect, need in NEED_OF_EFFECT.items():
            if effect in step.effects and need not in step.needs:
                problem = f'has "{effect}", but "{need}" is not asked for.'
                yield model.fault("effect_without_need", f"{step.table}.effects", problem, f'Add "{need}" to needs.')
            if need in step.needs and effect not in step.effects:
                problem = f'asks for "{need}", but nothing is done with it.'
                yield model.fault("need_without_effect", f"{step.table}.needs", problem, f'Add "{effect}" to effects.')


def a_planned_moment_is_always_given(model: Model) -> Iterator[Fault]:
    """A timed step that is due at `until` needs a moment: every step into its state gives one."""
    for timed in model.definition.timed.values():
        for edge in model.edges if timed.until else ():
            enters = edge.target in timed.from_states and edge.source != edge.target
            if enters and Effect.WAIT_UNTIL not in edge.step.effects:
                problem = f'is due "until", but {edge.step.step} leads to {edge.target} without a moment.'
                remedy = f'Give {edge.step.step} needs = ["until"] and effects = ["wait_until"].'
                way = (*model.way_in(edge.source), edge.step.step)
                yield model.fault("until_not_given", f"{timed.table}.at", problem, remedy, way)


def what_time_does_gets_to_happen(model: Model) -> Iterator[Fault]:
    """A timed step, a reminder above all, that another one always comes before: the ticket has left the state."""
    for late, other in permutations(model.definition.timed.values(), 2):
        for state in late.from_states:
            if state in other.from_states and other.target(state) != state and _is_never_before(late, other):
                problem = f"is due {_due(late)}, when {other.table} ({_due(other)}) has taken the ticket from {state}."
                remedy = f"Let it be due before {other.table}, or remove one of the two."
                key = f"{late.table}.{'at' if late.until else 'after'}"
                yield model.fault("never_due", key, problem, remedy, model.way_in(state))
                break


def _is_never_before(late: Timed, other: Timed) -> bool:
    """Certain only on the same hours, or against hours that never pause: open time never runs ahead of the clock."""
    if late.until or other.until:
        return late.until and other.until
    return other.calendar in (late.calendar, AROUND_THE_CLOCK) and late.seconds >= other.seconds


def _due(timed: Timed) -> str:
    return "at the moment given" if timed.until else f"after {format_duration(timed.seconds)}"
