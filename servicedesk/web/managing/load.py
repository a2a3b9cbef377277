"""Load by team: how much is open with whom, how long it has been held, who is away and who stands in."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import format_decimal

from servicedesk.core.facts import Actor, Person, Team
from servicedesk.core.people import absence_on
from servicedesk.store.queries.load import Load, load_of, tickets_before
from servicedesk.web import names, times
from servicedesk.web.lists.rows import Row, rows_of
from servicedesk.web.managing.reach import is_joint, teams_watched
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _

HOUR = 3600
SHOWN = 200


@dataclass(frozen=True, slots=True)
class LoadLine:
    """`address` leads to the tickets, '' where there are none. `share`: how much that is of what the fullest has."""

    name: str
    open: str
    at_risk: int
    held: str
    away: bool
    address: str
    share: int


@dataclass(frozen=True, slots=True)
class TeamLoad:
    whole: LoadLine
    organisation: str
    people: list[LoadLine]


@dataclass(frozen=True, slots=True)
class LoadPage:
    """`resting`: teams that have nothing. `chosen`: whose tickets are shown, with `rows`, where somebody's are."""

    teams: list[TeamLoad]
    resting: list[str]
    chosen: str
    rows: list[Row]
    is_joint: bool


def load_page(team: str, person: str | None, viewer: Actor, reading: Reading) -> LoadPage:
    watched = teams_watched(viewer, reading)
    found = load_of(reading.connection, viewer, [each.key for each in watched], reading.now)
    fullest = max((each.open for each in found), default=1)
    busy = {each.team for each in found}
    shown = [each for each in watched if each.key in busy]
    rows: list[Row] = []
    chosen = next((each.name for each in watched if each.key == team), "")
    if chosen:
        rows = rows_of(tickets_before(reading.connection, viewer, team, person, SHOWN), reading)
        if person is not None:
            chosen = f"{chosen}: {names.person(reading.installation, person) if person else _('nobody')}"
    return LoadPage(
        teams=[_team(each, [one for one in found if one.team == each.key], fullest, reading) for each in shown],
        resting=[each.name for each in watched if each.key not in busy],
        chosen=chosen,
        rows=rows,
        is_joint=is_joint(viewer),
    )


def _team(team: Team, loads: list[Load], fullest: int, reading: Reading) -> TeamLoad:
    of = {each.person: each for each in loads}
    people = [p for p in reading.installation.people.values() if any(seat.team == team.key for seat in p.memberships)]
    known = {each.key for each in people}
    lines = [_person(who, team, of.get(who.key), fullest, reading) for who in sorted(people, key=lambda p: p.name)]
    lines += [
        _line(names.person(reading.installation, key), [each], _address(team.key, key), fullest)
        for key, each in sorted(of.items())
        if key and key not in known
    ]
    if "" in of:
        lines.append(_line(_("Nobody works on it"), [of[""]], _address(team.key, ""), fullest))
    whole = _line(team.name, loads, url_for("web.load", team=team.key), sum(each.open for each in loads))
    return TeamLoad(whole, names.organisation(reading.installation, team.organisation), lines)


def _person(who: Person, team: Team, load: Load | None, fullest: int, reading: Reading) -> LoadLine:
    is_away = absence_on(who, times.local(reading.now).date()) is not None
    loads, address = ([load], _address(team.key, who.key)) if load else ([], "")
    return _line(names.with_absence(who, reading), loads, address, fullest, away=is_away)


def _line(name: str, loads: Iterable[Load], address: str, fullest: int, *, away: bool = False) -> LoadLine:
    loads = list(loads)
    count = sum(each.open for each in loads)
    return LoadLine(
        name=name,
        open=format_decimal(count),
        at_risk=sum(each.at_risk for each in loads),
        held=_("%(hours)s h", hours=format_decimal(sum(each.held for each in loads) // HOUR)) if count else "",
        away=away,
        address=address,
        share=count * 100 // fullest if fullest else 0,
    )


def _address(team: str, person: str) -> str:
    return url_for("web.load", team=team, person=person)
