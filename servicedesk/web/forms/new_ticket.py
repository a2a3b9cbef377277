"""The form that logs a ticket: questions in plain words, only what this person can log."""

from collections.abc import Mapping
from typing import Any

from servicedesk.actions.calls import CLOSED_BY, Call, can_close_at_once
from servicedesk.actions.log import MAY_LOG, NewTicket, entry_tier, foreseen
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.inputs import clean_line
from servicedesk.core.vocabulary import Channel, Fault, Language, Level, RequesterKind, ResolutionCode
from servicedesk.core.workflows.definition import Definition
from servicedesk.web import language
from servicedesk.web.administration.words import LANGUAGES
from servicedesk.web.forms import e_services
from servicedesk.web.forms.fields import Choice, Field, Kind, choices
from servicedesk.web.forms.parsing import chosen
from servicedesk.web.forms.promise import Promise, promise_of
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _, said, sentence
from servicedesk.web.ticket.changing import faults, level
from servicedesk.web.words import CHANNELS, FIELD_NAMES, IMPACTS, REQUESTERS, RESOLUTIONS, URGENCIES

BY_HAND = [channel for channel in Channel if channel not in (Channel.API, Channel.IMPORT)]


def municipalities_of(actor: Actor) -> list[str]:
    """Where this person may log tickets. Refusal when nowhere."""
    found = list(dict.fromkeys(seat.organisation for seat in actor.seats if seat.role in MAY_LOG))
    if not found:
        raise Refusal("You can log tickets only for a municipality you work in.", code="not_yours")
    return found


def new_ticket_fields(actor: Actor, reading: Reading, typed: Mapping[str, str]) -> tuple[Field, ...]:
    """In the order in which a call goes: who, what, where, how bad. What was `typed` so far narrows what is offered."""
    mine = municipalities_of(actor)
    return (
        _line("requester_name", required=False, help=_("Name, telephone or e-mail finds who has asked before.")),
        _line("requester_contact", required=False),
        _radio(
            "requester_kind",
            _("Who asks?"),
            choices({k: REQUESTERS[k] for k in RequesterKind}),
            _("Without name and contact it is anonymous. Of a protected identity nothing is kept."),
        ),
        _line("subject", help=_("A few words that a colleague understands in a list.")),
        Field("description", str(FIELD_NAMES["description"]), required=False, help=_("What, where, since when?")),
        *_where(mine, actor, reading, typed),
        level("impact", _("How many are affected?"), IMPACTS, Level.LOW),
        level("urgency", _("How urgent is it?"), URGENCIES, Level.MEDIUM),
        Field("solution", str(FIELD_NAMES["solution"]), help=_("What you tell the caller. It can be changed.")),
        _resolution(),
        _channel(mine, actor, reading),
        _line("platform_case", required=False, help=_("If the e-service gave one.")),
        _language(),
    )


def _where(mine: list[str], actor: Actor, reading: Reading, typed: Mapping[str, str]) -> tuple[Field, ...]:
    organisations = reading.installation.organisations
    places = tuple(Choice(key, organisations[key].name) for key in mine)
    if len(places) > 1:
        places = (Choice("", _("Choose")), *places)
    services = tuple(Choice(service.key, service.name) for service in reading.installation.services.values())
    there = [typed["municipality"]] if typed.get("municipality") in mine else mine
    shared = tuple(Choice(service.name, _("Shared service")) for service in reading.installation.services.values())
    own = (*e_services.offered(reading.installation, there), *shared)
    kinds = _workflows(actor, reading)
    help = _("A few letters, or the first of each word. A shared service can be written here too.")
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


def _language() -> Field:
    """Beside the call's own questions: nearly everybody is told in Swedish, and it must cost those who log nothing."""
    help = _("Of mail and of the requester's own page. Whoever has chosen another there is told in that.")
    return Field(
        "language",
        _("In which language is the requester told?"),
        Kind.SELECT,
        help=help,
        choices=tuple(Choice(str(each), str(words)) for each, words in LANGUAGES.items()),
        value=str(Language.SWEDISH),
    )


def _resolution() -> Field:
    options = choices({code: RESOLUTIONS[code] for code in ResolutionCode})
    usual = str(ResolutionCode.INFORMATION_GIVEN)
    return Field("resolution_code", _("How was it resolved?"), Kind.SELECT, choices=options, value=usual)


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
    elif service := e_services.service_named(installation, texts["e_service"]):
        texts |= {"e_service": "", "service": service}
    return NewTicket(**texts, **chosen(typed, CHOICES), language=_language_from(typed))


def _language_from(typed: Mapping[str, str]) -> Language | None:
    """None for Swedish, with which the form begins: an employee who has chosen another keeps that."""
    said = chosen({"language": typed.get("language") or Language.SWEDISH}, {"language": Language})["language"]
    return None if said is Language.SWEDISH else said


def call_from(typed: Mapping[str, str], form: str, installation: Installation) -> Call:
    """The same with what it belongs to and, where it is said to be solved, how."""
    solved = {str(name): typed.get(name, "") for name in CLOSED_BY} if typed.get("solved") else {}
    return Call(new_ticket_from(typed, installation), clean_line(typed.get("attach_to", "")), solved, form)


def narrowed(typed: Mapping[str, str], changed: str, installation: Installation) -> dict[str, str]:
    """What was typed, after one field of it `changed`: an e-service brings its service with it, and goes when another
    service or municipality is chosen."""
    picked = e_services.picked(installation, typed.get("municipality", ""), typed.get("e_service", ""))
    if picked and changed == "service" and picked[1].service != typed.get("service"):
        return {**typed, "e_service": ""}
    if picked:
        return {**typed, "e_service": picked[0], "service": picked[1].service}
    if service := e_services.service_named(installation, typed.get("e_service", "")):
        if changed == "service" and service != typed.get("service"):
            return {**typed, "e_service": ""}
        return {**typed, "e_service": installation.services[service].name, "service": service}
    return {**typed, "e_service": ""} if changed == "municipality" else dict(typed)


def closes_at_once(values: Mapping[str, str], viewer: Actor, reading: Reading) -> bool:
    """Whether what stands there could be solved and closed as it is logged."""
    try:
        new = new_ticket_from({**values, "e_service": ""}, reading.installation)
    except Invalid:
        return False
    return can_close_at_once(new, reading.book, actor=viewer, at=reading.now)


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
