"""How lengths of open time are written in files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.core.calendars.duration import LONGEST, DurationError, format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45m", 2700),
        ("4h", 14_400),
        ("1h30m", 5400),
        ("90s", 90),
        ("1h0m1s", 3601),
        (" 2h ", 7200),
        ("90m", 5400),
        ("8760h", LONGEST),
    ],
)
def test_hours_minutes_and_seconds_are_read(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "problem", "remedy"),
    [
        ("2d", "in days or weeks", "Write hours: a working day is not equally long"),
        ("1d4h", "in days or weeks", "Write hours"),
        ("2 days", "in days or weeks", "Write hours"),
        ("1w", "in days or weeks", "Write hours"),
        ("0.5h", "has a fraction", "30m"),
        ("1,5h", "has a fraction", "30m"),
        ("-4h", "is negative", "1h30m"),
        ("0h", "no time at all", "at least one second"),
        ("0m0s", "no time at all", "at least one second"),
        ("8760h1s", "longer than a year", "8760h"),
        ("99999999999999999999h", "longer than a year", "8760h"),
        ("", "not understood", "1h30m"),
        ("4", "not understood", "1h30m"),
        ("h", "not understood", "1h30m"),
        ("30m1h", "not understood", "1h30m"),
        ("1h 30m", "not understood", "1h30m"),
        ("4H", "not understood", "1h30m"),
        ("٤h", "not understood", "1h30m"),
        ("PT4H", "not understood", "1h30m"),
        ("1" * 5000 + "h", "not understood", "1h30m"),
    ],
)
def test_anything_else_is_refused_with_a_remedy(text: str, problem: str, remedy: str) -> None:
    with pytest.raises(DurationError) as refused:
        parse_duration(text)
    assert problem in str(refused.value)
    assert remedy in refused.value.remedy


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (59, "59s"), (60, "1m"), (5400, "1h30m"), (3601, "1h1s"), (360_000, "100h")]
)
def test_there_is_one_way_to_write_a_duration(seconds: int, text: str) -> None:
    assert format_duration(seconds) == text


def test_a_negative_length_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        format_duration(-1)


@given(st.integers(1, LONGEST))
def test_what_is_written_reads_back_the_same(seconds: int) -> None:
    assert parse_duration(format_duration(seconds)) == seconds


@given(st.text(alphabet="0123456789hmsd.-+ ", max_size=12))
def test_any_text_is_either_read_within_bounds_or_refused(text: str) -> None:
    try:
        assert 1 <= parse_duration(text) <= LONGEST
    except DurationError as refused:
        assert refused.remedy
