"""What was changed in pages stays when files are loaded: which values those are, and putting them back.

A value is named by its path in the item's JSON: a field, and in a calendar the single day. So a day that was closed in
a page stays closed while the rest of the file's calendar comes in.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]
Item = dict[str, Any]

MISSING = object()
# What no file can say: loading takes it from nobody, even when told to overwrite.
NEVER_IN_FILES: dict[str, tuple[Path, ...]] = {"person": (("absences",),)}
PAGES, FILES = "pages", "files"


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of the installation's journal, as far as it matters here. `fields`: name -> (before, now)."""

    kind: str
    key: str
    source: str
    by: str
    at: str
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Mark:
    """A value that was last changed in pages: by whom and when."""

    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Of one item: which values stay, and by whom and when they were changed."""

    kind: str
    key: str
    values: Mapping[str, Mark] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """For whoever loads."""
        head = f"= kept {self.kind}.{self.key} (changed in pages; --overwrite takes the files' values)"
        return [head, *(f"    {name}: {mark.by} on {mark.at}" for name, mark in self.values.items())]


def marks(journal: Iterable[Said]) -> dict[tuple[str, str], dict[Path, Mark]]:
    """What pages have changed and no file has overwritten since, by item; the journal in its order."""
    found: dict[tuple[str, str], dict[Path, Mark]] = {}
    for said in journal:
        mine = found.setdefault((said.kind, said.key), {})
        changed = list(paths(said.kind, said.fields))
        if said.source == PAGES:
            mine |= dict.fromkeys(changed, Mark(said.by, said.at))
            continue
        for path in [each for each in mine if any(_overlap(each, other) for other in changed)]:
            del mine[path]
    return {item: mine for item, mine in found.items() if mine}


def paths(kind: str, fields: Mapping[str, tuple[Any, Any]]) -> Iterator[Path]:
    """The smallest values that differ."""
    for name, (before, now) in fields.items():
        yield from _differing((name,), before, now, into_lists=kind == "calendar")


def _differing(path: Path, before: Any, now: Any, *, into_lists: bool) -> Iterator[Path]:
    if isinstance(before, dict) and isinstance(now, dict):
        pairs: list[tuple[str | int, Any, Any]] = [
            (key, before.get(key, MISSING), now.get(key, MISSING)) for key in sorted({*before, *now})
        ]
    elif into_lists and path == ("versions",) and _same_length(before, now):
        pairs = [(n, one, other) for n, (one, other) in enumerate(zip(before, now, strict=True))]
    else:
        yield path
        return
    for key, one, other in pairs:
        if one is MISSING or other is MISSING or one != other:
            yield from _differing((*path, key), one, other, into_lists=into_lists)


def _same_length(one: Any, other: Any) -> bool:
    return isinstance(one, list) and isinstance(other, list) and len(one) == len(other)


def with_kept(stored: Item, filed: Item, kept: Iterable[Path]) -> tuple[Item, list[Path]]:
    """The file's item with these values of the stored one in it, and those of them that make a difference. Of another
    number of versions all are the stored one's."""
    result, differing = deepcopy(filed), []
    for path in sorted(kept, key=str):
        whole = path if _same_length(_at(stored, path[:1]), _at(filed, path[:1])) else path[:1]
        value = _at(stored, whole)
        if _at(filed, whole) != value:
            differing.append(path)
            _put(result, whole, value)
    return result, differing


def _at(item: Any, path: Path) -> Any:
    for step in path:
        try:
            item = item[step]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return item


def _put(result: Item, path: Path, value: Any) -> None:
    place: Any = result
    for step in path[:-1]:
        place = place[step]
    if value is MISSING:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = deepcopy(value)


def _overlap(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def written(path: Path) -> str:
    """`versions[1].exceptions.2026-12-23`, as the differences are written."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text
