"""An employee's own matters: the list of them, and the form that reports one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from servicedesk.actions.reporting import Report
from servicedesk.core.attachments import LARGEST, MEGABYTE, MOST_AT_ONCE
from servicedesk.core.errors import Invalid
from servicedesk.core.facts import Installation
from servicedesk.core.requesters import reports_to
from servicedesk.core.vocabulary import Level
from servicedesk.store.queries.requesters import own_tickets
from servicedesk.web import identity, language, names
from servicedesk.web.forms import e_services, fields
from servicedesk.web.forms.fields import Choice, Field, Kind
from servicedesk.web.forms.parsing import chosen
from servicedesk.web.reading import Reading
from servicedesk.web.requester.standing import headline_of
from servicedesk.web.speech import _
from servicedesk.web.ticket.changing import level
from servicedesk.web.words import IMPACTS, URGENCIES


@dataclass(frozen=True, slots=True)
class OwnLine:
    """`tone`: yours (one's own turn), ours, or over."""

    number: str
    subject: str
    standing: str
    tone: str
    about: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class OwnPage:
    """`before`: what asks for the next page, '' on the last. `municipality`: whose they are, '' for several or none."""

    lines: list[OwnLine]
    before: str
    can_report: bool
    municipality: str


def own_page(before: str, reading: Reading) -> OwnPage:
    viewer = identity.viewer()
    found, onward = own_tickets(reading.connection, viewer, before)
    lines = []
    for own in found:
        ticket, (headline, tone) = own.ticket, headline_of(own.ticket)
        service = names.e_service(reading.installation, ticket.e_service)
        about = service or names.service(reading.installation, ticket.service)
        subject = own.subject or _("Your ticket")
        lines.append(OwnLine(ticket.number, subject, headline, tone, about, ticket.opened_at))
    mine, asked = reports_to(viewer, reading.installation), {own.ticket.municipality for own in found}
    whose = asked or set(mine)
    return OwnPage(lines, onward, bool(mine), whose.pop() if len(whose) == 1 else "")


def report_fields(
    reading: Reading, typed: Mapping[str, str], faults: Mapping[str, Sequence[str]] | None = None
) -> tuple[Field, ...]:
    """In the order in which one tells it: what, where, how bad."""
    places = _places(reading.installation)
    there = [typed["municipality"]] if typed.get("municipality") in places else list(places)
    shared = [Choice(each.name, _("Shared service")) for each in reading.installation.services.values()]
    options = (*e_services.offered(reading.installation, there), *shared)
    choose = () if len(places) == 1 else (Choice("", _("Choose")),)
    asked = (
        Field("subject", _("What is it about?"), Kind.LINE, _("In a few words.")),
        Field("description", _("What happens, and what did you expect?"), help=_("Since when? What have you tried?")),
        Field(
            "municipality",
            _("Where do you work?"),
            Kind.SELECT,
            choices=(*choose, *(Choice(key, name) for key, name in places.items())),
            value=next(iter(places), "") if len(places) == 1 else "",
        ),
        Field(
            "e_service",
            _("Which e-service or system?"),
            Kind.PICK,
            _("Write a few letters of its name and choose from the list."),
            choices=options,
        ),
        level("impact", _("How many are affected?"), IMPACTS, Level.LOW),
        level("urgency", _("How urgent is it?"), URGENCIES, Level.MEDIUM),
        Field(
            "file",
            _("Attach files"),
            Kind.FILES,
            _("At most %(most)s files of %(size)s MB each.", most=MOST_AT_ONCE, size=LARGEST // MEGABYTE),
            required=False,
        ),
    )
    return fields.again(asked, typed, faults or {}) if typed else asked


def report_from(typed: Mapping[str, str], installation: Installation) -> Report:
    """What was said, as the action takes it. Invalid where letters mean no one e-service or service."""
    municipality, letters = typed.get("municipality", ""), typed.get("e_service", "")
    if municipality not in _places(installation):
        raise Invalid({"municipality": ["Choose a municipality."]})
    picked = e_services.picked(installation, municipality, letters)
    service = picked[1].service if picked else e_services.service_named(installation, letters)
    if not service:
        raise Invalid({"e_service": ["Choose one of the names in the list."]})
    return Report(
        municipality=municipality,
        service=service,
        subject=typed.get("subject", ""),
        description=typed.get("description", ""),
        e_service=picked[1].key if picked else "",
        language=language.current(),
        **chosen(typed, {"impact": Level, "urgency": Level}),
    )


def _places(installation: Installation) -> dict[str, str]:
    mine = reports_to(identity.viewer(), installation)
    return {key: names.organisation(installation, key) for key in mine}
