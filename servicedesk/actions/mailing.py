"""Mail to whoever asked: made when something is told to them, claimed by a lease, and recorded when it is over.

1. `make_mail` makes it, as the outbox is drained: with no address and no text in it.
2. `exchange` records what has come of the last one, and claims the next, in one transaction.
3. Whoever has claimed it writes and sends it, in no transaction (servicedesk.mail).

Who dies between 2 and 3, or before the next 2, leaves a lease that ends: the mail is sent again, under the same
Message-ID, which is all that SMTP knows of once.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update
from sqlalchemy.orm import aliased

from servicedesk.actions.desk import Desk
from servicedesk.actions.links import token_of
from servicedesk.core.events import Event
from servicedesk.core.facts import Installation
from servicedesk.core.letters import Occasion, address_in, is_overtaken, may_be_mailed, occasion_of
from servicedesk.core.requesters import requester, speakers_of
from servicedesk.core.ticket import TicketState
from servicedesk.core.undelivered import Cause, Failure
from servicedesk.core.vocabulary import Language
from servicedesk.core.webhooks import next_attempt
from servicedesk.store.failures import is_the_databases
from servicedesk.store.mails import DROPPED, FAILED, SENT, WAITING, WAITS, Mail
from servicedesk.store.outbox import Notice
from servicedesk.store.queries.requesters import RequesterView, contact_of, language_of, view_as_requester
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket
from servicedesk.store.upsert import insert_missing

# Longer than one mail may take.
LEASE = timedelta(minutes=3)
NOT_ARRIVED = "mail_failed"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail to be written and sent. `first_id`: the ticket's first, which it belongs under. Who it is to, and what
    opens their ticket, is in no log: not in what it looks like either."""

    id: int
    message_id: str
    first_id: str
    occasion: Occasion
    view: RequesterView = field(repr=False)
    installation: Installation = field(repr=False)
    language: Language
    now: datetime
    address: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the server's answer, None where there was none; what was wrong, and whether for good."""

    id: int
    response: int | None = None
    failure: Failure | None = None
    is_hopeless: bool = False


def make_mail(connection: Connection, ticket_id: int, event: Event, ticket: TicketState, now: datetime) -> None:
    """One for an event that is news to the requester, given the ticket right after it; however often this runs."""
    occasion = occasion_of(event, ticket)
    if occasion is None or not may_be_mailed(ticket) or not address_in(contact_of(connection, ticket_id)):
        return
    row = {"ticket_id": ticket_id, "seq": event.seq, "occasion": str(occasion), "message_id": uuid4().hex}
    state = {"state": WAITING, "attempts": 0, "next_at": now, "failure": "", "made_at": now}
    insert_missing(connection, Mail, [{**row, **state}])


def is_any_due(desk: Desk) -> bool:
    with desk.reading() as connection:
        query = select(Mail.id).where(_is_due(desk.now(connection))).limit(1)
        return connection.execute(query).first() is not None


def exchange(desk: Desk, outcome: Outcome | None, *, takes: bool = True) -> Envelope | None:
    """Record this one, and take the next that is due; None when there is none, or none is wanted."""
    with desk.transaction() as connection:
        book, now = desk.book_and_now(connection)
        if outcome is not None:
            _record(connection, book, outcome, now)
        while takes and (row := _claim(connection, now)):
            envelope = _envelope_or_not(desk, connection, book, row, now)
            if envelope is not None:
                return envelope
    return None


def _envelope_or_not(desk: Desk, connection: Connection, book: RuleBook, row: Any, now: datetime) -> Envelope | None:
    """One that cannot be made is tried again like one that cannot be sent, and holds up no other."""
    savepoint = connection.begin_nested()
    try:
        envelope = _envelope(desk, connection, book, row, now)
        savepoint.commit()
        return envelope
    except Exception as error:
        if is_the_databases(error):
            raise
        savepoint.rollback()
        _record(connection, book, Outcome(row.id, failure=Failure(Cause.OTHER, type(error).__name__)), now)
        return None


def _is_due(now: datetime) -> ColumnElement[bool]:
    free = or_(Mail.leased_until.is_(None), Mail.leased_until <= now)
    return and_(Mail.state == WAITS, Mail.next_at <= now, free)


def _claim(connection: Connection, now: datetime) -> Any:
    """The first that is due and waits for no other of its ticket, ours until the lease ends."""
    its = aliased(Mail)
    first = select(func.min(its.id)).where(its.ticket_id == Mail.ticket_id, its.state == WAITS)
    due = select(Mail.__table__, Ticket.number).join(Ticket, Ticket.id == Mail.ticket_id)
    due = due.where(_is_due(now), Mail.id == first.scalar_subquery()).order_by(Mail.next_at, Mail.id).limit(1)
    row = connection.execute(due.with_for_update(skip_locked=True, of=Mail)).first()
    if row is not None:
        connection.execute(update(Mail).where(Mail.id == row.id).values(leased_until=now + LEASE))
    return row


def _envelope(desk: Desk, connection: Connection, book: RuleBook, row: Any, now: datetime) -> Envelope | None:
    """As it is to be told now. What is not worth telling any longer, or has nobody to go to, is dropped."""
    view = view_as_requester(connection, book, requester(row.number))
    address = address_in(contact_of(connection, row.ticket_id))
    occasion = Occasion(row.occasion)
    if not address or not may_be_mailed(view.ticket) or is_overtaken(occasion, row.seq, view.ticket):
        over = {"state": DROPPED, "over_at": now, "next_at": None, "leased_until": None}
        connection.execute(update(Mail).where(Mail.id == row.id).values(over))
        return None
    first = select(Mail.message_id).where(Mail.ticket_id == row.ticket_id).order_by(Mail.id).limit(1)
    return Envelope(
        id=row.id,
        message_id=row.message_id,
        first_id=connection.execute(first).scalar_one(),
        occasion=occasion,
        view=view,
        installation=book.installation,
        language=language_of(connection, book.installation, row.ticket_id),
        now=now,
        address=address,
        token=token_of(desk, connection, row.ticket_id, now),
    )


def _record(connection: Connection, book: RuleBook, outcome: Outcome, now: datetime) -> None:
    """What has gone is over; of what has not the next attempt is by the schedule, if that goes on."""
    its = Mail.id == outcome.id
    row = connection.execute(select(Mail.attempts, Mail.state).where(its)).first()
    if row is None or row.state != WAITING:
        return  # somebody else's by now, whose lease had not ended
    failure = outcome.failure.written if outcome.failure else ""
    tried = {"attempts": row.attempts + 1, "response": outcome.response, "failure": failure, "tried_at": now}
    again = None
    if outcome.failure is not None and not outcome.is_hopeless:
        again = next_attempt(row.attempts + 1, now, random.random())
    state = SENT if outcome.failure is None else WAITING if again else FAILED
    over = {"state": state, "next_at": again, "over_at": None if again else now, "leased_until": None}
    connection.execute(update(Mail).where(its).values(**tried, **over))
    if state == FAILED:
        _report(connection, book, outcome.id, now)
    elif state == SENT:
        _hurry(connection, now)


def _hurry(connection: Connection, now: datetime) -> None:
    """The server is there: what waits because it gave no answer need not wait any longer."""
    unanswered = (Mail.state == WAITS, Mail.attempts > 0, Mail.response.is_(None), Mail.next_at > now)
    connection.execute(update(Mail).where(*unanswered).values(next_at=now))


def _report(connection: Connection, book: RuleBook, mail_id: int, now: datetime) -> None:
    """To those who speak with the requester: they have to tell them some other way."""
    columns = (Mail.ticket_id, Mail.seq, Ticket.number, Ticket.state_json)
    query = select(*columns).join(Ticket, Ticket.id == Mail.ticket_id).where(Mail.id == mail_id)
    row = connection.execute(query).one()
    view = view_as_requester(connection, book, requester(row.number))
    people = [person.key for person in speakers_of(view.ticket, book.installation)]
    its = (Notice.ticket_id == row.ticket_id, Notice.seq == row.seq, Notice.person.in_(people))
    told = {"kind": "MailFailed", "why": NOT_ARRIVED, "created_at": now}
    connection.execute(update(Notice).where(*its).values(**told, read_at=None))
    common = {"ticket_id": row.ticket_id, "seq": row.seq, **told}
    if people:
        insert_missing(connection, Notice, [{**common, "person": person} for person in people])
