"""Many tickets summed up: per state, priority and holder the time, the hand-overs and whether the promise was kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from servicedesk.core.ledger import seconds_between
from servicedesk.core.sla import breaking_at, is_broken
from servicedesk.core.ticket import Clock, Custody, TicketState
from servicedesk.core.vocabulary import ClockEffect, Metric


@dataclass(slots=True)
class Sum:
    """`tickets` were here at some time, for `seconds` by the wall clock together; what closed tickets wait is nobody's.

    `handovers`: left here for another team. `ping_pong`: those of them that went back to a team that had had the ticket
    before; for a holder, the times that it got one back. `kept` of `promised`: promises of resolution that were settled
    here, by being fulfilled or by being broken; each is settled once.
    """

    tickets: int = 0
    seconds: int = 0
    handovers: int = 0
    ping_pong: int = 0
    kept: int = 0
    promised: int = 0


@dataclass(slots=True)
class Summary:
    """`states` are keyed by (workflow version, state), `holders` by team. `promises`: metric -> (kept, of)."""

    tickets: int = 0
    states: dict[tuple[str, str], Sum] = field(default_factory=dict)
    priorities: dict[int, Sum] = field(default_factory=dict)
    holders: dict[str, Sum] = field(default_factory=dict)
    promises: dict[Metric, tuple[int, int]] = field(default_factory=dict)


def summarise(tickets: Iterable[TicketState], as_of: datetime) -> Summary:
    """One pass over the tickets as they are at `as_of`."""
    summary = Summary()
    for ticket in tickets:
        summary.tickets += 1
        _time(summary, ticket, as_of)
        _handovers(summary, ticket)
        _resolution(summary, ticket, as_of)
        _promises(summary, ticket, as_of)
    return summary


def _sums(summary: Summary, ticket: TicketState, stretch: Custody) -> Iterator[Sum]:
    """The three sums that a stretch of a ticket belongs to: its state, the ticket's priority, its holder."""
    yield summary.states.setdefault((ticket.workflow_version, stretch.state), Sum())
    yield summary.priorities.setdefault(ticket.priority, Sum())
    yield summary.holders.setdefault(stretch.holder.team, Sum())


def _time(summary: Summary, ticket: TicketState, as_of: datetime) -> None:
    seen: set[int] = set()
    for stretch in ticket.custody:
        seconds = seconds_between(stretch.started_at, stretch.ended_at or as_of) if stretch.counted else 0
        for total in _sums(summary, ticket, stretch):
            total.seconds += seconds
            total.tickets += id(total) not in seen
            seen.add(id(total))


def _handovers(summary: Summary, ticket: TicketState) -> None:
    had: set[str] = set()
    for before, after in zip(ticket.custody, ticket.custody[1:], strict=False):
        had.add(before.holder.team)
        if after.holder.team == before.holder.team:
            continue
        state, priority, holder = _sums(summary, ticket, before)
        for total in (state, priority, holder):
            total.handovers += 1
        if after.holder.team in had:
            receiver = summary.holders.setdefault(after.holder.team, Sum())
            for total in (state, priority, receiver):
                total.ping_pong += 1


def outcome(clock: Clock, as_of: datetime) -> bool | None:
    """True when the promise was kept, False when it was broken, None when it is not settled or was never made."""
    if not clock.target:
        return None
    if is_broken(clock, as_of):
        return False
    return True if clock.state is ClockEffect.STOP else None


def _resolution(summary: Summary, ticket: TicketState, as_of: datetime) -> None:
    clock = ticket.clocks.get(Metric.RESOLUTION)
    kept = outcome(clock, as_of) if clock else None
    if clock is None or kept is None:
        return
    settled = clock.stopped_at if kept else breaking_at(clock)
    for total in _sums(summary, ticket, _stretch_at(ticket, settled)):
        total.promised += 1
        total.kept += kept


def _stretch_at(ticket: TicketState, moment: datetime | None) -> Custody:
    """The stretch that a moment ended or lay in."""
    found = (
        stretch
        for stretch in ticket.custody
        if moment is not None
        and stretch.started_at < moment
        and (stretch.ended_at is None or moment <= stretch.ended_at)
    )
    return next(found, ticket.custody[0])


def _promises(summary: Summary, ticket: TicketState, as_of: datetime) -> None:
    for clock in ticket.clocks.values():
        kept = outcome(clock, as_of)
        if kept is not None:
            before, of = summary.promises.get(clock.metric, (0, 0))
            summary.promises[clock.metric] = (before + kept, of + 1)
