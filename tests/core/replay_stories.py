"""Tickets told step by step with their moments, folded by the shipped workflow and the sample's rules. No database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from servicedesk import paths
from servicedesk.core.agreements import agreement_for
from servicedesk.core.calendars.calendar import Calendar, compile_calendar
from servicedesk.core.canonical import agreement_version
from servicedesk.core.events import Event, Moved, Payload, TicketLogged, kind_of
from servicedesk.core.facts import Agreement, Installation
from servicedesk.core.fold import fold
from servicedesk.core.installations.file import read_installation
from servicedesk.core.installations.file_part import parse_part
from servicedesk.core.period import Period
from servicedesk.core.replay.comparison import Life, Pair, pairs_of
from servicedesk.core.replay.crossing import Misfit, first_misfit
from servicedesk.core.replay.rules import WhatIf
from servicedesk.core.replay.substitutes import Substitutes
from servicedesk.core.ticket import Holder, TicketState
from servicedesk.core.vocabulary import AgreementKind, Channel, Fault, Level, RequesterKind, Tier
from servicedesk.core.workflows.definition import Definition
from tests.workflows.cast import shipped

SWEDEN = ZoneInfo("Europe/Stockholm")
SERVICE, SUPPLIER = "e-tjansteplattform", "leverantor-plattform"
V1 = shipped("citizen_incident")
TO_SUPPLIER = (
    "take",
    "escalate_to_second_line",
    "accept_in_second_line",
    "escalate_to_joint",
    "accept_in_joint",
    "order_from_supplier",
    "accept_at_supplier",
)
TO_THE_END = ("propose_solution", "verify", "accept_in_second_line", "resolve_in_second_line", "confirm")
HOLDERS = {
    Tier.FIRST_LINE: Holder("lulea-kundcenter", Tier.FIRST_LINE, "lulea", "lulea-kundcenter"),
    Tier.SECOND_LINE: Holder("lulea-forvaltning", Tier.SECOND_LINE, "lulea", "kommunkontor"),
    Tier.JOINT: Holder("e-namnden-forvaltning", Tier.JOINT, "e-namnden", "e-namnden"),
    Tier.SUPPLIER: Holder("leverantor-plattform-support", Tier.SUPPLIER, SUPPLIER, SUPPLIER),
}

FOUR_HOURS = """
[agreement.leverantor-plattform-uc]
kind = "UC"
party = "leverantor-plattform"
services = ["e-tjansteplattform"]
valid_from = 2026-01-01
target = [
  { metric = "acknowledgement", priorities = [1], time = "15m", calendar = "always" },
  { metric = "acknowledgement", priorities = [2], time = "1h", calendar = "leverantor-plattform" },
  { metric = "acknowledgement", priorities = [3, 4], time = "4h", calendar = "leverantor-plattform" },
  { metric = "contract", time = "4h", calendar = "leverantor-plattform" },
]
"""


@cache
def sample() -> Installation:
    return read_installation(paths.samples() / "norrbotten")


@dataclass
class Book:
    """The sample's rules, with these versions of the workflow."""

    definitions: dict[str, Definition] = field(default_factory=lambda: {V1.version: V1})
    calendars: dict[str, Calendar] = field(default_factory=dict)

    @property
    def installation(self) -> Installation:
        return sample()

    @property
    def stored_holidays(self) -> dict[str, frozenset[date]]:
        return {"SE:public": frozenset({date(2026, 3, 11)})}

    @cached_property
    def agreements(self) -> dict[str, Agreement]:
        return {agreement_version(each): each for each in sample().agreements.values()}

    def definition(self, version: str) -> Definition:
        return self.definitions[version]

    def agreement(self, version: str) -> Agreement:
        return self.agreements[version]

    def calendar(self, key: str) -> Calendar:
        if key not in self.calendars:
            self.calendars[key] = compile_calendar(sample().calendars[key])
        return self.calendars[key]

    def bound_by(self, ticket: TicketState, pinned: dict[str, str], at: datetime) -> dict[str, str]:
        return dict(pinned)


BOOK = Book()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SWEDEN).astimezone(UTC)


def pinned(municipality: str, day: datetime) -> dict[str, str]:
    """The sample's agreements for the platform."""
    parties = {AgreementKind.SLA: municipality, AgreementKind.OLA: "e-namnden", AgreementKind.UC: SUPPLIER}
    found = {kind: agreement_for(sample(), kind, party, SERVICE, day.date()) for kind, party in parties.items()}
    return {str(kind): agreement_version(agreement) for kind, agreement in found.items() if agreement}


@dataclass
class Story:
    """A citizen's ticket of Luleå about the platform, priority 3 if nothing else is said."""

    priority: int = 3
    events: list[Event] = field(default_factory=list)

    def opened(self, at: str) -> "Story":
        moment = local(at)
        logged = TicketLogged(
            workflow=V1.key,
            workflow_version=V1.version,
            state=V1.initial,
            municipality="lulea",
            service=SERVICE,
            holder=HOLDERS[Tier.FIRST_LINE],
            channel=Channel.WEB,
            requester_kind=RequesterKind.CITIZEN,
            impact=Level.MEDIUM,
            urgency=Level.MEDIUM,
            priority=self.priority,
            fault=Fault.PLATFORM,
            supplier=SUPPLIER,
            agreements=pinned("lulea", moment),
        )
        return self.happened(at, logged)

    def steps(self, at: str, *keys: str, **given: str) -> "Story":
        for key in keys:
            step = V1.transitions[key]
            here = next(e.payload for e in reversed(self.events) if isinstance(e.payload, (Moved, TicketLogged)))
            state = here.to_state if isinstance(here, Moved) else here.state
            assert state in step.from_states, (state, key)
            there = V1.states[step.to]
            moved = Moved(
                verb=step.verb,
                transition=key,
                from_state=state,
                to_state=step.to,
                effects=[str(effect) for effect in step.effects],
                holder=HOLDERS[there.tier] if there.tier and there.tier is not V1.states[state].tier else None,
                given=given,
            )
            self.happened(at, moved)
        return self

    def happened(self, at: str, payload: Payload) -> "Story":
        moment = local(at)
        event = Event(kind_of(payload), "2026-00001", len(self.events) + 1, moment, moment, "person:x", payload, {})
        self.events.append(event)
        return self


def at_supplier(ordered: str, solved: str, priority: int = 3) -> Story:
    """Opened and ordered at the one moment, solved and closed at the other."""
    return Story(priority).opened(ordered).steps(ordered, *TO_SUPPLIER).steps(solved, *TO_THE_END)


def substitutes(*texts: str, workflow: Definition | None = None, states: dict[str, str] | None = None) -> Substitutes:
    part = parse_part({f"{n}.toml": text for n, text in enumerate(texts)}, sample())
    workflows = {workflow.key: workflow} if workflow else {}
    return Substitutes(part.agreements, part.calendars, workflows, states or {})


def compared(story: Story, what: Substitutes, now: str = "2026-12-01 12:00") -> dict[str, Pair]:
    """Every promise by its clock's key, in a period that holds the ticket's whole life."""
    rules = WhatIf(BOOK, what).rules_of_one()
    before, after = (Life(fold(story.events, each), each) for each in (BOOK, rules))
    first, last = local("2026-01-01 00:00"), local("2027-01-01 00:00")
    period = Period(first.date(), (last - timedelta(days=1)).date(), first, last)
    return {pair.clock: pair for pair in pairs_of(before, after, period, local(now))}


def misfit(events: Iterable[Event], what: Substitutes) -> Misfit | None:
    return first_misfit(events, WhatIf(BOOK, what).crossing)
