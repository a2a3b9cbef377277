"""Civil time to UTC: which seconds are open while a zone's clock shows given hours.

One rule decides everything: **an instant is open when the clock on the wall shows an open time then.** So

- 00:00-24:00 lasts 23 hours on the night the clock goes forward and 25 hours when it goes back;
- hours in the skipped hour do not exist: 02:15-02:45 opens for no time, 02:30-04:00 opens at 03:00 and 01:00-02:30
  ends at what would have been 02:00;
- hours in the repeated hour happen twice: 01:00-02:30 closes at 02:30 and opens again for the second 02:00-02:30.

Seconds are whole seconds since 1970 in UTC; civil seconds are the same count as if the wall clock showed UTC.
"""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from servicedesk.core.calendars.sources import closed_days, zone_named
from servicedesk.core.facts import CalendarVersion, Interval

DAY = 86_400
FIRST_YEAR, LAST_YEAR = 1970, 2100
BEFORE_ALL, AFTER_ALL = -(2**62), 2**62

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_SECOND = timedelta(seconds=1)

Span = tuple[int, int]


class Stretch(NamedTuple):
    """A time [start, end) in UTC during which the zone keeps one offset from UTC, in seconds."""

    start: int
    end: int
    offset: int


@dataclass(frozen=True, slots=True)
class Hours:
    """A calendar version made ready: hours as seconds of the day, in force during [begins, ends) in UTC."""

    zone: str
    week: tuple[tuple[Span, ...], ...]
    holidays: Container[date] = ()
    exceptions: dict[int, tuple[Span, ...]] = field(default_factory=dict)
    begins: int = BEFORE_ALL
    ends: int = AFTER_ALL

    def on(self, day: int) -> tuple[Span, ...]:
        """The hours of one civil day (days since 1970): a named day wins over a holiday, a holiday over the week."""
        named = self.exceptions.get(day)
        if named is not None:
            return named
        civil = date.fromordinal(day + _EPOCH_DAY)
        return () if civil in self.holidays else self.week[civil.weekday()]


@dataclass(frozen=True, slots=True)
class LibraryDays:
    """The holidays that the library knows, year by year."""

    country: str
    categories: tuple[str, ...]

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in closed_days(self.country, self.categories, day.year)


def hours_in_force(
    versions: Iterable[CalendarVersion], stored: Callable[[str], Container[date]] | None = None
) -> tuple[Hours, ...]:
    """Each version begins when its own zone's clock first shows `valid_from`, and ends when a later one begins.

    `stored` gives the list of holidays that a version names as frozen; without it the library is asked.
    """
    versions = tuple(versions)
    begins = [_begins(version) for version in versions]
    return tuple(
        Hours(
            zone=version.zone,
            week=tuple(_spans(hours) for hours in version.week),
            holidays=_holidays(version, stored),
            exceptions={day_number(day): _spans(hours) for day, hours in version.exceptions.items()},
            begins=begins[n],
            ends=min(begins[n + 1 :], default=AFTER_ALL),
        )
        for n, version in enumerate(versions)
    )


def day_number(day: date) -> int:
    return day.toordinal() - _EPOCH_DAY


def second_of(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def span_of(interval: Interval) -> Span:
    """Seconds of the day; an end of 00:00 is the end of the day."""
    return second_of(interval.start), second_of(interval.end) or DAY


def year_starts(year: int) -> int:
    """The first second of a year in UTC."""
    return day_number(date(year, 1, 1)) * DAY


def open_in_year(versions: Iterable[Hours], year: int) -> list[Span]:
    """The open spans of one UTC year, in order and apart. A day more at each end covers every zone's offset."""
    days = range(day_number(date(year, 1, 1)) - 1, day_number(date(year, 12, 31)) + 2)
    return merged(span for hours in versions for span in _open_in(hours, stretches(hours.zone, year), days))


def open_on_day(versions: Iterable[Hours], day: date) -> list[Span]:
    """The open spans in UTC while the clocks of the versions in force show this civil day."""
    number = day_number(day)
    return merged(
        span for hours in versions for span in _open_in(hours, _around(hours.zone, day), range(number, number + 1))
    )


def merged(spans: Iterable[Span]) -> list[Span]:
    """Sorted, with spans that touch or overlap made one, so that no second counts twice."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


@lru_cache(maxsize=4096)
def stretches(zone: str, year: int) -> tuple[Stretch, ...]:
    """The offsets a zone keeps during one UTC year."""
    info, start, end = zone_named(zone), year_starts(year), year_starts(year + 1)
    edges = [start]
    days = [(midnight, _offset(info, midnight)) for midnight in range(start, end + 1, DAY)]
    for (low, before), (high, after) in pairwise(days):
        if before != after:
            edges += _changes(info, low, high)
    edges.append(end)
    return tuple(Stretch(edge, until, _offset(info, edge)) for edge, until in pairwise(edges) if edge < until)


def _open_in(hours: Hours, offsets: Iterable[Stretch], days: range) -> Iterator[Span]:
    civil = [(day * DAY + opens, day * DAY + closes) for day in days for opens, closes in hours.on(day)]
    for stretch in offsets:
        start, end = max(stretch.start, hours.begins), min(stretch.end, hours.ends)
        for opens, closes in civil:
            span = max(opens - stretch.offset, start), min(closes - stretch.offset, end)
            if span[0] < span[1]:
                yield span


def _holidays(version: CalendarVersion, stored: Callable[[str], Container[date]] | None) -> Container[date]:
    if not version.holidays:
        return ()
    if version.frozen and stored:
        return stored(version.frozen)
    return LibraryDays(version.holidays, tuple(version.holiday_categories))


def _begins(version: CalendarVersion) -> int:
    if version.valid_from is None or version.valid_from.year < FIRST_YEAR:
        return BEFORE_ALL
    if version.valid_from.year > LAST_YEAR:
        return AFTER_ALL
    midnight = day_number(version.valid_from) * DAY
    # When midnight itself is skipped, the day begins with the first instant after the gap.
    moments = (
        max(stretch.start, midnight - stretch.offset)
        for stretch in _around(version.zone, version.valid_from)
        if midnight - stretch.offset < stretch.end
    )
    return next(moments)


def _around(zone: str, day: date) -> tuple[Stretch, ...]:
    """The stretches that can hold a civil day: those of its year, and at the turn of a year its neighbour's."""
    years = sorted({(day - timedelta(days=2)).year, (day + timedelta(days=2)).year})
    return tuple(stretch for year in years for stretch in stretches(zone, year))


def _changes(info: ZoneInfo, low: int, high: int) -> list[int]:
    """Where in (low, high] the offset changes. One undone within a day is missed; since 1970 no zone has had one."""
    if _offset(info, low) == _offset(info, high):
        return []
    if high - low == 1:
        return [high]
    middle = (low + high) // 2
    return _changes(info, low, middle) + _changes(info, middle, high)


def _offset(info: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, info).utcoffset()
    assert offset is not None  # a ZoneInfo always has one
    return offset // _SECOND


def _spans(intervals: Iterable[Interval]) -> tuple[Span, ...]:
    return tuple(span_of(interval) for interval in intervals)
