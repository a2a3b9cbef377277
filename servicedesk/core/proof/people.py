"""Every step has somebody who may take it and can see what it is about; and people can tell the steps apart."""

from collections.abc import Iterator
from itertools import combinations

from servicedesk.core.errors import Fault
from servicedesk.core.proof.model import Model
from servicedesk.core.vocabulary import ROLE_TIERS, Language, Role, Tier, WaitsOn
from servicedesk.core.workflows.definition import Labels, Who

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
    """Whoever chooses, and whoever reads afterwards who did what: also steps of different people and those of time."""
    for one, other in combinations(model.definition.steps(), 2):
        shared = next((state for state in one.from_states if state in other.from_states), None)
        for language in _alike(one.labels, other.labels) if shared else ():
            problem = f'is "{other.labels[language]}", as is {one.table}: in {shared} nobody can tell the two apart.'
            remedy = "Say in each label where the step leads."
            yield model.fault("same_label", f"{other.table}.{language}", problem, remedy, model.way_in(shared or ""))


def people_can_tell_states_apart(model: Model) -> Iterator[Fault]:
    for one, other in combinations(model.definition.states.values(), 2):
        for language in _alike(one.labels, other.labels):
            problem = f'is "{other.labels[language]}", as is state.{one.key}: nobody can tell where a ticket is.'
            remedy = "Say in each name who has the ticket, or what it waits for."
            yield model.fault("same_label", f"state.{other.key}.{language}", problem, remedy, model.way_in(other.key))


def _alike(one: Labels, other: Labels) -> list[Language]:
    """The languages in which two labels are the same to the eye."""
    return [language for language in Language if _seen(one[language]) == _seen(other[language])]


def _seen(label: str) -> str:
    return " ".join(label.split()).casefold()
