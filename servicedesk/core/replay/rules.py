"""The fold's rules with something else in place of what was in force."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from servicedesk.core import sla
from servicedesk.core.agreements import agreement_for
from servicedesk.core.calendars.calendar import compile_calendar
from servicedesk.core.calendars.frozen import Days, holidays_key
from servicedesk.core.canonical import agreement_version
from servicedesk.core.facts import Agreement, CalendarFacts, CalendarVersion, Installation
from servicedesk.core.replay.crossing import Crossing, crossing_of
from servicedesk.core.replay.substitutes import Substitutes
from servicedesk.core.rules import Rules
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import AgreementKind, OrganisationKind
from servicedesk.core.workflows.definition import Definition


class Book(Rules, Protocol):
    """The rules as they were, and the installation that says which municipality, supplier and zone there are."""

    @property
    def installation(self) -> Installation: ...

    @property
    def stored_holidays(self) -> Mapping[str, Days]:
        """By country and categories."""
        ...


class WhatIf:
    """The rules of one replay, for any number of tickets; each ticket is folded by `rules_of_one()`."""

    def __init__(self, book: Book, substitutes: Substitutes) -> None:
        self._book = book
        self._substitutes = substitutes
        self._zone = ZoneInfo(book.installation.zone)
        # Only what is substituted: whom nothing here covers keeps the agreement that bound it.
        self._covering = Installation(agreements=substitutes.agreements)
        self._joints = [o.key for o in book.installation.organisations.values() if o.kind is OrganisationKind.JOINT]
        self._agreements = {agreement_version(each): each for each in substitutes.agreements.values()}
        days = book.stored_holidays
        self._calendars = {
            key: compile_calendar(_on_stored_days(facts, days), days.__getitem__)
            for key, facts in substitutes.calendars.items()
        }
        self._crossings: dict[str, Crossing | None] = {}

    @property
    def is_other(self) -> bool:
        """Whether anything can come out otherwise."""
        return bool(self._agreements or self._calendars or self._substitutes.workflows)

    def rules_of_one(self) -> Rules:
        return _OfOne(self)

    def definition(self, version: str) -> Definition:
        crossing = self.crossing(version)
        return crossing.definition if crossing else self._book.definition(version)

    def agreement(self, version: str) -> Agreement:
        return self._agreements.get(version) or self._book.agreement(version)

    def calendar(self, key: str) -> sla.WorkingTime:
        return self._calendars.get(key) or self._book.calendar(key)

    def crossing(self, version: str) -> Crossing | None:
        """From a version that tickets are on to the changed workflow; None where that workflow is not changed."""
        if version not in self._crossings:
            old = self._book.definition(version)
            new = self._substitutes.workflows.get(old.key)
            self._crossings[version] = crossing_of(old, new, self._substitutes.states) if new else None
        return self._crossings[version]

    def stands_in(self, version: str) -> bool:
        """Whether it is one of the agreements that are tried: then that has been asked before."""
        return version in self._agreements

    def substitute(self, kind: AgreementKind, ticket: TicketState, at: datetime) -> str | None:
        """The version of the agreement that would have bound the ticket, had it been made."""
        parties = {
            AgreementKind.SLA: [ticket.municipality],
            AgreementKind.OLA: self._joints,
            AgreementKind.UC: [ticket.supplier],
        }
        day = at.astimezone(self._zone).date()
        found = (agreement_for(self._covering, kind, party, ticket.service, day) for party in parties[kind])
        return next((agreement_version(agreement) for agreement in found if agreement), None)


class _OfOne:
    """The rules for one ticket: an agreement stays the one it was bound by on the day when it came to bind it."""

    __slots__ = ("_chosen", "_what_if", "agreement", "calendar", "definition")

    definition: Callable[[str], Definition]
    agreement: Callable[[str], Agreement]
    calendar: Callable[[str], sla.WorkingTime]

    def __init__(self, what_if: WhatIf) -> None:
        self._what_if = what_if
        self._chosen: dict[tuple[str, ...], str | None] = {}
        self.definition, self.agreement, self.calendar = what_if.definition, what_if.agreement, what_if.calendar

    def bound_by(self, ticket: TicketState, pinned: dict[str, str], at: datetime) -> dict[str, str]:
        bound = dict(pinned)
        for kind in AgreementKind:
            if self._what_if.stands_in(pinned.get(kind, "")):
                continue
            # The same agreement on the same matter is pinned again by events that change something else.
            key = kind, pinned.get(kind, ""), ticket.municipality, ticket.service, ticket.supplier
            if key not in self._chosen:
                self._chosen[key] = self._what_if.substitute(kind, ticket, at)
            if version := self._chosen[key]:
                bound[str(kind)] = version
        return bound


def _on_stored_days(facts: CalendarFacts, stored: Mapping[str, Days]) -> CalendarFacts:
    """Holidays are those that history was reckoned by, where they were kept; the library's for the others."""

    def key_of(version: CalendarVersion) -> str:
        key = holidays_key(version)
        return key if version.holidays and key in stored else ""

    return replace(facts, versions=tuple(replace(version, frozen=key_of(version)) for version in facts.versions))
