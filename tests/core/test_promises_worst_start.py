"""The worst start against trying every start there is. Deadlines and elapsed time are the calendars' own."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicedesk.core.calendars.calendar import Calendar, CalendarError, compile_calendar
from servicedesk.core.facts import CalendarFacts, CalendarVersion, Interval
from servicedesk.core.promises.search import Search, Step, Worst
from tests.core.calendar_samples import ALWAYS, CHANGING, HOUR, MINUTE_A_WEEK, MUNICIPALITY, NIGHT_SHIFT, OFFICE, utc
from tests.core.test_calendar_properties import PLACES, calendars

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
COMPILED = {facts.key: compile_calendar(facts) for facts in (OFFICE, MUNICIPALITY, NIGHT_SHIFT, CHANGING, ALWAYS)}


def tried(
    known: dict[str, Calendar], steps: Iterable[Step], promised_on: str, starts: Iterable[datetime]
) -> tuple[datetime, int]:
    """The first of the worst among these starts: each step takes all its time, one after the other."""
    worst = (utc("2026-01-01"), -1)
    for start in starts:
        until = start
        for calendar, seconds in steps:
            until = known[calendar].deadline(until, seconds)
        taken = known[promised_on].elapsed(start, until)
        if taken > worst[1]:
            worst = (start, taken)
    return worst


def every(start: datetime, end: datetime, step: timedelta = SECOND) -> list[datetime]:
    return [start + n * step for n in range((end - start) // step)]


def searched(
    known: dict[str, Calendar], steps: tuple[Step, ...], promised_on: str, start: datetime, end: datetime
) -> Worst:
    return Search(known.__getitem__, start, end).worst(steps, promised_on, start, end)


def agrees(
    known: dict[str, Calendar], steps: tuple[Step, ...], promised_on: str, starts: list[datetime], end: datetime
) -> None:
    try:
        expected = tried(known, steps, promised_on, starts)
    except CalendarError:
        with pytest.raises(CalendarError):
            searched(known, steps, promised_on, starts[0], end)
        return
    found = searched(known, steps, promised_on, starts[0], end)
    assert (found.start, found.seconds) == expected
    until = found.start
    for (calendar, seconds), ends in zip(steps, found.until, strict=True):
        until = known[calendar].deadline(until, seconds)
        assert ends == until


@pytest.mark.parametrize(
    ("promised_on", "steps", "start", "end"),
    [
        ("municipality", (("municipality", HOUR), ("office", 2 * HOUR)), "2026-12-23 10:55", "2026-12-23 12:05"),
        ("office", (("always", HOUR),), "2026-03-02 06:45", "2026-03-02 07:15"),
        ("always", (("office", HOUR), ("municipality", 90)), "2026-12-23 15:20", "2026-12-23 15:40"),
        ("always", (("night", 600), ("always", HOUR)), "2026-03-29 00:30", "2026-03-29 01:30"),
        ("night", (("night", 600), ("office", 30)), "2026-10-25 00:30", "2026-10-25 02:00"),
        (
            "changing",
            (("office", HOUR), ("changing", 3 * HOUR), ("always", 60)),
            "2026-03-27 14:30",
            "2026-03-27 15:30",
        ),
        ("office", (("always", 40 * HOUR), ("changing", 1)), "2026-10-23 09:30", "2026-10-23 10:30"),
    ],
)
def test_every_second_over_closing_times_and_both_changes_of_the_clock(
    promised_on: str, steps: tuple[Step, ...], start: str, end: str
) -> None:
    agrees(COMPILED, steps, promised_on, every(utc(start), utc(end)), utc(end))


@pytest.mark.parametrize("promised_on", ["office", "always", "municipality"])
def test_minute_by_minute_over_christmas(promised_on: str) -> None:
    """All hours and times are whole minutes: from the second after a minute until the next one, lines are straight."""
    start, end = utc("2026-12-21"), utc("2026-12-29")
    starts = sorted(moment + extra for moment in every(start, end, 5 * MINUTE) for extra in (timedelta(), SECOND))
    steps = (("municipality", 2 * HOUR), ("office", 4 * HOUR), ("always", 3 * HOUR))
    agrees(COMPILED, steps, promised_on, starts, end)


@st.composite
def cases(
    draw: st.DrawFn,
) -> tuple[list[CalendarFacts], list[tuple[int, int]], int, datetime, int]:
    """Three calendars near one place, a chain over them, the promise's calendar and a window of half an hour."""
    zone, day = draw(st.sampled_from(PLACES))
    facts = [draw(calendars(zone, day, 1)) for _ in range(3)]
    near = utc(day.isoformat()) + timedelta(seconds=draw(st.integers(-30 * 3600, 30 * 3600)))
    length = st.integers(1, 50) | st.integers(1, 20_000) | st.integers(1, 200_000)
    steps = draw(st.lists(st.tuples(st.integers(0, 2), length), min_size=1, max_size=4))
    return facts, steps, draw(st.integers(0, 2)), near, draw(st.integers(1, 900))


def any_chain_agrees(case: tuple[list[CalendarFacts], list[tuple[int, int]], int, datetime, int]) -> None:
    facts, drawn, promised, near, seconds = case
    known = {str(n): compile_calendar(one) for n, one in enumerate(facts)}
    # A window that ends where a calendar opens or closes has its corner inside, not always somewhere.
    edges = [moment for one in known.values() for span in one.open_intervals(near.date()) for moment in span]
    start = min(edges, key=lambda edge: abs(edge - near), default=near) - timedelta(seconds=seconds // 2)
    steps = tuple((str(calendar), length) for calendar, length in drawn)
    end = start + timedelta(seconds=seconds)
    agrees(known, steps, str(promised), every(start, end), end)


def many(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


@many(40)
@given(cases())
def test_any_chain_on_any_calendars(
    case: tuple[list[CalendarFacts], list[tuple[int, int]], int, datetime, int],
) -> None:
    any_chain_agrees(case)


@pytest.mark.long
@many(20_000)
@given(cases())
def test_very_many_chains(case: tuple[list[CalendarFacts], list[tuple[int, int]], int, datetime, int]) -> None:
    any_chain_agrees(case)


def worst_split(known: dict[str, Calendar], steps: tuple[Step, ...], start: datetime) -> datetime:
    """Every split of everybody's time between the way up and the way down."""
    (calendar, seconds), rest = steps[0], steps[1:]
    if not rest:
        return known[calendar].deadline(start, seconds)
    done = start
    for up in range(seconds + 1):
        between = worst_split(known, rest, known[calendar].deadline(start, up))
        done = max(done, known[calendar].deadline(between, seconds - up))
    return done


@st.composite
def tiny_hours(draw: st.DrawFn) -> Calendar:
    """Open for seconds at a time within two minutes, on some days of the week."""
    edges = sorted(draw(st.sets(st.integers(0, 119), min_size=2, max_size=8)))
    times = [time(12, second // 60, second % 60) for second in edges]
    hours = tuple(Interval(*pair) for pair in zip(times[::2], times[1::2], strict=False))
    open_on = draw(st.sets(st.integers(0, 6), min_size=1))
    week = tuple(hours if day in open_on else () for day in range(7))
    return compile_calendar(CalendarFacts("tiny", "tiny", (CalendarVersion(week=week, zone="Europe/Stockholm"),)))


@st.composite
def returns(draw: st.DrawFn) -> tuple[dict[str, Calendar], tuple[Step, ...], str, datetime, datetime]:
    """A short chain around the days on which the clock goes forward."""
    known = {"one": draw(tiny_hours()), "other": draw(tiny_hours()), "always": COMPILED["always"]}
    on = st.sampled_from(list(known))
    three = draw(st.integers(0, 4)) == 0
    steps = draw(st.lists(st.tuples(on, st.integers(1, 5 if three else 16)), min_size=2 + three, max_size=2 + three))
    start = utc("2026-03-27 10:59:50") + timedelta(days=draw(st.integers(0, 4)), seconds=draw(st.integers(0, 60)))
    return known, tuple(steps), draw(on), start, start + timedelta(seconds=draw(st.integers(1, 60)))


def there_and_back_agrees(case: tuple[dict[str, Calendar], tuple[Step, ...], str, datetime, datetime]) -> None:
    known, steps, promised_on, start, end = case
    tried = [(known[promised_on].elapsed(at, worst_split(known, steps, at)), at) for at in every(start, end)]
    most = max(taken for taken, _ in tried)
    found = Search(known.__getitem__, start, end).worst_with_return(steps, promised_on, start, end)
    assert (found.seconds, found.start) == (most, min(at for taken, at in tried if taken == most))
    until, taken = found.start, [0] * len(steps)
    for visit in found.visits:
        until = known[steps[visit.step][0]].deadline(until, visit.seconds)
        taken[visit.step] += visit.seconds
        assert visit.until == until
    assert taken == [seconds for _, seconds in steps]
    assert known[promised_on].elapsed(found.start, until) == most


@many(60)
@given(returns())
def test_there_and_back_the_worst_of_all_splits_is_found(
    case: tuple[dict[str, Calendar], tuple[Step, ...], str, datetime, datetime],
) -> None:
    there_and_back_agrees(case)


@pytest.mark.long
@many(5_000)
@given(returns())
def test_very_many_ways_there_and_back(
    case: tuple[dict[str, Calendar], tuple[Step, ...], str, datetime, datetime],
) -> None:
    there_and_back_agrees(case)


def test_what_takes_years_is_followed_for_years() -> None:
    known = {"minute": compile_calendar(MINUTE_A_WEEK), "always": compile_calendar(ALWAYS)}
    start, end = utc("2026-01-01"), utc("2026-01-02")
    found = searched(known, (("minute", 60 * 200),), "always", start, end)
    assert found.until == (known["minute"].deadline(found.start, 60 * 200),)
    assert found.until[0].year == 2029


def test_what_would_take_beyond_the_calendars_is_refused() -> None:
    known = {"minute": compile_calendar(MINUTE_A_WEEK)}
    with pytest.raises(CalendarError, match="beyond the year 2100"):
        searched(known, (("minute", 60 * 5000),), "minute", utc("2026-01-01"), utc("2026-01-02"))
