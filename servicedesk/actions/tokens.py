"""What clients of the API show to come in: bearer tokens, and secrets with which they get access tokens by OAuth 2.0.

Each is made once, shown once and kept only as a hash. How they are recognised: actions.callers.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, update

from servicedesk.actions.clients import ClientGiven, add_client, locked, note, written
from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once, claim, settle
from servicedesk.core.administration import Duty, require_duty
from servicedesk.core.clients import LONGEST_NAME, LONGEST_OVERLAP, MOST_TOKENS, USUAL_LIFE, USUAL_OVERLAP, expiry_fault
from servicedesk.core.errors import Invalid, NotFound, Refusal, Sentence
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import clean_line, too_long
from servicedesk.core.scopes import ACT as ACT
from servicedesk.core.scopes import FOLLOW as FOLLOW
from servicedesk.core.scopes import HOOKS as HOOKS
from servicedesk.core.scopes import LOG as LOG
from servicedesk.core.scopes import READ as READ
from servicedesk.core.scopes import SCOPES as SCOPES
from servicedesk.core.scopes import scopes_of
from servicedesk.store.clients import ApiToken
from servicedesk.store.queries.clients import (
    ACCESS,
    SECRET,
    TOKEN,
    Client,
    Token,
    client_by_id,
    count_living,
    token_by_id,
)

PREFIXES = {TOKEN: "sd_", SECRET: "sds_", ACCESS: "sda_"}
SHAPE = re.compile(r"sd_[A-Za-z0-9_-]{43}")
MADE_BY_HAND = (TOKEN, SECRET)


@dataclass(frozen=True, slots=True)
class NewToken:
    """`text` is the token itself: nothing can show it again."""

    id: int
    text: str
    client: Client
    kind: str
    name: str
    expires_at: datetime


def create_token(
    desk: Desk,
    organisation: str,
    name: str,
    *,
    actor: Actor,
    scopes: Sequence[str] | None = None,
    expires_at: datetime | None = None,
) -> NewToken:
    """A new client with a token, both of that name, in one go; with every scope that the organisation's kind can have
    unless `scopes` are given. Invalid names every field that cannot be accepted."""
    require_duty(Duty.MANAGE_CLIENTS, actor)
    with desk.transaction() as connection:
        now = desk.now(connection)
        installation = desk.book(connection).installation
        scopes = scopes_of(installation, organisation) if scopes is None else scopes
        wrong = expiry_fault(expires_at, now) if expires_at else ""
        client = add_client(
            connection,
            installation,
            organisation,
            ClientGiven(name, scopes),
            actor=actor,
            now=now,
            faults={"expires": [wrong]} if wrong else {},
        )
        return _add(connection, client, TOKEN, client.name, expires_at, actor=actor, now=now)


def make_token(
    desk: Desk,
    key: str,
    kind: str,
    name: str,
    *,
    actor: Actor,
    expires_at: datetime | None = None,
    once: Once | None = None,
) -> NewToken:
    """One token or secret more for a client; for a year unless it is said how long."""
    require_duty(Duty.MANAGE_CLIENTS, actor)
    with desk.transaction() as connection:
        now = desk.now(connection)
        if once:
            claim(connection, once, now)
        client = locked(connection, key)
        _require_sound(kind, name, expires_at, now)
        _require_room(connection, client, now)
        new = _add(connection, client, kind, clean_line(name), expires_at, actor=actor, now=now)
        if once:
            settle(connection, once, str(new.id))
        return new


def rotate_token(
    desk: Desk,
    token_id: int,
    *,
    actor: Actor,
    overlap: timedelta = USUAL_OVERLAP,
    expires_at: datetime | None = None,
    once: Once | None = None,
) -> NewToken:
    """A new token of the same kind and name. The old one works on for `overlap`, unless it ends before that by itself;
    what was got with it ends with it."""
    require_duty(Duty.MANAGE_CLIENTS, actor)
    with desk.transaction() as connection:
        now = desk.now(connection)
        if once:
            claim(connection, once, now)
        client, old = _locked_token(connection, token_id)
        faults = {"expires": [wrong]} if expires_at and (wrong := expiry_fault(expires_at, now)) else {}
        if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
            faults["overlap"] = [Sentence("Choose from 0 to %(days)s days.", days=LONGEST_OVERLAP.days)]
        if faults:
            raise Invalid(faults)
        if not old.lives(now):
            raise Refusal("This token does not work any more. Make a new one instead.", code="token_ended")
        _require_room(connection, client, now)
        ends = min(now + overlap, old.expires_at or now + overlap)
        _end(connection, old.id, now, ends)
        details = {"replaces": old.id, "replaced_ends": ends.isoformat()}
        new = _add(connection, client, old.kind, old.name, expires_at, actor=actor, now=now, **details)
        if once:
            settle(connection, once, str(new.id))
        return new


def revoke_token(desk: Desk, token_id: int, *, actor: Actor) -> Token:
    """From now on it opens nothing, nor does what was got with it. Revoking twice changes nothing; NotFound when there
    is none."""
    require_duty(Duty.MANAGE_CLIENTS, actor)
    with desk.transaction() as connection:
        client, token = _locked_token(connection, token_id)
        if token.revoked_at is None:
            now = desk.now(connection)
            ending = or_(ApiToken.id == token_id, ApiToken.secret_id == token_id) & ApiToken.revoked_at.is_(None)
            connection.execute(update(ApiToken).where(ending).values(revoked_at=now))
            note(connection, client.id, "token_revoked", _named(token), actor=actor, at=now)
        found = token_by_id(connection, token_id)
    assert found is not None
    return found


def drop_access_tokens(desk: Desk) -> int:
    """Remove the access tokens that have ended; how many."""
    with desk.transaction() as connection:
        ended = (ApiToken.kind == ACCESS, ApiToken.expires_at <= desk.now(connection))
        return connection.execute(delete(ApiToken).where(*ended)).rowcount


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def add_row(connection: Connection, client: Client, kind: str, name: str, **more: Any) -> tuple[int, str]:
    """The row of something new to show, and the text itself."""
    text = PREFIXES[kind] + secrets.token_urlsafe(32)
    row = {"client_id": client.id, "kind": kind, "name": name, "token_hash": hash_of(text), **more}
    return connection.execute(insert(ApiToken).values(**row).returning(ApiToken.id)).scalar_one(), text


def _add(
    connection: Connection,
    client: Client,
    kind: str,
    name: str,
    expires_at: datetime | None,
    *,
    actor: Actor,
    now: datetime,
    **details: Any,
) -> NewToken:
    ends = expires_at or now + USUAL_LIFE
    by = {"created_at": now, "created_by": written(actor)}
    new_id, text = add_row(connection, client, kind, name, expires_at=ends, **by)
    told = {"token": new_id, "name": name, "kind": kind, "expires_at": ends.isoformat(), **details}
    what = "token_rotated" if "replaces" in details else "token_made"
    note(connection, client.id, what, told, actor=actor, at=now)
    return NewToken(new_id, text, client, kind, name, ends)


def _locked_token(connection: Connection, token_id: int) -> tuple[Client, Token]:
    """Under the lock of its client: whoever gets an access token with it waits, or is waited for."""
    token = token_by_id(connection, token_id) if 0 < token_id < 2**63 else None
    client = client_by_id(connection, token.client_id) if token else None
    if token is None or client is None:
        raise NotFound("There is no token %(id)s.", id=token_id)
    client = locked(connection, client.key)
    again = token_by_id(connection, token_id)
    assert again is not None
    return client, again


def _end(connection: Connection, token_id: int, now: datetime, ends: datetime) -> None:
    got_with = or_(ApiToken.id == token_id, ApiToken.secret_id == token_id)
    later = or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > ends)
    connection.execute(update(ApiToken).where(got_with, later).values(expires_at=ends))


def _require_sound(kind: str, name: str, expires_at: datetime | None, now: datetime) -> None:
    cleaned = clean_line(name)
    wrong = {
        "kind": "" if kind in MADE_BY_HAND else "Choose a token or a client secret.",
        "name": too_long(cleaned, LONGEST_NAME) if len(cleaned) > LONGEST_NAME else "",
        "expires": expiry_fault(expires_at, now) if expires_at else "",
    }
    wrong["name"] = wrong["name"] if cleaned else "Say what it is for."
    faults = {field: [sentence] for field, sentence in wrong.items() if sentence}
    if faults:
        raise Invalid(faults)


def _require_room(connection: Connection, client: Client, now: datetime) -> None:
    if count_living(connection, client.id, now) >= MOST_TOKENS:
        raise Refusal(
            "This client has %(most)s tokens and secrets already. Revoke one that nobody uses.",
            code="too_many_tokens",
            most=MOST_TOKENS,
        )


def _named(token: Token) -> dict[str, Any]:
    return {"token": token.id, "name": token.name, "kind": token.kind}
