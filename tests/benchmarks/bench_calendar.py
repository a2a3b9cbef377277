"""How many reckonings of working time one core makes in a second, and what the first one costs.

`python -m tests.benchmarks.bench_calendar`: calls per second of processor time, the median of several rounds, years
compiled beforehand; then the milliseconds until a calendar has answered its first question about now, and about fifty
years. No database has a part in it.
"""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from time import process_time

from servicedesk.core.calendars.calendar import Calendar, always_open, compile_calendar
from servicedesk.core.facts import CalendarFacts, CalendarVersion, Interval
from tests.benchmarks.figures import Figure, options, record, tell

GOAL = 300_000
CALLS, ROUNDS = 20_000, 9
DISTANCES = {"an hour": 3600, "a week": 7 * 86_400, "a year": 365 * 86_400, "50 years": 50 * 365 * 86_400}

OFFICE_DAY = (Interval(time(8), time(12)), Interval(time(13), time(16, 30)))
OFFICE = CalendarFacts(
    "office", "office", (CalendarVersion(week=(OFFICE_DAY,) * 5 + ((),) * 2, holidays="SE", exceptions={}),)
)
CALENDARS = {"office": OFFICE, "always": always_open()}


def main() -> None:
    asked = options(__doc__, databases=False).parse_args()
    calls, rounds = (500, 1) if asked.quick else (CALLS, ROUNDS)
    figures = [
        Figure(f"{name}, {distance}: {call}", rate, "calls/s", GOAL, at_most=False)
        for name, facts in CALENDARS.items()
        for distance, seconds in DISTANCES.items()
        for call, rate in measured(compile_calendar(facts), seconds, calls, rounds).items()
    ]
    for name, facts in CALENDARS.items():
        figures += [
            Figure(f"{name}, {far}: first answer", took, "ms") for far, took in first_touch(facts, rounds).items()
        ]
    tell(record("calendar", "none", 0, figures), keep_it=asked.record)


def measured(calendar: Calendar, seconds: int, calls: int, rounds: int) -> dict[str, int]:
    """Medians for spans of this length; a deadline is asked for the open time the span holds, a second at least."""
    starts = random_moments(calls)
    ends = [start + timedelta(seconds=seconds) for start in starts]
    lengths = [max(1, calendar.elapsed(start, end)) for start, end in zip(starts, ends, strict=True)]
    return {
        "elapsed": rate(rounds, calendar.elapsed, starts, ends),
        "deadline": rate(rounds, calendar.deadline, starts, lengths),
    }


def first_touch(facts: CalendarFacts, rounds: int) -> dict[str, float]:
    """Compiled anew for each: the years a question touches are drawn when it is asked. Holidays are known by then."""
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    compile_calendar(facts).elapsed(now, now + timedelta(days=50 * 365))
    return {
        distance: round(median(_first(facts, now, timedelta(seconds=seconds)) for _ in range(rounds)) * 1000, 2)
        for distance, seconds in DISTANCES.items()
    }


def _first(facts: CalendarFacts, now: datetime, distance: timedelta) -> float:
    began = process_time()
    compile_calendar(facts).elapsed(now, now + distance)
    return process_time() - began


def random_moments(calls: int) -> list[datetime]:
    chance = random.Random(2026)
    days = (date(2046, 1, 1) - date(2016, 1, 1)).days
    start = datetime(2016, 1, 1, tzinfo=UTC)
    return [start + timedelta(seconds=chance.randrange(days * 86_400)) for _ in range(calls)]


def rate(rounds: int, call: Callable[..., object], *columns: Sequence[object]) -> int:
    rows = list(zip(*columns, strict=True))
    return round(median(_round(call, rows) for _ in range(rounds)))


def _round(call: Callable[..., object], rows: Sequence[tuple[object, ...]]) -> float:
    began = process_time()
    for first, second in rows:
        call(first, second)
    return len(rows) / (process_time() - began)


if __name__ == "__main__":
    main()
