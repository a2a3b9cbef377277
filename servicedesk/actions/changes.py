"""Changes to a ticket outside its workflow: who works on it, how bad it is, whose fault, which municipality."""

from servicedesk.actions.desk import Desk
from servicedesk.actions.log import agreements_for, day_of, entry_tier
from servicedesk.actions.once import Once
from servicedesk.actions.opened import Open
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.custody import holder_of
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.events import MunicipalityChanged, PriorityChanged, TicketAssigned, TicketClassified
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import clean_texts
from servicedesk.core.priority import priority_of
from servicedesk.core.rights import Right, require
from servicedesk.core.routing import route
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Fault, Level


def assign(
    desk: Desk, number: str, person: str, *, actor: Actor, expected: int | None = None, once: Once | None = None
) -> TicketState:
    """Say who in the holding team works on it; '' for nobody. Invalid if the person is not in that team."""
    with unit_of_work(desk, once) as work:
        held = work.open_ticket(number, actor=actor, expected=expected)
        set_assignee(work, held, person, actor=actor)
        return held.ticket


def set_assignee(work: Work, held: Open, person: str, *, actor: Actor) -> None:
    require(Right.ASSIGN, held.ticket, actor)
    found = work.book.installation.people.get(person)
    if person and (found is None or all(seat.team != held.ticket.holder.team for seat in found.memberships)):
        raise Invalid({"assignee": ["Choose somebody in the team that holds the ticket."]})
    if person != held.ticket.assignee:
        work.record(held, TicketAssigned(person), actor=actor)


def change_priority(
    desk: Desk,
    number: str,
    impact: Level,
    urgency: Level,
    reason: str,
    *,
    actor: Actor,
    expected: int | None = None,
    once: Once | None = None,
) -> TicketState:
    """Another impact or urgency, with the reason. What has been spent of every promise stays spent."""
    with unit_of_work(desk, once) as work:
        held = work.open_ticket(number, actor=actor, expected=expected)
        set_priority(work, held, impact, urgency, reason, actor=actor)
        return held.ticket


def set_priority(work: Work, held: Open, impact: Level, urgency: Level, reason: str, *, actor: Actor) -> None:
    require(Right.CHANGE_PRIORITY, held.ticket, actor)
    text = _reason(reason)
    if (impact, urgency) == (held.ticket.impact, held.ticket.urgency):
        raise Refusal("The ticket already has this impact and urgency.", code="nothing_changed")
    priority = priority_of(work.book.installation, impact, urgency)
    work.record(held, PriorityChanged(impact, urgency, priority), {"reason": text}, actor=actor)


def classify(
    desk: Desk,
    number: str,
    fault: Fault,
    service: str,
    e_service: str,
    reason: str,
    *,
    actor: Actor,
    expected: int | None = None,
    once: Once | None = None,
) -> TicketState:
    """Whose fault it is and which service it concerns; agreements and supplier follow the service."""
    with unit_of_work(desk, once) as work:
        held = work.open_ticket(number, actor=actor, expected=expected)
        set_class(work, held, fault, service, e_service, reason, actor=actor)
        return held.ticket


def set_class(work: Work, held: Open, fault: Fault, service: str, e_service: str, reason: str, *, actor: Actor) -> None:
    require(Right.CLASSIFY, held.ticket, actor)
    installation, ticket = work.book.installation, held.ticket
    if service not in installation.services:
        raise Invalid({"service": ["Choose a service."]})
    own = installation.e_services.get(e_service)
    if e_service and (own is None or own.municipality != ticket.municipality or own.service != service):
        raise Invalid({"e_service": ["Choose one of the municipality's own e-services on this service, or none."]})
    if service == ticket.service:
        agreements = ticket.agreements
    else:
        agreements = agreements_for(installation, ticket.municipality, service, day_of(held.now, installation))
    supplier = installation.services[service].supplier
    payload = TicketClassified(fault, service, e_service, supplier, dict(agreements))
    work.record(held, payload, {"reason": _reason(reason)}, actor=actor)


def move_municipality(
    desk: Desk,
    number: str,
    municipality: str,
    reason: str,
    *,
    actor: Actor,
    expected: int | None = None,
    once: Once | None = None,
) -> TicketState:
    """To the municipality the matter belongs to, with the requester's knowledge (the reason says how they know).

    The ticket begins again at the workflow's first state there, under that municipality's agreement; what the clocks
    have spent stays spent. The old municipality no longer sees it.
    """
    with unit_of_work(desk, once) as work:
        held = work.open_ticket(number, actor=actor, expected=expected)
        set_municipality(work, held, municipality, reason, actor=actor)
        return held.ticket


def set_municipality(work: Work, held: Open, municipality: str, reason: str, *, actor: Actor) -> None:
    require(Right.MOVE_MUNICIPALITY, held.ticket, actor)
    installation, ticket = work.book.installation, held.ticket
    organisation = installation.organisations.get(municipality)
    if organisation is None or organisation.kind != "municipality":
        raise Invalid({"municipality": ["Choose a municipality."]})
    if municipality == ticket.municipality:
        raise Refusal(
            "The ticket already belongs to %(municipality)s.", code="nothing_changed", municipality=organisation.name
        )
    definition = work.book.definition(ticket.workflow_version)
    team, rule = route(
        installation,
        tier=entry_tier(definition),
        municipality=municipality,
        service=ticket.service,
        workflow=ticket.workflow,
        fault=ticket.fault,
    )
    payload = MunicipalityChanged(
        municipality=municipality,
        holder=holder_of(team),
        state=definition.initial,
        agreements=agreements_for(installation, municipality, ticket.service, day_of(held.now, installation)),
        rule=rule.key,
    )
    work.record(held, payload, {"reason": _reason(reason)}, actor=actor)


def _reason(reason: str) -> str:
    text = clean_texts({"reason": reason}).get("reason")
    if not text:
        raise Invalid({"reason": ["Say why."]})
    return text
