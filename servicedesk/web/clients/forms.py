"""The forms about clients and what they show: their fields, and what was said in them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from flask import current_app, request

from servicedesk.actions.clients import ClientGiven
from servicedesk.actions.once import Once, once_for
from servicedesk.core.clients import USUAL_LIFE
from servicedesk.core.errors import Invalid, Sentence
from servicedesk.core.scopes import SCOPES_OF, scopes_of
from servicedesk.extensions import desk
from servicedesk.store.queries.clients import SECRET, TOKEN, Client
from servicedesk.web import identity, times
from servicedesk.web.clients.words import KINDS, LABELS, scope_words
from servicedesk.web.forms import nonce
from servicedesk.web.forms.fields import Choice, Field, Kind
from servicedesk.web.numbers import whole
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _

OVERLAPS = (0, 1, 7, 30)
USUAL_OVERLAP = "7"


def typed() -> dict[str, str]:
    """What was said, with every box that was ticked."""
    return {**nonce.said(), "scopes": " ".join(request.form.getlist("scopes"))}


def version() -> int | None:
    """Of what is said of a client, as it stood when the form was shown; None where there is no such form yet."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def sent_once() -> Once | None:
    showing = request.form.get(nonce.FIELD, "")
    return once_for(desk(), identity.viewer(), showing, {**typed(), "/": request.path}) if showing else None


def organisation_field(reading: Reading, value: str = "") -> Field:
    """Those that can have clients: suppliers and municipalities with a team."""
    staffed = {team.organisation for team in reading.installation.teams.values()}
    fitting = [
        each for each in reading.installation.organisations.values() if each.kind in SCOPES_OF and each.key in staffed
    ]
    options = [Choice(each.key, each.name) for each in sorted(fitting, key=lambda each: each.name.casefold())]
    choices = (Choice("", _("Choose")), *options)
    return Field("organisation", str(LABELS["organisation"]), Kind.SELECT, choices=choices, value=value)


def client_fields(organisation: str, reading: Reading, client: Client | None = None) -> tuple[Field, ...]:
    """Nothing is ticked beforehand: a system gets what it needs."""
    scopes = tuple(Choice(scope, scope_words(scope)) for scope in scopes_of(reading.installation, organisation))
    usual = current_app.config["CLIENT_RATE"]
    return (
        _line("name", client.name if client else "", _("As people will read it in a ticket's history.")),
        Field(
            "scopes",
            str(LABELS["scopes"]),
            Kind.CHECKS,
            _("Tick only what it needs."),
            scopes,
            " ".join(client.scopes) if client else "",
        ),
        Field(
            "addresses",
            str(LABELS["addresses"]),
            help=_("One address or network a line, as 192.0.2.10 or 2001:db8::/32. Empty: from everywhere."),
            value="\n".join(client.addresses.split()) if client else "",
            required=False,
        ),
        _line("contact", client.contact if client else "", _("A name and an e-mail address or a number."), False),
        _line(
            "rate",
            str(client.rate or "") if client else "",
            _("Empty: %(usual)s, as for every system.", usual=whole(usual)),
            False,
        ),
    )


def token_fields(now: datetime) -> tuple[Field, ...]:
    kinds = tuple(Choice(kind, str(KINDS[kind])) for kind in (TOKEN, SECRET))
    help = _("A token is sent with every request. With a secret the system itself gets tokens of an hour.")
    last = (times.local(now) + USUAL_LIFE).date().isoformat()
    return (
        Field("kind", str(LABELS["kind"]), Kind.RADIO, help, kinds, TOKEN),
        Field("name", _("What is it for?"), Kind.LINE, _("Such as the server that has it.")),
        Field("expires", str(LABELS["expires"]), Kind.DAY, _("At most two years from now."), value=last),
    )


def overlap_field() -> Field:
    words = {0: _("Not at all: it ends now"), 1: _("1 day"), 7: _("7 days"), 30: _("30 days")}
    choices = tuple(Choice(str(days), words[days]) for days in OVERLAPS)
    return Field("overlap", str(LABELS["overlap"]), Kind.SELECT, choices=choices, value=USUAL_OVERLAP)


def client_given(said: Mapping[str, str]) -> ClientGiven:
    rate: int | None = None
    faults: dict[str, list[str]] = {}
    if written := "".join(said.get("rate", "").split()):
        if written.isascii() and written.isdigit() and len(written) < 10:
            rate = int(written)
        else:
            faults["rate"] = [Sentence("Give a whole number, or nothing.")]
    return ClientGiven(
        name=said.get("name", ""),
        scopes=tuple(said.get("scopes", "").split()),
        addresses=said.get("addresses", ""),
        contact=said.get("contact", ""),
        rate=rate,
        faults=faults,
    )


def end_of(said: Mapping[str, str]) -> datetime | None:
    """The moment after the last day that was chosen; None when none was. Invalid for what is no day."""
    text = said.get("expires", "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=1)
        return datetime.combine(day, time(), times.zone()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid({"expires": ["Give a day."]}) from None


def overlap_of(said: Mapping[str, str]) -> timedelta:
    text = said.get("overlap", USUAL_OVERLAP)
    if text not in map(str, OVERLAPS):
        raise Invalid({"overlap": ["Choose one of those that are offered."]})
    return timedelta(days=int(text))


def _line(name: str, value: str, help: str, required: bool = True) -> Field:
    return Field(name, str(LABELS[name]), Kind.LINE, help, value=value, required=required)
