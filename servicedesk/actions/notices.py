"""Notices marked as read, by the person they are to."""

from sqlalchemy import update

from servicedesk.actions.desk import Desk
from servicedesk.core.facts import Actor
from servicedesk.store.outbox import DeskNotice, Notice
from servicedesk.store.queries.tickets import find_ticket


def mark_read(desk: Desk, up_to: int, *, actor: Actor) -> int:
    """Mark the actor's own notices up to this id as read; how many were unread. Newer ones have not been seen yet."""
    with desk.transaction() as connection:
        mine = (Notice.person == actor.key, Notice.read_at.is_(None), Notice.id <= up_to)
        return connection.execute(update(Notice).where(*mine).values(read_at=desk.now(connection))).rowcount


def mark_ticket_read(desk: Desk, number: str, *, actor: Actor) -> int:
    """Mark the actor's own notices of a ticket as read, which it shows all of; how many were unread. NotFound when the
    ticket is not theirs to see."""
    with desk.transaction() as connection:
        ticket_id, *_ = find_ticket(connection, actor, number)
        mine = (Notice.person == actor.key, Notice.read_at.is_(None), Notice.ticket_id == ticket_id)
        return connection.execute(update(Notice).where(*mine).values(read_at=desk.now(connection))).rowcount


def mark_desk_read(desk: Desk, up_to: int, *, actor: Actor) -> int:
    """The same of what is about the installation itself."""
    with desk.transaction() as connection:
        mine = (DeskNotice.person == actor.key, DeskNotice.read_at.is_(None), DeskNotice.id <= up_to)
        return connection.execute(update(DeskNotice).where(*mine).values(read_at=desk.now(connection))).rowcount
