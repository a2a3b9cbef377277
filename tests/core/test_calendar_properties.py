"""Working time against the slow oracle, and the laws that hold for every calendar.

The default run takes a few thousand cases; `pytest -m long` takes a hundred thousand.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicedesk.core.calendars.calendar import Calendar, CalendarError, compile_calendar
from servicedesk.core.facts import CalendarFacts, CalendarVersion, Interval
from tests.core.calendar_samples import ALWAYS, CHANGING, MINUTE_A_WEEK, MUNICIPALITY, NIGHT_SHIFT, OFFICE, SAMPLES, utc
from tests.core.oracle_calendar import MINUTE, SECOND, Watch, watch

# Where calendars go wrong: changes of the clock (half an hour on Lord Howe, at midnight in Havana, Sao Paulo and
# St John's, a whole day in Apia), turns of the year, a leap day, and an ordinary day.
PLACES = [
    ("Europe/Stockholm", date(2026, 3, 29)),
    ("Europe/Stockholm", date(2026, 10, 25)),
    ("Europe/Stockholm", date(2027, 1, 1)),
    ("Europe/Stockholm", date(2026, 6, 19)),
    ("Europe/London", date(2028, 2, 29)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Havana", date(2026, 11, 1)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/St_Johns", date(2010, 11, 7)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Kathmandu", date(2026, 1, 1)),
    ("UTC", date(2026, 12, 31)),
]
WINDOWS = [
    (OFFICE, utc("2026-12-20"), utc("2027-01-10"), MINUTE),
    (MUNICIPALITY, utc("2026-12-22"), utc("2027-01-10"), MINUTE),
    (CHANGING, utc("2026-03-26"), utc("2026-04-02"), MINUTE),
    (CHANGING, utc("2026-10-22"), utc("2026-10-29"), MINUTE),
    (MINUTE_A_WEEK, utc("2026-10-19"), utc("2026-11-03"), MINUTE),
    (ALWAYS, utc("2026-10-24 22:00"), utc("2026-10-25 04:00"), SECOND),
    (NIGHT_SHIFT, utc("2026-03-28 22:00"), utc("2026-03-29 04:00"), SECOND),
    (NIGHT_SHIFT, utc("2026-10-24 22:00"), utc("2026-10-25 04:00"), SECOND),
]
LONG_WINDOWS = [
    (facts, start, start + length, step)
    for facts in SAMPLES
    for start in (utc("2026-03-28 12:00"), utc("2026-10-24 12:00"), utc("2026-12-30 12:00"))
    for length, step in ((timedelta(days=3), SECOND), (timedelta(days=120), MINUTE))
    if step is SECOND or facts is not NIGHT_SHIFT  # whose hours are not whole minutes
]


def cases(count: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def day_hours(draw: st.DrawFn, unit: int) -> tuple[Interval, ...]:
    """Up to three parts of a day, apart or touching, at multiples of `unit` seconds; often none or the whole day."""
    whole_day = 86_400 // unit
    edges = sorted(draw(st.lists(st.integers(0, whole_day), max_size=6)) if draw(st.booleans()) else [0, whole_day])
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple(Interval(_time(start * unit), _time(end * unit)) for start, end in pairs if start < end)


@st.composite
def calendars(draw: st.DrawFn, zone: str, near: date, unit: int) -> CalendarFacts:
    """One or two versions, the second (perhaps of another zone) beginning close to `near`."""
    shapes = [*draw(st.lists(day_hours(unit), min_size=1, max_size=3)), (Interval(_time(8 * 3600), _time(0)),)]
    first = _version(draw, shapes, zone, near, None)
    if not draw(st.booleans()):
        return CalendarFacts("drawn", "drawn", (first,))
    begins = near + timedelta(days=draw(st.integers(-1, 1)))
    other = draw(st.sampled_from([zone, "Europe/Helsinki", "America/Los_Angeles"]))
    return CalendarFacts("drawn", "drawn", (first, _version(draw, shapes, other, near, begins)))


def _version(
    draw: st.DrawFn, shapes: list[tuple[Interval, ...]], zone: str, near: date, valid_from: date | None
) -> CalendarVersion:
    return CalendarVersion(
        week=tuple(draw(st.sampled_from([*shapes, ()])) for _ in range(7)),
        zone=zone,
        holidays=draw(st.sampled_from(["", "SE"])),
        exceptions={near: draw(st.sampled_from(shapes))} if draw(st.booleans()) else {},
        valid_from=valid_from,
    )


@st.composite
def watched(draw: st.DrawFn, unit: int, longest: int) -> tuple[CalendarFacts, datetime, datetime]:
    """A calendar and a time of at most `longest` units close to one of the places."""
    zone, day = draw(st.sampled_from(PLACES))
    facts = draw(calendars(zone, day, unit))
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    start = noon + timedelta(seconds=draw(st.integers(-36 * 3600 // unit, 24 * 3600 // unit)) * unit)
    return facts, start, start + timedelta(seconds=draw(st.integers(0, longest)) * unit)


@st.composite
def reckonings(draw: st.DrawFn) -> tuple[Calendar, list[datetime], int]:
    """A calendar, three moments in order to the microsecond, and a length of open time."""
    zone, day = draw(st.sampled_from(PLACES))
    calendar = (
        draw(st.sampled_from(COMPILED)) if draw(st.booleans()) else compile_calendar(draw(calendars(zone, day, 1)))
    )
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    offsets = st.integers(-90 * 86_400, 90 * 86_400) | st.integers(-10, 10) | st.floats(-86_400, 86_400)
    moments = sorted(start + timedelta(seconds=draw(offsets)) for _ in range(3))
    return calendar, moments, draw(st.integers(0, 400_000) | st.integers(0, 3))


COMPILED = [compile_calendar(facts) for facts in SAMPLES]


def agrees_with_the_oracle(compiled: Calendar, seen: Watch, start: datetime, end: datetime) -> None:
    """Elapsed time is what was seen; its deadline is the earliest moment by which it was."""
    elapsed = seen.elapsed(start, end)
    assert compiled.elapsed(start, end) == elapsed
    if end < seen.end:
        assert compiled.is_open(end) == seen.is_open(end)
    if elapsed:
        due = compiled.deadline(start, elapsed)
        assert seen.elapsed(start, due) == elapsed
        assert seen.is_open(due - seen.step)


def drawn_calendar_agrees(case: tuple[CalendarFacts, datetime, datetime], step: timedelta) -> None:
    """Watched once and asked about the whole and each pair of its quarters: ten cases."""
    facts, start, end = case
    compiled, seen = compile_calendar(facts), watch(facts, start, end, step)
    quarters = [start + len(seen.seen) * part // 4 * step for part in range(5)]
    for one, other in combinations(quarters, 2):
        agrees_with_the_oracle(compiled, seen, one, other)


def obeys_the_laws(case: tuple[Calendar, list[datetime], int]) -> None:
    calendar, (first, second, third), seconds = case
    whole = calendar.elapsed(first, third)
    assert calendar.elapsed(first, second) + calendar.elapsed(second, third) == whole
    assert 0 <= whole <= (third - first).total_seconds() + 1
    due = calendar.deadline(first, whole)
    assert due <= third
    assert calendar.elapsed(first, due) == whole
    try:
        due = calendar.deadline(first, seconds)
    except CalendarError:
        assert calendar.elapsed(first, utc("2100-12-31 23:59:59")) < seconds
        return
    assert calendar.elapsed(first, due) == seconds
    assert seconds == 0 or (not due.microsecond and calendar.is_open(due - SECOND))


@cache
def seen_in(window: int, *, long: bool = False) -> tuple[Calendar, Watch]:
    facts, start, end, step = (LONG_WINDOWS if long else WINDOWS)[window]
    return compile_calendar(facts), watch(facts, start, end, step)


def window_agrees(window: int, one: float, other: float, *, long: bool = False) -> None:
    compiled, seen = seen_in(window, long=long)
    start, end = sorted(seen.start + int(share * len(seen.seen)) * seen.step for share in (one, other))
    agrees_with_the_oracle(compiled, seen, start, end)


SHARES = st.floats(0, 1)


@cases(1_000)
@given(st.integers(0, len(WINDOWS) - 1), SHARES, SHARES)
def test_known_calendars_agree_with_the_oracle_over_nights_holidays_and_versions(
    window: int, one: float, other: float
) -> None:
    window_agrees(window, one, other)


@cases(60)
@given(watched(unit=60, longest=1500))
def test_any_calendar_agrees_with_the_oracle_minute_by_minute(case: tuple[CalendarFacts, datetime, datetime]) -> None:
    drawn_calendar_agrees(case, MINUTE)


@cases(60)
@given(watched(unit=1, longest=900))
def test_any_calendar_agrees_with_the_oracle_second_by_second(case: tuple[CalendarFacts, datetime, datetime]) -> None:
    drawn_calendar_agrees(case, SECOND)


@cases(150)
@given(reckonings())
def test_parts_add_up_and_deadline_and_elapsed_are_inverses(case: tuple[Calendar, list[datetime], int]) -> None:
    obeys_the_laws(case)


@pytest.mark.long
@cases(25_000)
@given(st.integers(0, len(LONG_WINDOWS) - 1), SHARES, SHARES)
def test_known_calendars_agree_with_the_oracle_for_months(window: int, one: float, other: float) -> None:
    window_agrees(window, one, other, long=True)


@pytest.mark.long
@cases(4_000)
@given(watched(unit=60, longest=10 * 1440))
def test_many_calendars_agree_with_the_oracle_minute_by_minute(case: tuple[CalendarFacts, datetime, datetime]) -> None:
    drawn_calendar_agrees(case, MINUTE)


@pytest.mark.long
@cases(500)
@given(watched(unit=1, longest=3 * 86_400))
def test_many_calendars_agree_with_the_oracle_second_by_second(case: tuple[CalendarFacts, datetime, datetime]) -> None:
    drawn_calendar_agrees(case, SECOND)


@pytest.mark.long
@cases(30_000)
@given(reckonings())
def test_the_laws_hold_in_many_cases(case: tuple[Calendar, list[datetime], int]) -> None:
    obeys_the_laws(case)


def _time(seconds: int) -> time:
    """A time of day; the end of the day is written 00:00."""
    hours, rest = divmod(seconds % 86_400, 3600)
    return time(hours, rest // 60, rest % 60)
