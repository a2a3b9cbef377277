"""Times of a log: civil times in a zone, some of which came twice and some of which never came."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from servicedesk.core.servicenow.account import Kind
from servicedesk.core.servicenow.mapping import ImportMap

# Older than any log, and inside the years that calendars answer for.
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReadTime:
    """`at` is UTC, None when there is none to use; `kind` and `why` are set when it is not simply what was written."""

    at: datetime | None
    kind: Kind | None = None
    why: str = ""


def read_time(text: str, mapping: ImportMap, now: datetime, before: datetime | None = None) -> ReadTime:
    """The moment a time of the log means. `before` is the row before: a time that came twice, when clocks went back,
    is the first one that is not before it. A time outside 1980 to `now` is impossible."""
    if mapping.says_nothing(text):
        return ReadTime(None, Kind.TIME_UNREADABLE, "The time is missing")
    civil = _parsed(text, mapping.times)
    if civil is None:
        return ReadTime(None, Kind.TIME_UNREADABLE, f"{text[:40]!r} is no time")
    if EARLIEST.year <= civil.year <= now.year + 1:
        given = civil.tzinfo is not None
        found = ReadTime(civil.astimezone(UTC)) if given else _in_zone(text, civil, mapping.zone, before)
        if found.at is not None and EARLIEST <= found.at <= now:
            return found
    return ReadTime(None, Kind.TIME_IMPOSSIBLE, f"{text!r} cannot be")


def civil_time(text: str, mapping: ImportMap) -> datetime | None:
    """What a cell says, without its zone: to compare two cells of one log."""
    return None if mapping.says_nothing(text) else _parsed(text, mapping.times)


@lru_cache(maxsize=50_000)
def _parsed(text: str, forms: tuple[str, ...]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(text, form).replace(microsecond=0)  # noqa: DTZ007 - a civil time; the zone follows
        except ValueError:
            continue
    return None


def _in_zone(text: str, civil: datetime, zone: ZoneInfo, before: datetime | None) -> ReadTime:
    """A civil time of the zone as UTC."""
    first, second = (civil.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return ReadTime(first)
    if first > second:
        # Clocks went forward over it. Read with the offset before the change it lies as long after the change.
        why = f"{text!r} never came in {zone.key}, where clocks went forward; it was read as {_shown(first, zone)}"
        return ReadTime(first, Kind.TIME_SKIPPED, why)
    chosen = second if before is not None and first < before <= second else first
    which = "second" if chosen == second else "first"
    why = f"{text!r} came twice in {zone.key}, where clocks went back; the {which} was taken, {_shown(chosen, zone)}"
    return ReadTime(chosen, Kind.TIME_TWICE, why)


def _shown(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(sep=" ", timespec="minutes")
