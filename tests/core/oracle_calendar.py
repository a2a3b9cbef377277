"""Working time the slow way: look at the clock on the wall at every step, and count.

Shares no code with the program. Second by second it is right for any calendar; minute by minute for calendars whose
hours, and queries whose moments, fall on whole minutes.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from servicedesk.core.facts import CalendarFacts, CalendarVersion, Interval

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
MIDNIGHT = time(0)


def is_open(facts: CalendarFacts, at: datetime) -> bool:
    version = version_in_force(facts, at)
    if version is None:
        return False
    wall = at.astimezone(ZoneInfo(version.zone))
    now = wall.time()
    return any(
        interval.start <= now and (interval.end == MIDNIGHT or now < interval.end)
        for interval in hours_on(version, wall.date())
    )


def version_in_force(facts: CalendarFacts, at: datetime) -> CalendarVersion | None:
    for version in reversed(facts.versions):
        if version.valid_from is None or at >= first_moment_of(version.zone, version.valid_from):
            return version
    return None


def hours_on(version: CalendarVersion, day: date) -> tuple[Interval, ...]:
    if day in version.exceptions:
        return version.exceptions[day]
    if version.holidays and is_holiday(version.holidays, tuple(version.holiday_categories), day):
        return ()
    return version.week[day.weekday()]


@cache
def is_holiday(country: str, categories: tuple[str, ...], day: date) -> bool:
    return day in holidays.country_holidays(country, categories=categories)


@cache
def first_moment_of(zone: str, day: date) -> datetime:
    """Walks from two days before until the zone's clock shows the day."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)
    while at.astimezone(ZoneInfo(zone)).date() < day:
        at += MINUTE
    return at


@dataclass(frozen=True)
class Watch:
    """A calendar watched from `start`, one byte a step: 1 when it was open."""

    start: datetime
    step: timedelta
    seen: bytes

    def elapsed(self, start: datetime, end: datetime) -> int:
        steps = self.seen.count(1, self._index(start), max(self._index(start), self._index(end)))
        return steps * (self.step // SECOND)

    def is_open(self, at: datetime) -> bool:
        return self.seen[self._index(at)] == 1

    @property
    def end(self) -> datetime:
        return self.start + len(self.seen) * self.step

    def _index(self, at: datetime) -> int:
        assert self.start <= at <= self.end
        return (at - self.start) // self.step


def watch(facts: CalendarFacts, start: datetime, end: datetime, step: timedelta = SECOND) -> Watch:
    start = start.astimezone(UTC)
    moments = (start + n * step for n in range((end - start) // step))
    return Watch(start, step, bytes(is_open(facts, at) for at in moments))
