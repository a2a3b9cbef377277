"""An installation as the parts in which it is stored: (kind, key) -> canonical text. Kinds are as in the files."""

import json
from collections.abc import Mapping
from typing import Any

from servicedesk.core.canonical import canonical_json, fact_from_json, fact_to_json
from servicedesk.core.facts import (
    Agreement,
    CalendarFacts,
    EService,
    Installation,
    Organisation,
    Person,
    RoutingRule,
    Rung,
    Service,
    Team,
)
from servicedesk.core.vocabulary import Level

FIELD_OF_KIND: dict[str, tuple[str, Any]] = {
    "organisation": ("organisations", Organisation),
    "calendar": ("calendars", CalendarFacts),
    "team": ("teams", Team),
    "person": ("people", Person),
    "service": ("services", Service),
    "e_service": ("e_services", EService),
    "agreement": ("agreements", Agreement),
    "routing": ("routing", RoutingRule),
}
PRIORITY, LADDER, SETTINGS, ZONE = "priority", "ladder", "installation", "zone"

Parts = dict[tuple[str, str], str]


def parts_of(installation: Installation) -> Parts:
    """Every part's text; equal installations have equal parts."""
    parts: Parts = {(SETTINGS, ZONE): canonical_json(installation.zone)}
    for kind, (field, _) in FIELD_OF_KIND.items():
        parts |= {(kind, key): fact_to_json(item) for key, item in getattr(installation, field).items()}
    parts |= {(PRIORITY, f"{i}.{u}"): canonical_json(value) for (i, u), value in installation.priorities.items()}
    parts |= {(LADDER, str(rung.share)): fact_to_json(rung) for rung in installation.ladder}
    return parts


def installation_of(parts: Mapping[tuple[str, str], str]) -> Installation:
    """Inverse of `parts_of`; parts of other kinds are passed over. Items come in the order of their keys."""
    by_kind: dict[str, dict[str, str]] = {}
    for (kind, key), text in sorted(parts.items()):
        by_kind.setdefault(kind, {})[key] = text
    tables: dict[str, Any] = {
        field: {key: fact_from_json(cls, text) for key, text in by_kind.get(kind, {}).items()}
        for kind, (field, cls) in FIELD_OF_KIND.items()
    }
    rungs = [fact_from_json(Rung, text) for text in by_kind.get(LADDER, {}).values()]
    settings = {key: json.loads(text) for key, text in by_kind.get(SETTINGS, {}).items()}
    return Installation(
        **tables,
        priorities={_pair(key): json.loads(text) for key, text in by_kind.get(PRIORITY, {}).items()},
        ladder=tuple(sorted(rungs, key=lambda rung: rung.share)),
        **settings,
    )


def _pair(key: str) -> tuple[Level, Level]:
    impact, urgency = key.split(".")
    return Level(impact), Level(urgency)
