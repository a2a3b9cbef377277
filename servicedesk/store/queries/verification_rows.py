"""Proving what is written from the fold: each row as the journal folded again gives it, none missing and none more."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from operator import itemgetter
from typing import Any

from servicedesk.core.codec import from_json
from servicedesk.core.ledger import does_not_add_up
from servicedesk.core.sla import arm
from servicedesk.core.ticket import TicketState
from servicedesk.core.timers import timers_of
from servicedesk.store import projection
from servicedesk.store.base import Base
from servicedesk.store.bulk import Row
from servicedesk.store.queries.difference import Difference
from servicedesk.store.queries.verification_read import Stored, places_of
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket, TicketClock, TicketCustody, Visibility
from servicedesk.store.timers import REARM, TimerRow

Expected = Mapping[projection.Key, projection.Row]


def verify_rows(book: RuleBook, ticket_id: int, ticket: TicketState, stored: Stored) -> Iterator[Difference]:
    number, [row] = stored.number, stored.of(Ticket)
    is_marked = any(timer[places_of(TimerRow)["rule"]] == REARM for timer in stored.of(TimerRow))
    expected_row = projection.ticket_row(ticket, stored.head_hash)
    if is_marked and _armed(row, book) == expected_row["state_json"]:
        # Its hours have changed: what is due is counted anew by the next sweep, or before the next step.
        del expected_row["state_json"]
    yield from _compare(number, "row", Ticket, expected_row, row)
    for fault in does_not_add_up(ticket):
        yield Difference(number, "conservation", fault)
    if is_marked:
        return
    timers = timers_of(ticket, book, book.shares, book)
    for table, expected in (
        (TicketClock, projection.clock_rows(ticket_id, ticket)),
        (TicketCustody, projection.custody_rows(ticket_id, ticket)),
        (Visibility, projection.visibility_rows(ticket_id, ticket)),
        (TimerRow, projection.timer_rows(ticket_id, timers)),
    ):
        found = stored.of(table)
        rows = dict(zip(map(_key(table), found), found, strict=True))
        # As nearly always: then nothing need be looked at one by one. A projection has its columns in their order.
        if rows != {key: tuple(row.values()) for key, row in expected.items()}:
            yield from _compare_rows(number, table, expected, rows)


def _armed(row: Row, book: RuleBook) -> str:
    """The fold that is stored, by the hours as they are now."""
    ticket = from_json(TicketState, row[places_of(Ticket)["state_json"]])
    for clock in ticket.clocks.values():
        arm(clock, book)
    return projection.state_json(ticket)


def _compare_rows(
    number: str, table: type[Base], expected: Expected, stored: Mapping[projection.Key, Row]
) -> Iterator[Difference]:
    what = table.__tablename__
    for key in stored.keys() - expected.keys():
        yield Difference(number, what, f"{key} is stored and should not be")
    for key, row in expected.items():
        if key not in stored:
            yield Difference(number, what, f"{key} is missing")
        else:
            yield from _compare(number, f"{what} {key[-1]}", table, row, stored[key])
    if table is TimerRow:
        place = places_of(TimerRow)["set_aside"]
        for key, kept in stored.items():
            if kept[place]:
                yield Difference(number, what, f"{key} was set aside: {kept[place]}")


def _compare(number: str, what: str, table: type[Base], expected: projection.Row, stored: Row) -> Iterator[Difference]:
    places = places_of(table)
    for name, value in expected.items():
        found = stored[places[name]]
        if found != value:
            yield Difference(number, what, f"{name} is {_short(found)}, the journal says {_short(value)}")


@cache
def _key(table: type[Base]) -> Callable[[Row], projection.Key]:
    """What gives a row's primary key, of two columns at least."""
    places = places_of(table)
    return itemgetter(*(places[column.name] for column in table.__table__.primary_key))


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
