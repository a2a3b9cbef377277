"""The form that logs a ticket: questions in plain words, only what this person can log."""

from collections.abc import Mapping
from typing import Any

from servicedesk.actions.log import MAY_LOG, NewTicket, entry_tier
from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.vocabulary import Channel, Fault, Level, RequesterKind
from servicedesk.core.workflows.definition import Definition
from servicedesk.web import language
from servicedesk.web.changing import e_services, faults, level
from servicedesk.web.fields import Choice, Field, Kind, choices
from servicedesk.web.parsing import chosen
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import CHANNELS, FIELD_NAMES, IMPACTS, REQUESTERS, URGENCIES

BY_HAND = [channel for channel in Channel if channel not in (Channel.API, Channel.IMPORT)]


def municipalities_of(actor: Actor) -> list[str]:
    """Where this person may log tickets. Refusal when nowhere."""
    found = list(dict.fromkeys(seat.organisation for seat in actor.seats if seat.role in MAY_LOG))
    if not found:
        raise Refusal("You can log tickets only for a municipality you work in.", code="not_yours")
    return found


def new_ticket_fields(actor: Actor, reading: Reading) -> tuple[Field, ...]:
    """In the order in which a call goes: what, where, how bad, who."""
    mine = municipalities_of(actor)
    return (
        _line("subject", help=_("A few words that a colleague understands in a list.")),
        Field("description", str(FIELD_NAMES["description"]), required=False, help=_("What, where, since when?")),
        *_where(mine, actor, reading),
        level("impact", _("How many are affected?"), IMPACTS, Level.LOW),
        level("urgency", _("How urgent is it?"), URGENCIES, Level.MEDIUM),
        _radio("requester_kind", _("Who asks?"), choices({k: REQUESTERS[k] for k in RequesterKind})),
        _line("requester_name", required=False, help=_("Leave name and contact empty for a caller who is anonymous.")),
        _line("requester_contact", required=False),
        _channel(mine, actor, reading),
        _line("platform_case", required=False, help=_("If the e-service gave one.")),
    )


def _where(mine: list[str], actor: Actor, reading: Reading) -> tuple[Field, ...]:
    organisations = reading.installation.organisations
    places = tuple(Choice(key, organisations[key].name) for key in mine)
    if len(places) > 1:
        places = (Choice("", _("Choose")), *places)
    services = tuple(Choice(service.key, service.name) for service in reading.installation.services.values())
    own = (Choice("", _("None, or not known")), *e_services(reading, mine))
    return (
        Field("municipality", _("Municipality"), Kind.SELECT, choices=places, value=places[0].value),
        Field("workflow", _("Kind of ticket"), Kind.SELECT, choices=_workflows(actor, reading)),
        Field("service", _("Service"), Kind.SELECT, choices=services, value=services[0].value if services else ""),
        Field("e_service", _("E-service"), Kind.SELECT, choices=own, required=False),
        _radio("fault", _("Whose fault is it?"), faults(), _("If you know. It can be changed later.")),
    )


def _workflows(actor: Actor, reading: Reading) -> tuple[Choice, ...]:
    """Those that come in where this person sits first: what they log most."""
    tiers = {seat.tier for seat in actor.seats}

    def elsewhere(definition: Definition) -> bool:
        return entry_tier(definition) not in tiers

    found = sorted(reading.book.workflows(), key=elsewhere)
    return tuple(Choice(definition.key, definition.labels[language.current()]) for definition in found)


def _channel(mine: list[str], actor: Actor, reading: Reading) -> Field:
    teams = [reading.installation.teams[seat.team] for seat in actor.seats if seat.organisation in mine]
    usual = [channel for team in teams for channel in team.channels if channel in BY_HAND]
    options = choices({channel: CHANNELS[channel] for channel in BY_HAND})
    value = str(usual[0] if usual else Channel.PHONE)
    return Field("channel", _("How did it come in?"), Kind.SELECT, choices=options, value=value)


def _line(name: str, *, required: bool = True, help: str = "") -> Field:
    return Field(name, str(FIELD_NAMES[name]), Kind.LINE, help=help, required=required)


def _radio(name: str, label: str, options: tuple[Choice, ...], help: str = "") -> Field:
    return Field(name, label, Kind.RADIO, help=help, choices=options, value=options[0].value)


TEXTS = (
    "municipality",
    "service",
    "subject",
    "description",
    "workflow",
    "requester_name",
    "requester_contact",
    "e_service",
    "platform_case",
)
CHOICES = {
    "channel": Channel,
    "requester_kind": RequesterKind,
    "impact": Level,
    "urgency": Level,
    "fault": Fault,
}


def new_ticket_from(typed: Mapping[str, str]) -> NewTicket:
    """What was sent, as the action takes it."""
    texts: dict[str, Any] = {name: typed.get(name, "") for name in TEXTS}
    return NewTicket(**texts, **chosen(typed, CHOICES))
