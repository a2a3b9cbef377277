"""Who is away now or within a week of those whose work one shares out, who stands in, and what lies with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import format_decimal

from servicedesk.core.facts import Absence, Person, Team
from servicedesk.core.people import absence_from, stand_in_for
from servicedesk.web import times
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _

AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Away:
    """`when`: as a sentence. `stand_in`: by name, '' where nobody stands in. `open`: how many of the tickets that the
    reader sees lie with them, '' of none, and `address`, where those are."""

    name: str
    teams: str
    is_now: bool
    when: str
    stand_in: str
    open: str
    address: str


def away(teams: Sequence[Team], counts: Mapping[tuple[str, str], int], reading: Reading) -> list[Away]:
    """Those who are away now first, then by when they leave. `counts`: (team, person) -> open tickets."""
    today = times.local(reading.now).date()
    found = [
        (absence, person)
        for person in reading.installation.people.values()
        if _in(person, teams) and (absence := absence_from(person, today, today + AHEAD))
    ]
    found.sort(key=lambda pair: (max(pair[0].first, today), pair[1].name))
    return [_away(person, absence, _in(person, teams), counts, today, reading) for absence, person in found]


def _in(person: Person, teams: Sequence[Team]) -> list[Team]:
    theirs = {seat.team for seat in person.memberships}
    return [team for team in teams if team.key in theirs]


def _away(
    person: Person,
    absence: Absence,
    teams: Sequence[Team],
    counts: Mapping[tuple[str, str], int],
    today: date,
    reading: Reading,
) -> Away:
    is_now = absence.first <= today
    instead = stand_in_for(person, max(absence.first, today), reading.installation)
    held = {team.key: counts.get((team.key, person.key), 0) for team in teams}
    fullest = max(held, key=lambda key: held[key])
    return Away(
        name=person.name,
        teams=", ".join(team.name for team in teams),
        is_now=is_now,
        when=_when(absence, is_now, reading),
        stand_in=instead.name if instead else "",
        open=format_decimal(sum(held.values())) if held[fullest] else "",
        address=url_for("web.load", team=fullest, person=person.key),
    )


def _when(absence: Absence, is_now: bool, reading: Reading) -> str:
    last = times.day(absence.last, reading.now)
    if is_now:
        return _("Away until %(day)s", day=last)
    return _("Away from %(first)s until %(last)s", first=times.day(absence.first, reading.now), last=last)
