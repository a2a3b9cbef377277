"""The requester's own link to a ticket: given by its municipality, opened by whoever has it, taken out of use."""

import secrets
from base64 import urlsafe_b64encode
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import new as hmac

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from servicedesk.actions.attempts import count_failed_link
from servicedesk.actions.desk import Desk
from servicedesk.actions.opened import Open
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.errors import NotFound, Unavailable
from servicedesk.core.events import LinkGiven
from servicedesk.core.facts import Actor
from servicedesk.core.requesters import link_ends_at, requester, require_may_give_link
from servicedesk.core.vocabulary import Language
from servicedesk.store.queries.requesters import FoundLink, find_link, find_own, when_opened
from servicedesk.store.requesters import RequesterLink
from servicedesk.store.upsert import insert_missing

TOUCH_EVERY = timedelta(minutes=1)


def give_link(desk: Desk, number: str, *, actor: Actor) -> str:
    """The token of the ticket's link, the same each time until it is taken out of use; its time begins anew. The
    journal says who was shown it. Refusal `not_yours`."""
    with unit_of_work(desk) as work:
        held = work.open_ticket(number, actor=actor)
        require_may_give_link(held.ticket, actor)
        token = token_for(work, held)
        work.record(held, LinkGiven(), actor=actor)
        return token


def token_for(work: Work, held: Open) -> str:
    """The same within a unit of work, with no word in the journal: for what is sent to the requester themselves."""
    return token_of(work.desk, work.connection, held.id, held.now)


def token_of(desk: Desk, connection: Connection, ticket_id: int, now: datetime) -> str:
    """The same, for who has no ticket in hand. Made by whoever comes first; its time begins anew."""
    mine = RequesterLink.ticket_id == ticket_id
    given = update(RequesterLink).where(mine).values(given_at=now).returning(RequesterLink.salt)
    salt = connection.execute(given).scalar()
    if salt is None:
        new = secrets.token_hex(32)
        row = {"ticket_id": ticket_id, "salt": new, "token_hash": hash_of(_token(desk, new)), "given_at": now}
        insert_missing(connection, RequesterLink, [{**row, "language": ""}])
        salt = connection.execute(select(RequesterLink.salt).where(mine)).scalar_one()
    return _token(desk, salt)


def withdraw_link(desk: Desk, number: str, *, actor: Actor) -> None:
    """The link opens nothing any longer; the next one that is given is another. Refusal `not_yours`."""
    with unit_of_work(desk) as work:
        held = work.open_ticket(number, actor=actor)
        require_may_give_link(held.ticket, actor)
        if drop_link(work.connection, held.id):
            work.record(held, LinkGiven(withdrawn=True), actor=actor)


def drop_link(connection: Connection, ticket_id: int) -> bool:
    """Whether there was one."""
    return connection.execute(delete(RequesterLink).where(RequesterLink.ticket_id == ticket_id)).rowcount > 0


def enter_by_link(desk: Desk, token: str, *, origin: str, days: int) -> tuple[Actor, Language | None]:
    """The requester whose link this is, and the language that they have chosen or that was said to be theirs. NotFound,
    alike for a link that never was, is over or was taken out of use; Refusal `locked` where too many such came from
    this network address."""
    # Hashed whatever it is: how long it takes tells nothing of how near a guess is.
    with desk.glancing() as connection:
        found, now = find_link(connection, hash_of(token)), desk.now(connection)
    ends = link_ends_at(found.given_at, found.closed_at, days) if found else None
    if found is None or (ends is not None and ends <= now):
        count_failed_link(desk, origin)
        raise NotFound("The link opens nothing.")
    _touch(desk, found, now)
    known = found.language or found.said_language
    language = Language(known) if known else None
    return requester(found.number, language or Language.SWEDISH), language


def enter_signed_in(desk: Desk, number: str, *, actor: Actor) -> Actor:
    """The requester of a ticket that this person, signed in, has asked about themselves. NotFound for any other."""
    with desk.glancing() as connection:
        ticket_id = find_own(connection, actor, number)
        opened_at, now = when_opened(connection, ticket_id), desk.now(connection)
    if opened_at is None or now - opened_at >= TOUCH_EVERY:
        with suppress(Unavailable, SQLAlchemyError), desk.transaction() as connection:
            token_of(desk, connection, ticket_id, now)  # what is remembered of the page stands with its link
            _opened(connection, ticket_id, now)
    return requester(number, actor.language)


def _touch(desk: Desk, found: FoundLink, now: datetime) -> None:
    """Remember, to the minute, that the requester has seen it. A database that cannot write shuts nobody out."""
    if found.opened_at is not None and now - found.opened_at < TOUCH_EVERY:
        return
    with suppress(Unavailable, SQLAlchemyError), desk.transaction() as connection:
        _opened(connection, found.ticket_id, now)


def _opened(connection: Connection, ticket_id: int, now: datetime) -> None:
    connection.execute(update(RequesterLink).where(RequesterLink.ticket_id == ticket_id).values(opened_at=now))


def choose_language(desk: Desk, number: str, language: Language, *, actor: Actor) -> None:
    """Kept with the link: for the page, and for what is sent."""
    with unit_of_work(desk) as work:
        held = work.open_ticket(number, actor=actor)
        mine = RequesterLink.ticket_id == held.id
        work.connection.execute(update(RequesterLink).where(mine).values(language=str(language)))


def hash_of(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()


def _token(desk: Desk, salt: str) -> str:
    """256 bits; 43 characters that an address takes as they are."""
    mark = hmac(desk.secret.encode(), f"requester-link:{salt}".encode(), sha256).digest()
    return urlsafe_b64encode(mark).decode().rstrip("=")
