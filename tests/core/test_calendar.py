"""Working time by named example; times of day are Swedish local time unless they say otherwise."""

from dataclasses import replace
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from servicedesk.core.calendars.calendar import always_open, compile_calendar
from tests.core.calendar_samples import (
    ALWAYS,
    CHANGING,
    HOUR,
    MINUTE_A_WEEK,
    MUNICIPALITY,
    OFFICE,
    calendar,
    deadline,
    local,
    open_hours,
    utc,
    version,
)

# Ordinary days


def test_the_lunch_break_does_not_count() -> None:
    assert open_hours(OFFICE, "2026-11-23 11:00", "2026-11-23 14:00") == 2
    assert deadline(OFFICE, "2026-11-23 11:30", 1) == local("2026-11-23 13:30")


def test_a_start_in_the_lunch_break_counts_from_its_end() -> None:
    assert deadline(OFFICE, "2026-11-23 12:20", 1) == local("2026-11-23 14:00")


def test_a_deadline_falls_on_the_closing_not_on_the_next_opening() -> None:
    assert deadline(OFFICE, "2026-11-23 11:00", 1) == local("2026-11-23 12:00")
    assert deadline(OFFICE, "2026-11-20 15:30", 1) == local("2026-11-20 16:30")


def test_one_second_more_than_the_day_holds_falls_on_the_next_working_day() -> None:
    assert deadline(OFFICE, "2026-11-20 15:30", 1 + 1 / HOUR) == local("2026-11-23 08:00:01")


def test_a_start_exactly_at_opening_counts_from_there() -> None:
    assert deadline(OFFICE, "2026-11-23 08:00", 1) == local("2026-11-23 09:00")
    assert open_hours(OFFICE, "2026-11-23 08:00", "2026-11-23 08:00:01") * HOUR == 1


def test_a_start_exactly_at_closing_counts_from_the_next_opening() -> None:
    assert deadline(OFFICE, "2026-11-20 16:30", 1) == local("2026-11-23 09:00")
    assert open_hours(OFFICE, "2026-11-20 16:30", "2026-11-23 08:00") == 0


def test_the_opening_second_is_open_and_the_closing_second_is_closed() -> None:
    office = compile_calendar(OFFICE)
    assert office.is_open(local("2026-11-23 08:00"))
    assert not office.is_open(local("2026-11-23 07:59:59"))
    assert office.is_open(local("2026-11-23 16:29:59"))
    assert not office.is_open(local("2026-11-23 16:30"))


def test_the_next_opening_of_an_open_moment_is_that_moment() -> None:
    at = local("2026-11-23 09:17:03.25")
    assert compile_calendar(OFFICE).next_opening(at) == at
    assert compile_calendar(OFFICE).next_opening(at).tzinfo is UTC


def test_the_next_opening_after_friday_is_monday_morning() -> None:
    office = compile_calendar(OFFICE)
    assert office.next_opening(local("2026-11-20 16:30")) == local("2026-11-23 08:00")
    assert office.next_opening(local("2026-11-23 12:00")) == local("2026-11-23 13:00")


def test_no_time_is_due_at_once_even_when_closed() -> None:
    sunday = local("2026-11-22 10:00:00.5")
    assert compile_calendar(OFFICE).deadline(sunday, 0) == sunday


def test_nothing_has_passed_when_the_end_is_not_after_the_start() -> None:
    assert open_hours(OFFICE, "2026-11-23 10:00", "2026-11-23 10:00") == 0
    assert open_hours(OFFICE, "2026-11-23 11:00", "2026-11-23 10:00") == 0


def test_a_minute_a_week_takes_ten_weeks_to_ten_minutes() -> None:
    ten_minutes = compile_calendar(MINUTE_A_WEEK).deadline(local("2026-01-05 09:00"), 600)
    assert ten_minutes == local("2026-03-09 09:01")


# Swedish days


def test_midsummer_eve_is_closed() -> None:
    assert deadline(OFFICE, "2026-06-18 16:00", 1) == local("2026-06-22 08:30")


def test_christmas_new_year_and_their_eves_are_closed() -> None:
    """Open: 23, 28, 29 and 30 December, 4 and 5 January; the rest are eves, holidays and weekends."""
    assert open_hours(OFFICE, "2026-12-23 00:00", "2027-01-07 00:00") == 6 * 7.5


@pytest.mark.parametrize("day", ["2026-06-19", "2026-12-24", "2026-12-31", "2026-05-01", "2026-05-14", "2026-04-03"])
def test_a_closed_day_has_no_hours(day: str) -> None:
    assert compile_calendar(OFFICE).open_intervals(date.fromisoformat(day)) == []


def test_the_eves_are_working_days_where_only_public_holidays_count() -> None:
    facts = calendar(replace(version("08:00-12:00"), holiday_categories=("public",)))
    assert open_hours(facts, "2026-12-24 00:00", "2026-12-26 00:00") == 4


def test_holidays_do_not_close_a_calendar_that_has_none() -> None:
    assert open_hours(calendar(version("08:00-12:00", holidays="")), "2026-12-24 00:00", "2026-12-26 00:00") == 8


def test_a_half_day_ends_early() -> None:
    assert open_hours(MUNICIPALITY, "2027-01-05 00:00", "2027-01-06 00:00") == 3.5
    assert deadline(MUNICIPALITY, "2027-01-05 10:00", 2) == local("2027-01-07 08:30")


def test_an_exception_opens_a_holiday_and_closes_a_working_day() -> None:
    assert open_hours(MUNICIPALITY, "2026-12-24 00:00", "2026-12-25 00:00") == 2
    assert open_hours(MUNICIPALITY, "2026-12-29 00:00", "2026-12-30 00:00") == 0


# Around the clock


def test_around_the_clock_no_second_is_lost_at_midnight_or_at_new_year() -> None:
    around_the_clock = compile_calendar(ALWAYS)
    for midnight in ("2026-11-21 00:00", "2027-01-01 00:00", "2026-03-29 00:00", "2028-02-29 00:00"):
        before, after = local(midnight) - timedelta(seconds=2), local(midnight) + timedelta(seconds=2)
        assert around_the_clock.elapsed(before, after) == 4
        assert around_the_clock.deadline(before, 3) == after - timedelta(seconds=1)


def test_around_the_clock_open_time_is_elapsed_time_over_many_years() -> None:
    around_the_clock = compile_calendar(ALWAYS)
    start, end = utc("1999-12-31 23:59:59"), utc("2100-12-31 23:59:59")
    seconds = int((end - start).total_seconds())
    assert around_the_clock.elapsed(start, end) == seconds
    assert around_the_clock.deadline(start, seconds) == end


def test_around_the_clock_an_opening_is_always_now() -> None:
    at = local("2026-12-31 23:59:59.999")
    assert compile_calendar(ALWAYS).next_opening(at) == at


# Versions


def test_a_new_version_applies_from_its_first_day_within_one_reckoning() -> None:
    facts = calendar(version("08:00-16:00"), version("06:00-20:00", valid_from=date(2026, 12, 1)))
    assert open_hours(facts, "2026-11-30 00:00", "2026-12-02 00:00") == 8 + 14
    assert deadline(facts, "2026-11-30 15:00", 2) == local("2026-12-01 07:00")


def test_a_later_version_leaves_what_was_before_it_unchanged() -> None:
    before = calendar(version("08:00-16:00"))
    after = calendar(version("08:00-16:00"), version("", "10:00-12:00", valid_from=date(2026, 12, 1)))
    for end in ("2026-11-30 12:00", "2026-12-01 00:00"):
        assert open_hours(before, "2026-01-01 00:00", end) == open_hours(after, "2026-01-01 00:00", end)


def test_before_its_first_version_a_calendar_is_closed() -> None:
    facts = calendar(version("00:00-00:00", "00:00-00:00", holidays="", valid_from=date(2026, 12, 1)))
    assert open_hours(facts, "2026-11-01 00:00", "2026-12-01 01:00") == 1


@pytest.mark.parametrize("zone", ["Europe/London", "Europe/Helsinki", "Pacific/Auckland", "America/Los_Angeles"])
def test_around_the_clock_stays_so_when_the_zone_changes(zone: str) -> None:
    first = always_open().versions[0]
    second = version("00:00-00:00", "00:00-00:00", holidays="", zone=zone, valid_from=date(2026, 6, 1))
    assert open_hours(calendar(first, second), "2026-05-30 00:00", "2026-06-03 00:00") == 96


def test_a_version_of_another_zone_begins_at_that_zones_midnight() -> None:
    new_york = ZoneInfo("America/New_York")
    opens = compile_calendar(CHANGING).next_opening(local("2026-03-29 15:00"))
    assert opens == local("2026-03-30 00:00", new_york)


def test_a_version_that_begins_on_a_skipped_midnight_begins_after_the_gap() -> None:
    zone = "America/Sao_Paulo"
    closed = version("", holidays="", zone=zone)
    opened = version("00:00-00:00", "00:00-00:00", holidays="", zone=zone, valid_from=date(2018, 11, 4))
    assert compile_calendar(calendar(closed, opened)).next_opening(utc("2018-11-03 12:00")) == utc("2018-11-04 03:00")


# Civil days


def test_the_hours_of_a_day_are_given_in_utc() -> None:
    office = compile_calendar(OFFICE)
    winter = [("2026-11-23 07:00", "2026-11-23 11:00"), ("2026-11-23 12:00", "2026-11-23 15:30")]
    assert office.open_intervals(date(2026, 11, 23)) == [(utc(start), utc(end)) for start, end in winter]
    assert office.open_intervals(date(2026, 7, 1))[0][0] == utc("2026-07-01 06:00")


def test_the_days_of_the_year_hold_all_its_open_time() -> None:
    for facts in (OFFICE, MUNICIPALITY, ALWAYS):
        compiled = compile_calendar(facts)
        days = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
        total = sum((end - start for day in days for start, end in compiled.open_intervals(day)), timedelta())
        assert total // timedelta(seconds=1) == compiled.elapsed(local("2026-01-01 00:00"), local("2027-01-01 00:00"))
