"""What a step of a scenario may expect to be true afterwards: one table of how each is written and how it is judged."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from servicedesk.core import sla
from servicedesk.core.calendars.duration import DurationError, format_duration, parse_duration
from servicedesk.core.installations.entry import Entry, suggestion
from servicedesk.core.ledger import ledger
from servicedesk.core.scenarios.time import MomentError, read_moment, write_moment
from servicedesk.core.ticket import Clock, TicketState
from servicedesk.core.vocabulary import Metric

NOTHING_DUE = "none"


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket just after a step. `labels`: what the scenario calls each; `events`: kinds since the step before."""

    ticket: TicketState
    at: datetime
    hours: sla.Calendars
    zone: ZoneInfo
    labels: Mapping[str, str]
    events: Sequence[str]


@dataclass(frozen=True, slots=True)
class Expected:
    """`read` takes the value out of its table; `judge` gives a sentence for each difference."""

    read: Callable[[Entry, str, ZoneInfo], Any]
    judge: Callable[[str, Any, Seen], Iterator[str]]


def read_expected(entry: Entry, zone: ZoneInfo) -> dict[str, Any]:
    """Every expectation of the table that is known; what is not known is left for `entry.finish`."""
    return {name: known.read(entry, name, zone) for name, known in EXPECTED.items() if name in entry}


def differences(expect: Mapping[str, Any], seen: Seen) -> list[str]:
    """Where the ticket is not as expected, one sentence each."""
    return [sentence for name, wanted in expect.items() for sentence in EXPECTED[name].judge(name, wanted, seen)]


def _text(entry: Entry, name: str, zone: ZoneInfo) -> str:
    return entry.text(name, "")


def _whole(entry: Entry, name: str, zone: ZoneInfo) -> int:
    return entry.whole(name)


def _texts(entry: Entry, name: str, zone: ZoneInfo) -> tuple[str, ...]:
    return entry.texts(name)


def _team(entry: Entry, name: str, zone: ZoneInfo) -> str:
    return entry.reference(name, "team")


def _municipality(entry: Entry, name: str, zone: ZoneInfo) -> str:
    return entry.reference(name, "organisation")


def _clocks(entry: Entry, name: str, zone: ZoneInfo) -> tuple[str, ...]:
    keys = entry.texts(name)
    for key in keys:
        _require_clock(entry, name, key)
    return keys


def _shares(entry: Entry, name: str, zone: ZoneInfo) -> dict[str, list[int]]:
    table = _table_by_clock(entry, name)
    return {key: [] if table.is_empty(key) else list(table.wholes(key, (), 1, 1000)) for key in table.names()}


def _times(entry: Entry, name: str, zone: ZoneInfo) -> dict[str, datetime | None]:
    table = _table_by_clock(entry, name)
    return {key: _due(table, key, zone) for key in table.names()}


def _due(table: Entry, key: str, zone: ZoneInfo) -> datetime | None:
    text = table.text(key)
    return None if text in ("", NOTHING_DUE) else moment_of(table, key, text, zone)


def _spent(entry: Entry, name: str, zone: ZoneInfo) -> dict[str, int]:
    return _durations(_table_by_clock(entry, name))


def _accounts(entry: Entry, name: str, zone: ZoneInfo) -> dict[str, int]:
    return _durations(_table(entry, name))


def _durations(table: Entry) -> dict[str, int]:
    return {key: duration_of(table, key) for key in table.names()}


def _table(entry: Entry, name: str) -> Entry:
    return entry.entry(name) or Entry(entry.reading, entry.file, f"{entry.key}.{name}", {})


def _table_by_clock(entry: Entry, name: str) -> Entry:
    table = _table(entry, name)
    for key in table.names():
        _require_clock(table, key, key)
    return table


def _require_clock(entry: Entry, name: str, key: str) -> None:
    metric = key.partition("/")[0]
    if metric not in list(Metric):
        entry.fault(name, f'"{key}" is no clock.', suggestion(metric, list(Metric)))


def moment_of(entry: Entry, name: str, text: str, zone: ZoneInfo) -> datetime | None:
    try:
        return read_moment(text, zone)
    except MomentError as error:
        entry.fault(name, str(error), error.remedy)
        return None


def duration_of(entry: Entry, name: str) -> int:
    """Seconds; `0s` is none."""
    text = entry.text(name)
    try:
        return parse_duration(text) if text and text != "0s" else 0
    except DurationError as error:
        entry.fault(name, str(error), error.remedy)
        return 0


def _same(actual: Callable[[Seen], Any]) -> Callable[[str, Any, Seen], Iterator[str]]:
    def judge(name: str, wanted: Any, seen: Seen) -> Iterator[str]:
        found = actual(seen)
        if found != wanted:
            yield f"{name} is {_shown(found)}, expected {_shown(wanted)}"

    return judge


def _by_clock(actual: Callable[[Clock, Seen], Any], show: Callable[[Any, Seen], str]) -> Callable[..., Iterator[str]]:
    def judge(name: str, wanted: Mapping[str, Any], seen: Seen) -> Iterator[str]:
        for key, value in wanted.items():
            clock = seen.ticket.clocks.get(key)
            if clock is None:
                yield _no_clock(key, seen)
            elif (found := actual(clock, seen)) != value:
                yield f"{name} of {key} is {show(found, seen)}, expected {show(value, seen)}"

    return judge


def _outcome(is_broken: bool) -> Callable[[str, Any, Seen], Iterator[str]]:
    def judge(name: str, wanted: Sequence[str], seen: Seen) -> Iterator[str]:
        for key in wanted:
            clock = seen.ticket.clocks.get(key)
            if clock is None:
                yield _no_clock(key, seen)
            elif not clock.target:
                yield f"{key} promises nothing at this priority, expected it {name}"
            elif sla.is_broken(clock, seen.at) is not is_broken:
                spent, target = _spent_now(clock, seen), format_duration(clock.target)
                yield f"{key} is not {name}: {format_duration(spent)} of {target} spent"

    return judge


def _no_clock(key: str, seen: Seen) -> str:
    return f"there is no clock {key}; there are {', '.join(sorted(seen.ticket.clocks)) or 'none'}"


def _spent_now(clock: Clock, seen: Seen) -> int:
    return sla.spent_at(clock, seen.at, seen.hours)


def account_seconds(seen: Seen) -> dict[str, int]:
    """Calendar time by account, `nobody` for time spent closed."""
    book = ledger(seen.ticket, seen.at, seen.hours)
    shares = {share.of: share.seconds for share in (*book.accounts, book.closed)}
    return {name: seconds for name, seconds in shares.items() if seconds}


def _judge_accounts(name: str, wanted: Mapping[str, int], seen: Seen) -> Iterator[str]:
    found = account_seconds(seen)
    for key in sorted({*found, *wanted}):
        if found.get(key, 0) != wanted.get(key, 0):
            have, want = format_duration(found.get(key, 0)), format_duration(wanted.get(key, 0))
            yield f"{name}: {key} has {have}, expected {want}"


def _links(seen: Seen) -> tuple[str, ...]:
    return tuple(f"{link.relation} {seen.labels.get(link.number, link.number)}" for link in seen.ticket.links)


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "nothing"
    return str(value) if value != "" else "nothing"


def _show_time(value: datetime | None, seen: Seen) -> str:
    return write_moment(value, seen.zone) if value else NOTHING_DUE


def _show_duration(value: int, seen: Seen) -> str:
    return format_duration(value)


def _show_shares(value: Sequence[int], seen: Seen) -> str:
    return ", ".join(f"{share} %" for share in value) or "none"


EXPECTED: dict[str, Expected] = {
    "state": Expected(_text, _same(lambda seen: seen.ticket.state)),
    "holder": Expected(_team, _same(lambda seen: seen.ticket.holder.team)),
    "assignee": Expected(_text, _same(lambda seen: seen.ticket.assignee)),
    "priority": Expected(_whole, _same(lambda seen: seen.ticket.priority)),
    "municipality": Expected(_municipality, _same(lambda seen: seen.ticket.municipality)),
    "handovers": Expected(_whole, _same(lambda seen: seen.ticket.handovers)),
    "returns": Expected(_whole, _same(lambda seen: seen.ticket.returns)),
    "reopenings": Expected(_whole, _same(lambda seen: seen.ticket.reopenings)),
    "merged_into": Expected(_text, _same(lambda seen: seen.labels.get(seen.ticket.merged_into, ""))),
    "links": Expected(_texts, _same(_links)),
    "events": Expected(_texts, _same(lambda seen: tuple(seen.events))),
    "kept": Expected(_clocks, _outcome(is_broken=False)),
    "broken": Expected(_clocks, _outcome(is_broken=True)),
    "due": Expected(_times, _by_clock(lambda clock, seen: clock.due_at, _show_time)),
    "spent": Expected(_spent, _by_clock(_spent_now, _show_duration)),
    "warned": Expected(_shares, _by_clock(lambda clock, seen: clock.warned, _show_shares)),
    "accounts": Expected(_accounts, _judge_accounts),
}
