"""What a tier has to do with a ticket, by what the ticket's state declares and by whom its steps wait for.

No state is known here by name: a workflow that calls its states otherwise is sorted alike.
"""

from collections.abc import Collection
from enum import StrEnum

from servicedesk.core.vocabulary import Category, Tier, Verb
from servicedesk.core.workflows.definition import Definition, State, Who


class Lane(StrEnum):
    """One thing to do, in the order in which it is best done: what somebody waits for with us, then what we push on."""

    ACCEPT = "accept"
    ANSWER = "answer"
    ASSIGN = "assign"
    VERIFY = "verify"
    WORK = "work"
    AT_RISK = "at_risk"
    WAIT = "wait"


# Where the next step is the viewer's own.
OURS = frozenset({Lane.ACCEPT, Lane.ANSWER, Lane.ASSIGN, Lane.VERIFY, Lane.WORK})


def verbs_of(definition: Definition, state: str, who: Collection[Who]) -> frozenset[Verb]:
    """What those who act as this may do from here."""
    return frozenset(step.verb for step in definition.steps_from(state) if not set(who).isdisjoint(step.who))


def lane_of(
    state: State, verbs: Collection[Verb], tiers: Collection[Tier], *, holds: bool, has_assignee: bool, at_risk: bool
) -> Lane | None:
    """The lane of a ticket in this state, for those who sit at `tiers` and may do `verbs`; None when nothing of it is
    theirs to do. Each ticket is in one lane: what is late and ours stays where it is to be done."""
    if not verbs:
        return None
    if not holds:
        asked = Verb.ANSWER in verbs and str(state.waits_on) in set(map(str, tiers))
        return Lane.ANSWER if asked else _with_others(at_risk)
    if state.received:
        return Lane.ACCEPT
    if state.category is Category.WAITING:
        return _with_others(at_risk)
    if Verb.VERIFY in verbs:
        return Lane.VERIFY
    return Lane.WORK if has_assignee else Lane.ASSIGN


def _with_others(at_risk: bool) -> Lane:
    return Lane.AT_RISK if at_risk else Lane.WAIT
