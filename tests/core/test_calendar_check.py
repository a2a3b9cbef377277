"""What is refused in a working calendar: key, problem and remedy of each fault."""

from dataclasses import replace
from datetime import UTC, date, time

import pytest

from servicedesk.core.calendars.calendar import always_open, check_calendar
from servicedesk.core.facts import CalendarFacts, CalendarVersion, Interval
from tests.core.calendar_samples import SAMPLES, calendar, hours, version

GOOD = version("08:00-12:00 13:00-16:30")
NEVER = version("", holidays="")


def with_monday(*intervals: Interval) -> CalendarFacts:
    return calendar(replace(GOOD, week=(intervals, *GOOD.week[1:])))


def only(facts: CalendarFacts) -> tuple[str, str]:
    """Key and problem of the one fault, which must have a remedy."""
    ((key, problem, remedy),) = check_calendar(facts)
    assert remedy.endswith(".")
    return key, problem


@pytest.mark.parametrize("facts", SAMPLES, ids=lambda facts: facts.key)
def test_a_good_calendar_has_no_faults(facts: CalendarFacts) -> None:
    assert check_calendar(facts) == []


def test_hours_that_overlap_are_named_with_their_day() -> None:
    facts = with_monday(*hours("13:00-16:00 08:00-13:30"))
    assert only(facts) == ("week.mon", "the hours 08:00-13:30 and 13:00-16:00 overlap")


def test_the_same_hours_twice_overlap() -> None:
    assert only(with_monday(*hours("08:00-12:00 08:00-12:00")))[0] == "week.mon"


def test_hours_within_the_whole_day_overlap() -> None:
    assert only(with_monday(*hours("00:00-00:00 08:00-12:00")))[0] == "week.mon"


def test_hours_that_meet_do_not_overlap() -> None:
    assert check_calendar(with_monday(*hours("08:00-12:00 12:00-16:00 16:00-00:00"))) == []


def test_overlap_on_a_named_day_is_named_with_its_date() -> None:
    facts = calendar(version("08:00-16:00", exceptions={"2026-12-24": "08:00-12:00 11:00-13:00"}))
    assert only(facts)[0] == "exceptions.2026-12-24"


@pytest.mark.parametrize("text", ["16:00-08:00", "10:00-10:00"])
def test_hours_must_end_after_they_start(text: str) -> None:
    assert only(with_monday(*hours(text))) == ("week.mon", f"the hours {text} end before they have started")


def test_hours_are_whole_seconds_of_civil_time() -> None:
    for odd in (Interval(time(8, 0, 0, 5), time(9)), Interval(time(8), time(9, tzinfo=UTC))):
        assert "not whole seconds of civil time" in only(with_monday(odd))[1]


def test_a_calendar_that_never_opens_is_refused() -> None:
    assert only(calendar(NEVER)) == ("week", "the calendar has no open time at all")


def test_a_calendar_without_versions_is_refused() -> None:
    assert only(CalendarFacts("empty", "empty", ())) == ("versions", "the calendar has no opening hours")


def test_a_calendar_open_on_named_days_only_is_refused_because_it_ends() -> None:
    facts = calendar(version("", holidays="", exceptions={"2026-12-24": "08:00-12:00"}))
    key, problem = only(facts)
    assert key == "week"
    assert "in the long run" in problem


def test_a_calendar_that_closes_for_good_is_refused() -> None:
    assert only(calendar(GOOD, replace(NEVER, valid_from=date(2027, 1, 1))))[0] == "versions.2.week"


def test_a_calendar_that_closes_for_a_time_is_good() -> None:
    summer = replace(NEVER, valid_from=date(2026, 7, 1))
    assert check_calendar(calendar(GOOD, summer, replace(GOOD, valid_from=date(2026, 8, 1)))) == []


def test_an_unknown_zone_is_refused() -> None:
    for zone in ("Europe/Lulea", "", "../etc/passwd", "localtime", "right/Europe/Stockholm", "europe"):
        assert only(calendar(replace(GOOD, zone=zone))) == ("zone", f"there is no time zone {zone!r}")


@pytest.mark.parametrize("country", ["XX", "se", "Sweden", "SWE"])
def test_an_unknown_holiday_country_is_refused(country: str) -> None:
    facts = calendar(replace(GOOD, holidays=country))
    assert only(facts) == ("holidays", f"there are no holidays for country {country!r}")


def test_an_unknown_holiday_category_is_refused_and_the_known_ones_are_named() -> None:
    ((key, problem, remedy),) = check_calendar(calendar(replace(GOOD, holiday_categories=("public", "eves"))))
    assert key == "holiday_categories"
    assert "SE have no category 'eves'" in problem
    assert "de_facto" in remedy


def test_holidays_without_a_category_are_refused() -> None:
    facts = calendar(replace(GOOD, holiday_categories=()))
    assert only(facts) == ("holiday_categories", "no holiday categories are given")


def test_a_week_has_seven_days() -> None:
    facts = calendar(CalendarVersion(week=(hours("08:00-16:00"),) * 5, holidays=""))
    assert only(facts) == ("week", "the week has 5 days")


@pytest.mark.parametrize(
    ("first", "second", "problem"),
    [
        (date(2027, 1, 1), date(2026, 1, 1), "the version of 2026-01-01 comes after the one of 2027-01-01"),
        (date(2027, 1, 1), date(2027, 1, 1), "two versions begin on 2027-01-01"),
        (None, None, "only the first version may lack a first day"),
        (date(2027, 1, 1), None, "only the first version may lack a first day"),
    ],
)
def test_versions_come_in_the_order_they_apply(first: date | None, second: date | None, problem: str) -> None:
    facts = calendar(replace(GOOD, valid_from=first), replace(GOOD, valid_from=second))
    assert only(facts) == ("versions.2.valid_from", problem)


def test_faults_in_several_versions_carry_their_number_and_come_all_at_once() -> None:
    broken = replace(GOOD, zone="Nowhere/City", holidays="XX", valid_from=date(2027, 1, 1))
    keys = [key for key, _, _ in check_calendar(calendar(GOOD, broken))]
    assert keys == ["versions.2.zone", "versions.2.holidays"]


def test_around_the_clock_is_good_in_any_zone() -> None:
    assert check_calendar(always_open("support", "Pacific/Apia")) == []


def test_days_beyond_the_last_year_of_calendars_are_refused_where_they_stand() -> None:
    far = version("08:00-12:00", exceptions={"2101-12-23": "08:00-10:00"}, valid_from=date(2101, 1, 1))
    faults = check_calendar(calendar(version("08:00-12:00"), far))
    assert [key for key, _, _ in faults] == ["versions.2.exceptions.2101-12-23", "versions.2.valid_from"]
    assert all("after 2100" in problem and "before 2101" in remedy for _, problem, remedy in faults)
