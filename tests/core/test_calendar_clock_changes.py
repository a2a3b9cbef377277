"""Working time on the nights when the clock changes, in Sweden on 29 March and 25 October 2026."""

from datetime import date, datetime

import pytest

from servicedesk.core.calendars.calendar import always_open, compile_calendar
from tests.core.calendar_samples import (
    ALWAYS,
    HOUR,
    OFFICE,
    calendar,
    deadline,
    local,
    open_hours,
    utc,
    version,
)


def test_the_spring_day_has_23_hours_and_the_autumn_day_25() -> None:
    assert open_hours(ALWAYS, "2026-03-29 00:00", "2026-03-30 00:00") == 23
    assert open_hours(ALWAYS, "2026-10-25 00:00", "2026-10-26 00:00") == 25


def test_office_hours_keep_to_the_wall_clock_on_both_sides_of_a_change() -> None:
    office = compile_calendar(OFFICE)
    assert office.next_opening(utc("2026-03-27 20:00")) == utc("2026-03-30 06:00")
    assert office.next_opening(utc("2026-03-26 20:00")) == utc("2026-03-27 07:00")
    assert office.next_opening(utc("2026-10-23 20:00")) == utc("2026-10-26 07:00")
    assert office.next_opening(utc("2026-10-22 20:00")) == utc("2026-10-23 06:00")


def test_a_deadline_runs_through_the_spring_night() -> None:
    assert deadline(ALWAYS, "2026-03-28 22:00", 8) == local("2026-03-29 07:00")


def test_a_deadline_runs_through_the_autumn_night() -> None:
    assert deadline(ALWAYS, "2026-10-24 22:00", 8) == local("2026-10-25 05:00")


@pytest.mark.parametrize(
    ("night", "expected"),
    [
        ("02:15-02:45", []),
        ("02:30-04:00", [("01:00", "02:00")]),
        ("01:00-02:30", [("00:00", "01:00")]),
        ("01:30-03:30", [("00:30", "01:30")]),
        ("00:00-00:00", [("-23:00", "22:00")]),
    ],
)
def test_hours_in_the_skipped_hour_do_not_exist(night: str, expected: list[tuple[str, str]]) -> None:
    assert _on("2026-03-29", night) == expected


@pytest.mark.parametrize(
    ("night", "expected"),
    [
        ("02:15-02:45", [("00:15", "00:45"), ("01:15", "01:45")]),
        ("01:00-02:30", [("-23:00", "00:30"), ("01:00", "01:30")]),
        ("02:30-04:00", [("00:30", "01:00"), ("01:30", "03:00")]),
        ("01:30-03:30", [("-23:30", "02:30")]),
        ("00:00-00:00", [("-22:00", "23:00")]),
    ],
)
def test_hours_in_the_repeated_hour_happen_twice(night: str, expected: list[tuple[str, str]]) -> None:
    assert _on("2026-10-25", night) == expected


def test_parts_that_meet_in_the_repeated_hour_leave_no_gap_and_no_overlap() -> None:
    assert _on("2026-10-25", "01:00-02:30 02:30-04:00") == [("-23:00", "03:00")]


def test_a_start_in_the_repeated_hour_says_which_of_the_two() -> None:
    around_the_clock = compile_calendar(ALWAYS)
    first, second = local("2026-10-25 02:30"), local("2026-10-25 02:30", second_time=True)
    assert around_the_clock.elapsed(first, local("2026-10-25 04:00")) == 2.5 * HOUR
    assert around_the_clock.elapsed(second, local("2026-10-25 04:00")) == 1.5 * HOUR


def test_a_day_that_begins_after_a_skipped_midnight_has_23_hours() -> None:
    sao_paulo = compile_calendar(always_open(zone="America/Sao_Paulo"))
    assert sao_paulo.open_intervals(date(2018, 11, 4)) == [(utc("2018-11-04 03:00"), utc("2018-11-05 02:00"))]


def test_a_day_that_a_zone_skipped_has_no_hours() -> None:
    apia = compile_calendar(always_open(zone="Pacific/Apia"))
    assert apia.open_intervals(date(2011, 12, 30)) == []
    assert apia.elapsed(utc("2011-12-29 00:00"), utc("2012-01-02 00:00")) == 96 * HOUR


def _on(day: str, text: str) -> list[tuple[str, str]]:
    """The hours of a day open at these times every day, as UTC times of day; a minus marks the day before."""
    compiled = compile_calendar(calendar(version(text, text, holidays="")))
    return [
        (_time_of(start, day), _time_of(end, day)) for start, end in compiled.open_intervals(date.fromisoformat(day))
    ]


def _time_of(moment: datetime, day: str) -> str:
    return ("" if moment.date().isoformat() == day else "-") + f"{moment:%H:%M}"
