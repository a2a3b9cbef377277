"""Working time by named example; times of day are Swedish local time unless they say otherwise."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from servicedesk.core import calendar as calendar_module
from servicedesk.core.calendar import CalendarError, always_open, compile_calendar
from servicedesk.core.facts import CalendarFacts
from tests.core.calendar_samples import (
    ALWAYS,
    CHANGING,
    MINUTE_A_WEEK,
    MUNICIPALITY,
    OFFICE,
    calendar,
    local,
    utc,
    version,
)

HOUR = 3600


def open_hours(facts: CalendarFacts, start: str, end: str) -> float:
    return compile_calendar(facts).elapsed(local(start), local(end)) / HOUR


def deadline(facts: CalendarFacts, start: str, hours: float) -> datetime:
    return compile_calendar(facts).deadline(local(start), int(hours * HOUR))


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


# Nights when the clock changes: 29 March and 25 October 2026


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


# Moments


def test_fractions_of_a_second_are_cut_off_so_that_parts_add_up() -> None:
    office = compile_calendar(OFFICE)
    moments = [local(f"2026-11-23 09:00:{second}") for second in ("00.9", "01.1", "01.9", "03.0", "03.999999")]
    parts = [office.elapsed(start, end) for start, end in zip(moments, moments[1:], strict=False)]
    assert parts == [1, 0, 2, 0]
    assert sum(parts) == office.elapsed(moments[0], moments[-1])


def test_a_deadline_from_a_fraction_of_a_second_is_a_whole_second() -> None:
    assert deadline(OFFICE, "2026-11-23 09:00:00.700", 1) == local("2026-11-23 10:00")


def test_a_moment_without_a_zone_is_refused() -> None:
    office = compile_calendar(OFFICE)
    naive, aware = datetime(2026, 11, 23, 9, 0), utc("2026-11-23 09:00")  # noqa: DTZ001 - the point of the test
    for ask in (
        lambda: office.elapsed(naive, aware),
        lambda: office.elapsed(aware, naive),
        lambda: office.deadline(naive, 0),
        lambda: office.deadline(naive, 1),
        lambda: office.is_open(naive),
        lambda: office.next_opening(naive),
    ):
        with pytest.raises(ValueError, match="must have a time zone"):
            ask()


def test_negative_open_time_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        compile_calendar(OFFICE).deadline(utc("2026-11-23 09:00"), -1)


@pytest.mark.parametrize("year", [1, 1969, 2101, 9999])
def test_years_calendars_do_not_know_are_refused(year: int) -> None:
    office = compile_calendar(OFFICE)
    far = utc("2026-06-01").replace(year=year)
    for ask in (
        lambda: office.elapsed(*sorted((far, utc("2026-06-01")))),
        lambda: office.deadline(far, 1),
        lambda: office.is_open(far),
        lambda: office.open_intervals(far.date()),
    ):
        with pytest.raises(CalendarError, match="years 1970 to 2100") as refused:
            ask()
        assert refused.value.code == "outside_calendars"


@pytest.mark.parametrize("year", [1970, 2100])
def test_the_first_and_last_years_are_answered_whole(year: int) -> None:
    start, end = utc(f"{year}-01-01 00:00:00"), utc(f"{year}-12-31 23:59:59")
    assert compile_calendar(ALWAYS).elapsed(start, end) == 365 * 24 * HOUR - 1
    assert compile_calendar(OFFICE).elapsed(start, end) > 240 * 7.5 * HOUR


def test_a_calendar_that_has_closed_for_good_has_no_deadline_and_no_opening() -> None:
    closed = compile_calendar(calendar(version("08:00-16:00"), version("", valid_from=date(2026, 12, 1))))
    with pytest.raises(CalendarError, match="has too little open time after 2026-11-30") as refused:
        closed.deadline(local("2026-11-30 15:00"), 3601)
    assert refused.value.code == "no_open_time"
    with pytest.raises(CalendarError, match="has too little open time after 2027-01-01"):
        closed.next_opening(utc("2027-01-01"))
    assert closed.deadline(local("2026-11-30 15:00"), 3600) == local("2026-11-30 16:00")


def test_more_open_time_than_is_left_until_2100_is_refused() -> None:
    with pytest.raises(CalendarError, match="calendar minute has too little open time"):
        compile_calendar(MINUTE_A_WEEK).deadline(utc("2026-11-23 09:00"), 8760 * HOUR)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (calendar(version("08:00-16:00", zone="Europe/Lulea")), "unknown_zone"),
        (calendar(version("08:00-16:00", holidays="XX")), "unknown_country"),
        (
            calendar(version("08:00-16:00"), version("08:00-16:00", zone="CET", valid_from=date(2026, 1, 1))),
            "unknown_zone",
        ),
    ],
)
def test_facts_that_were_never_checked_are_refused_clearly(facts: CalendarFacts, code: str) -> None:
    with pytest.raises(CalendarError) as refused:
        compile_calendar(facts)
    assert refused.value.code == code


# Keeping what is compiled


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    moments = [utc(f"{year}-05-07 10:00") for year in (2026, 2024, 2028)]
    kept = compile_calendar(CHANGING)
    for start in moments:
        for end in moments:
            assert kept.elapsed(start, end) == compile_calendar(CHANGING).elapsed(start, end)


@pytest.mark.parametrize("moment", ["_require_years", "open_in_year"])
def test_another_thread_that_compiles_meanwhile_changes_no_answer(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """The other thread asks for more years just when the first has begun to compile its own."""
    narrow, wide = (utc("2026-03-01"), utc("2027-03-01")), (utc("2024-03-01"), utc("2029-03-01"))
    alone = [compile_calendar(OFFICE).elapsed(*span) for span in (narrow, wide)]
    shared, step, others = compile_calendar(OFFICE), getattr(calendar_module, moment), []

    def interrupted(*arguments: object) -> object:
        monkeypatch.setattr(calendar_module, moment, step)
        others.append(shared.elapsed(*wide))
        return step(*arguments)

    monkeypatch.setattr(calendar_module, moment, interrupted)
    assert [shared.elapsed(*narrow), *others] == alone
    assert shared.elapsed(*wide) == alone[1]


def _on(day: str, text: str) -> list[tuple[str, str]]:
    """The hours of a day open at these times every day, as UTC times of day; a minus marks the day before."""
    compiled = compile_calendar(calendar(version(text, text, holidays="")))
    return [
        (_time_of(start, day), _time_of(end, day)) for start, end in compiled.open_intervals(date.fromisoformat(day))
    ]


def _time_of(moment: datetime, day: str) -> str:
    return ("" if moment.date().isoformat() == day else "-") + f"{moment:%H:%M}"
