"""A ticket in hand: what is known of it, and the rows that it had when it was taken."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from servicedesk.core.codec import from_json
from servicedesk.core.events import Event
from servicedesk.core.ticket import TicketState
from servicedesk.core.timers import Timer
from servicedesk.store import projection as rows
from servicedesk.store.queries.journal import events_and_texts_of, events_of
from servicedesk.store.queries.tickets import Known, Texts
from servicedesk.store.rulebook import RuleBook


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

    `armed`: its timers as it is now, `aside`: which of them a sweep has set aside; `past` and `read`: the events and
    texts that it had when it was taken. All of them once they have been asked for.
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
    past: list[Event] | None = None
    read: Texts | None = None


# What a ticket is held against before it is acted on: the version that its actor has seen, or a question to it.
Expected = int | Callable[[Known, RuleBook], bool]


@dataclass(frozen=True, slots=True)
class Left:
    """A ticket as an action has left it, and by which rules: it need not be read to be shown."""

    known: Known
    book: RuleBook

    @property
    def ticket(self) -> TicketState:
        return self.known.ticket


def journal_of(connection: Connection, held: Open) -> list[Event]:
    """All events of a ticket in hand, in order of seq; those that it had are read once."""
    if held.past is None:
        held.past = [] if held.is_new else events_of(connection, held.id)
    return [*held.past, *(event for event, _, _ in held.events)]


def known_of(connection: Connection, held: Open) -> Known:
    """The same with its texts."""
    if held.read is None:
        held.past, held.read = ([], {}) if held.is_new else events_and_texts_of(connection, held.id)
    written = {(text["seq"], text["field"]): text["text"] for text in held.texts}
    return Known(held.ticket, journal_of(connection, held), {**held.read, **written})


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
