"""Guessing slowed down: how often signing in may fail, by what was written as an address and by where it came from.

An address is counted alike whether or not anybody has it, so that the answers tell nobody who is here. Counts stand in
the database, so that they hold across processes and machines. An attempt is counted before its password is looked at:
many at once get no more tries than one after another.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import new as hmac
from ipaddress import IPv6Address, ip_address

from sqlalchemy import ColumnElement, Connection, case, delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from servicedesk.actions.desk import Desk
from servicedesk.core.errors import Refusal, Unavailable
from servicedesk.store.access import SignInAttempt
from servicedesk.store.upsert import insert_missing

# Of an address or origin 20 bits are kept: enough that two hardly ever share a mark, at most a million rows of each.
MARK_LENGTH = 5


@dataclass(frozen=True)
class Limit:
    """So many tries without success within `window` of the first; the one that fills it begins a pause as long."""

    kind: str
    attempts: int
    window: timedelta


ADDRESS = Limit("address", 5, timedelta(minutes=5))
# Generous: everybody at a municipality may come from one address.
ORIGIN = Limit("origin", 200, timedelta(minutes=10))
# A token cannot be guessed: this spares the database those who try for ever, and a working system what goes wrong
# beside it at the same address.
TOKEN = Limit("token", 1000, timedelta(minutes=10))
# Nor can a link: people mistype and come back to old ones, machines try for ever.
LINK = Limit("link", 100, timedelta(minutes=10))
# Whoever has a link needs no account: of one ticket so much is written by its requester and no more.
WRITING = Limit("writing", 30, timedelta(minutes=10))


def count_attempt(desk: Desk, email: str, origin: str) -> None:
    """One more try, before its password is looked at. Refusal `locked` when either has had its tries; that counts as
    none."""
    with desk.transaction() as connection:
        now = desk.now(connection)
        # The origin first, always: so no two wait for each other.
        for limit, mark in ((ORIGIN, _origin_mark(desk, origin)), (ADDRESS, _address_mark(desk, email))):
            if not _counted(connection, limit, mark, now):
                minutes = limit.window // timedelta(minutes=1)
                raise Refusal("Too many attempts. Wait %(minutes)s min and try again.", code="locked", minutes=minutes)


def count_failed_token(desk: Desk, origin: str) -> None:
    """A token that opened nothing was shown from this network address. Refusal `too_many_failures` when that has
    happened too often there; whoever shows one that works is not counted and never refused. While the database is busy
    nothing is counted."""
    seconds = _seconds_after(desk, TOKEN, origin)
    if seconds is not None:
        raise Refusal(
            "Too many tokens from your address have opened nothing. Wait %(seconds)s s, and see to your token.",
            code="too_many_failures",
            seconds=seconds,
        )


def count_failed_link(desk: Desk, origin: str) -> None:
    """The same of a requester's link. Refusal `locked`."""
    if (seconds := _seconds_after(desk, LINK, origin)) is not None:
        minutes = -(-seconds // 60)
        raise Refusal("Too many attempts. Wait %(minutes)s min and try again.", code="locked", minutes=minutes)


def count_writing(desk: Desk, connection: Connection, number: str) -> None:
    """The requester writes in their ticket once more. Refusal `locked` when they have done so too often lately."""
    if not _counted(connection, WRITING, _mark(desk, WRITING, number), desk.now(connection)):
        minutes = WRITING.window // timedelta(minutes=1)
        raise Refusal("Too many attempts. Wait %(minutes)s min and try again.", code="locked", minutes=minutes)


def _seconds_after(desk: Desk, limit: Limit, origin: str) -> int | None:
    """One failure more from there, or when it has had its tries, for how long nothing is answered."""
    mark = _mark(desk, limit, _network(origin))
    with desk.reading() as connection:
        now = desk.now(connection)
        full = (*_row(limit, mark), SignInAttempt.attempts >= limit.attempts, SignInAttempt.expires_at > now)
        until = connection.execute(select(SignInAttempt.expires_at).where(*full)).scalar()
    if until is not None:
        return int((until - now).total_seconds())
    with suppress(Unavailable, SQLAlchemyError), desk.transaction() as connection:
        _counted(connection, limit, mark, now)
    return None


def forget_attempt(desk: Desk, email: str, origin: str) -> None:
    """It succeeded: the address begins anew, the origin gets its one try back. What others failed at from there stays
    counted, or one known password would buy any number of guesses."""
    with desk.transaction() as connection:
        here = _row(ORIGIN, _origin_mark(desk, origin))
        connection.execute(update(SignInAttempt).where(*here).values(attempts=SignInAttempt.attempts - 1))
        release(desk, connection, [email])


def release(desk: Desk, connection: Connection, emails: list[str]) -> None:
    """These addresses have all their tries again."""
    marks = [_address_mark(desk, email) for email in emails]
    mine = SignInAttempt.kind == ADDRESS.kind, SignInAttempt.mark.in_(marks)
    connection.execute(delete(SignInAttempt).where(*mine))


def drop_expired(desk: Desk) -> int:
    """Remove the counts that no longer mean anything; how many."""
    with desk.transaction() as connection:
        expired = delete(SignInAttempt).where(SignInAttempt.expires_at <= desk.now(connection))
        return connection.execute(expired).rowcount


def _counted(connection: Connection, limit: Limit, mark: str, now: datetime) -> bool:
    """Whether there was a try left, which is now used."""
    row = {"kind": limit.kind, "mark": mark, "attempts": 0, "expires_at": now + limit.window}
    insert_missing(connection, SignInAttempt, [row])
    is_old = SignInAttempt.expires_at <= now
    fills = SignInAttempt.attempts == limit.attempts - 1
    used = (
        update(SignInAttempt)
        .where(*_row(limit, mark), is_old | (SignInAttempt.attempts < limit.attempts))
        .values(
            attempts=case((is_old, 1), else_=SignInAttempt.attempts + 1),
            expires_at=case((is_old | fills, now + limit.window), else_=SignInAttempt.expires_at),
        )
    )
    return connection.execute(used).rowcount == 1


def _row(limit: Limit, mark: str) -> tuple[ColumnElement[bool], ...]:
    return SignInAttempt.kind == limit.kind, SignInAttempt.mark == mark


def _address_mark(desk: Desk, email: str) -> str:
    return _mark(desk, ADDRESS, email.strip().casefold())


def _origin_mark(desk: Desk, origin: str) -> str:
    return _mark(desk, ORIGIN, _network(origin))


def _network(origin: str) -> str:
    """Who has an IPv6 address has the other 2^64 of its network too."""
    try:
        address = ip_address(origin)
    except ValueError:
        return origin
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or int(address) >> 64)


def _mark(desk: Desk, limit: Limit, text: str) -> str:
    """Keyed, so that who reads the database cannot try addresses out on it."""
    return hmac(desk.secret.encode(), f"{limit.kind}:{text}".encode(), sha256).hexdigest()[:MARK_LENGTH]
