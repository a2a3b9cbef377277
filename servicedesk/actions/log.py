"""Logging a ticket: the matter, whose it is, how bad it is, and to whom it goes."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, update

from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once
from servicedesk.actions.opened import Left, Open
from servicedesk.actions.recording import event_of
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core import fold
from servicedesk.core.agreements import agreements_on
from servicedesk.core.canonical import agreement_version
from servicedesk.core.custody import holder_of
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.events import TicketLogged
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.inputs import LONGEST_CASE, LONGEST_LINE, LONGEST_TEXT, clean_line, clean_text, too_long
from servicedesk.core.priority import priority_of
from servicedesk.core.requesters import person_of
from servicedesk.core.routing import route
from servicedesk.core.ticket import TicketState
from servicedesk.core.visibility import LANGUAGE, PERSON
from servicedesk.core.vocabulary import Channel, Fault, Language, Level, RequesterKind, Role, Tier
from servicedesk.core.workflows.definition import Definition
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import TicketNumber
from servicedesk.store.upsert import insert_missing

# Who may log a ticket, and at which tiers of a workflow's first state.
MAY_LOG = frozenset(
    {
        Role.FIRST_LINE_STAFF,
        Role.BUSINESS_SYSTEM_MANAGER,
        Role.ADMINISTRATOR,
        Role.E_SERVICE_DEVELOPER,
        Role.LOCAL_IT,
        Role.MUNICIPAL_SYSTEM,
    }
)


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What a ticket is logged with. Names and contact may be empty; then the requester is anonymous.

    Municipality, service and e-service are keys. `priority` is given only by imports; else impact and urgency decide.
    `reference` is what the municipality's own system calls the ticket. `requester_person`: the key of the person who
    asks, if it is known; else it is found by an employee's address. `language`: the one that they read, None where it
    was not said: then it is an employee's own, else Swedish.
    """

    municipality: str
    service: str
    subject: str
    description: str = ""
    workflow: str = "citizen_incident"
    channel: Channel = Channel.PHONE
    requester_kind: RequesterKind = RequesterKind.CITIZEN
    requester_name: str = ""
    requester_contact: str = ""
    e_service: str = ""
    platform_case: str = ""
    impact: Level = Level.LOW
    urgency: Level = Level.MEDIUM
    fault: Fault = Fault.UNKNOWN
    priority: int = 0
    reference: str = ""
    requester_person: str = ""
    language: Language | None = None


def log_ticket(desk: Desk, new: NewTicket, *, actor: Actor, once: Once | None = None) -> TicketState:
    """Log a ticket now. Invalid names every field that cannot be accepted; Refusal `not_yours`, `no_route`."""
    return log_known(desk, new, actor=actor, once=once).ticket


def log_known(desk: Desk, new: NewTicket, *, actor: Actor, once: Once | None = None) -> Left:
    """The same, for those who show it at once."""
    with unit_of_work(desk, once) as work:
        return work.left(log(work, new, actor=actor, at=work.began))


def log(work: Work, new: NewTicket, *, actor: Actor, at: datetime, number: str = "") -> Open:
    """The same within a unit of work; `number` is given by imports that keep the other system's."""
    installation = work.book.installation
    new = check(new, installation, work.book)
    require_may_log(new, actor)
    payload = logged(new, work.book, at)
    texts = {
        "subject": new.subject,
        "description": new.description,
        "requester_name": new.requester_name,
        "requester_contact": new.requester_contact,
        PERSON: new.requester_person or person_of(new.requester_kind, new.requester_contact, installation),
        LANGUAGE: str(new.language or ""),
    }
    return work.open_new(number or next_number(work, at), payload, texts, actor=actor, at=at)


def foreseen(new: NewTicket, book: RuleBook, *, actor: Actor, at: datetime) -> TicketState:
    """The ticket as `log` would make it, with its holder, priority and promises; nothing is written, and texts may be
    missing. Invalid and Refusal as there."""
    if faults := _unknown(new, book.installation, book):
        raise Invalid(faults)
    require_may_log(new, actor)
    first = logged(new, book, at)
    event = event_of("", 1, first, {}, actor=actor, party=new.municipality, occurred_at=at, recorded_at=at)
    return fold.apply(None, event, book)


def logged(new: NewTicket, book: RuleBook, at: datetime) -> TicketLogged:
    """The event: the team by routing, the priority by the matrix, the agreements in force on the day."""
    installation, definition = book.installation, book.workflow(new.workflow)
    assert definition is not None
    team, rule = route(
        installation,
        tier=entry_tier(definition),
        municipality=new.municipality,
        service=new.service,
        e_service=new.e_service,
        workflow=new.workflow,
        fault=new.fault,
    )
    return TicketLogged(
        workflow=new.workflow,
        workflow_version=definition.version,
        state=definition.initial,
        municipality=new.municipality,
        service=new.service,
        holder=holder_of(team),
        channel=new.channel,
        requester_kind=new.requester_kind,
        impact=new.impact,
        urgency=new.urgency,
        priority=new.priority or priority_of(installation, new.impact, new.urgency),
        fault=new.fault,
        e_service=new.e_service,
        supplier=installation.services[new.service].supplier,
        agreements=agreements_for(installation, new.municipality, new.service, day_of(at, installation)),
        platform_case=new.platform_case,
        rule=rule.key,
        priority_given=bool(new.priority),
        reference=new.reference,
    )


def entry_tier(definition: Definition) -> Tier:
    """Where tickets of a workflow come in; the check has proved that its first state has a tier."""
    tier = definition.states[definition.initial].tier
    assert tier is not None
    return tier


def agreements_for(installation: Installation, municipality: str, service: str, day: date) -> dict[str, str]:
    """Kind -> hash of the agreement that binds a ticket opened on this civil day."""
    bound = agreements_on(installation, municipality, service, day)
    return {str(kind): agreement_version(agreement) for kind, agreement in bound.items()}


def day_of(at: datetime, installation: Installation) -> date:
    return at.astimezone(ZoneInfo(installation.zone)).date()


def check(new: NewTicket, installation: Installation, book: RuleBook) -> NewTicket:
    """The same with its texts cleaned. Invalid, field by field."""
    texts: dict[str, Any] = {name: clean_line(getattr(new, name)) for name in _LINES}
    texts["description"] = clean_text(new.description)
    faults: dict[str, list[str]] = {}
    if not texts["subject"]:
        faults["subject"] = ["Say in a few words what the matter is."]
    for name, text in texts.items():
        longest = _LINES.get(name, LONGEST_TEXT)
        if len(text) > longest:
            faults[name] = [too_long(text, longest)]
    if new.requester_kind is RequesterKind.PROTECTED:
        faults |= {name: [NOTHING_KEPT] for name in WHO if texts[name]}
        texts["requester_person"] = ""
    elif new.requester_kind is RequesterKind.ANONYMOUS:
        texts |= dict.fromkeys((*WHO, "requester_person"), "")
    faults |= _unknown(new, installation, book)
    if faults:
        raise Invalid(faults)
    kind = new.requester_kind
    if kind is RequesterKind.CITIZEN and not texts["requester_name"] and not texts["requester_contact"]:
        kind = RequesterKind.ANONYMOUS
    language = None if kind is RequesterKind.PROTECTED else new.language
    return replace(new, requester_kind=kind, language=language, **texts)


# What tells of the requester: of one whose identity is protected nothing is kept that could be found or leak; of one
# who is to be anonymous nothing either, whatever a program or a browser has filled in.
WHO = ("requester_name", "requester_contact")
NOTHING_KEPT = "Leave this empty: of somebody whose identity is protected nothing is kept."

_LINES = {
    "subject": LONGEST_LINE,
    "requester_name": LONGEST_LINE,
    "requester_contact": LONGEST_LINE,
    "platform_case": LONGEST_CASE,
    "reference": LONGEST_CASE,
}


def _unknown(new: NewTicket, installation: Installation, book: RuleBook) -> dict[str, list[str]]:
    faults = {}
    organisation = installation.organisations.get(new.municipality)
    if organisation is None or organisation.kind != "municipality":
        faults["municipality"] = ["Choose a municipality."]
    if new.service not in installation.services:
        faults["service"] = ["Choose a service."]
    e_service = installation.e_services.get(new.e_service)
    if new.e_service and (e_service is None or e_service.municipality != new.municipality):
        faults["e_service"] = ["Choose one of the municipality's own e-services, or none."]
    elif e_service and e_service.service != new.service:
        faults["e_service"] = ["This e-service does not belong to the service that is chosen."]
    if book.workflow(new.workflow) is None:
        faults["workflow"] = ["Choose a process."]
    return faults


def require_may_log(new: NewTicket, actor: Actor) -> None:
    if actor.kind in ("operator", "import", Role.REQUESTER):
        return
    if not any(seat.role in MAY_LOG and seat.organisation == new.municipality for seat in actor.seats):
        raise Refusal("You can log tickets only for a municipality you work in.", code="not_yours")


_COUNT = (
    update(TicketNumber)
    .where(TicketNumber.year == bindparam("of"))
    .values(last=TicketNumber.last + 1)
    .returning(TicketNumber.last)
)


def next_number(work: Work, at: datetime) -> str:
    """The next ticket number, `2026-00042`: no gaps, the year that of the zone the installation lives in."""
    year = day_of(at, work.book.installation).year
    last = work.connection.execute(_COUNT, {"of": year}).scalar()
    if last is None:
        insert_missing(work.connection, TicketNumber, [{"year": year, "last": 0}])
        last = work.connection.execute(_COUNT, {"of": year}).scalar_one()
    return f"{year}-{last:05d}"
