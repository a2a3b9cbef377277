"""The forms by which the public is told: their fields, and what was said in them."""

from flask import request

from servicedesk.actions.disruptions import NewDisruption
from servicedesk.actions.once import Once, once_for
from servicedesk.core.disruptions import speaks_for
from servicedesk.extensions import desk
from servicedesk.web import identity, names, times
from servicedesk.web.forms import nonce
from servicedesk.web.forms.fields import Choice, Field, Kind
from servicedesk.web.forms.parsing import moment
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _


def typed() -> dict[str, str]:
    """With every box that was ticked."""
    return {**nonce.said(), "municipalities": " ".join(request.form.getlist("municipalities"))}


def sent_once() -> Once | None:
    showing = request.form.get(nonce.FIELD, "")
    return once_for(desk(), identity.viewer(), showing, {**typed(), "/": request.path}) if showing else None


def new_disruption() -> NewDisruption:
    """What was said. Invalid for a moment that is none."""
    said = typed()
    return NewDisruption(
        service=said.get("service", ""),
        municipalities=said["municipalities"].split(),
        title=said.get("title", ""),
        text=said.get("text", ""),
        began_at=moment(said, "began_at"),
    )


def new_fields(reading: Reading) -> tuple[Field, ...]:
    mine = speaks_for(identity.viewer(), reading.installation)
    places = sorted((names.organisation(reading.installation, key), key) for key in mine)
    services = [Choice(each.key, each.name) for each in reading.installation.services.values()]
    return (
        Field("service", _("Service"), Kind.SELECT, choices=(Choice("", _("Choose")), *services)),
        Field(
            "municipalities",
            _("In which municipalities is it noticed?"),
            Kind.CHECKS,
            choices=tuple(Choice(key, name) for name, key in places),
            value=places[0][1] if len(places) == 1 else "",
        ),
        Field("title", _("What does not work?"), Kind.LINE, _("In a few words, as people notice it.")),
        text_field(),
        Field("began_at", _("Since when?"), Kind.MOMENT, value=times.field_value(reading.now)),
    )


def text_field() -> Field:
    help = _("Everybody can read this. Say what people notice, what they can do meanwhile, and when you tell more.")
    return Field("text", _("What do you want to say?"), help=help)
