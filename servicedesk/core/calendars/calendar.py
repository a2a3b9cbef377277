"""Working time: how long a calendar was open between two moments, and when so much open time will have passed.

How civil hours become UTC, also on the nights the clock changes, is told in `calendar_civil`.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

from servicedesk.core.calendars.check import check_calendar
from servicedesk.core.calendars.civil import (
    FIRST_YEAR,
    LAST_YEAR,
    Hours,
    Span,
    hours_in_force,
    open_in_year,
    open_on_day,
    year_starts,
)
from servicedesk.core.calendars.sources import CalendarError, check_holidays, zone_named
from servicedesk.core.facts import CalendarFacts, CalendarVersion, Interval

__all__ = ["Calendar", "CalendarError", "always_open", "check_calendar", "compile_calendar"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The open spans of whole UTC years [first, last], as parallel arrays: opening, closing, seconds open before.

    The first span is empty and stands at `start`, so that every second in [start, end) has a span at or before it.
    """

    first: int
    last: int
    start: int
    end: int
    opens: Sequence[int]
    closes: Sequence[int]
    before: Sequence[int]

    def open_before(self, second: int) -> int:
        n = bisect_right(self.opens, second) - 1
        closes = self.closes[n]
        return self.before[n] + (second if second < closes else closes) - self.opens[n]


class Calendar:
    """Opening hours compiled for speed. Years are compiled when first asked for and then kept.

    Every moment must be aware (ValueError if not) and in the years 1970-2100 (CalendarError if not). A moment counts
    as its whole second: fractions are cut off, towards the past, before anything is reckoned. So elapsed times add
    up exactly, and a deadline falls on a whole second.

    One calendar may serve several threads: what is compiled is replaced whole, never changed.
    """

    __slots__ = ("_compiled", "_versions", "key")

    key: str

    def __init__(self, key: str, versions: tuple[Hours, ...]) -> None:
        self.key = key
        self._versions = versions
        self._compiled = _Compiled(first=0, last=0, start=0, end=0, opens=(), closes=(), before=())

    def elapsed(self, start: datetime, end: datetime) -> int:
        """Whole open seconds in [start, end); 0 when end is not after start."""
        first, last = _second(start), _second(end)
        if last <= first:
            return 0
        compiled = self._compiled
        if first < compiled.start or last >= compiled.end:
            compiled = self._covering(first, last)
        return compiled.open_before(last) - compiled.open_before(first)

    def deadline(self, start: datetime, seconds: int) -> datetime:
        """The earliest moment (UTC) by which `seconds` of open time have passed since `start`: elapsed(start, it) is
        `seconds`. It is a closing time rather than the next opening, and `start` itself for 0 seconds.

        CalendarError when the calendar has not that much open time left before the end of 2100.
        """
        first = _second(start)
        if seconds <= 0:
            return _at_once(start, seconds)
        compiled = self._compiled
        if first < compiled.start or first >= compiled.end:
            compiled = self._covering(first, first)
        while True:
            total = compiled.open_before(first) + seconds
            n = bisect_left(compiled.before, total) - 1
            due = compiled.opens[n] + total - compiled.before[n]
            if due <= compiled.closes[n]:
                return datetime.fromtimestamp(due, UTC)
            compiled = self._one_year_more(compiled, start)

    def is_open(self, at: datetime) -> bool:
        second = _second(at)
        compiled = self._covering(second, second)
        return second < compiled.closes[bisect_right(compiled.opens, second) - 1]

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself (in UTC) when open then, otherwise the moment it opens next.

        CalendarError when it does not open again before the end of 2100.
        """
        second = _second(at)
        compiled = self._covering(second, second)
        n = bisect_right(compiled.opens, second) - 1
        if second < compiled.closes[n]:
            return at.astimezone(UTC)
        while n + 1 == len(compiled.opens):
            compiled = self._one_year_more(compiled, at)
        return datetime.fromtimestamp(compiled.opens[n + 1], UTC)

    def spans(self, start: int, end: int) -> list[Span]:
        """When it is open in [start, end], in seconds since 1970: [opening, closing), in order and apart."""
        compiled = self._covering(start, end)
        first, last = bisect_right(compiled.closes, start), bisect_left(compiled.opens, end)
        opens, closes = compiled.opens[first:last], compiled.closes[first:last]
        return [(max(start, one), min(end, other)) for one, other in zip(opens, closes, strict=True) if one < other]

    def open_intervals(self, day: date) -> list[tuple[datetime, datetime]]:
        """When it is open while the clock of its zone shows this civil day: [opening, closing) in UTC, in order."""
        _require_years(day.year, day.year)
        return [
            (datetime.fromtimestamp(opens, UTC), datetime.fromtimestamp(closes, UTC))
            for opens, closes in open_on_day(self._versions, day)
        ]

    def _covering(self, first: int, last: int) -> _Compiled:
        compiled = self._compiled
        if compiled.start <= first and last < compiled.end:
            return compiled
        first_year, last_year = _year(first), _year(last)
        _require_years(first_year, last_year)
        if compiled.opens:
            first_year, last_year = min(first_year, compiled.first), max(last_year, compiled.last)
        return self._compile(compiled, first_year, last_year)

    def _one_year_more(self, compiled: _Compiled, start: datetime) -> _Compiled:
        if compiled.last >= LAST_YEAR:
            raise CalendarError(
                "The calendar %(calendar)s has too little open time after %(start)s.",
                code="no_open_time",
                calendar=self.key,
                start=start.isoformat(),
            )
        return self._compile(compiled, compiled.first, compiled.last + 1)

    def _compile(self, known: _Compiled, first: int, last: int) -> _Compiled:
        """Adds to `known` the years it lacks of [first, last], and keeps the whole."""
        spans: list[Span] = [(year_starts(first), year_starts(first))]
        for year in range(first, last + 1):
            if not known.opens or not known.first <= year <= known.last:
                spans += open_in_year(self._versions, year)
            elif year == known.first:
                spans += zip(known.opens[1:], known.closes[1:], strict=True)
        lengths = (closes - opens for opens, closes in spans)
        compiled = _Compiled(
            first=first,
            last=last,
            start=year_starts(first),
            end=year_starts(last + 1),
            opens=array("q", (opens for opens, _ in spans)),
            closes=array("q", (closes for _, closes in spans)),
            before=array("q", list(accumulate(lengths, initial=0))[:-1]),
        )
        self._compiled = compiled  # another thread may put its own here at once, so return ours
        return compiled


def compile_calendar(facts: CalendarFacts, stored: Callable[[str], Container[date]] | None = None) -> Calendar:
    """A calendar ready for use. The facts are taken as checked (see `check_calendar`); an unknown zone, country or
    holiday category raises CalendarError all the same. `stored` gives frozen holidays by their hash: with it, the
    library is only asked for what has never been stored."""
    for version in facts.versions:
        zone_named(version.zone)
        if version.holidays and not (version.frozen and stored):
            check_holidays(version.holidays, tuple(version.holiday_categories))
    return Calendar(facts.key, hours_in_force(facts.versions, stored))


def always_open(key: str = "always", zone: str = "Europe/Stockholm") -> CalendarFacts:
    """Around the clock, every day of the year."""
    whole_day = (Interval(time(0), time(0)),)
    return CalendarFacts(key=key, name=key, versions=(CalendarVersion(week=(whole_day,) * 7, zone=zone),))


def _second(moment: datetime) -> int:
    try:
        since = moment - _EPOCH
        return since.days * 86_400 + since.seconds
    except TypeError:
        raise ValueError(f"a moment must have a time zone: {moment!r}") from None


def _at_once(start: datetime, seconds: int) -> datetime:
    if seconds < 0:
        raise ValueError(f"open time must not be negative: {seconds}")
    return start.astimezone(UTC)


def _year(second: int) -> int:
    return (_EPOCH + timedelta(seconds=second)).year


def _require_years(first: int, last: int) -> None:
    if first < FIRST_YEAR or last > LAST_YEAR:
        raise CalendarError(
            "Calendars answer for the years %(first)s to %(last)s only.",
            code="outside_calendars",
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
