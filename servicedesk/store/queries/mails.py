"""What a requester has been sent, and when they last looked: for those who see the ticket and speak with them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servicedesk.core.facts import Actor
from servicedesk.core.letters import Occasion
from servicedesk.core.undelivered import Failure, failure_from
from servicedesk.store.mails import Mail
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.requesters import RequesterLink
from servicedesk.store.tickets import Ticket


@dataclass(frozen=True, slots=True)
class SentMail:
    """`seq`: the event that it tells of. `at`: when it was taken over by the mail server or given up, else when it was
    made. `failure`: of the last attempt."""

    id: int
    seq: int
    occasion: Occasion
    state: str
    at: datetime
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class Contact:
    """`mails`: newest first. `has_link`: the requester has a page; `opened_at`: when they last opened it; `language`:
    the one that they have chosen there, '' for none."""

    mails: tuple[SentMail, ...]
    has_link: bool
    opened_at: datetime | None
    language: str


def contact_with_requester(connection: Connection, viewer: Actor, number: str) -> Contact:
    columns = (Mail.id, Mail.seq, Mail.occasion, Mail.state, Mail.over_at, Mail.made_at, Mail.failure)
    link = (RequesterLink.ticket_id, RequesterLink.opened_at, RequesterLink.language)
    query = visible_tickets(viewer, *columns, *link).where(Ticket.number == number)
    query = query.outerjoin(RequesterLink, RequesterLink.ticket_id == Ticket.id)
    query = query.outerjoin(Mail, Mail.ticket_id == Ticket.id).order_by(Mail.id.desc())
    rows = connection.execute(query).all()
    return Contact(
        mails=tuple(
            SentMail(
                row.id,
                row.seq,
                Occasion(row.occasion),
                row.state,
                row.over_at or row.made_at,
                failure_from(row.failure),
            )
            for row in rows
            if row.id is not None
        ),
        has_link=any(row.ticket_id is not None for row in rows),
        opened_at=next((row.opened_at for row in rows), None),
        language=next((row.language or "" for row in rows), ""),
    )
