"""Hours that change: the open tickets whose clocks run, or whose timed steps count, by them get their deadlines anew.

1. `rearm` finds them: some are armed at once, in the transaction of the change.
2. Of many the others are marked, by a timer of a rule of its own that is due already: the sweep takes them in its
   batches, and whoever opens one before that arms it first, so that nothing depends on how soon the sweep came.

What clocks have spent is history; only what is due can move.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, insert, literal, or_, select, true

from servicedesk.actions.opened import load_state
from servicedesk.core.sla import arm
from servicedesk.core.ticket import TicketState
from servicedesk.core.timers import timers_of
from servicedesk.store import projection as rows
from servicedesk.store.installation import Version
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket, TicketClock, Visibility
from servicedesk.store.timers import REARM, TimerRow
from servicedesk.store.upsert import one_journey

AT_ONCE = 100
IS_MARKED = exists().where(TimerRow.ticket_id == Ticket.id, TimerRow.rule == REARM)


def rearm(connection: Connection, before: RuleBook, after: RuleBook, now: datetime, at_once: int | None = None) -> None:
    """Of those that follow from the change of rules so many at once (None: all), and the others marked."""
    moved = _moved(connection, before, after)
    if moved is None:
        return
    query = select(Ticket.id, Ticket.state_json).where(Ticket.closed_at.is_(None), moved).order_by(Ticket.id)
    first = connection.execute(query.limit(at_once).with_for_update()).all()
    arm_anew(connection, after, {row.id: row.state_json for row in first})
    if at_once is not None and len(first) == at_once:
        others = query.with_only_columns(Ticket.id, literal(REARM), literal(0), literal(now, TimerRow.due_at.type))
        unmarked = others.where(Ticket.id > first[-1].id, ~IS_MARKED)
        connection.execute(insert(TimerRow).from_select(["ticket_id", "rule", "occurrence", "due_at"], unmarked))


def arm_anew(connection: Connection, book: RuleBook, texts: Mapping[int, str]) -> dict[int, str]:
    """Deadlines and timers of these tickets, given as they are stored, under the rules as they are now; what is stored
    of them then. No mark is left on them."""
    stored = _timers_of(connection, texts)
    armed: dict[int, str] = {}
    with one_journey(connection) as journey:
        before, now = _Rows(), _Rows()
        for ticket_id, text in texts.items():
            ticket = load_state(text)
            before.add(ticket_id, ticket, stored[ticket_id])
            for clock in ticket.clocks.values():
                arm(clock, book)
            now.add(ticket_id, ticket, rows.timer_rows(ticket_id, timers_of(ticket, book, book.shares, book)))
            armed[ticket_id] = rows.state_json(ticket)
        for table, name in ((TicketClock, "clocks"), (Visibility, "visibility"), (TimerRow, "timers")):
            journey.put(table, getattr(before, name), getattr(now, name))
        changed = [{"id": key, "state_json": text} for key, text in armed.items() if text != texts[key]]
        journey.change(Ticket, changed)
    return armed


class _Rows:
    """Of several tickets what depends on the hours."""

    def __init__(self) -> None:
        self.clocks: dict[rows.Key, rows.Row] = {}
        self.visibility: dict[rows.Key, rows.Row] = {}
        self.timers: dict[rows.Key, rows.Row] = {}

    def add(self, ticket_id: int, ticket: TicketState, timers: Mapping[rows.Key, rows.Row]) -> None:
        self.clocks |= rows.clock_rows(ticket_id, ticket)
        self.visibility |= rows.visibility_rows(ticket_id, ticket)
        self.timers |= timers


def _timers_of(connection: Connection, ticket_ids: Iterable[int]) -> dict[int, dict[rows.Key, rows.Row]]:
    columns = (TimerRow.ticket_id, TimerRow.rule, TimerRow.occurrence, TimerRow.due_at)
    found: dict[int, dict[rows.Key, rows.Row]] = {ticket_id: {} for ticket_id in ticket_ids}
    for row in connection.execute(select(*columns).where(TimerRow.ticket_id.in_(found))).mappings():
        found[row["ticket_id"]][row["ticket_id"], row["rule"], row["occurrence"]] = dict(row)
    return found


def _moved(connection: Connection, before: RuleBook, after: RuleBook) -> ColumnElement[bool] | None:
    """Which tickets' deadlines may be others now; None when no ticket's."""
    if before.shares != after.shares:
        return true()
    hours = {
        key
        for (kind, key), version in after.current.items()
        if kind == "calendar" and before.current.get((kind, key)) != version
    }
    # The fold's canonical JSON: of all that names hours, a clock with something due has this next to them.
    clocks = [Ticket.state_json.contains(f'"calendar":"{key}","due_at":', autoescape=True) for key in sorted(hours)]
    moved = [*clocks, *_timed(connection, before, after, hours)]
    return or_(*moved) if moved else None


def _timed(
    connection: Connection, before: RuleBook, after: RuleBook, hours: Collection[str]
) -> Iterator[ColumnElement[bool]]:
    """States that time ends by hours that are others now."""
    others = {whose: _others(before.hours_by(whose), after.hours_by(whose), hours) for whose in WHOSE}
    if not any(others.values()):
        return
    versions = connection.execute(select(Version.hash).where(Version.kind == "workflow").order_by(Version.hash))
    for version in versions.scalars():
        for timed in after.definition(version).timed.values():
            if not timed.until and others[timed.calendar]:
                in_state = and_(Ticket.workflow_version == version, Ticket.state.in_(timed.from_states))
                yield and_(in_state, WHOSE[timed.calendar](others[timed.calendar]))


def _others(before: Mapping[str, str], now: Mapping[str, str], hours: Collection[str]) -> list[str]:
    """By whom (RuleBook.hours_by) other hours are kept now, or the same that are others."""
    return sorted(who for who, key in now.items() if who in before and (before[who] != key or key in hours))


# Which tickets are theirs.
WHOSE: Mapping[str, Callable[[list[str]], ColumnElement[bool]]] = {
    "holder": Ticket.holder_team.in_,
    "municipality": Ticket.municipality.in_,
    "joint": lambda who: true(),
    "always": lambda who: true(),
}
