"""A request takes effect once however often it is sent: a double click, the back button, a client that tries again.

Its sender gives it a key. The key's row is written in the transaction of what the request does: both are there or
neither, whichever process is asked and whenever one dies. Who comes with the same key meanwhile waits for the first,
or is told so where that is what its sender wants.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac
from json import dumps
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, select, update

from servicedesk.actions.desk import Desk
from servicedesk.core.errors import AlreadyDone, KeyInUse, KeyReused
from servicedesk.core.facts import Actor
from servicedesk.core.ticket import TicketState
from servicedesk.store.requests import DoneRequest, add_request, hold_key
from servicedesk.store.upsert import Journey, one_journey

REMEMBERED = timedelta(days=3)
NOTHING_YET = ""


@dataclass(frozen=True, slots=True)
class Once:
    """A request: who sends it, under which key, and a mark of what it asks for. After `lasts` its key is free again;
    `waits`: for the same one that is being carried out, rather than to be refused at once."""

    sender: str
    key: str
    fingerprint: str
    lasts: timedelta = REMEMBERED
    waits: bool = True


def once_for(
    desk: Desk,
    actor: Actor,
    key: str,
    content: Mapping[str, Any],
    *,
    lasts: timedelta = REMEMBERED,
    waits: bool = True,
) -> Once:
    """`key` is the sender's own, of any length. `content` is all that makes it this request and no other."""
    words = dumps(content, sort_keys=True)
    marks = _mark(desk, "key", key), _mark(desk, "content", words)
    return Once(f"{actor.kind}:{actor.key}", *marks, lasts=lasts, waits=waits)


def claim(connection: Connection, once: Once, at: datetime) -> None:
    """Ours from now on. AlreadyDone when the same has been done, KeyReused when its key has done something else,
    KeyInUse when it is being done and the sender does not wait."""
    row = {"fingerprint": once.fingerprint, "result": NOTHING_YET, "done_at": at}
    if add_request(connection, {"sender": once.sender, "key": once.key, **row}, waits=once.waits):
        return
    is_free = once.waits or hold_key(connection, once.sender, once.key)
    found = connection.execute(_FOUND, {"whose": once.sender, "under": once.key}).first() if is_free else None
    if found is None:
        raise KeyInUse("The same request is being carried out now. Send it again in a moment.")
    if found.done_at <= at - once.lasts:
        connection.execute(update(DoneRequest).where(*_row(once)).values(row))
        return
    if not compare_digest(found.fingerprint, once.fingerprint):
        raise KeyReused("This has already been sent once, with other content.", result=found.result)
    raise AlreadyDone("This has already been done.", result=found.result)


def has_done(connection: Connection, once: Once) -> bool:
    """Whether something has come of a request under this key."""
    found = connection.execute(_FOUND, {"whose": once.sender, "under": once.key}).first()
    return found is not None and found.result != NOTHING_YET


def settle(connection: Connection, once: Once, result: str) -> None:
    """What has come of it, at the end of its transaction."""
    with one_journey(connection) as journey:
        settle_with(journey, once, result)


def settle_with(journey: Journey, once: Once, result: str) -> None:
    """The same, together with what else is written then."""
    journey.change(DoneRequest, [{"sender": once.sender, "key": once.key, "result": result}])


_THIS = (DoneRequest.sender == bindparam("whose"), DoneRequest.key == bindparam("under"))
_FOUND = select(DoneRequest.fingerprint, DoneRequest.result, DoneRequest.done_at).where(*_THIS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request on a ticket: which one, and its last event then. No text of anybody's stands in it."""

    number: str
    seq: int


def outcome_of(ticket: TicketState) -> str:
    return f"{ticket.number} {ticket.seq}"


def outcome(result: str) -> Outcome:
    number, _, seq = result.partition(" ")
    return Outcome(number, int(seq or 0))


def forget_done(desk: Desk) -> int:
    """Remove what nobody sends again; how many."""
    with desk.transaction() as connection:
        old = delete(DoneRequest).where(DoneRequest.done_at <= desk.now(connection) - REMEMBERED)
        return connection.execute(old).rowcount


def _row(once: Once) -> tuple[ColumnElement[bool], ...]:
    return DoneRequest.sender == once.sender, DoneRequest.key == once.key


def _mark(desk: Desk, kind: str, text: str) -> str:
    """Keyed, so that who reads the database cannot try out what people have written."""
    return hmac(desk.secret.encode(), f"{kind}:{text}".encode(errors="replace"), sha256).hexdigest()
