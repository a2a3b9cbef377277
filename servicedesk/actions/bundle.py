"""Several changes to one ticket that another desk sends as one: all of them happen, in one unit of work, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from servicedesk.actions.attachments import Upload, attach
from servicedesk.actions.changes import set_priority
from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import add_entry
from servicedesk.actions.log import NewTicket, log
from servicedesk.actions.once import Once
from servicedesk.actions.opened import Expected, Open
from servicedesk.actions.references import set_reference
from servicedesk.actions.steps import no_such_step, options_of, step
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.facts import Actor
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Audience, CancelReason, Level, Need, ResolutionCode, Tier, Verb
from servicedesk.core.workflows.definition import Step
from servicedesk.core.workflows.needs import takes

# Where what is said about a step goes, the first that the step takes.
WORDS = (Need.QUESTION, Need.ANSWER, Need.SOLUTION, Need.REASON)
# What a desk that knows no such fields means by leaving them out.
UNSAID: dict[Need, str] = {Need.RESOLUTION_CODE: ResolutionCode.SOLVED, Need.CANCEL_REASON: CancelReason.MISTAKEN}


@dataclass(frozen=True, slots=True)
class Change:
    """`verbs`: the step to take is the actor's first of these. `words` go with it; a step without room for them leaves
    them as a note. `given` are its other fields, of which it takes those that it asks for. `reference` is what the
    client calls the ticket; '' takes it away."""

    verbs: Sequence[Verb] = ()
    words: str = ""
    given: Mapping[Need, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    files: Sequence[Upload] = ()
    reference: str | None = None
    impact: Level | None = None
    urgency: Level | None = None

    @property
    def changes_priority(self) -> bool:
        return self.impact is not None or self.urgency is not None


def log_with_files(
    desk: Desk, new: NewTicket, files: Sequence[Upload], *, actor: Actor, once: Once | None = None
) -> TicketState:
    """Log a ticket with what the requester sent along. Errors as of `log_ticket` and `attach`."""
    with unit_of_work(desk, once) as work:
        held = log(work, new, actor=actor, at=work.began)
        attach(work, held, files, Audience.MUNICIPALITY, "", actor=actor)
        return held.ticket


def change(
    desk: Desk, number: str, asked: Change, *, actor: Actor, expected: Expected | None = None, once: Once | None = None
) -> TicketState:
    """Notes and files first, while the ticket is still where it is read; then priority; then the step."""
    with unit_of_work(desk, once) as work:
        held = work.open_ticket(number, actor=actor, expected=expected)
        found = _step(work, held, asked.verbs, actor) if asked.verbs else None
        given = _given(found, asked) if found else {}
        kept = bool(given.keys() & set(WORDS)) or asked.changes_priority
        _write(work, held, [*asked.notes, *([asked.words] if asked.words and not kept else [])], asked.files, actor)
        _set_priority(work, held, asked, actor)
        if asked.reference is not None:
            set_reference(work, held, asked.reference, actor=actor)
        if found:
            step(work, held, found.step, actor=actor, given=given)
        return held.ticket


def _step(work: Work, held: Open, verbs: Sequence[Verb], actor: Actor) -> Step:
    """The actor's step of the first verb that has one. Refusal when there is none."""
    options = options_of(work, held, actor)
    found = [option.step for verb in verbs for option in options if option.step.verb is verb]
    if not found:
        raise no_such_step(work, held, verbs[0], actor)
    return found[0]


def _given(found: Step, asked: Change) -> dict[str, str]:
    room = takes(found)
    words = next((need for need in WORDS if need in room), None)
    said = {need: text for need, text in asked.given.items() if text} | ({words: asked.words} if words else {})
    return {str(need): text for need, text in {**UNSAID, **said}.items() if need in room and text}


def _write(work: Work, held: Open, notes: Sequence[str], files: Sequence[Upload], actor: Actor) -> None:
    """What a supplier writes is for the joint tier, what a municipality's system writes for its own people."""
    from_supplier = any(seat.tier is Tier.SUPPLIER for seat in actor.seats)
    entry, audience = ("supplier_note", Audience.SUPPLIER) if from_supplier else ("note", Audience.MUNICIPALITY)
    for text in notes:
        add_entry(work, held, entry, audience, text, actor=actor)
    if files:
        add_entry(work, held, entry, audience, "", files=files, actor=actor)


def _set_priority(work: Work, held: Open, asked: Change, actor: Actor) -> None:
    if not asked.changes_priority:
        return
    impact, urgency = asked.impact or held.ticket.impact, asked.urgency or held.ticket.urgency
    set_priority(work, held, impact, urgency, asked.words, actor=actor)
