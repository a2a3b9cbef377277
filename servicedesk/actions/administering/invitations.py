"""A link by which a person gives themselves a password: it works once and for three days, and only the newest one.

Whoever may change the person makes it and gives it to them; nobody ever knows another's password.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select, update

from servicedesk.actions.administering.changing import changing, found_in
from servicedesk.actions.attempts import release
from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once
from servicedesk.actions.parts import Entry, write_parts
from servicedesk.actions.signin import HASHER, require_long
from servicedesk.core.administering import NOT_HERE, may_change, sees_person
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.facts import Actor, Person
from servicedesk.core.installations.kept import PAGES
from servicedesk.store.access import Credential, Invitation
from servicedesk.store.rulebook import lock_revision
from servicedesk.store.upsert import upsert

LASTS = timedelta(days=3)
GONE = "This link has been used, or is too old. Ask whoever gave it to you for a new one."


@dataclass(frozen=True, slots=True)
class NewLink:
    """`token` is shown once; the database keeps its mark."""

    token: str
    expires_at: datetime


def invite(desk: Desk, key: str, *, actor: Actor, once: Once | None = None) -> NewLink:
    """A new link; those before it stop working. The password that the person has goes on working until a new one is
    set."""
    token = secrets.token_urlsafe(32)
    with changing(desk, actor=actor, once=once) as change:
        person: Person = found_in(change.installation.people, key)
        if not sees_person(actor, person, change.installation):
            raise NotFound(NOT_HERE)
        if person.ended or not may_change(actor, person, change.installation):
            raise Refusal(
                "You cannot give this person a way in: they have left, or have a role above yours or in another "
                "organisation.",
                code="above_yours",
            )
        expires_at = change.now + LASTS
        change.connection.execute(delete(Invitation).where(Invitation.person == key))
        row = {"token_hash": _mark(token), "person": key, "made_at": change.now, "expires_at": expires_at}
        change.connection.execute(insert(Invitation).values(**row, made_by=f"{actor.kind}:{actor.key}"))
        change.put("person", person, what="invited")
        return NewLink(token, expires_at)


def invited(desk: Desk, token: str) -> Person:
    """Whose link it is. NotFound for one that no longer works."""
    with desk.reading() as connection:
        return _invited(desk, connection, token)


def accept_invitation(desk: Desk, token: str, password: str, again: str) -> Person:
    """Set the password that was written twice; every session begun with another one ends. Invalid when it is too short
    or the two differ, NotFound when the link no longer works."""
    person = invited(desk, token)
    require_long(password)
    if password != again:
        raise Invalid({"again": ["The two are not the same. Write the password again."]})
    hashed = HASHER.hash(password)
    with desk.transaction() as connection:
        lock_revision(connection)
        person, now = _invited(desk, connection, token), desk.now(connection)
        mine = update(Invitation).where(Invitation.token_hash == _mark(token), Invitation.used_at.is_(None))
        if connection.execute(mine.values(used_at=now)).rowcount != 1:
            raise NotFound(GONE)
        upsert(connection, Credential, [{"person": person.key, "password_hash": hashed}])
        entry = Entry("person", person.key, "password_set", {})
        themselves = Actor("person", person.key, person.name)
        write_parts(connection, (), (), [entry], actor=themselves, source=PAGES, now=now)
        release(desk, connection, [person.email])
    return person


def _invited(desk: Desk, connection: Connection, token: str) -> Person:
    book, now = desk.book_and_now(connection)
    query = select(Invitation.person).where(Invitation.token_hash == _mark(token), Invitation.used_at.is_(None))
    key = connection.execute(query.where(Invitation.expires_at > now)).scalar()
    person = book.installation.people.get(key or "")
    if person is None or person.ended:
        raise NotFound(GONE)
    return person


def _mark(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
