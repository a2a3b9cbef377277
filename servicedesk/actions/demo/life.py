"""One step in a sample ticket's life: who takes which, and in what words."""

from collections.abc import Set
from datetime import datetime, timedelta

from servicedesk.actions.demo.cast import Cast, Story
from servicedesk.actions.opened import Open
from servicedesk.actions.steps import options_of, step
from servicedesk.actions.work import Work
from servicedesk.core.codec import stamp
from servicedesk.core.facts import Actor
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import CancelReason, Need, Verb
from servicedesk.core.workflows.definition import Definition, Step
from servicedesk.core.workflows.who import performers

# How likely each kind of step is where it can be taken.
WEIGHT: dict[Verb, float] = {
    Verb.TAKE: 6,
    Verb.ACCEPT: 30,
    Verb.HAND_OVER: 1,
    Verb.RETURN: 1.5,
    Verb.RECALL: 0.1,
    Verb.ASK: 1.5,
    Verb.ANSWER: 12,
    Verb.WAIT: 0.3,
    Verb.RESUME: 0.3,
    Verb.RESOLVE: 1,
    Verb.VERIFY: 12,
    Verb.REJECT: 1.2,
    Verb.CONFIRM: 4,
    Verb.CLOSE: 0.5,
    Verb.REOPEN: 0.15,
    Verb.CANCEL: 0.04,
    Verb.STEP: 0.15,
}
# What leads nowhere by itself: the longer a life has been, the less of it.
DETOURS = frozenset({Verb.RETURN, Verb.RECALL, Verb.ASK, Verb.WAIT, Verb.REJECT, Verb.STEP, Verb.REOPEN, Verb.CANCEL})
NONE: Set[str] = frozenset()
FADING = 0.92
ON, ASTRAY, ASIDE, ANEW = 10.0, 0.02, 0.2, 0.02

# A sample person fills these fields with the matter's own words.
WORDS = {
    Need.TRIED: "tried",
    Need.QUESTION: "question",
    Need.ANSWER: "answer",
    Need.SOLUTION: "solution",
    Need.SUPPLIER_DESCRIPTION: "supplier",
}


def take_step(cast: Cast, work: Work, held: Open, *, wanted: Set[str] = NONE, but: Set[str] = NONE) -> bool:
    """Somebody takes a step; False when nobody has any. A state in `wanted` draws; the teams in `but` do nothing."""
    ticket = held.ticket
    definition = work.book.definition(ticket.workflow_version)
    story = cast.stories[ticket.number]
    mine = [(actor, performers(actor, ticket)) for actor in cast.around(ticket) if but.isdisjoint(_teams(actor))]
    drawn = [
        (actor, each, weight)
        for each in definition.steps_from(ticket.state)
        for weight in [likelihood(each, ticket, definition, story, wanted)]
        for actor, as_whom in mine
        if not as_whom.isdisjoint(each.who)
    ]
    while drawn:
        actor, taken, _ = cast.chance.choices(drawn, [weight for _, _, weight in drawn])[0]
        options = options_of(work, held, actor)
        if any(option.step is taken and option.refusal is None for option in options):
            given = _given(cast, work, held, actor, taken, definition)
            step(work, held, taken.step, actor=actor, given=given)
            return True
        drawn = [other for other in drawn if other[1] is not taken]
    return False


def _teams(actor: Actor) -> set[str]:
    return {seat.team for seat in actor.seats}


def likelihood(
    taken: Step, ticket: TicketState, definition: Definition, story: Story, wanted: Set[str] = NONE
) -> float:
    """Up the chain until it has come to those who can solve it; then the solution, and down again."""
    weight = WEIGHT.get(taken.verb, 0.0)
    target = definition.states[taken.target(ticket.state)]
    has_reached = story.has_come_far_enough(ticket)
    if taken.verb is Verb.HAND_OVER:
        climb = (target.tier or ticket.holder.tier).level - ticket.holder.tier.level
        weight *= ASIDE if climb == 0 else ON if (climb > 0) is not has_reached else ASTRAY
    elif taken.verb is Verb.RESOLVE:
        weight *= ON if has_reached else ASTRAY
    elif taken.verb is Verb.TAKE and ticket.assignee:
        weight *= ANEW
    elif taken.verb in DETOURS:
        weight *= FADING ** len(ticket.custody)
    return weight * (ON if target.key in wanted else 1)


def _given(cast: Cast, work: Work, held: Open, actor: Actor, taken: Step, definition: Definition) -> dict[str, str]:
    matter = cast.stories[held.ticket.number].matter
    given = {str(need): getattr(matter, WORDS[need]) for need in taken.needs if need in WORDS}
    if Need.SUPPLIER_DESCRIPTION in taken.needs and not matter.supplier:
        given[Need.SUPPLIER_DESCRIPTION] = matter.subject
    if taken.verb is Verb.VERIFY:
        given[Need.TRIED] = cast.says("verified")
    if Need.REASON in taken.needs:
        given[Need.REASON] = cast.says(_occasion(taken, held.ticket, definition))
    if Need.RESOLUTION_CODE in taken.needs:
        given[Need.RESOLUTION_CODE] = matter.solved
    if Need.CANCEL_REASON in taken.needs:
        given[Need.CANCEL_REASON] = CancelReason.MISTAKEN
    if Need.TEAM in taken.needs:
        given[Need.TEAM] = cast.chance.choice(work.book.parties.beside(held.ticket.holder)).key
    if Need.UNTIL in taken.needs:
        given[Need.UNTIL] = stamp(_some_days_on(held.now, cast.chance.randrange(2, 10)))
    return given


def _occasion(taken: Step, ticket: TicketState, definition: Definition) -> str:
    """What a reason is a reason for: the verb, and of a hand-over the way it goes."""
    if taken.verb is not Verb.HAND_OVER:
        return str(taken.verb)
    tier = definition.states[taken.target(ticket.state)].tier or ticket.holder.tier
    if tier.level == ticket.holder.tier.level:
        return "hand_over_aside"
    return "hand_over_up" if tier.level > ticket.holder.tier.level else "hand_over_down"


def _some_days_on(now: datetime, days: int) -> datetime:
    """A planned time is a whole hour in the morning."""
    return (now + timedelta(days=days)).replace(hour=7, minute=0, second=0)
