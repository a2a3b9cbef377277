"""Signing in: passwords checked and set. Hashing is slow on purpose and never happens inside a transaction."""

from datetime import timedelta
from functools import cache
from hashlib import sha256
from hmac import compare_digest

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, select, update

from servicedesk.actions.desk import Desk
from servicedesk.core.actors import actor_of
from servicedesk.core.errors import Invalid, NotFound, Refusal, Sentence
from servicedesk.core.facts import Actor
from servicedesk.store.access import Credential
from servicedesk.store.upsert import upsert

HASHER = PasswordHasher()
SHORTEST_PASSWORD = 12
FAILURES_BEFORE_LOCK = 5
LOCKED_FOR = timedelta(minutes=5)
MARK_LENGTH = 16
WRONG = "The e-mail address or the password is wrong."


@cache
def _nobodys_hash() -> str:
    """Checked when the address is unknown, so that the answer takes as long as for one that exists."""
    return HASHER.hash("nobody has this password")


def sign_in(desk: Desk, email: str, password: str) -> Actor:
    """The person behind an e-mail address and password. Refusal `wrong_password`, the same for an unknown address, or
    `locked`: after five failures in a row the account waits five minutes, also for the right password."""
    with desk.reading() as connection:
        book, now = desk.book(connection), desk.now(connection)
        people = book.installation.people.values()
        person = next((p for p in people if p.email.casefold() == email.strip().casefold()), None)
        key = person.key if person else ""
        stored = connection.execute(select(Credential.__table__).where(Credential.person == key)).mappings().first()
    if stored and stored["locked_until"] and stored["locked_until"] > now:
        raise Refusal("Too many attempts. Wait five minutes and try again.", code="locked")
    is_right = _matches(stored["password_hash"] if stored else _nobodys_hash(), password)
    if person is None or stored is None or not is_right:
        if stored is not None:
            _count_failure(desk, key)
        raise Refusal(WRONG, code="wrong_password")
    if stored["failures"] or stored["locked_until"]:
        with desk.transaction() as connection:
            cleared = update(Credential).where(Credential.person == key).values(failures=0, locked_until=None)
            connection.execute(cleared)
    return actor_of(person, book.installation)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _count_failure(desk: Desk, person: str) -> None:
    with desk.transaction() as connection:
        now = desk.now(connection)
        mine = Credential.person == person
        connection.execute(update(Credential).where(mine).values(failures=Credential.failures + 1))
        full = (mine, Credential.failures >= FAILURES_BEFORE_LOCK)
        connection.execute(update(Credential).where(*full).values(failures=0, locked_until=now + LOCKED_FOR))


def session_mark(desk: Desk, key: str) -> str:
    """What a session remembers of the password it was begun with: another one after every change. '' without any."""
    with desk.reading() as connection:
        return _mark(connection, key)


def person_actor(desk: Desk, key: str, mark: str) -> Actor | None:
    """Who a signed-in session belongs to, with the seats they have now; None when they are gone, or when the password
    is no longer the one of `mark`: who changes it ends every session begun with the old one."""
    with desk.reading() as connection:
        book = desk.book(connection)
        same = bool(mark) and compare_digest(mark.encode(), _mark(connection, key).encode())
    person = book.installation.people.get(key)
    return actor_of(person, book.installation) if person and same else None


def _mark(connection: Connection, key: str) -> str:
    """Of the salted hash, so that the same password set again is another mark, and the session tells nothing of it."""
    stored = connection.execute(select(Credential.password_hash).where(Credential.person == key)).scalar()
    return sha256(stored.encode()).hexdigest()[:MARK_LENGTH] if stored else ""


def set_password(desk: Desk, email: str, password: str, *, actor: Actor) -> None:
    """Give a person a password. Only an operator, or the person; Invalid when it is too short."""
    if len(password) < SHORTEST_PASSWORD:
        too_short = Sentence("Choose a password of at least %(length)s characters.", length=SHORTEST_PASSWORD)
        raise Invalid({"password": [too_short]})
    with desk.reading() as connection:
        people = desk.book(connection).installation.people.values()
    person = next((p for p in people if p.email.casefold() == email.strip().casefold()), None)
    if person is None:
        raise NotFound("There is nobody with the address %(email)s.", email=email)
    if actor.kind != "operator" and actor.key != person.key:
        raise Refusal("You can change only your own password.", code="not_yours")
    _store(desk, {person.key: HASHER.hash(password)})


def set_sample_passwords(desk: Desk, password: str) -> list[str]:
    """The same password for every person marked as a sample, hashed once; their addresses. For demos only."""
    with desk.reading() as connection:
        people = desk.book(connection).installation.people.values()
    samples = [person for person in people if person.sample]
    hashed = HASHER.hash(password)
    _store(desk, {person.key: hashed for person in samples})
    return [person.email for person in samples]


def _store(desk: Desk, hashes: dict[str, str]) -> None:
    rows = [{"person": k, "password_hash": h, "failures": 0, "locked_until": None} for k, h in hashes.items()]
    if rows:
        with desk.transaction() as connection:
            upsert(connection, Credential, rows)
