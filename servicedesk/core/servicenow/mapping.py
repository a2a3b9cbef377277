"""The mapping of an import: how another system's log is read, and what its words mean here. Data only, never code.

servicedesk/samples/import/servicenow.toml shows every table and says in comments what it does.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from servicedesk.core.calendars.sources import CalendarError, zone_named
from servicedesk.core.errors import FileFaults
from servicedesk.core.installations.entry import Entry, Reading, suggestion
from servicedesk.core.vocabulary import Channel, Fault, Level, RequesterKind, ResolutionCode, Role, Tier

T = TypeVar("T")

TABLES = (
    "log", "column", "state", "group", "municipality", "service", "impact", "urgency", "priority", "channel",
    "resolution_code", "assignee",
)  # fmt: skip
ANY = "any"
GROUP = "{group}"
PREFIX = re.compile(r"([a-z0-9]{1,20}-)+")

# The columns a log must have when they are named, and those it can do without.
NEEDED = ("number", "state", "updated_at")
ORDERING = ("order", "group")
USEFUL = (
    "opened_at", "resolved_at", "closed_at", "municipality", "service", "impact", "urgency", "priority", "channel",
    "resolution_code", "assignee", "requester",
)  # fmt: skip


def folded(text: str) -> str:
    """Words of a log compare without regard to case and spacing."""
    return " ".join(text.split()).casefold()


@dataclass(frozen=True, slots=True)
class Values(Generic[T]):
    """What a column's words mean here; `default` where it says nothing. `map` is keyed by the folded word."""

    default: T
    map: Mapping[str, T] = field(default_factory=dict)

    def of(self, text: str) -> T | None:
        return self.map.get(folded(text))


@dataclass(frozen=True, slots=True)
class Make:
    """Teams made for groups that no table names: one a group, with these values. `unknown` names the group of rows
    that name none."""

    organisation: str
    tier: Tier
    role: Role
    calendar: str
    prefix: str
    name: str
    unknown: str


@dataclass(frozen=True, slots=True)
class Groups:
    """Their group -> a team's key here, or a tier at which routing chooses. `default`: of rows without a group, and of
    groups that nothing else covers; '' leaves them to `make`."""

    teams: Mapping[str, str]
    default: str = ""
    make: Make | None = None


@dataclass(frozen=True, slots=True)
class ImportMap:
    """`columns`: our name -> the log's heading. `states`: folded state of theirs -> tier (or `any`) -> state here.

    `spelt` gives a folded state as the mapping writes it. `initial` is the folded state in which theirs begin.
    """

    file: str
    zone: ZoneInfo
    times: tuple[str, ...]
    unknown: frozenset[str]
    encoding: str
    delimiter: str
    number_prefix: str
    workflow: str
    installation: str
    initial: str
    fault: Fault
    requester_kind: RequesterKind
    columns: Mapping[str, str]
    subject: tuple[str, ...]
    states: Mapping[str, Mapping[str, str]]
    spelt: Mapping[str, str]
    groups: Groups
    municipality: Values[str]
    service: Values[str]
    impact: Values[Level]
    urgency: Values[Level]
    priority: Values[int]
    channel: Values[Channel]
    resolution_code: Values[ResolutionCode]
    assignee: Mapping[str, str]

    def says_nothing(self, text: str) -> bool:
        return folded(text) in self.unknown


def parse_import_map(text: str, file: str) -> ImportMap:
    """FileFaults with everything that is wrong: file, key, problem and remedy."""
    reading = Reading()
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        remedy = "Correct the TOML there: text stands in quotes."
        if not file.endswith(".toml"):
            remedy = "Is this the file you meant? A mapping is a .toml file."
        reading.fault(file, "-", f"cannot be read: {error}.", remedy)
        raise FileFaults(reading.faults) from None
    if not {"log", "column"} & tables.keys():
        problem = "is empty." if not text.strip() else "is no mapping: it has neither a table [log] nor [column]."
        reading.fault(file, "-", problem, "Name a mapping; servicedesk/samples/import shows one.")
        raise FileFaults(reading.faults)
    entries = {name: _table(reading, file, name, tables.get(name)) for name in TABLES}
    for name in tables:
        if name not in TABLES:
            reading.fault(file, name, "is not a table of a mapping.", suggestion(name, TABLES))
    mapping = _read(entries, file)
    for entry in entries.values():
        entry.finish()
    if reading.faults:
        raise FileFaults(reading.faults)
    return mapping


def _table(reading: Reading, file: str, name: str, values: Any) -> Entry:
    if values is not None and not isinstance(values, dict):
        reading.fault(file, name, "is not a table.", f"Write [{name}] and its values below it.")
        values = {}
    return Entry(reading, file, name, values or {})


def _read(entries: Mapping[str, Entry], file: str) -> ImportMap:
    log = entries["log"]
    states, spelt = _states(entries["state"])
    return ImportMap(
        file=file,
        zone=_zone(log),
        times=_times(log),
        unknown=frozenset({""} | {folded(word) for word in log.texts("unknown", ["?"])}),
        encoding=_encoding(log),
        delimiter=_delimiter(log),
        number_prefix=_prefix(log),
        workflow=log.text("workflow"),
        installation=log.text("installation", ""),
        initial=_initial(log, spelt),
        fault=log.choice("fault", Fault, Fault.UNKNOWN),
        requester_kind=log.choice("requester_kind", RequesterKind, RequesterKind.CITIZEN),
        columns=_columns(entries["column"]),
        subject=entries["column"].texts("subject", []),
        states=states,
        spelt=spelt,
        groups=_groups(entries["group"]),
        municipality=_values(entries["municipality"], str, lambda entry: entry.text("default")),
        service=_values(entries["service"], str, lambda entry: entry.text("default")),
        impact=_values(entries["impact"], Level, lambda entry: entry.choice("default", Level)),
        urgency=_values(entries["urgency"], Level, lambda entry: entry.choice("default", Level)),
        priority=_values(entries["priority"], int, lambda entry: entry.whole("default", least=1, most=4)),
        channel=_values(entries["channel"], Channel, lambda entry: entry.choice("default", Channel)),
        resolution_code=_values(
            entries["resolution_code"], ResolutionCode, lambda entry: entry.choice("default", ResolutionCode)
        ),
        assignee=_words(entries["assignee"], "map", str),
    )


def _zone(log: Entry) -> ZoneInfo:
    name = log.text("zone")
    try:
        return zone_named(name)
    except CalendarError as error:
        if name:
            log.fault("zone", str(error), 'Write an IANA name such as "Europe/Stockholm".')
        return ZoneInfo("UTC")


def _times(log: Entry) -> tuple[str, ...]:
    """The forms a time may have, tried in order. Each must carry day and minute there and back."""
    if log.is_text("time"):
        forms: tuple[str, ...] = (log.text("time"),)
    else:
        forms = log.texts("time")
    if not forms and "time" in log:
        log.fault("time", "is empty.", 'Write time = "%d-%m-%Y %H:%M".')
    for form in forms:
        if not _carries_a_time(form):
            remedy = 'Use %Y, %m, %d, %H, %M (and %S, %z), as in "%d-%m-%Y %H:%M".'
            log.fault("time", f'"{form}" does not describe a day and a time of day.', remedy)
    return forms


def _carries_a_time(form: str) -> bool:
    example = datetime(2016, 2, 29, 13, 45)  # noqa: DTZ001 - a form is tried out, no moment is meant
    try:
        return datetime.strptime(example.strftime(form), form).replace(tzinfo=None) == example  # noqa: DTZ007 - same
    except ValueError:
        return _carries_a_time(form.replace("%z", "")) if "%z" in form else False


def _encoding(log: Entry) -> str:
    name = log.text("encoding", "")
    try:
        "".encode(name or "utf-8")
    except LookupError:
        log.fault("encoding", f'"{name}" is not known.', 'Leave it out, or write for example "cp1252".')
        return ""
    return name


def _delimiter(log: Entry) -> str:
    sign = log.text("delimiter", "")
    if len(sign) > 1:
        log.fault("delimiter", f'"{sign}" is more than one sign.', 'Leave it out, or write one sign such as ";".')
    return sign[:1]


def _prefix(log: Entry) -> str:
    prefix = log.text("number_prefix", "")
    if prefix and not (prefix.isascii() and all(sign.isalnum() or sign in "-_." for sign in prefix)):
        log.fault("number_prefix", f'"{prefix}" has signs that no number has.', "Use letters a to z, digits, - _ or .")
    return prefix


def _initial(log: Entry, spelt: Mapping[str, str]) -> str:
    name = log.text("initial")
    if name and folded(name) not in spelt:
        log.fault("initial", f'"{name}" is not declared as [state."{name}"].', suggestion(name, list(spelt.values())))
    return folded(name)


def _columns(entry: Entry) -> dict[str, str]:
    found = {name: entry.text(name) for name in NEEDED}
    found |= {name: entry.text(name, "") for name in (*ORDERING, *USEFUL)}
    return {name: heading for name, heading in found.items() if heading}


def _states(entry: Entry) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    states: dict[str, dict[str, str]] = {}
    spelt: dict[str, str] = {}
    known = [*Tier, ANY]
    if not entry.names():
        entry.fault("", "is missing.", 'Write a table [state."…"] for each state of the log.')
    for name in entry.names():
        table = entry.entry(name)
        if folded(name) in states:
            entry.fault(name, "is written twice, in other letters.", "Keep one of them.")
        if table is None or not table.names():
            entry.fault(name, "names no state.", f"Write {' or '.join(known)} = a state of the workflow.")
            continue
        states[folded(name)] = {tier: table.text(tier) for tier in known if tier in table}
        spelt[folded(name)] = name
        for tier in known:
            table.text(tier, "")
        table.finish()
    return states, spelt


def _groups(entry: Entry) -> Groups:
    make = entry.entry("make")
    groups = Groups(
        teams=_words(entry, "teams", str), default=entry.text("default", ""), make=_make(make) if make else None
    )
    if not groups.default and not make:
        entry.fault("default", "is missing.", "Name the team of rows without a known group, or write [group.make].")
    return groups


def _make(entry: Entry) -> Make:
    make = Make(
        organisation=entry.text("organisation"),
        tier=entry.choice("tier", Tier),
        role=entry.choice("role", Role),
        calendar=entry.text("calendar"),
        prefix=entry.text("prefix"),
        name=entry.text("name", GROUP),
        unknown=entry.text("unknown"),
    )
    if GROUP not in make.name:
        entry.fault("name", f'"{make.name}" is the same for all.', f"Write {GROUP} where the group's name goes.")
    if make.prefix and not PREFIX.fullmatch(make.prefix):
        entry.fault("prefix", f'"{make.prefix}" cannot begin a key.', 'Write for example prefix = "grupp-".')
    entry.finish()
    return make


def _values(entry: Entry, kind: Callable[[Any], T], default: Callable[[Entry], T]) -> Values[T]:
    return Values(default(entry), _words(entry, "map", kind))


def _words(entry: Entry, name: str, kind: Callable[[Any], T]) -> dict[str, T]:
    """A table of their words and our values; two words that differ in case alone are one."""
    table = entry.entry(name)
    if table is None:
        return {}
    found: dict[str, T] = {}
    for word in table.names():
        value = table.whole(word, least=1, most=4) if kind is int else table.text(word)
        if folded(word) in found:
            table.fault(word, "is written twice, in other letters.", "Keep one of them.")
        if value:
            _put(table, found, word, value, kind)
    table.finish()
    return found


def _put(table: Entry, found: dict[str, T], word: str, value: str | int, kind: Callable[[Any], T]) -> None:
    try:
        found[folded(word)] = kind(value)
    except ValueError:
        table.fault(word, f'"{value}" is not a choice.', suggestion(str(value), [str(item) for item in kind]))  # type: ignore[attr-defined]
