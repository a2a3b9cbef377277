"""Every step has somebody who may take it and can see what it is about; and people can tell the steps apart."""

from collections.abc import Iterator
from itertools import combinations

from servicedesk.core.errors import Fault
from servicedesk.core.proof.model import Model
from servicedesk.core.vocabulary import ROLE_TIERS, Language, Role, Tier, WaitsOn
from servicedesk.core.workflows.definition import Transition, Who

MUNICIPAL = frozenset({Tier.FIRST_LINE, Tier.SECOND_LINE})
NO_TIER = frozenset({Role.REQUESTER, Role.SCHEDULER})


def somebody_may_take_every_step(model: Model) -> Iterator[Fault]:
    for transition in model.definition.transitions.values():
        where = f"{transition.table}.who"
        if not transition.who:
            remedy = 'Name at least one role, such as "first_line_staff@first_line".'
            yield model.fault("nobody_may", where, "is empty: nobody may take this step.", remedy)
        elif {who.role for who in transition.who} == {Role.SCHEDULER}:
            remedy = f"Let a person take it, or declare [timed.{transition.key}] instead."
            yield model.fault("nobody_may", where, "has only the scheduler, which takes timed steps alone.", remedy)
        for who in transition.who:
            if who.tier is not ROLE_TIERS.get(who.role) or (who.tier is None and who.role not in NO_TIER):
                yield model.fault("nobody_may", where, f"has {who}, whom nobody can be.", _right_seat(who.role))


def _right_seat(role: Role) -> str:
    if role in ROLE_TIERS:
        return f'Write "{Who(role, ROLE_TIERS[role])}".'
    return f'Write "{role}" alone.' if role in NO_TIER else f"Remove it: {role} takes no steps."


def who_acts_can_reach_the_ticket(model: Model) -> Iterator[Fault]:
    for transition in model.definition.transitions.values():
        for state in transition.from_states:
            strangers = [who for who in transition.who if not _reaches(model, who, state)]
            if strangers:
                names = ", ".join(map(str, strangers))
                problem = f"lets {names} act in {state}, a ticket that they neither hold nor are asked about."
                remedy = "Remove them, or ask them in a waiting state first."
                yield model.fault("out_of_reach", f"{transition.table}.who", problem, remedy, model.way_in(state))


def _reaches(model: Model, who: Who, key: str) -> bool:
    """The municipality has its own tickets; the joint tier also what its supplier holds; the supplier only what it
    holds; and whoever the state waits on."""
    tiers, asked = model.tiers[key], model.state(key).waits_on
    if who.role is Role.REQUESTER:
        return asked is WaitsOn.REQUESTER or not tiers.isdisjoint(MUNICIPAL)
    if who.tier is None or asked == str(who.tier):
        return True
    if who.tier in MUNICIPAL:
        return not tiers.isdisjoint(MUNICIPAL)
    return not tiers.isdisjoint({Tier.JOINT, Tier.SUPPLIER} if who.tier is Tier.JOINT else {Tier.SUPPLIER})


def people_can_tell_steps_apart(model: Model) -> Iterator[Fault]:
    for one, other in combinations(model.definition.transitions.values(), 2):
        shared = [state for state in one.from_states if state in other.from_states]
        if shared and not set(one.who).isdisjoint(other.who):
            yield from _same_label(model, one, other, shared[0])


def _same_label(model: Model, one: Transition, other: Transition, state: str) -> Iterator[Fault]:
    for language in Language:
        label = other.labels[language]
        if label.strip().casefold() == one.labels[language].strip().casefold():
            problem = f'is "{label}", as is {one.table}: in {state} nobody can tell the two apart.'
            remedy = "Say in each label where the step leads."
            yield model.fault("same_label", f"{other.table}.{language}", problem, remedy, model.way_in(state))
