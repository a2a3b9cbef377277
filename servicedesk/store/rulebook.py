"""The installation and every version the fold may ask for, read once per revision and kept in memory."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, ScalarSelect, Select, func, select

from servicedesk.core.calendars.calendar import Calendar, compile_calendar
from servicedesk.core.calendars.frozen import Days, days_from_json
from servicedesk.core.canonical import agreement_from_json, calendar_from_json, fact_from_json
from servicedesk.core.codec import from_json
from servicedesk.core.errors import Unavailable
from servicedesk.core.facts import (
    Agreement,
    EService,
    Installation,
    Known,
    Organisation,
    Person,
    RoutingRule,
    Rung,
    Service,
    Team,
    Template,
)
from servicedesk.core.sla import WorkingTime
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Level, Tier
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.file import definition_from_json
from servicedesk.core.workflows.parties import Parties
from servicedesk.store.installation import Part, Revision, Version
from servicedesk.store.upsert import insert_missing

SIMPLE_PARTS: dict[str, type[Any]] = {
    "organisation": Organisation,
    "team": Team,
    "person": Person,
    "service": Service,
    "e_service": EService,
    "routing": RoutingRule,
    "template": Template,
}
ALWAYS = "always"


@dataclass
class RuleBook:
    """Implements core.fold.Rules and core.timers.Hours. `current` maps (kind, key) to the hash now in force."""

    revision: int
    installation: Installation
    contents: Mapping[str, str]
    current: Mapping[tuple[str, str], str]
    _definitions: dict[str, Definition] = field(default_factory=dict)
    _agreements: dict[str, Agreement] = field(default_factory=dict)
    _calendars: dict[str, Calendar] = field(default_factory=dict)
    _holidays: dict[str, Days] = field(default_factory=dict, repr=False)
    _hours_by: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    def definition(self, version: str) -> Definition:
        found = self._definitions.get(version)
        if found is None:
            found = self._definitions[version] = definition_from_json(self._content(version))
        return found

    def agreement(self, version: str) -> Agreement:
        found = self._agreements.get(version)
        if found is None:
            found = self._agreements[version] = agreement_from_json(self._content(version))
        return found

    def bound_by(self, ticket: TicketState, pinned: dict[str, str], at: datetime) -> dict[str, str]:
        return dict(pinned)

    def calendar(self, key: str) -> Calendar:
        found = self._calendars.get(key)
        if found is None:
            found = self._calendars[key] = compile_calendar(self.installation.calendars[key], self.holidays)
        return found

    def holidays(self, version: str) -> Days:
        """The days that a calendar's version names as frozen."""
        if version not in self._holidays:
            self._holidays[version] = days_from_json(self._content(version))
        return self._holidays[version]

    @property
    def stored_holidays(self) -> dict[str, Days]:
        """Those in force, by country and categories."""
        return {key: self.holidays(version) for (kind, key), version in self.current.items() if kind == "holidays"}

    def calendar_of(self, whose: str, ticket: TicketState) -> WorkingTime:
        who = {"holder": ticket.holder.team, "municipality": ticket.municipality}.get(whose, "")
        return self.calendar(self.hours_by(whose)[who])

    def hours_by(self, whose: str) -> Mapping[str, str]:
        """Who -> the key of their hours: by holding team, by municipality, and for `joint` and `always` of all alike by
        the empty word."""
        found = self._hours_by.get(whose)
        if found is None:
            found = self._hours_by[whose] = self._read_hours_by(whose)
        return found

    def _read_hours_by(self, whose: str) -> dict[str, str]:
        if whose == "always":
            return {"": ALWAYS}
        if whose == "holder":
            return {team.key: team.calendar for team in self.installation.teams.values()}
        found: dict[str, str] = {}
        for team in sorted(self.installation.teams.values(), key=lambda team: team.tier.level):
            if not team.observed and (whose == "municipality" or team.tier is Tier.JOINT):
                found.setdefault(team.organisation if whose == "municipality" else "", team.calendar)
        return found

    @cached_property
    def parties(self) -> Parties:
        return Parties.of(self.installation)

    @property
    def shares(self) -> tuple[int, ...]:
        return tuple(rung.share for rung in self.installation.ladder)

    def workflow(self, key: str) -> Definition | None:
        """The version of a workflow that new tickets open with."""
        version = self.current.get(("workflow", key))
        return self.definition(version) if version else None

    def workflows(self) -> list[Definition]:
        return [self.definition(version) for (kind, _), version in sorted(self.current.items()) if kind == "workflow"]

    def _content(self, version: str) -> str:
        try:
            return self.contents[version]
        except KeyError:
            raise Unavailable("Version %(version)s is missing from the database.", version=version) from None


# Built once: every request and every transaction asks one of these first.
_REVISION = select(Revision.number)
# For whoever asks for something else as well.
REVISION = _REVISION.scalar_subquery()
_REVISION_AND_MOMENT = select(REVISION, func.clock_timestamp())
# Nothing is loaded until this transaction ends; nobody else who only works waits for it. (SQLite has one writer at a
# time anyway.)
HOLD_REVISION = select(Revision.number).with_for_update(read=True, key_share=True)


def revision_of(connection: Connection) -> int:
    return connection.execute(_REVISION).scalar() or 0


def revision_and_moment(connection: Connection) -> tuple[int, datetime]:
    """The revision and the present by PostgreSQL's clock, in one query."""
    number, moment = connection.execute(_REVISION_AND_MOMENT).one()
    return number or 0, moment


def revision_and(column: ScalarSelect[Any]) -> Select[Any]:
    """The revision and something else, in one query."""
    return select(REVISION, column)


def lock_revision(connection: Connection) -> None:
    """Until this transaction ends nobody works by the rules that it is about to change."""
    insert_missing(connection, Revision, [{"id": 1, "number": 0, "parts": ""}])
    connection.execute(select(Revision.number).with_for_update())


def read_rulebook(connection: Connection) -> RuleBook:
    """Everything of the revision now in the database: some hundreds of rows in three queries.

    The revision is read first: if another is loaded in between, this book counts as the older and is read anew.
    """
    revision = revision_of(connection)
    parts: dict[str, dict[str, str]] = {}
    for kind, key, content in connection.execute(select(Part.kind, Part.key, Part.content)):
        parts.setdefault(kind, {})[key] = content
    contents = {row.hash: row.content for row in connection.execute(select(Version.hash, Version.content))}
    current = {
        (kind, key): content
        for kind in ("workflow", "agreement", "calendar", "holidays", "known")
        for key, content in parts.get(kind, {}).items()
    }
    return RuleBook(revision, _installation(parts, contents), contents, current)


def _installation(parts: Mapping[str, Mapping[str, str]], contents: Mapping[str, str]) -> Installation:
    simple = {
        kind: {key: from_json(cls, content) for key, content in parts.get(kind, {}).items()}
        for kind, cls in SIMPLE_PARTS.items()
    }
    whole = {kind: json.loads(parts.get(kind, {}).get("", "{}")) for kind in ("priority", "ladder", "installation")}
    return Installation(
        organisations=simple["organisation"],
        teams=simple["team"],
        people=simple["person"],
        services=simple["service"],
        e_services=simple["e_service"],
        routing=simple["routing"],
        known={k: fact_from_json(Known, contents[v]) for k, v in parts.get("known", {}).items()},
        templates=simple["template"],
        calendars={k: calendar_from_json(contents[v]) for k, v in parts.get("calendar", {}).items()},
        agreements={k: agreement_from_json(contents[v]) for k, v in parts.get("agreement", {}).items()},
        priorities={_levels(key): priority for key, priority in whole["priority"].items()},
        ladder=tuple(Rung(int(share), tuple(tell)) for share, tell in sorted(whole["ladder"].items(), key=_share)),
        zone=whole["installation"].get("zone", "Europe/Stockholm"),
    )


def _share(item: tuple[str, list[str]]) -> int:
    return int(item[0])


def _levels(key: str) -> tuple[Level, Level]:
    impact, urgency = key.split(".")
    return Level(impact), Level(urgency)
