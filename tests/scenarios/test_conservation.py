"""Custody and clocks again, the slow way: minute by minute from the journal's stored bodies and the files.

Shares no code with the fold, the clocks or the calendars of the program.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from servicedesk import paths
from servicedesk.core.facts import CalendarFacts, Installation
from servicedesk.core.ledger import Share
from servicedesk.core.sla import spent_at
from tests.core.oracle_calendar import is_open
from tests.scenarios.performance import SHIPPED, Performance, labels_of, perform

MINUTE = timedelta(minutes=1)
TICKETS = [(name, label) for name in SHIPPED for label in labels_of(name)]


@dataclass
class Minute:
    """One minute of a ticket's life: where it was and what its state does, in the files' own words."""

    at: datetime
    tier: str
    organisation: str
    team: str
    municipality: str
    priority: int
    category: str
    waits_on: str
    clocks: dict[str, str]


@cache
def states_of(workflow: str) -> dict[str, Any]:
    text = (paths.workflows() / f"{workflow}.toml").read_text(encoding="utf-8")
    states: dict[str, Any] = tomllib.loads(text)["state"]
    return states


def minutes(performance: Performance, label: str) -> Iterator[Minute]:
    """From opening to the last closing, or to the end of the play. Everything that moves a ticket is on a minute."""
    journal = performance.journals[label]
    states, now = states_of(journal[0]["data"]["workflow"]), dict[str, Any]()
    moves = [(datetime.fromisoformat(body["occurred_at"]), body["data"]) for body in journal]
    at, end, following = moves[0][0], last_closing(moves, states) or performance.ended.at, 0
    while at < end:
        while following < len(moves) and moves[following][0] <= at:
            now = moved(now, moves[following][1])
            following += 1
        state = states[now["state"]]
        yield Minute(
            at,
            now["holder"]["tier"],
            now["holder"]["organisation"],
            now["holder"]["team"],
            now["municipality"],
            now["priority"],
            state["category"],
            state.get("waits_on", ""),
            state["clocks"],
        )
        at += MINUTE


def moved(now: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {
        name: data[name] for name in ("municipality", "holder", "priority", "state") if name in data
    }
    if "to_state" in data and data.get("verb") != "remind":
        known["state"] = data["to_state"]
    return {**now, **known}


def last_closing(moves: list[tuple[datetime, dict[str, Any]]], states: dict[str, Any]) -> datetime | None:
    """When it was closed for good; None when it is not."""
    closed, now = None, dict[str, Any]()
    for at, data in moves:
        now = moved(now, data)
        is_closed = states[now["state"]]["category"] == "closed"
        closed = (closed or at) if is_closed else None
    return closed


@pytest.mark.parametrize(("name", "label"), TICKETS)
def test_stretches_tile_the_life_of_a_ticket(name: str, label: str) -> None:
    ended = perform(name).ended
    ticket, ledger = ended.tickets[label], ended.ledgers[label]
    ends = [line.ended_at for line in ledger.lines]
    assert [line.stretch.started_at for line in ledger.lines] == [ticket.opened_at, *ends[:-1]]
    assert ends[-1] == (ticket.closed_at or ended.at)
    assert sum(line.seconds for line in ledger.lines) == (ends[-1] - ticket.opened_at).total_seconds()


@pytest.mark.parametrize(("name", "label"), TICKETS)
def test_each_tier_has_the_seconds_that_the_journal_gives_it(name: str, label: str) -> None:
    performance = perform(name)
    ledger = performance.ended.ledgers[label]
    walked: Counter[str] = Counter()
    for minute in minutes(performance, label):
        walked["closed" if minute.category == "closed" else minute.tier] += 60
    found = Counter({"closed": ledger.closed.seconds}) + by_tier(ledger.holders)
    assert +found == walked
    assert sum(walked.values()) == ledger.whole.seconds


@pytest.mark.parametrize(("name", "label"), TICKETS)
def test_each_account_has_the_seconds_that_its_states_give_it(name: str, label: str) -> None:
    performance = perform(name)
    ledger = performance.ended.ledgers[label]
    walked: Counter[str] = Counter()
    for minute in minutes(performance, label):
        if minute.category != "closed":
            walked["requester" if minute.category == "resolved" else minute.waits_on or minute.tier] += 60
    assert Counter({share.of: share.seconds for share in ledger.accounts}) == walked


def by_tier(shares: list[Share]) -> Counter[str]:
    found: Counter[str] = Counter()
    for share in shares:
        found[share.of.partition("/")[0]] += share.seconds
    return found


@pytest.mark.parametrize(("name", "label"), TICKETS)
def test_clocks_have_spent_the_open_minutes_of_the_states_that_run_them(name: str, label: str) -> None:
    performance = perform(name)
    installation, ended = performance.script.installation, performance.ended
    walked: Counter[str] = Counter()
    for minute in minutes(performance, label):
        for key, calendar in running(minute, installation, service_of(performance, label)):
            walked[key] += 60 if open_at(calendar, minute.at) else 0
    clocks = ended.tickets[label].clocks.values()
    compared = [clock for clock in clocks if clock.metric in ("resolution", "holding", "contract")]
    assert compared
    assert {c.key: spent_at(c, ended.at, ended.hours) for c in compared} == {c.key: walked[c.key] for c in compared}


def service_of(performance: Performance, label: str) -> str:
    return str(performance.journals[label][0]["data"]["service"])


def running(minute: Minute, installation: Installation, service: str) -> Iterator[tuple[str, CalendarFacts]]:
    """The keys of the clocks that this minute belongs to, each with the hours that it counts in."""
    place = f"{minute.tier}/{minute.organisation}"
    if minute.clocks["resolution"] == "run":
        yield "resolution", promised_hours(installation, minute.municipality, service, "resolution", minute.priority)
    if minute.tier == "supplier" and minute.clocks["contract"] == "run":
        hours = promised_hours(installation, minute.organisation, service, "contract", minute.priority)
        yield f"contract/{place}", hours
    if minute.tier != "supplier" and minute.clocks["holding"] == "run":
        yield f"holding/{place}", installation.calendars[installation.teams[minute.team].calendar]


def promised_hours(installation: Installation, party: str, service: str, metric: str, priority: int) -> CalendarFacts:
    """In the sample the hours of a promise have not changed between one agreement and the next."""
    [calendar] = {
        target.calendar
        for agreement in installation.agreements.values()
        for target in agreement.targets
        if (agreement.party, target.metric) == (party, metric)
        and service in agreement.services
        and priority in target.priorities
    }
    return installation.calendars[calendar]


@cache
def _open_at(key: str, at: datetime) -> bool:
    return is_open(_FACTS[key], at)


_FACTS: dict[str, CalendarFacts] = {}


def open_at(calendar: CalendarFacts, at: datetime) -> bool:
    _FACTS.setdefault(calendar.key, calendar)
    return _open_at(calendar.key, at)
