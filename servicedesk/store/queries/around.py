"""What stands around one ticket: those it is linked to, and how it is with what it is about."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from servicedesk.core.facts import Actor
from servicedesk.store.queries.lines import Line, line_of, select_lines
from servicedesk.store.queries.lists import COUNT_CAP
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.tickets import Ticket, Visibility

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Alike:
    """Open tickets about the same thing: how many, at most COUNT_CAP + 1, and the newest."""

    count: int
    newest: list[Line]


def lines_numbered(connection: Connection, viewer: Actor, numbers: Collection[str]) -> dict[str, Line]:
    """The viewer's tickets of these numbers."""
    if not numbers:
        return {}
    rows = connection.execute(select_lines(viewer).where(Ticket.number.in_(numbers)))
    return {row.number: line_of(row) for row in rows}


def open_about(connection: Connection, viewer: Actor, but: str, *, e_service: str = "", service: str = "") -> Alike:
    """Of an e-service, or else of a service, and not the one of this number."""
    about = Ticket.e_service == e_service if e_service else Visibility.service == service
    wanted: tuple[ColumnElement[bool], ...] = (about, Visibility.is_open.is_(True), Ticket.number != but)
    found = visible_tickets(viewer, Ticket.id).where(*wanted).limit(COUNT_CAP + 1)
    count = connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()
    newest = select_lines(viewer).where(*wanted).order_by(Visibility.ticket_id.desc()).limit(SHOWN) if count else None
    return Alike(count, [line_of(row) for row in connection.execute(newest)] if newest is not None else [])
