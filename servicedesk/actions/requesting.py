"""What whoever asked does with their own ticket: the steps that its workflow gives them, a message, how it went.

All of it is theirs alone: `actor` is a requester (core.requesters), who sees one ticket and no other.
"""

from collections.abc import Mapping

from servicedesk.actions.attachments import attach
from servicedesk.actions.attempts import count_writing
from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import Files, write_entry
from servicedesk.actions.once import Once
from servicedesk.actions.opened import Open
from servicedesk.actions.steps import no_such_step, options_of, step
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.events import MESSAGE, RatingGiven
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import clean_texts
from servicedesk.core.requesters import require_may_rate, require_may_write
from servicedesk.core.vocabulary import Audience, Rating, Role, Verb


def act_as_requester(
    desk: Desk,
    number: str,
    verb: Verb,
    given: Mapping[str, str],
    *,
    actor: Actor,
    files: Files = (),
    once: Once | None = None,
) -> None:
    """The step of this verb that the workflow offers the requester now, with files that they sent along. Refusal when
    there is none any longer."""
    with unit_of_work(desk, once) as work:
        held = _open(work, number, actor)
        options = options_of(work, held, actor)
        found = next((option.step.step for option in options if option.step.verb is verb), None)
        if found is None:
            raise no_such_step(work, held, verb, actor)
        step(work, held, found, actor=actor, given=given)
        attach(work, held, files, Audience.REQUESTER, "", actor=actor)


def send_message(
    desk: Desk, number: str, text: str, *, actor: Actor, files: Files = (), once: Once | None = None
) -> None:
    """What the requester has to say without being asked. Refusal `closed`."""
    with unit_of_work(desk, once) as work:
        held = _open(work, number, actor)
        require_may_write(held.ticket)
        write_entry(work, held, MESSAGE, Audience.REQUESTER, "", text, files, actor=actor)


def rate(desk: Desk, number: str, rating: str, comment: str, *, actor: Actor, once: Once | None = None) -> None:
    """How it went; said again it is said otherwise. Invalid for none of the choices, Refusal `not_now`."""
    with unit_of_work(desk, once) as work:
        held = _open(work, number, actor)
        require_may_rate(held.ticket, held.now)
        if rating not in list(Rating):
            raise Invalid({"rating": ["Choose one of the answers."]})
        work.record(held, RatingGiven(Rating(rating)), clean_texts({"comment": comment}), actor=actor)


def _open(work: Work, number: str, actor: Actor) -> Open:
    held = work.open_ticket(number, actor=actor)
    if actor.kind != Role.REQUESTER:
        raise Refusal("Only the requester does this themselves.", code="not_yours")
    count_writing(work.desk, work.connection, number)
    return held
