"""The form about absence: one's own, and that of people whose roles one gives."""

from collections.abc import Callable

from flask import url_for

from servicedesk.core.facts import Person
from servicedesk.core.people import organisations_of
from servicedesk.store.queries.administration import tickets_of
from servicedesk.web import identity, names, times
from servicedesk.web.administration.seeing import sight, the_item
from servicedesk.web.administration.sending import AdminForm, Away, choices_of
from servicedesk.web.forms.fields import Field, Kind
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _


def absence_form(key: str, reading: Reading) -> AdminForm:
    person: Person = the_item("person", key, sight(reading))
    back = person.name, url_for("web.show_part", kind="person", key=key)
    return _form(person, _("%(name)s is away", name=person.name), url_for("web.add_absence", key=key), back, reading)


def own_absence_form(reading: Reading) -> AdminForm:
    person = reading.installation.people[identity.viewer().key]
    return _form(person, _("I am away"), url_for("web.add_own_absence"), (_("Queue"), url_for("web.queue")), reading)


def _form(person: Person, heading: str, action: str, back: tuple[str, str], reading: Reading) -> AdminForm:
    today = times.local(reading.now).date().isoformat()
    held = tickets_of(reading.connection, identity.viewer(), person.key)
    fields = (
        Field("first", _("First day"), Kind.DAY, value=today),
        Field("last", _("Last day"), Kind.DAY),
        Field(
            "stand_in",
            _("Who stands in?"),
            Kind.SELECT,
            _("They are told of what happens in the meantime, and may take the tickets that wait."),
            choices_of(_colleagues(person, reading), _("Nobody")),
            required=False,
        ),
    )
    away = absences_of(person, reading, lambda first: _end(person, first))
    lead = _("Whoever gives out tickets sees who is away and who stands in.")
    if held:
        lead += " " + _("Open tickets at present:")
    return AdminForm(heading, action, _("Save"), fields, back, ("person", person.key), lead,
                     facts=[ticket.number for ticket in held], away=away)  # fmt: skip


def absences_of(person: Person, reading: Reading, end: Callable[[str], str]) -> list[Away]:
    """Those that are not over; `end`: where one that begins on a day is ended."""
    today = times.local(reading.now).date()
    return [
        Away(
            each.first.isoformat(),
            each.last.isoformat(),
            names.person(reading.installation, each.stand_in),
            end(each.first.isoformat()),
        )
        for each in person.absences
        if each.last >= today
    ]


def _colleagues(person: Person, reading: Reading) -> list[tuple[str, str]]:
    """In the same organisation, those in the same team first."""
    teams = {seat.team for seat in person.memberships}
    mine = organisations_of(person, reading.installation)
    found = sorted(
        (not any(seat.team in teams for seat in other.memberships), other.name, other.key)
        for other in reading.installation.people.values()
        if other.key != person.key and not other.ended and mine & organisations_of(other, reading.installation)
    )
    return [(key, name) for _far, name, key in found]


def _end(person: Person, first: str) -> str:
    if person.key == identity.viewer().key:
        return url_for("web.end_own_absence", first=first)
    return url_for("web.end_absence", key=person.key, first=first)
