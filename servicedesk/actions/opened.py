"""A ticket in hand, and the rows that it had when it was taken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from servicedesk.core.codec import from_json
from servicedesk.core.events import Event
from servicedesk.core.ticket import TicketState
from servicedesk.core.timers import Timer
from servicedesk.store import projection as rows


@dataclass(frozen=True)
class Written:
    """A ticket's rows, so that of what is to be written only what differs is."""

    ticket: rows.Row = field(default_factory=dict)
    clocks: Mapping[rows.Key, rows.Row] = field(default_factory=dict)
    custody: Mapping[rows.Key, rows.Row] = field(default_factory=dict)
    visibility: Mapping[rows.Key, rows.Row] = field(default_factory=dict)
    timers: Mapping[rows.Key, rows.Row] = field(default_factory=dict)


@dataclass
class Open:
    """A ticket in hand: locked, folded, with the events recorded on it in this unit of work.

    `armed`: its timers as it is now, `aside`: which of them a sweep has set aside, both once they have been asked for.
    """

    id: int
    ticket: TicketState
    head_hash: str
    now: datetime
    before: Written
    is_new: bool = False
    events: list[tuple[Event, str, str]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    timer_keys: dict[int, tuple[str, int]] = field(default_factory=dict)
    armed: list[Timer] | None = None
    aside: set[tuple[str, int]] | None = None


def load_state(text: str) -> TicketState:
    return from_json(TicketState, text)


def rows_of(ticket_id: int, ticket: TicketState, timers: Iterable[Timer]) -> Written:
    return Written(
        rows.ticket_columns(ticket),
        rows.clock_rows(ticket_id, ticket),
        rows.custody_rows(ticket_id, ticket),
        rows.visibility_rows(ticket_id, ticket),
        rows.timer_rows(ticket_id, timers),
    )
