"""Opening hours as people write them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.core.calendars.written import as_written, hours_written
from servicedesk.core.facts import Interval

MORNING, AFTERNOON = Interval(time(8), time(12)), Interval(time(13), time(16, 30))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("8–12, 13.00–16.30", (MORNING, AFTERNOON)),
        ("08:00-12:00;13:00-16:30", (MORNING, AFTERNOON)),
        ("13–16.30 och 8–12", (MORNING, AFTERNOON)),
        ("0–24", (Interval(time(0), time(0)),)),
        ("", ()),
        ("  Stängt ", ()),
        ("closed", ()),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, hours: tuple[Interval, ...]) -> None:
    assert hours_written(text) == hours


@pytest.mark.parametrize("text", ["8", "12–8", "8–8", "8–25", "8.60–9", "8–12, 11–13", "hela dagen", "8–12 13–16"])
def test_what_is_no_hours_is_not_guessed_at(text: str) -> None:
    assert hours_written(text) is None


MINUTES = st.lists(st.integers(0, 1440), unique=True, min_size=0, max_size=8).map(sorted)


@given(MINUTES)
def test_what_is_shown_is_what_is_read(minutes: list[int]) -> None:
    pairs = list(zip(minutes[::2], minutes[1::2], strict=False))
    hours = tuple(Interval(_time(start), _time(end)) for start, end in pairs)
    assert hours_written(as_written(hours)) == hours


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
