"""Who calls the API: the client that a token belongs to, or that an access token is granted to by OAuth 2.0.

Everything that can end a token is asked for anew at every request, in one query: what is revoked, suspended or taken
away stops at once. Looked up by hash: how long that takes says nothing of any other token.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from servicedesk.actions.attempts import count_failed_token
from servicedesk.actions.clients import locked
from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import add_row, hash_of
from servicedesk.core.actors import client_actor
from servicedesk.core.clients import ACCESS_LIFE, is_allowed
from servicedesk.core.errors import Refusal, Unavailable
from servicedesk.core.facts import Actor, Installation
from servicedesk.store.clients import ApiToken
from servicedesk.store.queries.clients import ACCESS, SECRET, SHOWN, Client, Shown, shown_by_hash, shown_of

BEARER = re.compile(r"sda?_[A-Za-z0-9_-]{43}")
SECRETS = re.compile(r"sds_[A-Za-z0-9_-]{43}")
TOUCH_EVERY = timedelta(minutes=1)
NO_SUCH_CLIENT = "There is no such client, or its secret does not work."


@dataclass(frozen=True, slots=True)
class Caller:
    """`rate`: the client's own requests a minute, if it has any."""

    actor: Actor
    client_id: int
    rate: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Granted:
    """An access token; nothing can show `text` again."""

    text: str
    seconds: int
    scopes: tuple[str, ...]


def client_of_token(desk: Desk, text: str, origin: str = "") -> Actor:
    """The client that carries this token. Refusals as `recognise`."""
    return recognise(desk, text, origin).actor


def recognise(desk: Desk, text: str, origin: str) -> Caller:
    """The client that carries this token, calling from the network address `origin`.

    Refusal `token_invalid`, `token_revoked`, `token_expired`, `client_suspended`; `address_not_allowed`, whatever the
    token is worth, where the client may not call from; `too_many_failures` after many such from there.
    """
    # Of another shape nothing is found.
    asked = {"hash_": hash_of(text) if BEARER.fullmatch(text) else ""}
    with desk.glancing() as connection:
        row, book, now = desk.first_with_book_and_now(connection, SHOWN, asked)
    installation, shown = book.installation, shown_of(row) if row else None
    if shown is None or shown.token.kind == SECRET or shown.client.organisation not in installation.organisations:
        # Of another shape it has not been looked for: nothing to slow down.
        if BEARER.fullmatch(text):
            count_failed_token(desk, origin)
        raise Refusal("This token is not valid. Check that you sent all of it.", code="token_invalid")
    _require_address(shown.client, origin)
    _require_life(desk, shown, now, origin)
    _touch(desk, shown, now)
    return Caller(_actor(shown, installation), shown.client.id, shown.client.rate, now)


def holder_of_secret(desk: Desk, key: str, secret: str, origin: str) -> Caller:
    """The client behind a key and a secret. Refusal `client_invalid` unless they belong together and work;
    `address_not_allowed` and `too_many_failures` as above."""
    with desk.reading() as connection:
        shown = shown_by_hash(connection, hash_of(secret)) if SECRETS.fullmatch(secret) else None
        book, now = desk.book_and_now(connection)
    installation = book.installation
    if shown is not None and shown.token.kind == SECRET and shown.client.key == key:
        _require_address(shown.client, origin)
        if shown.client.organisation in installation.organisations and not _ended(shown, now):
            return Caller(_actor(shown, installation), shown.client.id, shown.client.rate, now)
    if SECRETS.fullmatch(secret):
        count_failed_token(desk, origin)
    raise Refusal(NO_SUCH_CLIENT, code="client_invalid")


def grant_access(desk: Desk, caller: Caller, secret: str, scope: str | None) -> Granted:
    """An access token for whom `holder_of_secret` has just recognised by this secret, with all of the client's scopes
    or those (separated by spaces) that it asks for. Refusal `scope_invalid`; `client_invalid` if it has just ended."""
    with desk.transaction() as connection:
        client = locked(connection, caller.actor.key)
        shown, now = shown_by_hash(connection, hash_of(secret)), desk.now(connection)
        if shown is None or shown.client.id != client.id or _ended(shown, now):
            raise Refusal(NO_SUCH_CLIENT, code="client_invalid")
        scopes = _asked(scope, client.scopes)
        life = ACCESS_LIFE if shown.token.expires_at is None else min(ACCESS_LIFE, shown.token.expires_at - now)
        _new_id, text = add_row(
            connection,
            client,
            ACCESS,
            shown.token.name,
            secret_id=shown.token.id,
            scopes=" ".join(scopes) if scope else "",
            created_at=now,
            created_by=f"client:{client.key}",
            expires_at=now + life,
        )
        connection.execute(update(ApiToken).where(ApiToken.id == shown.token.id).values(last_used_at=now))
    return Granted(text, int(life.total_seconds()), scopes)


def _asked(scope: str | None, own: tuple[str, ...]) -> tuple[str, ...]:
    """RFC 6749, 3.3: which of its scopes a client asks for; all when it says nothing."""
    words = scope.split(" ") if scope else list(own)
    if any(word not in own for word in words):
        raise Refusal("Ask for scopes that the client has, separated by single spaces.", code="scope_invalid")
    return tuple(each for each in own if each in words)


def _require_address(client: Client, origin: str) -> None:
    if not is_allowed(client.addresses, origin):
        raise Refusal("This client may not call from your address.", code="address_not_allowed")


def _require_life(desk: Desk, shown: Shown, now: datetime, origin: str) -> None:
    found = _ended(shown, now)
    if found:
        count_failed_token(desk, origin)
        raise found


def _ended(shown: Shown, now: datetime) -> Refusal | None:
    if shown.token.revoked_at is not None:
        return Refusal("This token has been revoked. Ask the IT service manager for a new one.", code="token_revoked")
    if shown.token.has_expired(now):
        if shown.token.kind == ACCESS:
            return Refusal("This token has expired. Get a new one with your client secret.", code="token_expired")
        return Refusal("This token has expired. Ask the IT service manager for a new one.", code="token_expired")
    if shown.client.suspended_at is not None:
        return Refusal("This client is suspended. Ask the IT service manager why.", code="client_suspended")
    return None


def _actor(shown: Shown, installation: Installation) -> Actor:
    client = shown.client
    return client_actor(client.key, client.name, client.organisation, shown.scopes, installation)


def _touch(desk: Desk, shown: Shown, now: datetime) -> None:
    """Remember that it was used, to the minute; an access token's use is its secret's too. A database that cannot write
    stops no request that only reads."""
    last = shown.token.last_used_at
    if last is not None and now - last < TOUCH_EVERY:
        return
    used = [shown.token.id, shown.secret_id] if shown.secret_id is not None else [shown.token.id]
    with suppress(Unavailable, SQLAlchemyError), desk.transaction() as connection:
        connection.execute(update(ApiToken).where(ApiToken.id.in_(used)).values(last_used_at=now))
