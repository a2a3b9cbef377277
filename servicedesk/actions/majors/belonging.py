"""Attaching a ticket to a major incident, and detaching it again."""

from servicedesk.actions.desk import Desk
from servicedesk.actions.majors.acts import hold
from servicedesk.actions.once import Once
from servicedesk.actions.opened import Expected, Open
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.errors import NotFound, Refusal
from servicedesk.core.events import MajorIncidentJoined, MajorIncidentLeft
from servicedesk.core.facts import Actor
from servicedesk.core.majors import concerns, require_attachable, require_attacher
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import OrganisationKind
from servicedesk.store.majors import MajorIncident
from servicedesk.store.queries.majors import leading, municipalities_of


def attach(
    desk: Desk,
    number: str,
    incident: str,
    *,
    actor: Actor,
    expected: Expected | None = None,
    once: Once | None = None,
) -> TicketState:
    """The ticket belongs to the incident from now on: it is told of and solved with the others."""
    with unit_of_work(desk, once) as work:
        into = hold(work.connection, incident)
        held = work.open_ticket(number, actor=actor, expected=expected)
        join(work, held, into, actor=actor)
        return held.ticket


def join(work: Work, held: Open, into: MajorIncident, *, actor: Actor) -> None:
    """The same of a ticket in hand, the incident under lock. NotFound to whom the incident does not concern."""
    there = set(municipalities_of(work.connection, into.id))
    if not there & concerns(actor, work.book.installation):
        raise NotFound("There is no such major incident.")
    require_attachable(held.ticket, actor)
    if held.ticket.municipality not in there:
        raise Refusal(
            "The major incident does not concern the ticket's municipality. Ask the IT service manager.",
            code="not_concerned",
        )
    work.record(held, MajorIncidentJoined(into.key, _joint(work)), actor=actor)


def detach(
    desk: Desk, number: str, *, actor: Actor, expected: Expected | None = None, once: Once | None = None
) -> TicketState:
    """It did not belong there: the undoing of `attach`. What has been told in it stands."""
    with unit_of_work(desk, once) as work:
        held = work.open_ticket(number, actor=actor, expected=expected)
        require_attacher(held.ticket, actor)
        if not held.ticket.major:
            raise Refusal("The ticket belongs to no major incident.", code="nothing_changed")
        if held.id in leading(work.connection, held.ticket.major):
            raise Refusal(
                "The major incident was declared out of this ticket, which cannot be detached from it.", code="leads"
            )
        work.record(held, MajorIncidentLeft(held.ticket.major), actor=actor)
        return held.ticket


def _joint(work: Work) -> str:
    """The joint organisation, which leads."""
    kept = work.book.installation.organisations.values()
    return next(each.key for each in kept if each.kind is OrganisationKind.JOINT)
