"""Follow-up's figures worked out once more, ticket by ticket, from the journals alone: slowly and without any query."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from servicedesk.core.amended import amended
from servicedesk.core.events import Event, Moved
from servicedesk.core.facts import Actor
from servicedesk.core.fold import fold, lived
from servicedesk.core.period import Period
from servicedesk.core.sla import breaking_at, is_broken
from servicedesk.core.ticket import Clock, Custody, TicketState
from servicedesk.core.vocabulary import Category, ClockEffect, TmfStatus, Verb
from servicedesk.store.rulebook import RuleBook

Key = tuple[Any, ...]


@dataclass
class Life:
    """A ticket: its journal, and what it folds up to."""

    events: list[Event]
    ticket: TicketState
    book: RuleBook

    @property
    def is_cancelled(self) -> bool:
        definition = self.book.definition(self.ticket.workflow_version)
        return definition.states[self.ticket.state].tmf621 is TmfStatus.CANCELLED


def mine(lives: Iterable[Life], reach: str, viewer: Actor, supplier: str = "") -> list[Life]:
    """Whose tickets count, written down from the domain."""
    found = [life for life in lives if not supplier or supplier in life.ticket.suppliers]
    if reach == "all":
        return found
    (own,) = viewer.organisations
    if reach == "municipality":
        return [life for life in found if life.ticket.municipality == own]
    return [life for life in found if own in life.ticket.suppliers]


def clocks_of(life: Life, contract_of: str) -> list[Clock]:
    clocks = life.ticket.clocks.values()
    return [clock for clock in clocks if not contract_of or clock.key.split("/")[1:3] == ["supplier", contract_of]]


def promises(lives: list[Life], period: Period, now: datetime, contract_of: str = "") -> Counter[Key]:
    """(metric, tier, party, priority, outcome, lives) -> how many."""
    found: Counter[Key] = Counter()
    for life in lives:
        for clock in clocks_of(life, contract_of):
            outcome = outcome_of(life, clock, period, now)
            if outcome:
                tier = clock.key.split("/")[1] if clock.key.count("/") > 1 else ""
                lives_on = "no" if clock.stopped_at and clock.stopped_at < period.end else "yes"
                found[str(clock.metric), tier, clock.party, life.ticket.priority, outcome, lives_on] += 1
    return found


def outcome_of(life: Life, clock: Clock, period: Period, now: datetime) -> str:
    broke = breaking_at(clock) if is_broken(clock, now) else None
    if not clock.target and not broke:
        return ""
    decided = broke or clock.stopped_at
    if decided is None or decided >= period.end:
        return "running" if clock.started_at < period.end else ""
    if decided < period.start:
        return ""
    if broke:
        return "broken"
    return "" if life.is_cancelled else "kept"


def stretches(life: Life) -> list[Custody]:
    """Without what comes after the last closing."""
    custody = life.ticket.custody
    return custody[:-1] if not custody[-1].counted else custody


def held(lives: list[Life], period: Period, now: datetime, contract_of: str = "") -> Counter[Key]:
    """(tier, part) -> seconds."""
    found: Counter[Key] = Counter()
    for life in lives:
        for stretch in stretches(life):
            seconds = inside(stretch.started_at, stretch.ended_at or now, period, now)
            if seconds and (not contract_of or stretch.holder.organisation == contract_of):
                found[str(stretch.holder.tier), part_of(stretch, bool(contract_of))] += seconds
    return found


def inside(began: datetime, ended: datetime, period: Period, now: datetime) -> int:
    first, last = max(began, period.start), min(ended, period.end, now)
    return max(0, int((last - first).total_seconds()))


def part_of(stretch: Custody, to_supplier: bool) -> str:
    if not stretch.counted:
        return "closed"
    if stretch.clock is ClockEffect.STOP:
        return "solved"
    if stretch.account == "requester":
        return "others" if to_supplier else "requester"
    if stretch.account != stretch.holder.tier:
        return "others"
    if not stretch.accepted:
        return "to_accept"
    return "paused" if stretch.clock is ClockEffect.PAUSE else "work"


def per_ticket(lives: list[Life], period: Period, now: datetime, contract_of: str = "") -> dict[str, list[int]]:
    """Tier -> the seconds that it held each of its tickets, in order."""
    found: dict[str, list[int]] = {}
    for life in lives:
        of_one: Counter[str] = Counter()
        for (tier, part), seconds in held([life], period, now, contract_of).items():
            of_one[tier] += seconds if part != "closed" else 0
        for tier, seconds in (+of_one).items():
            found.setdefault(tier, []).append(seconds)
    return {tier: sorted(seconds) for tier, seconds in found.items()}


def whole(lives: list[Life], period: Period, now: datetime) -> int:
    """The tickets' life in the period, from opening to the last closing, by nothing but its two ends."""
    return sum(inside(life.ticket.opened_at, life.ticket.closed_at or now, period, now) for life in lives)


def unsolved(lives: list[Life], period: Period, now: datetime, contract_of: str = "") -> Counter[Key]:
    """(tier, priority, age, overdue) -> how many: each ticket as its journal had made it when the period ended."""
    found: Counter[Key] = Counter()
    for life in lives:
        then = [event for event in life.events if event.occurred_at < period.end]
        if not then:
            continue
        ticket = fold(then, life.book)
        if not ticket.is_open or (contract_of and ticket.holder.organisation != contract_of):
            continue
        promise = life.ticket.clocks.get(f"contract/supplier/{contract_of}" if contract_of else "resolution")
        broke = breaking_at(promise) if promise and is_broken(promise, now) else None
        days = (min(period.end, now) - ticket.opened_at).total_seconds() / 86_400
        age = next(
            name for least, name in ((30, "30"), (7, "7-30"), (3, "3-7"), (1, "1-3"), (-1, "under-1")) if days >= least
        )
        overdue = "yes" if broke and broke < period.end else "no"
        found[str(ticket.holder.tier), life.ticket.priority, age, overdue] += 1
    return found


def flow(lives: list[Life], period: Period) -> Counter[Key]:
    """(what, first day of UTC day, from tier, to tier) -> how many, by the events themselves."""
    found: Counter[Key] = Counter()
    for life in lives:
        steps = [
            (event, ticket.category, ticket.holder.tier) for event, ticket in lived(amended(life.events), life.book)
        ]
        happened = [(life.events[0], "logged", "", "")]
        for (_, category, tier), (event, later, after) in pairwise(steps):
            verb = event.payload.verb if isinstance(event.payload, Moved) else None
            if later is Category.CLOSED and category is not Category.CLOSED:
                happened.append((event, "closed", "", ""))
            if verb is Verb.REOPEN:
                happened.append((event, "reopened", "", ""))
            if verb is Verb.RETURN:
                happened.append((event, "returned", str(tier), str(after)))
        for event, what, before, after_tier in happened:
            if period.start <= event.occurred_at < period.end:
                found[what, int(event.occurred_at.timestamp()) // 900, before, after_tier] += 1
    return found


def at_first_line(lives: list[Life], period: Period) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for life in lives:
        closed, tiers = life.ticket.closed_at, [str(stretch.holder.tier) for stretch in life.ticket.custody]
        if closed and period.start <= closed < period.end and tiers[0] == "first_line" and not life.is_cancelled:
            found["yes" if set(tiers) == {"first_line"} else "no",] += 1
    return found
