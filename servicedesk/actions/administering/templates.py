"""Reply templates: added, changed, withdrawn and offered again. None is deleted: files may still name it."""

from dataclasses import dataclass, replace

from servicedesk.actions.administering.changing import ADDED, Changing, changing, found_in, free_key
from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once
from servicedesk.core.administering import NOT_HERE, administered_by, seen_organisations
from servicedesk.core.errors import Invalid, NotFound, Refusal, Sentence
from servicedesk.core.facts import Actor, Template
from servicedesk.core.inputs import clean_line, clean_text, too_long
from servicedesk.core.installations.entry import LONGEST_NAME
from servicedesk.core.installations.file import slug_of
from servicedesk.core.templates import LONGEST, unknown


@dataclass(frozen=True, slots=True)
class TemplateGiven:
    """What is said of a template, as it was written. `place`: an organisation, or `organisation/team`."""

    title: str
    text: str
    place: str


def add_template(desk: Desk, given: TemplateGiven, *, actor: Actor, once: Once | None = None) -> str:
    """Its key. Invalid names every field that cannot be accepted."""
    with changing(desk, actor=actor, once=once) as change:
        title, text, organisation, team = _values(change, given)
        key = free_key(f"{organisation}-{slug_of(title)}", change.installation.templates)
        change.put("template", Template(key, organisation, title, text, team), what=ADDED)
        change.result = key
        return key


def change_template(desk: Desk, key: str, given: TemplateGiven, *, actor: Actor, seen: str) -> None:
    with changing(desk, actor=actor) as change:
        template = _template(change, key)
        title, text, organisation, team = _values(change, given)
        change.require_same("template", key, seen)
        change.put("template", replace(template, title=title, text=text, organisation=organisation, team=team))


def withdraw_template(desk: Desk, key: str, *, actor: Actor) -> None:
    """Offered to nobody from now on. Withdrawing twice changes nothing."""
    _switch(desk, key, withdrawn=True, actor=actor)


def restore_template(desk: Desk, key: str, *, actor: Actor) -> None:
    _switch(desk, key, withdrawn=False, actor=actor)


def _switch(desk: Desk, key: str, *, withdrawn: bool, actor: Actor) -> None:
    with changing(desk, actor=actor) as change:
        template = _template(change, key)
        if template.withdrawn is not withdrawn:
            what = "withdrawn" if withdrawn else "restored"
            change.put("template", replace(template, withdrawn=withdrawn), what=what)


def _template(change: Changing, key: str) -> Template:
    template: Template = found_in(change.installation.templates, key)
    if template.organisation not in seen_organisations(change.actor, change.installation):
        raise NotFound(NOT_HERE)
    if template.organisation not in administered_by(change.actor):
        raise Refusal("Only those who look after the template's own organisation can change it.", code="not_yours")
    return template


def _values(change: Changing, given: TemplateGiven) -> tuple[str, str, str, str]:
    title, text = clean_line(given.title), clean_text(given.text)
    organisation, _slash, team = given.place.partition("/")
    faults: dict[str, list[str]] = {}
    if not title:
        faults["title"] = ["Write a title to find it by."]
    elif len(title) > LONGEST_NAME:
        faults["title"] = [too_long(title, LONGEST_NAME)]
    if not text:
        faults["text"] = ["Write the text."]
    elif len(text) > LONGEST:
        faults["text"] = [too_long(text, LONGEST)]
    elif names := unknown(text):
        faults["text"] = [
            Sentence("There is no variable {%(name)s}. Choose one of those that are listed.", name=names[0])
        ]
    known = change.installation.teams.get(team)
    if organisation not in administered_by(change.actor) or (
        team and (known is None or known.organisation != organisation)
    ):
        faults["place"] = ["Choose for whom it is."]
    if faults:
        raise Invalid(faults)
    return title, text, organisation, team
