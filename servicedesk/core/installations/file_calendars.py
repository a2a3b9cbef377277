"""Working calendars as they are written in the files.

    [calendar.lulea-kundcenter]
    week = { mon-thu = ["07:30-12:00", "13:00-16:30"], fri = ["07:30-15:00"] }
    holidays = "SE"
    closed = [2026-12-28]
    exceptions = { "2026-12-23" = ["08:00-12:00"] }

is one version since always; `[[calendar.x.version]]` tables with `valid_from` are several, in the order they apply;
`always = true` never closes.
"""

import re
from collections.abc import Mapping
from datetime import date, time

from servicedesk.core.facts import CalendarFacts, CalendarVersion, Interval
from servicedesk.core.installations.entry import Entry, suggestion

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CATEGORIES = ("public", "de_facto")
WHOLE_DAY = (Interval(time(0), time(0)),)
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")

Hours = tuple[Interval, ...]


def read_calendar(slug: str, entry: Entry, zone: str) -> CalendarFacts:
    """`zone` is the installation's, for calendars that name none."""
    name = entry.line("name", slug)
    if "version" not in entry:
        return CalendarFacts(slug, name, (_version(entry, zone, None),))
    rows = entry.entries("version", lack="is empty: the calendar has no opening hours.")
    return CalendarFacts(slug, name, tuple(_dated_version(row, zone) for row in rows))


def _dated_version(row: Entry, zone: str) -> CalendarVersion:
    version = _version(row, zone, row.day("valid_from"))
    row.finish()
    return version


def _version(entry: Entry, zone: str, valid_from: date | None) -> CalendarVersion:
    is_always = entry.flag("always")
    return CalendarVersion(
        week=_always(entry) if is_always else _week(entry),
        zone=entry.text("zone", zone),
        holidays=entry.text("holidays", ""),
        holiday_categories=entry.texts("holiday_categories", CATEGORIES),
        exceptions=_exceptions(entry),
        valid_from=valid_from,
    )


def _always(entry: Entry) -> tuple[Hours, ...]:
    for name in ("week", "holidays", "exceptions", "closed"):
        if name in entry:
            entry.fault(name, "says when it is closed, but always = true.", f"Leave out {name} or always.")
    return (WHOLE_DAY,) * 7


def _week(entry: Entry) -> tuple[Hours, ...]:
    """Monday first; `mon-fri` stands for each of those days, a day that is not named is closed."""
    table = entry.entry("week")
    if table is None:
        remedy = 'Write week = { mon-fri = ["08:00-16:30"] }, or always = true.'
        entry.fault("week", "is missing: the calendar has no open time at all.", remedy)
        return ((),) * 7
    week: dict[str, Hours] = {}
    for name in table.names():
        for day in _days(table, name):
            if day in week:
                table.fault(name, f"gives {day} its hours a second time.", "Give each day its hours once.")
            week[day] = _hours(table, name)
    return tuple(week.get(day, ()) for day in DAYS)


def _days(table: Entry, name: str) -> tuple[str, ...]:
    first, dash, last = name.partition("-")
    if first in DAYS and (not dash or (last in DAYS and DAYS.index(first) < DAYS.index(last))):
        return DAYS[DAYS.index(first) : DAYS.index(last or first) + 1]
    table.fault(name, "is not a day, nor a range of days.", suggestion(name, DAYS) + ' A range is "mon-fri".')
    return ()


def _exceptions(entry: Entry) -> Mapping[date, Hours]:
    """Days with hours of their own, and closed days: an empty tuple."""
    found: dict[date, Hours] = {}
    table = entry.entry("exceptions")
    if table:
        found = {table.as_day(name, name): _hours(table, name) for name in table.names()}
    for day in entry.days("closed"):
        if found.get(day):
            entry.fault("closed", f"{day} stands in exceptions too.", "Keep the day in one of them.")
        found[day] = ()
    return dict(sorted(found.items()))


def _hours(table: Entry, name: str) -> Hours:
    return tuple(interval for text in table.texts(name) if (interval := _interval(table, name, text)))


def _interval(table: Entry, name: str, text: str) -> Interval | None:
    """`24:00` is the end of the day, which an interval writes as 00:00."""
    hours = _HOURS.fullmatch(text.replace(" ", ""))
    if not hours:
        table.fault(name, f'"{text}" is not a span of opening hours.', 'Write "08:00-12:00"; a day ends at 24:00.')
        return None
    start, end = _minute(hours[1], hours[2]), _minute(hours[3] or "24", hours[4] or "0")
    if end <= start:
        table.fault(name, f'"{text}" ends before it begins.', "Split hours over midnight into the two days.")
        return None
    return Interval(_time(start), _time(end))


def _minute(hour: str, minute: str) -> int:
    return int(hour) * 60 + int(minute)


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
