"""The overview and the lists: every kind of thing with how many there are, and a search over all of them."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from servicedesk.core.administering import administered_by, may_know_for
from servicedesk.core.facts import EService, Known, Organisation, Person, Service, Team, Template
from servicedesk.core.people import absence_on
from servicedesk.web import names, times
from servicedesk.web.administration.saying import said_on_page
from servicedesk.web.administration.seeing import Sight, items_of, name_of
from servicedesk.web.administration.words import KINDS, KNOWN_KINDS, ORGANISATIONS, ROLES
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _

FEW = 8


@dataclass(frozen=True, slots=True)
class Line:
    """`mark`: what sets it apart, such as that a person is away."""

    kind: str
    key: str
    name: str
    beside: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Of a kind: how many there are, and those that are shown here."""

    kind: str
    label: str
    count: int
    lines: list[Line]


def overview(reading: Reading, sight: Sight, words: str) -> list[Group]:
    """Without words only how many of each; with them the first few that have all of them."""
    groups = []
    for kind, label in KINDS.items():
        lines = kind_lines(kind, words, reading, sight)
        if lines or not words:
            groups.append(Group(kind, str(label), len(lines), lines[:FEW] if words else []))
    return [group for group in groups if group.count or group.kind in ("person", "team", "template")]


def kind_lines(kind: str, words: str, reading: Reading, sight: Sight) -> list[Line]:
    """Those that say all the words, in their line here or on their page."""
    wanted = words.casefold().split()
    lines = ((item, _line(kind, item, reading, sight)) for item in items_of(kind, sight))
    return [line for item, line in lines if _says(item, line, wanted, reading, sight)]


def _says(item: Any, line: Line, wanted: list[str], reading: Reading, sight: Sight) -> bool:
    here = f"{line.name} {line.beside} {line.key} {line.mark}".casefold()
    missing = [word for word in wanted if word not in here]
    if not missing:
        return True
    there = said_on_page(line.kind, item, reading, sight).casefold()
    return all(word in there for word in missing)


def additions(kind: str, sight: Sight) -> tuple[str, str] | None:
    """What a list lets this person add: the words and the address."""
    if kind == "person" and administered_by(sight.viewer):
        return _("Add a person"), url_for("web.new_person")
    if kind == "known" and any(may_know_for(sight.viewer, key, sight.installation) for key in ("", *sight.mine)):
        return _("Add a known error or an answer"), url_for("web.new_known")
    if kind == "template" and administered_by(sight.viewer):
        return _("Add a template"), url_for("web.new_template")
    return None


def _line(kind: str, item: Any, reading: Reading, sight: Sight) -> Line:
    return Line(kind, item.key, name_of(item), _beside(item, sight), _mark(item, reading))


def _beside(item: Any, sight: Sight) -> str:
    """What tells it from others of its name."""
    installation = sight.installation
    match item:
        case Person():
            seats = sight.seats(item)
            roles = dict.fromkeys(f"{ROLES[seat.role]}, {names.team(installation, seat.team)}" for seat in seats)
            return "; ".join([*roles, item.email])
        case Team():
            return names.organisation(installation, item.organisation)
        case Template():
            place = names.team(installation, item.team) if item.team else ""
            return place or names.organisation(installation, item.organisation)
        case Organisation():
            return str(ORGANISATIONS[item.kind])
        case Service():
            return names.organisation(installation, item.supplier or item.owner)
        case Known():
            whose = names.organisation(installation, item.municipality) if item.municipality else ""
            return ", ".join(filter(None, (str(KNOWN_KINDS[item.kind]), whose)))
        case EService():
            return names.organisation(installation, item.municipality)
        case _:
            return names.organisation(installation, item.party) if hasattr(item, "party") else item.key


def _mark(item: Any, reading: Reading) -> str:
    if isinstance(item, Person):
        if item.ended:
            return _("has left")
        away = absence_on(item, times.local(reading.now).date())
        return _("away until %(day)s", day=away.last) if away else ""
    return _("withdrawn") if isinstance(item, Template | Known) and item.withdrawn else ""
