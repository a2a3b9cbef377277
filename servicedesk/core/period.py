"""Periods of whole civil days, as half-open stretches of time in the installation's zone."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
# Longer than this is told by months: a year has at most 54 weeks that begin or end in it.
MOST_WEEKS = 54


@dataclass(frozen=True, slots=True)
class Period:
    """The days `first` to `last`, both of them inside: all moments of [start, end)."""

    first: date
    last: date
    start: datetime
    end: datetime


class Preset(StrEnum):
    """The months and years that people ask for, seen from today."""

    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"
    LAST_3_MONTHS = "last-3-months"
    LAST_12_MONTHS = "last-12-months"
    THIS_YEAR = "this-year"


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a civil day begins. Where the clock skips midnight, it begins with the first moment after the gap."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def period_of(first: date, last: date, zone: ZoneInfo) -> Period:
    return Period(first, last, midnight(first, zone), midnight(last + DAY, zone))


def preset_days(preset: Preset, today: date) -> tuple[date, date]:
    """The first and the last day. Months back from today end today; this month and this year end when they end."""
    month = today.replace(day=1)
    if preset is Preset.THIS_MONTH:
        return month, _end_of_month(month)
    if preset is Preset.LAST_MONTH:
        before = month - DAY
        return before.replace(day=1), before
    if preset is Preset.THIS_YEAR:
        return date(today.year, 1, 1), date(today.year, 12, 31)
    return _months_before(today, 3 if preset is Preset.LAST_3_MONTHS else 12) + DAY, today


def steps(period: Period, zone: ZoneInfo) -> list[Period]:
    """The weeks of a period, or its months when it is long; the first and the last cut to the days inside it."""
    span = (period.last - period.first).days + 1
    edges = list(_mondays(period) if span <= 7 * (MOST_WEEKS - 1) else _firsts(period))
    return [period_of(first, after - DAY, zone) for first, after in pairwise((*edges, period.last + DAY))]


def _mondays(period: Period) -> Iterator[date]:
    day = period.first
    while day <= period.last:
        yield day
        day += timedelta(days=7 - day.weekday())


def _firsts(period: Period) -> Iterator[date]:
    day = period.first
    while day <= period.last:
        yield day
        day = _end_of_month(day) + DAY


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))
