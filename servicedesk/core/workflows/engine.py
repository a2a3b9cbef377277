"""Attempt a step on a ticket: a move, or a refusal that says why. Nothing is changed here.

`transitions` judges state and guards, one machine per definition version, on a throw-away context: the machine knows no
ticket, its callbacks have no side effects, and no model is ever registered with it (add_model would reset the state).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from transitions import EventData, Machine, MachineError

from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Category, ClockEffect, Metric, Need, Role, Tier, Verb, WaitsOn
from servicedesk.core.workflows import guards
from servicedesk.core.workflows.definition import Definition, Step, Who
from servicedesk.core.workflows.effects import Effect
from servicedesk.core.workflows.guards import Guard
from servicedesk.core.workflows.needs import accept_given
from servicedesk.core.workflows.parties import Parties
from servicedesk.core.workflows.who import may_perform


@dataclass(frozen=True, slots=True)
class Move:
    """A step that may be taken, and everything the fold and the action need to carry it out.

    `given`: the accepted fields by need, and for a question `of`, whom it asks. `tier` is the holder's afterwards.
    `on_behalf`: recorded by staff for the requester.
    """

    transition: str
    verb: Verb
    from_state: str
    to_state: str
    effects: tuple[Effect, ...]
    given: Mapping[str, str]
    category: Category
    tier: Tier
    received: bool
    waits_on: WaitsOn | None
    clocks: Mapping[Metric, ClockEffect]
    on_behalf: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A step this actor has in the present state; `refusal` says why it cannot be taken now."""

    step: Step
    refusal: Refusal | None = None


def attempt(
    definition: Definition,
    ticket: TicketState,
    transition_key: str,
    actor: Actor,
    given: Mapping[str, str],
    parties: Parties,
) -> Move:
    """The move, or Refusal (unknown_step, not_yours, wrong_state, came_from_elsewhere, or a guard's code), which names
    what the actor could do instead, or Invalid with every field at fault. Timed steps are asked for as `timed:key`."""
    step = definition.step(transition_key)
    refusal = _unknown(transition_key) if step is None else _refusal(definition, ticket, step, actor, given)
    if refusal or step is None:
        assert refusal is not None
        refusal.allowed = tuple(o.step.step for o in options(definition, ticket, actor, parties) if not o.refusal)
        raise refusal
    return _move(definition, ticket, step, actor, accept_given(step, ticket, given, parties))


def options(definition: Definition, ticket: TicketState, actor: Actor, parties: Parties) -> list[Option]:
    """The steps that leave the present state and are this actor's, in declared order, each with its refusal if any.

    A way back to a tier the ticket did not come from is no more an option than a step from another state; nor is a
    step to another team where there is none.
    """
    return list(_options(definition, ticket, actor, parties))


def likely_step(definition: Definition, ticket: TicketState, actor: Actor, parties: Parties) -> Step | None:
    """The first of the actor's options that can be taken, which is the most likely; the others are not judged."""
    return next((o.step for o in _options(definition, ticket, actor, parties) if not o.refusal), None)


def _options(definition: Definition, ticket: TicketState, actor: Actor, parties: Parties) -> Iterator[Option]:
    return (
        Option(step, _judge(definition, ticket, step, actor, {}))
        for step in definition.steps_from(ticket.state)
        if may_perform(actor, step, ticket)
        and not _came_from_elsewhere(definition, ticket, step)
        and (Need.TEAM not in step.needs or parties.beside(ticket.holder))
    )


def _refusal(
    definition: Definition, ticket: TicketState, step: Step, actor: Actor, given: Mapping[str, str]
) -> Refusal | None:
    if not may_perform(actor, step, ticket):
        return Refusal(
            "This step is not yours to take: another role or another organisation has it. "
            "Choose one of the steps that you can take.",
            code="not_yours",
            who=[str(who) for who in step.who],
        )
    if ticket.state in step.from_states and _came_from_elsewhere(definition, ticket, step):
        return Refusal(
            "The ticket did not come from there. Return it to the one who handed it over.", code="came_from_elsewhere"
        )
    return _judge(definition, ticket, step, actor, given)


def _unknown(key: str) -> Refusal:
    return Refusal(
        "There is no step %(step)s in this ticket's workflow. Choose one of the steps that you can take.",
        code="unknown_step",
        step=key,
    )


def _came_from_elsewhere(definition: Definition, ticket: TicketState, step: Step) -> bool:
    """pass_back leads only to the tier of the one who handed over."""
    if Effect.PASS_BACK not in step.effects:
        return False
    way_back = ticket.handed_over_by[-1].tier if ticket.handed_over_by else None
    return definition.states[step.to].tier is not way_back


def _move(definition: Definition, ticket: TicketState, step: Step, actor: Actor, accepted: Mapping[str, str]) -> Move:
    to = definition.states[step.target(ticket.state)]
    asked = {"of": str(to.waits_on)} if Effect.RECORD_QUESTION in step.effects else {}
    return Move(
        transition=step.step,
        verb=step.verb,
        from_state=ticket.state,
        to_state=to.key,
        effects=step.effects,
        given={**accepted, **asked},
        category=to.category,
        tier=to.tier or ticket.holder.tier,
        received=to.received,
        waits_on=to.waits_on,
        clocks=to.clocks,
        on_behalf=actor.kind != Role.REQUESTER and Who(Role.REQUESTER) in step.who,
    )


class _Attempt:
    """The throw-away context that a machine judges."""

    def __init__(self, ticket: TicketState, given: Mapping[str, str]) -> None:
        self._state = ticket.state
        self.ticket = ticket
        self.given = given


def _judge(
    definition: Definition, ticket: TicketState, step: Step, actor: Actor, given: Mapping[str, str]
) -> Refusal | None:
    """The machine's verdict on state and guards."""
    try:
        _machine(definition).events[step.step].trigger(_Attempt(ticket, given))
    except MachineError:
        return Refusal(
            "The ticket is in another state now: %(state)s. Look at it again and choose one of the steps you can take.",
            code="wrong_state",
            state=definition.states[ticket.state].labels[actor.language],
        )
    except Refusal as refusal:
        return refusal
    return None


@lru_cache(maxsize=64)
def _machine(definition: Definition) -> Machine:
    # No key of a definition begins with an underscore, so none can collide with the attribute that holds the state.
    machine = Machine(
        model=None,
        states=list(definition.states),
        initial=definition.initial,
        auto_transitions=False,
        send_event=True,
        model_attribute="_state",
    )
    for step in definition.steps():
        conditions: list[str | Callable[..., bool | None]] = [partial(_require, guard) for guard in step.guards]
        machine.add_transition(step.step, list(step.from_states), step.to or None, conditions=conditions)
    return machine


def _require(guard: Guard, event: EventData) -> bool:
    """A guard that says no raises: a plain False would stop the machine in silence."""
    context = event.model
    assert isinstance(context, _Attempt)
    refusal = guards.ask(guard, context.ticket, context.given)
    if refusal:
        raise refusal
    return True
