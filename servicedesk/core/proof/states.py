"""What a state declares holds together: the first one, waiting, and the clocks."""

from collections.abc import Iterator

from servicedesk.core.errors import Fault
from servicedesk.core.proof.model import Edge, Model
from servicedesk.core.vocabulary import Category, ClockEffect, Metric, Role, Tier, WaitsOn
from servicedesk.core.workflows.definition import State

# Others than these are not asked anything: a plan cannot answer, and a supplier outside the ticket cannot reach it.
ANSWERING_TIERS: dict[WaitsOn, Tier] = {
    WaitsOn.FIRST_LINE: Tier.FIRST_LINE,
    WaitsOn.SECOND_LINE: Tier.SECOND_LINE,
    WaitsOn.JOINT: Tier.JOINT,
}

AT_WORK = (Category.NEW, Category.ACTIVE)


def a_ticket_begins_new(model: Model) -> Iterator[Fault]:
    state = model.state(model.definition.initial)
    if state.category is not Category.NEW or state.received:
        problem = f"is {state.key}, which is {'handed over' if state.received else state.category}, not new."
        remedy = 'Begin in a state of category "new" that nobody has handed over.'
        yield model.fault("initial_not_new", "workflow.initial", problem, remedy)


def waiting_is_explicit(model: Model) -> Iterator[Fault]:
    for key, state in model.definition.states.items():
        where, way_in = f"state.{key}", model.way_in(key)
        if state.category is not Category.WAITING:
            if state.waits_on:
                remedy = 'Set category = "waiting", or remove waits_on.'
                yield model.fault("owner_without_waiting", f"{where}.waits_on", "is set, but it does not wait.", remedy)
            continue
        if not state.waits_on:
            remedy = f"Say on whom: waits_on = one of {', '.join(WaitsOn)}."
            yield model.fault("waiting_without_owner", f"{where}.waits_on", "is missing in a waiting state.", remedy)
        if not _exits(model, state):
            problem = "waits, and no step leads out of waiting."
            yield model.fault("waiting_without_exit", where, problem, "Add an answer or a resume.", way_in)
        if not _spares_a_clock(state):
            problem = "waits, and yet every clock runs on for the one who waits."
            remedy = f'Let {" or ".join(_own_clocks(state))} be "pause".'
            yield model.fault("waiting_without_effect", f"{where}.clocks", problem, remedy, way_in)


def who_is_asked_can_answer(model: Model) -> Iterator[Fault]:
    for key, state in model.definition.states.items():
        if state.waits_on and _exits(model, state) and not any(_answers(edge, state) for edge in _exits(model, state)):
            problem = f"waits on {state.waits_on}, who has no step that ends the waiting."
            remedy = f"Let {state.waits_on} answer: name them in `who` of a step that leads out."
            yield model.fault("asked_cannot_answer", f"state.{key}", problem, remedy, model.way_in(key))


def _exits(model: Model, state: State) -> list[Edge]:
    return [edge for edge in model.from_state(state.key) if model.state(edge.target).category is not Category.WAITING]


def _answers(edge: Edge, state: State) -> bool:
    assert state.waits_on
    if state.waits_on is WaitsOn.REQUESTER:
        return any(who.role is Role.REQUESTER for who in edge.step.who)
    tier = ANSWERING_TIERS.get(state.waits_on)
    return tier is None or any(who.tier is tier for who in edge.step.who)


def _own_clocks(state: State) -> tuple[Metric, ...]:
    return (Metric.CONTRACT,) if state.tier is Tier.SUPPLIER else (Metric.RESOLUTION, Metric.HOLDING)


def _spares_a_clock(state: State) -> bool:
    return any(state.clocks[metric] is not ClockEffect.RUN for metric in _own_clocks(state))


def clocks_fit_the_state(model: Model) -> Iterator[Fault]:
    for key, state in model.definition.states.items():
        for metric, effect in state.clocks.items():
            found = _misfit(state, metric, effect)
            if found:
                rule, problem, remedy = found
                yield model.fault(rule, f"state.{key}.clocks.{metric}", problem, remedy, model.way_in(key))


def _misfit(state: State, metric: Metric, effect: ClockEffect) -> tuple[str, str, str] | None:
    runs = effect is ClockEffect.RUN
    if state.category is Category.CLOSED and effect is not ClockEffect.STOP:
        return "closed_clock_lives", f'is "{effect}" in a closed state.', 'A closed ticket has no clock: write "stop".'
    if state.category is Category.RESOLVED and (runs or metric is Metric.RESOLUTION and effect is ClockEffect.PAUSE):
        return "resolved_clock_lives", f'is "{effect}" in a resolved state.', 'What was promised is done: write "stop".'
    if metric in _promises(state) and effect is ClockEffect.STOP:
        remedy = f'Write "{"pause" if state.category is Category.WAITING else "run"}": the promise is not kept yet.'
        return "open_clock_stopped", f"ends in an open state ({state.category}).", remedy
    if metric in _own_clocks(state) and effect is ClockEffect.PAUSE and state.category in AT_WORK:
        remedy = 'Write "run", or make it a waiting state that says on whom.'
        return "paused_for_nobody", f"stands still in a state that waits for nobody ({state.category}).", remedy
    if metric is Metric.CONTRACT and runs and state.tier is not Tier.SUPPLIER:
        remedy = 'The contract binds the supplier only while it holds the ticket: write "pause".'
        return "contract_elsewhere", "runs where the supplier does not hold the ticket.", remedy
    if metric is Metric.ACKNOWLEDGEMENT and state.received and not runs:
        remedy = 'Accepting in time is a promise: write "run".'
        return "acceptance_untimed", f'is "{effect}" in a state that waits to be accepted.', remedy
    if metric is Metric.ACKNOWLEDGEMENT and runs and not state.received and state.category is not Category.NEW:
        return "acceptance_elsewhere", "runs where nothing waits to be accepted.", 'Write "stop".'
    return None


def _promises(state: State) -> tuple[Metric, ...]:
    """The promises that are still to be kept in an open state."""
    is_open = state.category in (*AT_WORK, Category.WAITING)
    return (Metric.RESPONSE, Metric.RESOLUTION, *_own_clocks(state)) if is_open else ()
