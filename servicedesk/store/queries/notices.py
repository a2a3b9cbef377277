"""A person's notices, of the tickets that they may see now."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from servicedesk.core.facts import Actor
from servicedesk.store.journal import PersonalText
from servicedesk.store.outbox import DeskNotice, Notice
from servicedesk.store.queries.lines import TITLE_FIELDS, title_of
from servicedesk.store.queries.visible import tickets_visible_to, visible_tickets
from servicedesk.store.tickets import Ticket, Visibility

SHOWN = 30
COUNT_CAP = 99


@dataclass(frozen=True, slots=True)
class NoticeLine:
    id: int
    number: str
    title: str
    kind: str
    why: str
    created_at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class After:
    """The last notice of the page before."""

    is_read: bool
    id: int


def list_notices(
    connection: Connection, viewer: Actor, *, after: After | None = None, limit: int = SHOWN
) -> tuple[list[NoticeLine], After | None]:
    """The newest first, unread ones before all others; and after what the next page begins, if there is one."""
    title = (
        select(PersonalText.text)
        .where(
            PersonalText.ticket_id == Visibility.ticket_id,
            PersonalText.seq == Visibility.title_seq,
            PersonalText.field.in_(TITLE_FIELDS),
        )
        .scalar_subquery()
    )
    columns = (Notice.id, Ticket.number, title.label("title"), Notice.kind, Notice.why, Notice.created_at)
    query = _mine(viewer, *columns, Notice.read_at).order_by(Notice.read_at.is_not(None), Notice.id.desc())
    if after:
        is_read = Notice.read_at.is_not(None)
        older = Notice.id < after.id
        query = query.where(and_(is_read, older) if after.is_read else or_(is_read, older))
    lines = [
        NoticeLine(row.id, row.number, title_of(row.title), row.kind, row.why, row.created_at, row.read_at is not None)
        for row in connection.execute(query.limit(limit + 1))
    ]
    last = lines[limit - 1] if len(lines) > limit else None
    return lines[:limit], After(last.is_read, last.id) if last else None


def count_unread(connection: Connection, viewer: Actor) -> int:
    """At most `COUNT_CAP` + 1 of tickets, and those of the installation itself."""
    found = connection.execute(_counting_unread(viewer.organisations), {"person": viewer.key})
    return int(found.scalar_one())


@lru_cache(maxsize=256)
def _counting_unread(organisations: frozenset[str]) -> Select[Any]:
    """Built once: every page asks it."""
    person: Any = bindparam("person")
    unread = tickets_visible_to(organisations, Notice.id).join(Notice, Notice.ticket_id == Ticket.id)
    unread = unread.where(Notice.person == person, Notice.read_at.is_(None)).limit(COUNT_CAP + 1)
    of_tickets = select(func.count()).select_from(unread.subquery()).scalar_subquery()
    of_desk = select(func.count()).where(DeskNotice.person == person, DeskNotice.read_at.is_(None)).scalar_subquery()
    return select(of_tickets + of_desk)


@dataclass(frozen=True, slots=True)
class DeskNoticeLine:
    id: int
    kind: str
    about: str
    created_at: datetime


def unread_of_desk(connection: Connection, viewer: Actor) -> list[DeskNoticeLine]:
    """What a person should know of the installation itself and has not read, the newest first."""
    columns = (DeskNotice.id, DeskNotice.kind, DeskNotice.about, DeskNotice.created_at)
    query = select(*columns).where(DeskNotice.person == viewer.key, DeskNotice.read_at.is_(None))
    query = query.order_by(DeskNotice.id.desc()).limit(SHOWN)
    return [DeskNoticeLine(*row) for row in connection.execute(query)]


def _mine(viewer: Actor, *columns: Any) -> Select[Any]:
    return (
        visible_tickets(viewer, *columns).join(Notice, Notice.ticket_id == Ticket.id).where(Notice.person == viewer.key)
    )


def has_unread(connection: Connection, viewer: Actor, number: str) -> bool:
    """Whether something about this ticket has not been read."""
    asked = {"person": viewer.key, "number": number}
    return connection.execute(_unread_about(viewer.organisations), asked).first() is not None


@lru_cache(maxsize=256)
def _unread_about(organisations: frozenset[str]) -> Select[Any]:
    theirs = tickets_visible_to(organisations, Notice.id).join(Notice, Notice.ticket_id == Ticket.id)
    unread = (Notice.person == bindparam("person"), Notice.read_at.is_(None))
    return theirs.where(*unread, Ticket.number == bindparam("number")).limit(1)
