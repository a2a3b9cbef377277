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
from servicedesk.web.managing.away import Away, away
from servicedesk.web.managing.reach import is_joint, teams_watched
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _

HOUR = 3600
# So many of somebody's tickets at a time.
SHOWN = 100


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
    """`organisation`: '' where the team's name tells it."""

    whole: LoadLine
    organisation: str
    people: list[LoadLine]


@dataclass(frozen=True, slots=True)
class LoadPage:
    """`resting`: teams that have nothing. `chosen`: whose tickets are shown, where somebody's are, with a page of
    `rows`, how many there are in all, what is `asked` for, and the cursor of the next page, '' on the last."""

    teams: list[TeamLoad]
    resting: list[str]
    away: list[Away]
    chosen: str
    rows: list[Row]
    count: str
    asked: dict[str, str]
    after: str
    is_joint: bool


def load_page(team: str, person: str | None, after: str, viewer: Actor, reading: Reading) -> LoadPage:
    """Of all teams, or of one of them (and of one in it, '' for nobody) the tickets, from `after` on."""
    watched = teams_watched(viewer, reading)
    found = load_of(reading.connection, viewer, [each.key for each in watched], reading.now)
    chosen = next((each.name for each in watched if each.key == team), "")
    rows: list[Row] = []
    onward = ""
    if chosen:
        lines, onward = tickets_before(reading.connection, viewer, team, person, after=after, limit=SHOWN)
        rows = rows_of(lines, reading)
    if chosen and person is not None:
        chosen = f"{chosen}: {names.person(reading.installation, person) if person else _('nobody')}"
    busy = {each.team for each in found}
    counts = {(each.team, each.person): each.open for each in found}
    return LoadPage(
        teams=_teams([each for each in watched if each.key in busy], found, reading),
        resting=[each.name for each in watched if each.key not in busy],
        away=away(watched, counts, reading),
        chosen=chosen,
        rows=rows,
        count=format_decimal(sum(n for (t, p), n in counts.items() if t == team and person in (None, p))),
        asked={"team": team, **({"person": person} if person is not None else {})},
        after=onward,
        is_joint=is_joint(viewer),
    )


def _teams(shown: Iterable[Team], found: list[Load], reading: Reading) -> list[TeamLoad]:
    fullest = max((each.open for each in found), default=1)
    return [_team(each, [one for one in found if one.team == each.key], fullest, reading) for each in shown]


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
    organisation = names.organisation(reading.installation, team.organisation)
    return TeamLoad(whole, "" if organisation in team.name else organisation, lines)


def _person(who: Person, team: Team, load: Load | None, fullest: int, reading: Reading) -> LoadLine:
    is_away = absence_on(who, times.local(reading.now).date()) is not None
    loads, address = ([load], _address(team.key, who.key)) if load else ([], "")
    name = _("%(name)s (away)", name=who.name) if is_away else who.name
    return _line(name, loads, address, fullest, away=is_away)


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
