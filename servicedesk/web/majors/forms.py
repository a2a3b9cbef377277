"""The forms of major incidents: their fields, and what was said in them."""

from flask import request

from servicedesk.actions.majors.declaring import NewMajor
from servicedesk.actions.once import Once, once_for
from servicedesk.core.vocabulary import Audience, ResolutionCode
from servicedesk.extensions import desk
from servicedesk.store.queries.tickets import TicketView
from servicedesk.web import identity
from servicedesk.web.disruptions.forms import new_fields as told_fields
from servicedesk.web.forms import nonce
from servicedesk.web.forms.fields import Choice, Field, Kind, choices
from servicedesk.web.majors.page import Learned
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import RESOLUTIONS

# Of these more than one can be chosen.
SEVERAL = ("municipalities", "tickets", "public")


def typed() -> dict[str, str]:
    """With every box that was ticked."""
    return {**nonce.said(), **{name: " ".join(request.form.getlist(name)) for name in SEVERAL}}


def sent_once() -> Once | None:
    showing = request.form.get(nonce.FIELD, "")
    return once_for(desk(), identity.viewer(), showing, {**typed(), "/": request.path}) if showing else None


def new_major() -> NewMajor:
    said = typed()
    return NewMajor(
        service=said.get("service", ""),
        municipalities=said["municipalities"].split(),
        title=said.get("title", ""),
        text=said.get("text", ""),
        is_public=bool(said["public"]),
        number=said.get("number", ""),
    )


def declaring(reading: Reading, view: TicketView | None, service: str) -> tuple[Field, ...]:
    """The same as the public is asked of, with everywhere as a beginning: a shared service is shared by all."""
    service = view.ticket.service if view else service
    asked = {field.name: field for field in told_fields(reading)}
    places = asked["municipalities"]
    everywhere = " ".join(choice.value for choice in places.choices)
    about, title = asked["service"], asked["title"]
    return (
        Field("title", title.label, title.kind, _("In a few words. It is read in every municipality below.")),
        Field("service", about.label, about.kind, choices=about.choices, value=service),
        Field("text", _("What is known, and what is being done?"), help=_("Name nobody, and nothing of one ticket.")),
        Field("municipalities", places.label, places.kind, choices=places.choices, value=everywhere),
        public(_("Tell the public as well, with the same words")),
    )


def public(label: str) -> Field:
    return Field("public", _("The public"), Kind.CHECKS, choices=(Choice("yes", label),), required=False)


def telling(is_public: bool) -> tuple[Field, ...]:
    who = (
        Choice(str(Audience.REQUESTER), _("The requesters, and their municipalities")),
        Choice(str(Audience.JOINT), _("The municipalities alone")),
    )
    asked = (
        Field("text", _("What do you want to say?"), help=_("It is written in every ticket that is attached.")),
        Field("audience", _("Who is to read it?"), Kind.RADIO, choices=who, value=str(Audience.REQUESTER)),
    )
    return (*asked, public(_("Tell the public as well"))) if is_public else asked


def resolving() -> tuple[Field, ...]:
    return (
        Field("solution", _("Solution"), help=_("The requesters read it. It goes to every ticket that is attached.")),
        Field(
            "resolution_code",
            _("How was it solved?"),
            Kind.SELECT,
            choices=choices({code: RESOLUTIONS[code] for code in ResolutionCode}),
            value=str(ResolutionCode.SOLVED),
        ),
    )


def learning(learned: Learned | None) -> tuple[Field, ...]:
    """With what stands there already."""
    return (
        Field(
            "happened",
            _("What happened?"),
            help=_("The cause, and the course of it."),
            value=learned.happened if learned else "",
        ),
        Field(
            "prevents",
            _("What do we do so that it does not happen again?"),
            help=_("With who does it, and when it is done."),
            value=learned.prevents if learned else "",
        ),
    )
