"""What must happen to a ticket later, derived from what it is now. A timer is a row; this says which rows there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from servicedesk.core import sla
from servicedesk.core.rules import Rules
from servicedesk.core.ticket import TicketState
from servicedesk.core.workflows.definition import Timed


class Hours(Protocol):
    """The calendar a timed transition counts on: `whose` is municipality, holder, joint or always."""

    def calendar_of(self, whose: str, ticket: TicketState) -> sla.WorkingTime: ...


@dataclass(frozen=True, slots=True, order=True)
class Timer:
    """(rule, occurrence) is unique for a ticket for ever: it survives re-arming and is never fired twice.

    rule: `warn:<clock key>@<share>` or `timed:<key>`; occurrence: 0, or the seq that entered the state.
    """

    due_at: datetime
    rule: str
    occurrence: int


def timers_of(ticket: TicketState, rules: Rules, shares: Iterable[int], hours: Hours) -> list[Timer]:
    """The next warning of every running clock, at its agreement's shares if it has any, else at the ladder's `shares`,
    and every timed step of the present state."""
    shares = tuple(shares)
    return sorted([*_warnings(ticket, rules, shares), *timed_of(ticket, rules, hours)])


def _warnings(ticket: TicketState, rules: Rules, shares: tuple[int, ...]) -> Iterable[Timer]:
    for clock in ticket.clocks.values():
        if clock.running_since is None:
            continue
        share = sla.next_share(clock, rules.agreement(clock.agreement).warn or shares)
        due = sla.share_due(clock, share, rules) if share is not None else None
        if due is not None:
            yield Timer(due, f"warn:{clock.key}@{share}", 0)


def timed_of(ticket: TicketState, rules: Rules, hours: Hours) -> Iterable[Timer]:
    """The timed steps of the present state that have not been taken."""
    for timed in rules.definition(ticket.workflow_version).timed.values():
        rule = timed.step
        if ticket.state in timed.from_states and f"{rule}#{ticket.state_seq}" not in ticket.timed_done:
            due = _timed_due(timed, ticket, hours)
            if due is not None:
                yield Timer(due, rule, ticket.state_seq)


def _timed_due(timed: Timed, ticket: TicketState, hours: Hours) -> datetime | None:
    if timed.until:
        return ticket.resume_at
    assert ticket.state_since is not None
    return hours.calendar_of(timed.calendar, ticket).deadline(ticket.state_since, timed.seconds)
