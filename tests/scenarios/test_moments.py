from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from servicedesk.core.scenarios.time import MomentError, read_moment, write_moment

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-02 09:00", "2026-03-02T08:00:00+00:00"),
        ("2026-07-02T09:00:30", "2026-07-02T07:00:30+00:00"),
        ("2026-03-29 03:00", "2026-03-29T01:00:00+00:00"),
        ("2026-10-25 02:30 first", "2026-10-25T00:30:00+00:00"),
        ("2026-10-25 02:30 second", "2026-10-25T01:30:00+00:00"),
        ("2026-10-25 03:00", "2026-10-25T02:00:00+00:00"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00+00:00"),
        ("2026-03-02T08:00:00Z", "2026-03-02T08:00:00+00:00"),
    ],
)
def test_a_moment_is_what_the_clock_on_the_wall_shows(text: str, utc: str) -> None:
    assert read_moment(text, STOCKHOLM) == datetime.fromisoformat(utc)


@pytest.mark.parametrize(
    ("text", "problem", "remedy"),
    [
        ("2026-03-29 02:30", "never shows", "another time"),
        ("2026-10-25 02:30", "twice", '"2026-10-25 02:30 first" or'),
        ("2026-10-25 03:30 second", "only once", 'Leave out "second"'),
        ("2026-02-30 09:00", "no such time", "2026-03-12 08:30"),
        ("tomorrow", "no such time", "2026-03-12 08:30"),
        ("2026-03-02 09:00 third", "no such time", "2026-03-12 08:30"),
        ("2026-03-02", "is not a time", "2026-03-12 08:30"),
    ],
)
def test_what_is_no_moment_is_refused_with_what_to_write(text: str, problem: str, remedy: str) -> None:
    with pytest.raises(MomentError, match=problem) as refused:
        read_moment(text, STOCKHOLM)
    assert remedy in refused.value.remedy


@pytest.mark.parametrize("night", [datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)])
def test_every_moment_of_the_nights_of_the_clock_is_written_and_read_back(night: datetime) -> None:
    moments = [night + timedelta(minutes=7 * n) for n in range(80)]
    assert [read_moment(write_moment(at, STOCKHOLM), STOCKHOLM) for at in moments] == moments
