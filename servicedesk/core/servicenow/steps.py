"""From what a log says a ticket became, to the observed event of it. No guard is asked; effects keep the fold true."""

from servicedesk.core.custody import holder_of
from servicedesk.core.events import Moved
from servicedesk.core.facts import Team
from servicedesk.core.vocabulary import Category, TmfStatus, Verb, WaitsOn
from servicedesk.core.workflows.definition import State
from servicedesk.core.workflows.effects import Effect

# Not a step of any definition: the log says that it was so, not by what step.
OBSERVED = "observed"
ENDED = (Category.RESOLVED, Category.CLOSED)
ASKED = frozenset({WaitsOn.REQUESTER, WaitsOn.FIRST_LINE, WaitsOn.SECOND_LINE, WaitsOn.JOINT})


def passed_on(before: State, after: State, team: Team) -> Moved:
    """Custody goes to another team, which has the ticket in the state that theirs is at its tier."""
    return Moved(
        verb=Verb.HAND_OVER,
        transition=OBSERVED,
        from_state=before.key,
        to_state=after.key,
        effects=[Effect.PASS_TO_TEAM],
        holder=holder_of(team),
    )


def moved_on(before: State, after: State, assignee: str, resolution_code: str, has_question: bool) -> Moved:
    """Another state with the same holder. `has_question`: one was asked in the state that is left."""
    verb = verb_of(before, after)
    effects = [Effect.WITHDRAW_QUESTION] if has_question else []
    given: dict[str, str] = {}
    if before.received and not after.received:
        effects.append(Effect.ACCEPT_CUSTODY)
    if verb is Verb.ASK:
        effects.append(Effect.RECORD_QUESTION)
        given["of"] = str(after.waits_on)
    elif verb is Verb.RESOLVE:
        effects.append(Effect.RECORD_SOLUTION)
        given["resolution_code"] = resolution_code
    elif verb is Verb.REOPEN:
        effects.append(Effect.CLEAR_SOLUTION)
    return Moved(
        verb=verb,
        transition=OBSERVED,
        from_state=before.key,
        to_state=after.key,
        effects=list(effects),
        assignee=assignee if Effect.ACCEPT_CUSTODY in effects else "",
        given=given,
    )


def verb_of(before: State, after: State) -> Verb:
    """The family of a step between two states, by what kind of states they are."""
    if after.category in ENDED:
        return _ending_verb(before, after)
    if before.category in ENDED:
        return Verb.REOPEN
    if after.category is Category.WAITING:
        return Verb.ASK if after.waits_on in ASKED else Verb.WAIT
    if before.category is Category.WAITING:
        return Verb.RESUME
    if before.received and not after.received:
        return Verb.ACCEPT
    if before.category is Category.NEW:
        return Verb.TAKE
    return Verb.STEP


def _ending_verb(before: State, after: State) -> Verb:
    if after.tmf621 is TmfStatus.CANCELLED:
        return Verb.CANCEL
    if before.category not in ENDED:
        return Verb.RESOLVE
    return Verb.CLOSE if after.category is Category.CLOSED else Verb.STEP
