"""One table of a file while it is read: typed values out, every fault noted, nothing raised.

A reader asks for the keys it knows; what nobody asked for is a misspelling. After a fault the accessor returns a
harmless value: the item is then left out, so that it causes no further faults.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from servicedesk.core.errors import Fault

E = TypeVar("E", bound=StrEnum)

# Keys stand in columns of the database, names on one line of a page.
LONGEST_KEY = 80
LONGEST_NAME = 200

_KINDS = {
    bool: "true or false",
    str: "text",
    int: "a number",
    float: "a decimal number",
    list: "a list",
    dict: "a table",
}


@dataclass(slots=True)
class Reading:
    """What is shared while a folder is read: the faults so far, and every key the files declare, by table.

    `workflows`: the keys of the workflows there are, None when they are not known.
    """

    known: dict[str, Collection[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    workflows: Collection[str] | None = None

    def fault(self, file: str, key: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(file, key, problem, remedy))


class Entry:
    """The values of one table. `key` is where it stands in its file, such as `team.lulea-kundcenter`."""

    def __init__(self, reading: Reading, file: str, key: str, values: Mapping[str, Any]) -> None:
        self.reading = reading
        self.file = file
        self.key = key
        self._values = values
        self._asked: dict[str, None] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> list[str]:
        return list(self._values)

    def is_text(self, name: str) -> bool:
        return isinstance(self._values.get(name), str)

    def says(self, name: str, value: str) -> bool:
        return self._values.get(name) == value

    def is_empty(self, name: str) -> bool:
        """Written as nothing; then it counts as asked for."""
        self._asked[name] = None
        return self._values.get(name) in ("", [], {})

    def fault(self, name: str, problem: str, remedy: str) -> None:
        self.reading.fault(self.file, f"{self.key}.{name}" if name else self.key, problem, remedy)

    def text(self, name: str, default: str | None = None, remedy: str = "") -> str:
        """`default` None means that the key is required and may not be empty."""
        value = self._take(name, str, default, remedy or f'Write {name} = "…".')
        if default is None and name in self._values and isinstance(value, str) and not value.strip():
            self.fault(name, "is empty.", remedy or f'Write {name} = "…".')
        return value if isinstance(value, str) else ""

    def line(self, name: str, default: str | None = None, remedy: str = "", most: int = LONGEST_NAME) -> str:
        """A name or the like: one line that fits on a page."""
        value = self.text(name, default, remedy)
        if len(value) > most:
            self.fault(name, f"has {len(value)} characters.", f"Shorten it to at most {most}.")
        elif not value.isprintable():
            self.fault(name, "has a line break or another character that cannot be shown.", "Write it on one line.")
        return value

    def whole(self, name: str, default: int | None = None, least: int = 0, most: int = 10**9) -> int:
        value = self._take(name, int, default, f"Write {name} = a whole number.")
        if not isinstance(value, int):
            return least
        if not least <= value <= most:
            self.fault(name, f"is {value}.", f"Give a whole number from {least} to {most}.")
            return least
        return value

    def wholes(self, name: str, default: Sequence[int], least: int, most: int) -> tuple[int, ...]:
        """Distinct whole numbers within bounds, at least one, in rising order."""
        values = self._take(name, list, list(default), f"Write {name} = {list(default)}.")
        if not values:
            values = []
            self.fault(name, "is empty.", f"Leave {name} out, or write {name} = {list(default)}.")
        wrong = [v for v in values if isinstance(v, bool) or not isinstance(v, int) or not least <= v <= most]
        if wrong or len(set(map(str, values))) < len(values):
            problem = f"has {_shown(wrong[0])}." if wrong else "names a number twice."
            self.fault(name, problem, f"Give whole numbers from {least} to {most}, each once.")
            return tuple(default)
        return tuple(sorted(values))

    def flag(self, name: str) -> bool:
        return self._take(name, bool, False, f"Write {name} = true or false.") is True

    def day(self, name: str, required: bool = False) -> date | None:
        """A civil day, as a TOML date or as text."""
        value = self._take(name, (date, str), None if required else "", f"Write {name} = 2026-01-01.")
        return self.as_day(name, value) if value else None

    def days(self, name: str) -> list[date]:
        values = self._take(name, list, [], f"Write {name} = [2026-01-01].")
        return [self.as_day(name, value) for value in values]

    def as_day(self, name: str, value: object) -> date:
        try:
            if isinstance(value, date) and not isinstance(value, datetime):
                return value
            return date.fromisoformat(str(value))
        except ValueError:
            self.fault(name, f"{_shown(value)} is no day.", "Write year-month-day, such as 2026-01-01.")
            return date.min

    def texts(self, name: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        values = self._take(name, list, None if default is None else list(default), f'Write {name} = ["…"].')
        return tuple(self._only_texts(name, values or []))

    def choice(self, name: str, kind: type[E], default: E | None = None) -> E:
        value = self.text(name, default, f"Choose one of: {', '.join(kind)}.")
        return self._member(name, value, kind, default) if value else default or next(iter(kind))

    def optional(self, name: str, kind: type[E]) -> E | None:
        self._asked[name] = None
        return self.choice(name, kind) if name in self else None

    def choices(self, name: str, kind: type[E]) -> tuple[E, ...]:
        return tuple(self._member(name, value, kind) for value in self.texts(name, ()))

    def reference(self, name: str, table: str, default: str | None = None, remedy: str = "") -> str:
        """The key of something that the files declare in `table`."""
        value = self.text(name, default, remedy or f'Write {name} = "…", the key of a [{table}.…] table.')
        if value:
            self._refer(name, value, table)
        return value

    def references(self, name: str, table: str) -> tuple[str, ...]:
        """Distinct keys of `table`, at least one, sorted."""
        values = self.texts(name)
        for value in values:
            self._refer(name, value, table)
        if (name in self and not values) or len(set(values)) < len(values):
            problem = "names something twice." if values else "is empty."
            self.fault(name, problem, f"Name each [{table}.…] key that it is about, once.")
        return tuple(sorted(set(values)))

    def entry(self, name: str) -> "Entry | None":
        values = self._take(name, dict, {}, f"Write {name} = {{ … }}.")
        return Entry(self.reading, self.file, f"{self.key}.{name}", values or {}) if name in self else None

    def entries(self, name: str, lack: str) -> list["Entry"]:
        """The tables of a list, numbered from 1 in their keys. `lack`: what it means that there are none."""
        remedy = f"Write [[{self.key}.{name}]] tables, or {name} = [{{ … }}]."
        values = self._take(name, list, [], remedy)
        if self._values.get(name, []) == []:
            self.fault(name, lack, remedy)
        return numbered(self.reading, self.file, f"{self.key}.{name}", values or [])

    def finish(self) -> None:
        """Refuse the keys that nobody asked for."""
        for name in self._values:
            if name not in self._asked:
                self.fault(name, "is not known here.", suggestion(name, self._asked))

    def _take(self, name: str, kind: type | tuple[type, ...], default: Any, remedy: str) -> Any:
        self._asked[name] = None
        if name not in self._values:
            if default is None:
                self.fault(name, "is missing.", remedy)
            return default
        value = self._values[name]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fault(name, f"has the wrong type: {_shown(value)} is {_kind_of(value)}.", remedy)
            return default
        return value

    def _only_texts(self, name: str, values: list[object]) -> Iterable[str]:
        for value in values:
            if isinstance(value, str):
                yield value
            else:
                self.fault(name, f"has {_shown(value)}, which is {_kind_of(value)}.", "Write text in quotes.")

    def _member(self, name: str, value: str, kind: type[E], fallback: E | None = None) -> E:
        try:
            return kind(value)
        except ValueError:
            self.fault(name, f'"{value}" is not a choice.', suggestion(value, list(kind)))
            return fallback or next(iter(kind))

    def _refer(self, name: str, value: str, table: str) -> None:
        known = self.reading.known.get(table, ())
        if value not in known:
            self.fault(name, f'"{value}" is not declared as [{table}.{value}].', suggestion(value, known))


def numbered(reading: Reading, file: str, key: str, values: Sequence[object]) -> list[Entry]:
    """The tables of a list as entries `key[1]`, `key[2]`, …"""
    found = []
    for number, value in enumerate(values, start=1):
        if isinstance(value, dict):
            found.append(Entry(reading, file, f"{key}[{number}]", value))
        else:
            reading.fault(file, f"{key}[{number}]", f"{_shown(value)} is {_kind_of(value)}.", "Write a table here.")
    return found


def suggestion(word: str, known: Collection[str]) -> str:
    """The nearest known word, or those there are."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    if near:
        return f'Did you mean "{near[0]}"?'
    if not known:
        return "None is declared: add it, or leave this out."
    listed = sorted(known)
    return f"Known: {', '.join(listed[:12])}{', …' if len(listed) > 12 else ''}."


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _kind_of(value: object) -> str:
    if isinstance(value, date | time):
        return "a date or a time"
    return _KINDS.get(type(value), type(value).__name__)
