"""The forms about reply templates, and what their variables are called to the reader."""

from flask import url_for

from servicedesk.core.administering import administered_by
from servicedesk.core.facts import Template
from servicedesk.core.templates import NAMES, Variable, fill
from servicedesk.core.vocabulary import Audience
from servicedesk.web import language, names
from servicedesk.web.administration.seeing import sight, the_item
from servicedesk.web.administration.sending import AdminForm
from servicedesk.web.administration.words import LABELS
from servicedesk.web.forms.fields import Choice, Field, Kind
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l

VARIABLES: dict[Variable, Words] = {
    Variable.NUMBER: _l("the ticket's number"),
    Variable.REQUESTER: _l("the requester's name"),
    Variable.SUBJECT: _l("the ticket's subject"),
    Variable.MUNICIPALITY: _l("the municipality's name"),
    Variable.SERVICE: _l("the service"),
    Variable.E_SERVICE: _l("the e-service"),
    Variable.DUE: _l("when the next promise runs out"),
    Variable.ME: _l("your name"),
    Variable.TEAM: _l("your team's name"),
}
# What a preview shows: nobody's.
EXAMPLE: dict[Variable, str] = {
    Variable.NUMBER: "2026-00042",
    Variable.REQUESTER: "Anna Exempel",
    Variable.SUBJECT: "Det går inte att logga in",
    Variable.E_SERVICE: "Ansök om bygglov",
    Variable.DUE: "25 november 2026 kl. 14.00",
}


def new_template(reading: Reading) -> AdminForm:
    back = _("Reply templates"), url_for("web.administration_kind", kind="template")
    action = url_for("web.create_template")
    return AdminForm(_("Add a template"), action, _("Add the template"), _fields(None, reading), back)


def edit_template(key: str, reading: Reading) -> AdminForm:
    template: Template = the_item("template", key, sight(reading))
    back = template.title, url_for("web.show_part", kind="template", key=key)
    heading, action = _("Change %(name)s", name=template.title), url_for("web.change_template", key=key)
    return AdminForm(heading, action, _("Save"), _fields(template, reading), back, ("template", key))


def variables() -> list[tuple[str, str]]:
    """(as it is written, what it becomes), in the reader's language."""
    return [(f"{{{NAMES[each][language.current()]}}}", str(words)) for each, words in VARIABLES.items()]


def preview(template: Template, reading: Reading) -> str:
    """As it would stand in a reply."""
    installation = reading.installation
    services = sorted(service.name for service in installation.services.values())
    values = {
        **EXAMPLE,
        Variable.MUNICIPALITY: names.organisation(installation, template.organisation),
        Variable.SERVICE: services[0] if services else "",
        Variable.ME: sight(reading).viewer.name,
        Variable.TEAM: names.team(installation, template.team) if template.team else _("your team's name"),
    }
    return fill(template.text, values, Audience.REQUESTER).text


def _fields(template: Template | None, reading: Reading) -> tuple[Field, ...]:
    listed = ", ".join(name for name, _words in variables())
    place = _place(template) if template else ""
    return (
        Field("title", str(LABELS["title"]), Kind.LINE, value=template.title if template else ""),
        Field(
            "text",
            str(LABELS["text"]),
            help=_("These are filled in by themselves: %(names)s.", names=listed),
            value=template.text if template else "",
        ),
        Field("place", _("Who may use it?"), Kind.SELECT, choices=tuple(_places(reading)), value=place),
    )


def _place(template: Template) -> str:
    return f"{template.organisation}/{template.team}" if template.team else template.organisation


def _places(reading: Reading) -> list[Choice]:
    """An organisation, or one of its teams."""
    installation = reading.installation
    found = []
    for key in sorted(administered_by(sight(reading).viewer)):
        whose = names.organisation(installation, key)
        found.append(Choice(key, _("Everybody in %(name)s", name=whose), whose))
        teams = sorted((team.name, team.key) for team in installation.teams.values() if team.organisation == key)
        found += [Choice(f"{key}/{team}", name, whose) for name, team in teams]
    return found
