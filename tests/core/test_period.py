from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from servicedesk.core.period import Preset, midnight, period_of, preset_days, steps

SWEDEN = ZoneInfo("Europe/Stockholm")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_period_begins_at_its_first_midnight_and_ends_at_the_one_after_its_last_day() -> None:
    one = period_of(date(2026, 3, 28), date(2026, 3, 29), SWEDEN)
    assert (one.start, one.end) == (utc("2026-03-27T23:00"), utc("2026-03-29T22:00"))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_a_day_is_as_long_as_the_clock_on_the_wall_makes_it(day: date, hours: int) -> None:
    one = period_of(day, day, SWEDEN)
    assert one.end - one.start == timedelta(hours=hours)


def test_where_the_clock_skips_midnight_the_day_begins_after_the_gap() -> None:
    assert midnight(date(2018, 11, 4), ZoneInfo("America/Sao_Paulo")) == utc("2018-11-04T03:00")


@pytest.mark.parametrize(
    ("preset", "today", "first", "last"),
    [
        (Preset.THIS_MONTH, "2026-02-10", "2026-02-01", "2026-02-28"),
        (Preset.LAST_MONTH, "2026-01-10", "2025-12-01", "2025-12-31"),
        (Preset.LAST_3_MONTHS, "2026-11-21", "2026-08-22", "2026-11-21"),
        (Preset.LAST_3_MONTHS, "2026-05-31", "2026-03-01", "2026-05-31"),
        (Preset.LAST_12_MONTHS, "2024-02-29", "2023-03-01", "2024-02-29"),
        (Preset.LAST_12_MONTHS, "2026-11-21", "2025-11-22", "2026-11-21"),
        (Preset.THIS_YEAR, "2026-11-21", "2026-01-01", "2026-12-31"),
    ],
)
def test_what_people_ask_for_seen_from_today(preset: Preset, today: str, first: str, last: str) -> None:
    days = preset_days(preset, date.fromisoformat(today))
    assert days == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(("first", "last"), [("2026-11-21", "2026-11-21"), ("2026-01-01", "2026-12-31")])
def test_weeks_begin_on_mondays_and_cover_every_day_once(first: str, last: str) -> None:
    whole = period_of(date.fromisoformat(first), date.fromisoformat(last), SWEDEN)
    weeks = steps(whole, SWEDEN)
    assert all(week.first.weekday() == 0 for week in weeks[1:])
    assert all(one.end == following.start for one, following in pairwise(weeks))
    assert (weeks[0].start, weeks[-1].end) == (whole.start, whole.end)
    assert all(week.first <= week.last for week in weeks)


def test_a_long_period_is_told_by_months() -> None:
    months = steps(period_of(date(2024, 1, 31), date(2025, 12, 5), SWEDEN), SWEDEN)
    assert [month.first for month in months[:3]] == [date(2024, 1, 31), date(2024, 2, 1), date(2024, 3, 1)]
    assert months[-1].last == date(2025, 12, 5)
    assert len(months) == 24
