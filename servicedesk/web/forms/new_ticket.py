"""The form that logs a ticket: questions in plain words, only what this person can log."""

from collections.abc import Mapping
from typing import Any

from servicedesk.actions.log import MAY_LOG, NewTicket, entry_tier, foreseen
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.vocabulary import Channel, Fault, Level, RequesterKind
from servicedesk.core.workflows.definition import Definition
from servicedesk.store.queries.similar import similar_tickets
from servicedesk.store.search.asked import read_asked
from servicedesk.web import language
from servicedesk.web.forms import e_services
from servicedesk.web.forms.fields import Choice, Field, Kind, choices
from servicedesk.web.forms.parsing import chosen
from servicedesk.web.forms.promise import Promise, promise_of
from servicedesk.web.lists.rows import Row, rows_of
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _, said, sentence
from servicedesk.web.ticket.changing import faults, level
from servicedesk.web.words import CHANNELS, FIELD_NAMES, IMPACTS, REQUESTERS, URGENCIES

BY_HAND = [channel for channel in Channel if channel not in (Channel.API, Channel.IMPORT)]


def municipalities_of(actor: Actor) -> list[str]:
    """Where this person may log tickets. Refusal when nowhere."""
    found = list(dict.fromkeys(seat.organisation for seat in actor.seats if seat.role in MAY_LOG))
    if not found:
        raise Refusal("You can log tickets only for a municipality you work in.", code="not_yours")
    return found


def new_ticket_fields(actor: Actor, reading: Reading, typed: Mapping[str, str]) -> tuple[Field, ...]:
    """In the order in which a call goes: what, where, how bad, who. What was `typed` so far narrows what is offered."""
    mine = municipalities_of(actor)
    return (
        _line("subject", help=_("A few words that a colleague understands in a list.")),
        Field("description", str(FIELD_NAMES["description"]), required=False, help=_("What, where, since when?")),
        *_where(mine, actor, reading, typed),
        level("impact", _("How many are affected?"), IMPACTS, Level.LOW),
        level("urgency", _("How urgent is it?"), URGENCIES, Level.MEDIUM),
        _radio("requester_kind", _("Who asks?"), choices({k: REQUESTERS[k] for k in RequesterKind})),
        _line("requester_name", required=False, help=_("Leave name and contact empty for a caller who is anonymous.")),
        _line("requester_contact", required=False),
        _channel(mine, actor, reading),
        _line("platform_case", required=False, help=_("If the e-service gave one.")),
    )


def _where(mine: list[str], actor: Actor, reading: Reading, typed: Mapping[str, str]) -> tuple[Field, ...]:
    organisations = reading.installation.organisations
    places = tuple(Choice(key, organisations[key].name) for key in mine)
    if len(places) > 1:
        places = (Choice("", _("Choose")), *places)
    services = tuple(Choice(service.key, service.name) for service in reading.installation.services.values())
    there = [typed["municipality"]] if typed.get("municipality") in mine else mine
    own = tuple(e_services.offered(reading.installation, there))
    kinds = _workflows(actor, reading)
    help = _("Write a few letters of its name and choose.")
    return (
        Field("municipality", _("Municipality"), Kind.SELECT, choices=places, value=places[0].value),
        Field("e_service", _("Which e-service?"), Kind.PICK, help=help, choices=own, required=False),
        Field(
            "service",
            _("Which shared service?"),
            Kind.SELECT,
            help=_("An e-service decides which."),
            choices=services,
            value=services[0].value if services else "",
        ),
        Field("workflow", _("Kind of ticket"), Kind.SELECT, choices=kinds, value=kinds[0].value if kinds else ""),
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


def new_ticket_from(typed: Mapping[str, str], installation: Installation) -> NewTicket:
    """What was sent, as the action takes it. The e-service that was picked says which service it is."""
    texts: dict[str, Any] = {name: typed.get(name, "") for name in TEXTS}
    picked = e_services.picked(installation, texts["municipality"], texts["e_service"])
    if picked:
        texts |= {"e_service": picked[1].key, "service": picked[1].service}
    return NewTicket(**texts, **chosen(typed, CHOICES))


def narrowed(typed: Mapping[str, str], changed: str, installation: Installation) -> dict[str, str]:
    """What was typed, after one field of it `changed`: an e-service brings its service with it, and goes when another
    service or municipality is chosen."""
    picked = e_services.picked(installation, typed.get("municipality", ""), typed.get("e_service", ""))
    if picked and changed == "service" and picked[1].service != typed.get("service"):
        return {**typed, "e_service": ""}
    if picked:
        return {**typed, "e_service": picked[0], "service": picked[1].service}
    return {**typed, "e_service": ""} if changed == "municipality" else dict(typed)


def foreseen_promise(values: Mapping[str, str], viewer: Actor, reading: Reading) -> Promise | str:
    """What would be promised if it were logged as it stands; or the sentence that says what is missing for that."""
    try:
        new = new_ticket_from(values, reading.installation)
        ticket = foreseen(new, reading.book, actor=viewer, at=reading.now)
    except Invalid as error:
        return sentence(next(iter(error.fields.values()))[0])
    except Refusal as refusal:
        return said(refusal)
    return promise_of(ticket, ticket.clocks.values(), reading)


def like_tickets(values: Mapping[str, str], viewer: Actor, reading: Reading) -> list[Row]:
    try:
        wanted = read_asked(values.get("subject", "")).wanted
    except Invalid:
        return []
    lines = similar_tickets(reading.connection, viewer, values.get("municipality", ""), wanted)
    return rows_of(lines, reading)
