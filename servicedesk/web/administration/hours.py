"""Opening hours in words: a week, a day of its own, and which of them apply."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from servicedesk.core.calendars.merging import begins
from servicedesk.core.facts import CalendarFacts, CalendarVersion, Interval
from servicedesk.web import times
from servicedesk.web.speech import _

AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Week:
    """Hours from a day on: `days` names those that are alike together."""

    since: date | None
    is_now: bool
    days: list[tuple[str, str]]
    holidays: bool


@dataclass(frozen=True, slots=True)
class OwnDay:
    day: date
    weekday: str
    hours: str
    can_change: bool


def weeks_of(calendar: CalendarFacts, today: date) -> list[Week]:
    """Those that apply now and later; the last that has begun is the present one."""
    begun = [n for n, version in enumerate(calendar.versions) if begins(version) <= today]
    now = begun[-1] if begun else 0
    return [
        Week(version.valid_from, n == now, week_words(version.week), bool(version.holidays))
        for n, version in enumerate(calendar.versions)
        if n >= now
    ]


def own_days(calendar: CalendarFacts, today: date) -> list[OwnDay]:
    """Coming days with hours of their own, as far as they are of a week that applies then."""
    found = []
    for version, following in zip(calendar.versions, [*calendar.versions[1:], None], strict=True):
        last = begins(following) if following else today + AHEAD
        found += [
            OwnDay(day, weekday_name(day.weekday()), hours_words(hours), day > today)
            for day, hours in sorted(version.exceptions.items())
            if today <= day < last and begins(version) <= day
        ]
    return sorted(found, key=lambda own: own.day)


def version_on(calendar: CalendarFacts, day: date) -> CalendarVersion:
    return [version for version in calendar.versions if begins(version) <= day][-1]


def week_words(week: Sequence[Iterable[Interval]]) -> list[tuple[str, str]]:
    """mon–tors 07.30–12.00, 13.00–16.30."""
    said = [hours_words(tuple(hours)) for hours in week]
    found: list[tuple[str, str]] = []
    start = 0
    for n in range(1, len(said) + 1):
        if n == len(said) or said[n] != said[start]:
            first, last = weekday_name(start), weekday_name(n - 1)
            found.append((first if n - 1 == start else f"{first}–{last}", said[start]))
            start = n
    return found


def hours_words(hours: Iterable[Interval]) -> str:
    spans = [f"{span.start:%H.%M}–{'24.00' if f'{span.end:%H%M}' == '0000' else f'{span.end:%H.%M}'}" for span in hours]
    return ", ".join(spans) or _("closed")


def plain_hours(value: object) -> str:
    """The same of what the journal holds."""
    if not isinstance(value, list):
        return _("as usual")
    return ", ".join(f"{span['start'][:5]}–{_end(span)}".replace(":", ".") for span in value) or _("closed")


def _end(span: Mapping[str, str]) -> str:
    return "24:00" if span["end"][:5] == "00:00" else span["end"][:5]


def weekday_name(weekday: int) -> str:
    return times.weekday(weekday)
