"""What calendars refuse to answer, how they cut fractions, and that keeping what is compiled changes no answer."""

from datetime import date, datetime

import pytest

from servicedesk.core.calendars import calendar as calendar_module
from servicedesk.core.calendars.calendar import CalendarError, compile_calendar
from servicedesk.core.facts import CalendarFacts
from tests.core.calendar_samples import (
    ALWAYS,
    CHANGING,
    HOUR,
    MINUTE_A_WEEK,
    OFFICE,
    calendar,
    deadline,
    local,
    utc,
    version,
)


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
