"""What loading an installation would change in the one that is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from servicedesk.core.canonical import canonical_json, plain
from servicedesk.core.facts import Installation

ADDED, CHANGED, LEFT, KEPT = "added", "changed", "left", "kept"
UNWRITTEN = (LEFT, KEPT)

_SIGNS = {ADDED: "+", CHANGED: "~", LEFT: "=", KEPT: "="}
_WHY = {
    LEFT: "no longer in the files; loading deletes nothing",
    KEPT: "another than the shipped one is in force, and the files hold none; --shipped-workflows takes the shipped",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One item that differs. `what`: added, changed, left (stored, no longer in the files), or kept (stored, and only
    the program has another). What is left or kept stays as it is.

    `fields`: for each differing field its value before and after as JSON values; empty for what is left. `told`: the
    lines to say instead.
    """

    kind: str
    key: str
    what: str
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    told: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """For a person: the item, then below it each field that changes."""
        if self.told:
            return list(self.told)
        head = f"{_SIGNS[self.what]} {self.what} {self.kind}{'.' if self.key else ''}{self.key}"
        if self.what in _WHY:
            return [f"{head} ({_WHY[self.what]})"]
        if self.what == ADDED:
            name = (self.fields.get("name") or self.fields.get("title") or (None, ""))[1]
            return [f"{head}: {name}" if name else head]
        parts = (part for name, (old, new) in self.fields.items() for part in _parts(name, old, new))
        return [head, *(f"    {name}: {_shown(old)} -> {_shown(new)}" for name, old, new in parts)]


def difference(old: Installation, new: Installation) -> list[Change]:
    """From the stored installation to the one in the files, table by table; empty when loading changes nothing."""
    before, after = tables_of(old), tables_of(new)
    return [change for kind in after for change in _compare(kind, before[kind], after[kind])]


def tables_of(installation: Installation) -> dict[str, dict[str, dict[str, Any]]]:
    """Every item of every table as JSON values, by kind and key, which are as in the files.

    Zone, matrix and ladder are each one item without a key: they change whole, and nothing of them is left behind.
    """
    keyed: dict[str, Mapping[str, Any]] = {
        "installation": {"": {"zone": installation.zone}},
        "organisation": installation.organisations,
        "calendar": installation.calendars,
        "team": installation.teams,
        "person": installation.people,
        "service": installation.services,
        "e_service": installation.e_services,
        "agreement": installation.agreements,
        "routing": installation.routing,
        "known": installation.known,
        "template": installation.templates,
        "priority": {"": {f"{i}.{u}": priority for (i, u), priority in installation.priorities.items()}},
        "ladder": {"": {str(rung.share): rung.tell for rung in installation.ladder}},
    }
    return {kind: {key: plain(item) for key, item in items.items()} for kind, items in keyed.items()}


def _compare(kind: str, before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> Iterator[Change]:
    for key, item in after.items():
        fields = _fields(before.get(key, {}), item)
        if key not in before:
            yield Change(kind, key, ADDED, fields)
        elif fields:
            yield Change(kind, key, CHANGED, fields)
    for key in sorted(before.keys() - after.keys()):
        yield Change(kind, key, LEFT)


def _fields(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    names = {**after, **before}
    return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}


def _parts(name: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    """The smallest parts that differ: of a calendar the one day, and not its whole year twice."""
    if isinstance(old, dict) and isinstance(new, dict):
        inner = [(f"{name}.{key}", old.get(key), new.get(key)) for key in sorted({*old, *new})]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        inner = [(f"{name}[{n}]", *pair) for n, pair in enumerate(zip(old, new, strict=True), start=1)]
    else:
        yield name, old, new
        return
    for part, before, after in inner:
        if before != after:
            yield from _parts(part, before, after)


def _shown(value: Any) -> str:
    """Nothing said is not the same as said to be empty: a day without hours is closed."""
    if value in ([], {}):
        return "(empty)"
    text = "(none)" if value in (None, "") else value if isinstance(value, str) else canonical_json(value)
    return text if len(text) <= 100 else f"{text[:97]}…"
