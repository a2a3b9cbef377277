"""What is wrong with a working calendar, before anybody's deadline depends on it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import pairwise

from servicedesk.core.calendars.civil import FIRST_YEAR, LAST_YEAR, hours_in_force, open_in_year, span_of
from servicedesk.core.calendars.sources import CalendarError, check_holidays, zone_named
from servicedesk.core.facts import CalendarFacts, CalendarVersion, Interval

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Finding = tuple[str, str, str]


def check_calendar(facts: CalendarFacts) -> list[Finding]:
    """(key, problem, remedy) of each fault, none when the calendar can be used.

    Keys are dotted within the calendar: `zone`, `week.mon`, `exceptions.2026-12-24`. In a calendar of several
    versions they begin with the version's number, counted from one: `versions.2.week.mon`.
    """
    if not facts.versions:
        return [("versions", "the calendar has no opening hours", "Give it hours for at least one day of the week.")]
    findings = list(_version_order(facts.versions))
    for number, version in enumerate(facts.versions, start=1):
        prefix = f"versions.{number}." if len(facts.versions) > 1 else ""
        findings += [(prefix + key, problem, remedy) for key, problem, remedy in _version(version)]
    # Hours that cannot be read must be mended before it can be said whether they ever open.
    return findings or list(_never_open(facts.versions))


def _version(version: CalendarVersion) -> Iterator[Finding]:
    yield from _source("zone", lambda: zone_named(version.zone), "Write an IANA name, such as Europe/Stockholm.")
    yield from _holidays(version)
    if len(version.week) != 7:
        yield "week", f"the week has {len(version.week)} days", "Give all seven days, Monday first."
    for name, hours in zip(WEEKDAYS, version.week, strict=False):
        yield from _day(f"week.{name}", hours)
    for day, hours in sorted(version.exceptions.items()):
        yield from _within_years(f"exceptions.{day.isoformat()}", day)
        yield from _day(f"exceptions.{day.isoformat()}", hours)
    if version.valid_from:
        yield from _within_years("valid_from", version.valid_from)


def _within_years(key: str, day: date) -> Iterator[Finding]:
    if day.year > LAST_YEAR:
        yield key, f"{day} is after {LAST_YEAR}, where calendars end", f"Write a day before {LAST_YEAR + 1}."


def _holidays(version: CalendarVersion) -> Iterator[Finding]:
    if not version.holidays:
        return
    try:
        check_holidays(version.holidays, tuple(version.holiday_categories))
    except CalendarError as error:
        if error.code == "unknown_country":
            yield "holidays", _problem(error), "Write the country's two capital letters, such as SE, or leave it out."
        else:
            yield "holiday_categories", _problem(error), f"Choose among {error.data['known']}."


def _source(key: str, ask: Callable[[], object], remedy: str) -> Iterator[Finding]:
    try:
        ask()
    except CalendarError as error:
        yield key, _problem(error), remedy


def _day(key: str, hours: Iterable[Interval]) -> Iterator[Finding]:
    readable = []
    for interval in hours:
        faults = list(_interval(key, interval))
        yield from faults
        if not faults:
            readable.append(interval)
    for earlier, later in pairwise(sorted(readable, key=span_of)):
        if span_of(later)[0] < span_of(earlier)[1]:
            problem = f"the hours {_shown(earlier)} and {_shown(later)} overlap"
            yield key, problem, "Make them one, or let the second start when the first has ended."


def _interval(key: str, interval: Interval) -> Iterator[Finding]:
    start, end = span_of(interval)
    if any(at.tzinfo or at.microsecond for at in (interval.start, interval.end)):
        yield key, f"the hours {_shown(interval)} are not whole seconds of civil time", "Write them as HH:MM."
    elif end <= start:
        remedy = "Swap them; hours past midnight are two parts, HH:MM-00:00 and 00:00-HH:MM on the next day."
        yield key, f"the hours {_shown(interval)} end before they have started", remedy


def _version_order(versions: tuple[CalendarVersion, ...]) -> Iterator[Finding]:
    for number, (earlier, later) in enumerate(pairwise(versions), start=2):
        key = f"versions.{number}.valid_from"
        if later.valid_from is None:
            yield key, "only the first version may lack a first day", "Write the day it begins to apply."
        elif earlier.valid_from == later.valid_from:
            yield key, f"two versions begin on {later.valid_from}", "Remove one of them, or change its day."
        elif earlier.valid_from is not None and later.valid_from < earlier.valid_from:
            problem = f"the version of {later.valid_from} comes after the one of {earlier.valid_from}"
            yield key, problem, "Write the versions in the order they apply."


def _never_open(versions: tuple[CalendarVersion, ...]) -> Iterator[Finding]:
    """The last version applies for ever, so its week must open; named days alone would come to an end."""
    if not any(any(version.week) or any(version.exceptions.values()) for version in versions):
        yield "week", "the calendar has no open time at all", "Give it hours for at least one day of the week."
    elif not _week_opens(versions[-1]):
        key = "week" if len(versions) == 1 else f"versions.{len(versions)}.week"
        problem = "the week has no open time that holidays leave, so no deadline can be reckoned in the long run"
        yield key, problem, "Give it hours for at least one day of the week."


def _week_opens(version: CalendarVersion) -> bool:
    week_alone = CalendarVersion(
        week=version.week,
        zone=version.zone,
        holidays=version.holidays,
        holiday_categories=version.holiday_categories,
    )
    year = min(max(version.valid_from.year, FIRST_YEAR), LAST_YEAR) if version.valid_from else 2000
    return bool(open_in_year(hours_in_force((week_alone,)), year))


def _shown(interval: Interval) -> str:
    return f"{interval.start:%H:%M}-{interval.end:%H:%M}"


def _problem(error: CalendarError) -> str:
    """The error's sentence as a finding's: no capital, no full stop."""
    sentence = str(error)
    return sentence[0].lower() + sentence[1:].rstrip(".")
