"""Changes to a ticket outside its workflow: who works on it, how bad it is, whose fault, which municipality."""

from servicedesk.actions.desk import Desk
from servicedesk.actions.log import agreements_for, day_of, entry_tier
from servicedesk.actions.once import Once
from servicedesk.actions.opened import Open
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.agreements import require_fit
from servicedesk.core.canonical import agreement_version
from servicedesk.core.changing import new_priority, require_assignable
from servicedesk.core.custody import holder_of
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.events import (
    AgreementChanged,
    MunicipalityChanged,
    PriorityChanged,
    TicketAssigned,
    TicketClassified,
)
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import clean_texts
from servicedesk.core.rights import TO_CHANGE_AGREEMENT, Right, has_right, require
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
    require_assignable(held.ticket, person, work.book.installation, actor)
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
    priority = new_priority(held.ticket, impact, urgency, work.book.installation, actor)
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


def change_agreement(
    desk: Desk,
    number: str,
    agreement: str,
    reason: str,
    *,
    actor: Actor,
    expected: int | None = None,
    once: Once | None = None,
) -> TicketState:
    """To the version of one of its agreements that is in force today, by that version's key, with the reason. What has
    been spent stays spent and what has been broken stays broken; the rest follows the new version."""
    with unit_of_work(desk, once) as work:
        held = work.open_ticket(number, actor=actor, expected=expected)
        set_agreement(work, held, agreement, reason, actor=actor)
        return held.ticket


def set_agreement(work: Work, held: Open, agreement: str, reason: str, *, actor: Actor) -> None:
    ticket, new = held.ticket, work.book.installation.agreements.get(agreement)
    if new is None and any(has_right(right, ticket, actor) for right in TO_CHANGE_AGREEMENT.values()):
        raise Invalid({"agreement": ["Choose an agreement."]})
    require(TO_CHANGE_AGREEMENT[new.kind] if new else Right.CHANGE_AGREEMENT, ticket, actor)
    assert new is not None
    text = _reason(reason)
    before, version = ticket.agreements.get(new.kind, ""), agreement_version(new)
    if version == before:
        raise Refusal("The ticket already has this version of the agreement.", code="nothing_changed")
    day = day_of(held.now, work.book.installation)
    require_fit(new, work.book.agreement(before) if before else None, ticket.service, day)
    work.record(held, AgreementChanged(new.kind, version, new.party, before), {"reason": text}, actor=actor)


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
