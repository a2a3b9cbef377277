"""The requester's own link to a ticket: given by its municipality, opened by whoever has it, taken out of use."""

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import new as hmac

from sqlalchemy import Connection, delete, insert, select, update

from servicedesk.actions.attempts import count_failed_link
from servicedesk.actions.desk import Desk
from servicedesk.actions.opened import Open
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.errors import NotFound
from servicedesk.core.events import LinkGiven
from servicedesk.core.facts import Actor
from servicedesk.core.requesters import link_ends_at, requester, require_may_give_link
from servicedesk.core.vocabulary import Language
from servicedesk.store.queries.requesters import find_link
from servicedesk.store.requesters import RequesterLink


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
    mine = RequesterLink.ticket_id == held.id
    salt = work.connection.execute(select(RequesterLink.salt).where(mine)).scalar()
    if salt is not None:
        work.connection.execute(update(RequesterLink).where(mine).values(given_at=held.now))
        return _token(work.desk, salt)
    salt = secrets.token_hex(32)
    token = _token(work.desk, salt)
    row = {"ticket_id": held.id, "salt": salt, "token_hash": hash_of(token), "given_at": held.now, "language": ""}
    work.connection.execute(insert(RequesterLink).values(row))
    return token


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
    """The requester whose link this is, and the language that they have chosen. NotFound, alike for a link that never
    was, is over or was taken out of use; Refusal `locked` where too many such came from this network address."""
    # Hashed whatever it is: how long it takes tells nothing of how near a guess is.
    with desk.glancing() as connection:
        found, now = find_link(connection, hash_of(token)), desk.now(connection)
    ends = link_ends_at(found.given_at, found.closed_at, days) if found else None
    if found is None or (ends is not None and ends <= now):
        count_failed_link(desk, origin)
        raise NotFound("The link opens nothing.")
    chosen = Language(found.language) if found.language else None
    return requester(found.number, chosen or Language.SWEDISH), chosen


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
