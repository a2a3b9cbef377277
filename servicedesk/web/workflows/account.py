"""A workflow told in words, state by state: what a picture of it says, and what one must know to take a step.

The page and `servicedesk workflow show` tell the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from servicedesk.core.proof.check import Proof
from servicedesk.core.vocabulary import ROLE_TIERS, Category, ClockEffect, Language, Role, Tier
from servicedesk.core.workflows.definition import STATED, Definition, State, Step, Timed, Who
from servicedesk.web.speech import _, sentence
from servicedesk.web.words import METRICS, TIERS, WAITS_ON
from servicedesk.web.workflows.words import (
    CATEGORIES,
    CLOCKS,
    EFFECTS,
    EVERYBODY,
    GUARDS,
    HOURS,
    NEEDS,
    ROLES,
    open_time,
)


@dataclass(frozen=True, slots=True)
class ToldStep:
    """`who` takes it, or when it happens by itself. `needs`, `guards` and `effects` may be empty."""

    key: str
    label: str
    to: str
    to_label: str
    who: str
    needs: str
    guards: str
    effects: str
    is_timed: bool


@dataclass(frozen=True, slots=True)
class ToldState:
    """`tier` is empty where whoever had the ticket keeps it. `clocks` says what the state does to each."""

    key: str
    label: str
    category: str
    kind: Category
    tier: str
    waits_on: str
    clocks: str
    steps: list[ToldStep]


@dataclass(frozen=True, slots=True)
class ToldWorkflow:
    """`proven` and `broken`: what the rules say that hold, and those that do not. `walks`: the ways that the check has
    walked from the beginning, each with its steps. `closed_within`: steps, 0 where that is not proven."""

    key: str
    label: str
    version: str
    states: list[ToldState]
    proven: list[str]
    broken: list[str]
    walks: list[tuple[str, list[str]]]
    closed_within: int


def told_workflow(definition: Definition, spoken: Language, proof: Proof) -> ToldWorkflow:
    """`proof`: what the check says of it."""
    return ToldWorkflow(
        key=definition.key,
        label=definition.labels[spoken],
        version=definition.version,
        states=[_state(definition, state, spoken) for state in definition.states.values()],
        proven=[sentence(rule) for rule in proof.proven],
        broken=[sentence(rule) for rule in proof.broken],
        walks=[
            (walk.labels[spoken], [step.labels[spoken] for key in walk.steps if (step := definition.step(key))])
            for walk in definition.scenarios.values()
        ],
        closed_within=proof.longest_way_out,
    )


def _state(definition: Definition, state: State, spoken: Language) -> ToldState:
    return ToldState(
        key=state.key,
        label=state.labels[spoken],
        category=_("To be accepted") if state.received else str(CATEGORIES[state.category]),
        kind=state.category,
        tier=str(TIERS[state.tier]) if state.tier else "",
        waits_on=str(WAITS_ON[state.waits_on]) if state.waits_on else "",
        clocks=_clocks(state),
        steps=[_step(definition, step, state, spoken) for step in definition.steps_from(state.key)],
    )


def _clocks(state: State) -> str:
    """One part for each effect: which clocks run, which stand still, which have stopped."""
    parts = []
    for effect in (ClockEffect.RUN, ClockEffect.PAUSE, ClockEffect.STOP):
        metrics = [str(METRICS[metric]) for metric in STATED if state.clocks[metric] is effect]
        if metrics:
            parts.append(f"{CLOCKS[effect]}: {', '.join(metrics)}")
    return "; ".join(parts)


def _step(definition: Definition, step: Step, state: State, spoken: Language) -> ToldStep:
    target = step.target(state.key)
    return ToldStep(
        key=step.step,
        label=step.labels[spoken],
        to=target,
        to_label=definition.states[target].labels[spoken] if target != state.key else _("the state stays as it is"),
        who=_due(step) if isinstance(step, Timed) else who_may(step.who),
        needs=_listed(NEEDS[need] for need in step.needs),
        guards=_listed(GUARDS[guard] for guard in step.guards),
        effects=_listed(EFFECTS[effect] for effect in step.effects),
        is_timed=isinstance(step, Timed),
    )


def _due(timed: Timed) -> str:
    if timed.until:
        return _("by itself, at the moment planned")
    return _("by itself, after %(time)s %(hours)s", time=open_time(timed.seconds), hours=HOURS[timed.calendar])


def who_may(who: Sequence[Who]) -> str:
    """All roles of a tier are told as one."""
    named: list[str] = []
    for each in who:
        everybody = each.tier is not None and _roles(each.tier) <= {one.role for one in who if one.tier is each.tier}
        word = EVERYBODY[each.tier] if everybody and each.tier else ROLES[each.role]
        if str(word) not in named:
            named.append(str(word))
    return ", ".join(named)


def _roles(tier: Tier) -> set[Role]:
    return {role for role, own in ROLE_TIERS.items() if own is tier}


def _listed(words: Iterable[object]) -> str:
    return ", ".join(map(str, words))
