"""Tickets that may be about the same, found as a new one is written: open, of that municipality, with like words."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Connection

from servicedesk.core.facts import Actor
from servicedesk.store.disruptions import DisruptionRow
from servicedesk.store.queries.lines import Line, line_of, select_lines
from servicedesk.store.search.asked import Asked, Ways
from servicedesk.store.search.index import newest_with
from servicedesk.store.tickets import Ticket, Visibility

# The longest tell most. Each is sought once by itself: the index takes long to gather all that begin alike.
MOST_WORDS = 3
ENOUGH = 2
SHOWN = 5
# However many have such a word: what is open is among those that came last.
LOOKED_AT, KEPT = 500, 100


def similar_tickets(connection: Connection, viewer: Actor, municipality: str, wanted: tuple[Ways, ...]) -> list[Line]:
    """The last changed of those that share two of these words; the one word, where there are no more."""
    seats = tuple(seat for seat in viewer.seats if seat.organisation == municipality)
    if not wanted or not seats:
        return []
    seated = replace(viewer, seats=seats)
    shared: Counter[int] = Counter()
    telling = sorted(wanted, key=lambda ways: -len(ways[0][0].word))[:MOST_WORDS]
    for ways in telling:
        newest = newest_with(connection, Asked("", (ways,), ()), seated.organisations, LOOKED_AT)
        shared.update(connection.execute(newest).scalars())
    likely = sorted((ticket for ticket, words in shared.items() if words >= min(ENOUGH, len(telling))), reverse=True)
    lines = select_lines(seated).where(Visibility.ticket_id.in_(likely[:KEPT]), Visibility.is_open.is_(True))
    return [line_of(row) for row in connection.execute(lines.order_by(Visibility.last_at.desc()).limit(SHOWN))]


def line_numbered(connection: Connection, viewer: Actor, number: str) -> Line | None:
    """The viewer's ticket of this number."""
    if not number.isprintable():
        return None
    row = connection.execute(select_lines(viewer).where(Ticket.number == number)).first()
    return line_of(row) if row else None


def springing_from(connection: Connection, viewer: Actor, keys: Collection[str]) -> dict[str, Line]:
    """Disruption's key -> the open ticket that it springs from, of those that the viewer may see."""
    lines = select_lines(viewer).add_columns(DisruptionRow.key.label("disruption"))
    lines = lines.join(DisruptionRow, DisruptionRow.ticket_id == Visibility.ticket_id)
    rows = connection.execute(lines.where(DisruptionRow.key.in_(keys), Visibility.is_open.is_(True)))
    return {row.disruption: line_of(row) for row in rows}
