"""Steps of the workflow: whatever a definition lets a person do, done by one function."""

from collections.abc import Mapping

from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once
from servicedesk.actions.opened import Expected, Open
from servicedesk.actions.relations import add_link
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.codec import moment
from servicedesk.core.custody import next_holder
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.events import Moved
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import clean_texts
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Need, Relation, Verb
from servicedesk.core.workflows import engine as workflow
from servicedesk.core.workflows.who import may_perform

# What a person writes in a step; everything else given is a choice and stays in the event itself.
TEXTS = ("reason", "tried", "question", "answer", "solution", "supplier_description")


def perform(
    desk: Desk,
    number: str,
    transition: str,
    *,
    actor: Actor,
    given: Mapping[str, str] | None = None,
    expected: Expected | None = None,
    once: Once | None = None,
) -> TicketState:
    """Do one transition. Refusal says why not and what could be done; Invalid names the fields that are missing.

    `expected` is the ticket version the actor had seen: Conflict when somebody was faster.
    """
    with unit_of_work(desk, once) as work:
        held = open_with(work, number, given or {}, actor=actor, expected=expected)
        step(work, held, transition, actor=actor, given=given or {})
        return held.ticket


def step_of_verb(
    work: Work, held: Open, given: Mapping[str, str], *, verb: Verb, actor: Actor, transition: str = ""
) -> None:
    """The transition of this verb that the actor has from the present state, on a ticket in hand: for edges that speak
    in verbs.

    Where a definition offers several (ask the requester, ask the tier below) the first declared is meant, unless one is
    named by `transition`.
    """
    step(work, held, _step_of(work, held, verb, transition, actor), actor=actor, given=given)


def _step_of(work: Work, held: Open, verb: Verb, named: str, actor: Actor) -> str:
    definition = work.book.definition(held.ticket.workflow_version)
    options = options_of(work, held, actor)
    if named:
        step = definition.step(named)
        if step is None or step.verb is not verb:
            raise _unknown_step(named, [option.step.step for option in options if not option.refusal])
        return named
    found = next((option.step.step for option in options if option.step.verb is verb), None)
    if found is None:
        raise no_such_step(work, held, verb, actor)
    return found


def open_with(work: Work, number: str, given: Mapping[str, str], *, actor: Actor, expected: Expected | None) -> Open:
    """The ticket; with it, under lock, the one that it is said to duplicate."""
    if duplicate := given.get(Need.DUPLICATE_OF, "").strip():
        work.lock([number, duplicate])
    return work.open_ticket(number, actor=actor, expected=expected)


def options_of(work: Work, held: Open, actor: Actor) -> list[workflow.Option]:
    definition = work.book.definition(held.ticket.workflow_version)
    return workflow.options(definition, held.ticket, actor, work.book.parties)


def no_such_step(work: Work, held: Open, verb: Verb, actor: Actor) -> Refusal:
    """Not theirs, if no step of this verb is; else not now. Only who has such a step learns in which state it is."""
    definition = work.book.definition(held.ticket.workflow_version)
    steps = [step for step in definition.transitions.values() if step.verb is verb]
    allowed = [option.step.step for option in options_of(work, held, actor) if not option.refusal]
    if not steps:
        return _unknown_step(str(verb), allowed)
    if not any(may_perform(actor, step, held.ticket) for step in steps):
        workflow.attempt(definition, held.ticket, steps[0].key, actor, {}, work.book.parties)
    return Refusal(
        "The ticket is in another state now: %(state)s. Look at it again and choose one of the steps you can take.",
        code="wrong_state",
        allowed=allowed,
        verb=str(verb),
        state=definition.states[held.ticket.state].labels[actor.language],
    )


def _unknown_step(name: str, allowed: list[str]) -> Refusal:
    return Refusal(
        "There is no step %(step)s in this ticket's workflow. Choose one of the steps that you can take.",
        code="unknown_step",
        allowed=allowed,
        step=name,
    )


def step(
    work: Work, held: Open, transition: str, *, actor: Actor, given: Mapping[str, str], assignee: str | None = None
) -> None:
    """Decide and apply one transition on a ticket in hand. `assignee`: whoever works on it after a step that says so,
    else the person who takes it."""
    ticket, book = held.ticket, work.book
    definition = book.definition(ticket.workflow_version)
    move = workflow.attempt(definition, ticket, transition, actor, clean_texts(given), book.parties)
    _require_future(move.given.get(Need.UNTIL), held)
    duplicate = _duplicate(work, move.given.get(Need.DUPLICATE_OF), held, actor)
    holder, rule = next_holder(book.installation, ticket, move.effects, move.tier, move.given.get(Need.TEAM, ""))
    payload = Moved(
        verb=move.verb,
        transition=move.transition,
        from_state=move.from_state,
        to_state=move.to_state,
        effects=[str(effect) for effect in move.effects],
        holder=holder,
        rule=rule,
        assignee=assignee if assignee is not None else actor.key if actor.kind == "person" else "",
        given={name: value for name, value in move.given.items() if name not in TEXTS},
        on_behalf=move.on_behalf,
    )
    work.record(held, payload, {n: v for n, v in move.given.items() if n in TEXTS}, actor=actor)
    if duplicate is not None:
        add_link(work, held, Relation.DUPLICATE_OF, duplicate, actor=actor)


def _require_future(until: str | None, held: Open) -> None:
    if until and moment(until) <= held.now:
        raise Invalid({Need.UNTIL: ["Give a time that is still to come."]})


def _duplicate(work: Work, number: str | None, held: Open, actor: Actor) -> Open | None:
    """The ticket that this one is said to duplicate: another one that the actor may see."""
    if not number:
        return None
    if number == held.ticket.number:
        raise Invalid({Need.DUPLICATE_OF: ["Choose another ticket than this one."]})
    try:
        return work.open_ticket(number, actor=actor)
    except NotFound:
        raise Invalid({Need.DUPLICATE_OF: ["There is no such ticket."]}) from None
