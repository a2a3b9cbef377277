"""What an organisation's own system calls a ticket: one reference each, which it can be found by."""

from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once
from servicedesk.actions.opened import Expected, Left, Open
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.events import ReferenceGiven
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import LONGEST_CASE, clean_line, too_long
from servicedesk.core.visibility import access_of
from servicedesk.core.vocabulary import Tier


def give_reference(
    desk: Desk,
    number: str,
    reference: str,
    *,
    actor: Actor,
    expected: Expected | None = None,
    once: Once | None = None,
) -> Left:
    """Instead of the one before; '' takes it away. The same again changes nothing. Whoever sees a ticket may say what
    they call it, also when it is no longer with them. Refusal `not_yours` to all but systems and suppliers."""
    if actor.kind != "client" and not _is_suppliers(actor):
        raise Refusal("Only an organisation's own system can say what it calls a ticket.", code="not_yours")
    with unit_of_work(desk, once) as work:
        held = work.open_ticket(number, actor=actor, expected=expected)
        set_reference(work, held, reference, actor=actor)
        return work.left(held)


def set_reference(work: Work, held: Open, reference: str, *, actor: Actor) -> None:
    """The same within a unit of work."""
    seen = access_of(held.ticket, actor)
    assert seen is not None
    _access, organisation = seen
    said = clean_line(reference)
    if len(said) > LONGEST_CASE:
        raise Invalid({"reference": [too_long(said, LONGEST_CASE)]})
    if held.ticket.references.get(organisation, "") != said:
        work.record(held, ReferenceGiven(organisation, said), actor=actor)


def _is_suppliers(actor: Actor) -> bool:
    return bool(actor.seats) and all(seat.tier is Tier.SUPPLIER for seat in actor.seats)
