"""Sample calendars and short ways to write hours and moments, for the tests of working time."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from servicedesk.core.calendars.calendar import always_open, compile_calendar
from servicedesk.core.facts import CalendarFacts, CalendarVersion, Interval

HOUR = 3600
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def hours(text: str) -> tuple[Interval, ...]:
    """`08:00-12:00 13:00-16:30`; nothing when closed."""
    return tuple(
        Interval(time.fromisoformat(start), time.fromisoformat(end))
        for start, end in (part.split("-") for part in text.split())
    )


def version(
    workday: str,
    weekend: str = "",
    *,
    holidays: str = "SE",
    zone: str = "Europe/Stockholm",
    exceptions: Mapping[str, str] | None = None,
    valid_from: date | None = None,
) -> CalendarVersion:
    return CalendarVersion(
        week=(hours(workday),) * 5 + (hours(weekend),) * 2,
        zone=zone,
        holidays=holidays,
        exceptions={date.fromisoformat(day): hours(text) for day, text in (exceptions or {}).items()},
        valid_from=valid_from,
    )


def calendar(*versions: CalendarVersion, key: str = "sample") -> CalendarFacts:
    return CalendarFacts(key=key, name=key, versions=versions)


def local(text: str, zone: ZoneInfo = STOCKHOLM, *, second_time: bool = False) -> datetime:
    """A moment by the wall clock; `second_time` for the repeated hour in autumn."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=int(second_time))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def open_hours(facts: CalendarFacts, start: str, end: str) -> float:
    return compile_calendar(facts).elapsed(local(start), local(end)) / HOUR


def deadline(facts: CalendarFacts, start: str, hours: float) -> datetime:
    return compile_calendar(facts).deadline(local(start), int(hours * HOUR))


OFFICE = calendar(version("08:00-12:00 13:00-16:30"), key="office")
MUNICIPALITY = calendar(
    version(
        "07:30-11:45 12:30-16:00",
        exceptions={"2027-01-05": "07:30-11:00", "2026-12-24": "10:00-12:00", "2026-12-29": ""},
    ),
    key="municipality",
)
NIGHT_SHIFT = calendar(version("22:00-00:00 00:00-02:30", "01:15:20-02:45:50 03:00-03:00:01", holidays=""), key="night")
CHANGING = calendar(
    version("08:00-16:00"),
    version("06:00-22:00", "10:00-14:00", valid_from=date(2026, 3, 28)),
    version("00:00-00:00", "00:00-00:00", holidays="", zone="America/New_York", valid_from=date(2026, 3, 30)),
    version("09:00-17:00", "12:00-13:00", zone="Europe/Helsinki", valid_from=date(2026, 10, 25)),
    key="changing",
)
ALWAYS = always_open()
MINUTE_A_WEEK = CalendarFacts(
    key="minute",
    name="minute",
    versions=(CalendarVersion(week=(hours("09:00-09:01"), (), (), (), (), (), ())),),
)
SAMPLES = (OFFICE, MUNICIPALITY, NIGHT_SHIFT, CHANGING, ALWAYS, MINUTE_A_WEEK)
