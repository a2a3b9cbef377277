"""What pages have changed, kept while files are loaded: the rule is core.installations.kept's."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from servicedesk.core.canonical import canonical_json, fact_from_json
from servicedesk.core.facts import (
    CalendarFacts,
    EService,
    Installation,
    Known,
    Organisation,
    Person,
    Service,
    Team,
    Template,
)
from servicedesk.core.installations.diff import tables_of
from servicedesk.core.installations.kept import NEVER_IN_FILES, Item, Kept, Mark, Path, Said, marks, with_kept, written

# What pages change: its kind -> the installation's field, and its class.
CHANGEABLE: dict[str, tuple[str, type[Any]]] = {
    "person": ("people", Person),
    "team": ("teams", Team),
    "calendar": ("calendars", CalendarFacts),
    "template": ("templates", Template),
    "organisation": ("organisations", Organisation),
    "service": ("services", Service),
    "e_service": ("e_services", EService),
    "known": ("known", Known),
}
NOBODY = Mark("", "")


def with_pages_kept(
    old: Installation,
    merged: Installation,
    filed: Mapping[str, Mapping[str, Item]],
    journal: Iterable[Said],
    *,
    overwrite: bool,
) -> tuple[Installation, list[Kept]]:
    """`merged` with the stored values back where pages have changed them, and what was kept of which item. `filed`: the
    items of the files, by kind and key. With `overwrite` only what no file can say stays."""
    changed = marks(journal)
    stored, coming = tables_of(old), tables_of(merged)
    kept: list[Kept] = []
    result: dict[str, Any] = {}
    for kind, (name, cls) in CHANGEABLE.items():
        items = dict(getattr(merged, name))
        for key, item in stored[kind].items():
            mine = {} if overwrite else changed.get((kind, key), {})
            if key not in filed[kind]:
                kept += [_of_pages(kind, key, mine)] if mine else []
                continue
            always: dict[Path, Mark] = dict.fromkeys(NEVER_IN_FILES.get(kind, ()), NOBODY)
            back, differing = with_kept(item, coming[kind][key], {**always, **mine})
            if differing:
                items[key] = fact_from_json(cls, canonical_json(back))
            if told := {written(path): mine[path] for path in differing if path in mine}:
                kept.append(Kept(kind, key, told))
        result[name] = items
    return replace(merged, **result), kept


def _of_pages(kind: str, key: str, mine: Mapping[Path, Mark]) -> Kept:
    """Of an item that is not in the files: what pages have changed stays as a matter of course."""
    return Kept(kind, key, {written(path): mark for path, mark in mine.items()})
