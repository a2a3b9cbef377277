"""The forms about known errors and answers."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from servicedesk.actions.administering.known import KnownGiven
from servicedesk.core.administering import NOT_HERE, may_change_known, may_know_for
from servicedesk.core.errors import NotFound
from servicedesk.core.facts import Installation, Known
from servicedesk.core.vocabulary import ResolutionCode
from servicedesk.web import identity, names
from servicedesk.web.administration.seeing import Sight, sight, the_item
from servicedesk.web.administration.sending import AdminForm, typed
from servicedesk.web.administration.words import KNOWN_KINDS, LABELS
from servicedesk.web.forms.e_services import offered, picked
from servicedesk.web.forms.fields import Choice, Field, Kind, named
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _
from servicedesk.web.words import RESOLUTIONS

# In the form; an empty choice is none.
EVERYBODY = "all"


def new_known(reading: Reading) -> AdminForm:
    if not _municipalities(sight(reading)):
        raise NotFound(NOT_HERE)
    back = _("Known errors and answers"), url_for("web.administration_kind", kind="known")
    action, heading = url_for("web.create_known"), _("Add a known error or an answer")
    return AdminForm(heading, action, _("Add it"), _fields(None, reading), back)


def edit_known(key: str, reading: Reading) -> AdminForm:
    known: Known = the_item("known", key, sight(reading))
    if not may_change_known(identity.viewer(), known):
        raise NotFound(NOT_HERE)
    back = known.title, url_for("web.show_part", kind="known", key=key)
    heading, action = _("Change %(name)s", name=known.title), url_for("web.change_known", key=key)
    return AdminForm(heading, action, _("Save"), _fields(known, reading), back, ("known", key))


def given(installation: Installation) -> KnownGiven:
    """What the form says. An e-service is given by letters of its name."""
    said = typed()
    municipality = said.get("municipality", "")
    municipality = "" if municipality == EVERYBODY else municipality or "?"
    letters = said.get("e_service", "").strip()
    asked = [municipality] if municipality else list(installation.organisations)
    found = [each for each in (picked(installation, key, letters) for key in asked) if each]
    return KnownGiven(
        kind=said.get("kind", ""),
        title=said.get("title", ""),
        answer=said.get("answer", ""),
        symptoms=said.get("symptoms", ""),
        service=said.get("service", ""),
        municipality=municipality,
        e_service=found[0][1].key if len(found) == 1 else letters,
        resolution_code=said.get("resolution_code", ""),
    )


def _fields(known: Known | None, reading: Reading) -> tuple[Field, ...]:
    seen, installation = sight(reading), reading.installation
    whose = _municipalities(seen)
    services = sorted((each.name, each.key) for each in installation.services.values())
    code = known.resolution_code if known else ResolutionCode.INFORMATION_GIVEN
    own = installation.e_services.get(known.e_service) if known else None
    found = picked(installation, own.municipality, own.key) if own else None
    return (
        Field("title", str(LABELS["title"]), Kind.LINE, value=known.title if known else ""),
        Field(
            "kind", _("What is it?"), Kind.SELECT, choices=_choices(KNOWN_KINDS), value=str(known.kind) if known else ""
        ),
        Field("answer", _("What the first line tells who asks"), value=known.answer if known else ""),
        Field(
            "symptoms",
            _("What do they say who ask?"),
            help=_("In their own words, a line each: it is found by them while somebody talks."),
            value="\n".join(known.symptoms) if known else "",
            required=False,
        ),
        Field(
            "service",
            _("Service"),
            Kind.SELECT,
            choices=tuple(Choice(key, name) for name, key in services),
            value=known.service if known else "",
        ),
        Field(
            "municipality",
            _("For whom is it?"),
            Kind.SELECT,
            choices=tuple(named(whose)),
            value=(known.municipality or EVERYBODY) if known else whose[0][0] if len(whose) == 1 else "",
        ),
        Field(
            "e_service",
            _("E-service"),
            Kind.PICK,
            help=_("Leave it empty where it is about the whole service."),
            choices=tuple(offered(installation, [key for key, _name in whose if key != EVERYBODY])),
            value=found[0] if found else "",
            required=False,
        ),
        Field(
            "resolution_code",
            _("How is a ticket solved that it answers?"),
            Kind.SELECT,
            choices=_choices(RESOLUTIONS),
            value=str(code),
        ),
    )


def _municipalities(seen: Sight) -> list[tuple[str, str]]:
    """For whom this person can say what is known."""
    installation = seen.installation
    mine = [key for key in installation.organisations if may_know_for(seen.viewer, key, installation)]
    found = sorted(((key, names.organisation(installation, key)) for key in mine), key=lambda pair: pair[1])
    return [(EVERYBODY, _("All municipalities"))] * may_know_for(seen.viewer, "", installation) + found


def _choices(words: Mapping[Any, Words]) -> tuple[Choice, ...]:
    return tuple(named((str(value), str(label)) for value, label in words.items()))
