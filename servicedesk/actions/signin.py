"""Signing in: passwords checked and set. Hashing is slow on purpose and never happens inside a transaction."""

from functools import cache
from hashlib import sha256
from hmac import compare_digest

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import bindparam, select

from servicedesk.actions.attempts import count_attempt, forget_attempt, release
from servicedesk.actions.desk import Desk
from servicedesk.core.actors import actor_of
from servicedesk.core.errors import Invalid, NotFound, Refusal, Sentence
from servicedesk.core.facts import Actor, Person
from servicedesk.store.access import Credential
from servicedesk.store.rulebook import revision_and
from servicedesk.store.upsert import upsert

HASHER = PasswordHasher()
SHORTEST_PASSWORD = 12
MARK_LENGTH = 16
WRONG = "The e-mail address or the password is wrong."


@cache
def _nobodys_hash() -> str:
    """Checked when the address is unknown, so that the answer takes as long as for one that exists."""
    return HASHER.hash("nobody has this password")


def sign_in(desk: Desk, email: str, password: str, *, origin: str) -> Actor:
    """The person behind an e-mail address and password, tried from the network address `origin`. Refusal
    `wrong_password`, or `locked` after too many tries, also for the right password; both the same, and as slow, for an
    address that nobody has."""
    count_attempt(desk, email, origin)
    with desk.reading() as connection:
        installation = desk.book(connection).installation
        person = next((p for p in installation.people.values() if p.email.casefold() == email.strip().casefold()), None)
        mine = Credential.person == (person.key if person else "")
        stored = connection.execute(select(Credential.password_hash).where(mine)).scalar()
    nobodys = _nobodys_hash()
    is_right = _matches(stored or nobodys, password)
    if person is None or person.ended or stored is None or not is_right:
        raise Refusal(WRONG, code="wrong_password")
    forget_attempt(desk, email, origin)
    return actor_of(person, installation)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def session_mark(desk: Desk, key: str) -> str:
    """What a session remembers of the password it was begun with: another one after every change. '' without any."""
    with desk.reading() as connection:
        return _mark_of(connection.execute(_PASSWORD_HASH, {"person": key}).scalar())


def person_actor(desk: Desk, key: str, mark: str) -> Actor | None:
    """Who a signed-in session belongs to, with the seats they have now; None when they are gone, or when the password
    is no longer the one of `mark`: who changes it ends every session begun with the old one."""
    with desk.glancing() as connection:
        book, stored = desk.book_and(connection, _REVISION_AND_HASH, {"person": key})
    same = bool(mark) and compare_digest(mark.encode(), _mark_of(stored).encode())
    person = book.installation.people.get(key)
    return actor_of(person, book.installation) if person and not person.ended and same else None


# Built once: every page asks it.
_PASSWORD_HASH = select(Credential.password_hash).where(Credential.person == bindparam("person"))
_REVISION_AND_HASH = revision_and(_PASSWORD_HASH.scalar_subquery())


def _mark_of(password_hash: str | None) -> str:
    """Of the salted hash, so that the same password set again is another mark, and the session tells nothing of it."""
    return sha256(password_hash.encode()).hexdigest()[:MARK_LENGTH] if password_hash else ""


def set_password(desk: Desk, email: str, password: str, *, actor: Actor) -> None:
    """Give a person a password. Only an operator, or the person; Invalid when it is too short."""
    require_long(password)
    with desk.reading() as connection:
        people = desk.book(connection).installation.people.values()
    person = next((p for p in people if p.email.casefold() == email.strip().casefold()), None)
    if person is None or person.ended:
        raise NotFound("There is nobody with the address %(email)s.", email=email)
    if actor.kind != "operator" and actor.key != person.key:
        raise Refusal("You can change only your own password.", code="not_yours")
    _store(desk, [person], HASHER.hash(password))


def require_long(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        too_short = Sentence("Choose a password of at least %(length)s characters.", length=SHORTEST_PASSWORD)
        raise Invalid({"password": [too_short]})


def set_sample_passwords(desk: Desk, password: str) -> list[str]:
    """The same password for every person marked as a sample, hashed once; their addresses. For demos only."""
    with desk.reading() as connection:
        people = desk.book(connection).installation.people.values()
    samples = [person for person in people if person.sample and not person.ended]
    _store(desk, samples, HASHER.hash(password))
    return [person.email for person in samples]


def _store(desk: Desk, people: list[Person], password_hash: str) -> None:
    rows = [{"person": person.key, "password_hash": password_hash} for person in people]
    if rows:
        with desk.transaction() as connection:
            upsert(connection, Credential, rows)
            release(desk, connection, [person.email for person in people])
