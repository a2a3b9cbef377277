"""What has been changed of a thing, in words: who, when, what it was and what it is, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from servicedesk.core.installations.kept import MISSING, paths
from servicedesk.core.vocabulary import Language, Level, Role
from servicedesk.store.queries.administration import PartChange, changes_of
from servicedesk.web import names
from servicedesk.web.administration.hours import plain_hours, weekday_name
from servicedesk.web.administration.seeing import Sight
from servicedesk.web.administration.words import KNOWN_KINDS, LABELS, LANGUAGES, SOURCES, WHAT, role_words
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import IMPACTS, PRIORITIES, RESOLUTIONS, URGENCIES

LONGEST = 200
# Said in other words, or nothing to a reader.
UNSAID = frozenset({"key", "sample", "observed", "former"})
# What there is one of, which is filled when it is first loaded.
OF_ALL = ("priority", "ladder")
PLACES = {"service": names.service, "e_service": names.e_service, "municipality": names.organisation}


@dataclass(frozen=True, slots=True)
class Changed:
    """`values`: label, before and now; before is '' for what was not there."""

    at: datetime
    who: str
    what: str
    source: str
    values: list[tuple[str, str, str]]
    reason: str


def changes_shown(kind: str, key: str, reading: Reading, sight: Sight, after: int = 0) -> list[Changed]:
    return [_shown(change, kind, sight) for change in changes_of(reading.connection, kind, key, after=after)]


def _shown(change: PartChange, kind: str, sight: Sight) -> Changed:
    is_new = change.what == "added" or (kind in OF_ALL and all(before is None for before, _ in change.fields.values()))
    what = str(WHAT.get("added" if is_new else change.what, change.what))
    values = [] if is_new else list(_values(kind, change.fields, sight))
    source = str(SOURCES[change.source]) if change.source == "files" else ""
    return Changed(change.at, who(change.actor, sight), what, source, values, change.reason)


def who(actor: str, sight: Sight) -> str:
    """Of another organisation only that, and not the person."""
    kind, _colon, key = actor.partition(":")
    person = sight.installation.people.get(key) if kind == "person" else None
    if person is None:
        return _("The command line") if kind == "operator" else key
    if sight.sees("person", person) or person.key == sight.viewer.key:
        return person.name
    seats = person.memberships or person.former
    team = sight.installation.teams.get(seats[0].team) if seats else None
    return names.organisation(sight.installation, team.organisation) if team else _("Somebody")


def _values(kind: str, fields: Mapping[str, tuple[Any, Any]], sight: Sight) -> Iterator[tuple[str, str, str]]:
    for path in paths(kind, fields):
        name, rest = str(path[0]), path[1:]
        if name in UNSAID:
            continue
        before, now = (_at(value, rest) for value in fields[name])
        if kind == "priority":
            impact, _dot, urgency = name.partition(".")
            yield f"{IMPACTS[Level(impact)]}, {URGENCIES[Level(urgency)]}", _priority(before), _priority(now)
        elif kind == "calendar" and len(rest) > 1:
            yield _hours_changed(rest, before, now)
        elif kind == "calendar":
            yield str(LABELS.get(name, name)), "", _("new hours for the week")
        else:
            yield str(LABELS.get(name, name)), _said(name, before, sight), _said(name, now, sight)


def _priority(value: Any) -> str:
    return str(PRIORITIES.get(value, ""))


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return value


def _hours_changed(path: tuple[str | int, ...], before: Any, now: Any) -> tuple[str, str, str]:
    if path[1] == "exceptions" and len(path) > 2:
        return str(path[2]), plain_hours(before), plain_hours(now)
    if path[1] == "week":
        return str(LABELS["week"]), _week(before), _week(now)
    return str(path[1]), "", ""


def _week(value: Any) -> str:
    if not isinstance(value, list):
        return ""
    return "; ".join(f"{weekday_name(n)} {plain_hours(hours)}" for n, hours in enumerate(value) if hours)


def _said(name: str, value: Any, sight: Sight) -> str:
    if value in (None, "", [], False):
        return ""
    if name == "memberships":
        return "; ".join(_seat(seat, sight) for seat in value)
    if name == "symptoms":
        return "; ".join(value)
    if name == "kind":
        return str(KNOWN_KINDS.get(value, value))
    if name == "resolution_code":
        return str(RESOLUTIONS.get(value, value))
    if name in PLACES:
        return PLACES[name](sight.installation, value)
    if name == "absences":
        return "; ".join(_absence(each, sight) for each in value)
    if name == "language":
        return str(LANGUAGES.get(Language(value), value))
    if name == "calendar":
        calendar = sight.installation.calendars.get(value)
        return calendar.name if calendar else str(value)
    if value is True:
        return _("yes")
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _seat(seat: Mapping[str, Any], sight: Sight) -> str:
    team = sight.installation.teams.get(seat["team"])
    if team is None or not sight.sees("team", team):
        return _("a role in another organisation")
    return f"{role_words(Role(seat['role']), lead=bool(seat.get('lead')))} ({team.name})"


def _absence(each: Mapping[str, Any], sight: Sight) -> str:
    span = f"{each['first']}–{each['last']}"
    name = names.person(sight.installation, each["stand_in"]) if each.get("stand_in") else ""
    return _("%(days)s, %(name)s stands in", days=span, name=name) if name else span
