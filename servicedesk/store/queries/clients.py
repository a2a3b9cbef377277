"""Reading clients of the API and what they show. A token itself is nowhere: only its hash, which finds the row."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.orm import aliased

from servicedesk.store.clients import ApiClient, ApiToken, ClientEvent
from servicedesk.store.rulebook import REVISION

TOKEN, SECRET, ACCESS = "token", "secret", "access"
CREATED, CHANGED = "created", "changed"
SAYING = (CREATED, CHANGED)


@dataclass(frozen=True, slots=True)
class Client:
    """`key` is what journals and OAuth call it. `addresses`: networks separated by spaces, none is everywhere."""

    id: int
    key: str
    name: str
    organisation: str
    scopes: tuple[str, ...]
    addresses: str
    contact: str
    rate: int | None
    created_at: datetime
    created_by: str
    suspended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: a bearer token or a client secret."""

    id: int
    client_id: int
    kind: str
    name: str
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and now >= self.expires_at

    def lives(self, now: datetime) -> bool:
        return self.revoked_at is None and not self.has_expired(now)


@dataclass(frozen=True, slots=True)
class Shown:
    """What was shown to come in, and whose it is. `scopes` are those that both the client and the token have."""

    token: Token
    client: Client
    secret_id: int | None
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """What somebody has done with a client. `details` by kind: see actions.clients and actions.tokens."""

    id: int
    at: datetime
    actor: str
    kind: str
    details: Mapping[str, Any]


CLIENT: tuple[Any, ...] = tuple(getattr(ApiClient, name) for name in Client.__dataclass_fields__)
TOKENS: tuple[Any, ...] = tuple(getattr(ApiToken, name) for name in Token.__dataclass_fields__)
SHOWN = (
    select(*TOKENS, ApiToken.secret_id, ApiToken.scopes, *CLIENT, REVISION.label("revision"))
    .join(ApiClient, ApiClient.id == ApiToken.client_id)
    .where(ApiToken.token_hash == bindparam("hash_"))
)


def shown_by_hash(connection: Connection, token_hash: str) -> Shown | None:
    """One query by one index: asked at every request, so that whatever is revoked stops at once."""
    row = connection.execute(SHOWN, {"hash_": token_hash}).first()
    return shown_of(row) if row else None


def shown_of(row: Sequence[Any]) -> Shown:
    """What a row of SHOWN says."""
    token = Token(*row[: len(TOKENS)])
    secret_id, narrowed, *rest = row[len(TOKENS) :]
    client = _client(rest[: len(CLIENT)])
    only = narrowed.split()
    scopes = tuple(scope for scope in client.scopes if not only or scope in only)
    return Shown(token, client, secret_id, scopes)


def client_by_key(connection: Connection, key: str) -> Client | None:
    row = connection.execute(select(*CLIENT).where(ApiClient.key == key)).first()
    return _client(row) if row else None


def client_by_id(connection: Connection, client_id: int) -> Client | None:
    row = connection.execute(select(*CLIENT).where(ApiClient.id == client_id)).first()
    return _client(row) if row else None


def all_clients(connection: Connection, organisation: str = "") -> list[Client]:
    """Every client, also suspended ones, oldest first; of one organisation if it is named."""
    query = select(*CLIENT).order_by(ApiClient.id)
    query = query.where(ApiClient.organisation == organisation) if organisation else query
    return [_client(row) for row in connection.execute(query)]


def clients_by_keys(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """Key -> name, as they are called now."""
    rows = connection.execute(select(ApiClient.key, ApiClient.name).where(ApiClient.key.in_(list(keys))))
    return {row.key: row.name for row in rows}


def token_by_id(connection: Connection, token_id: int) -> Token | None:
    """A token or a secret; never an access token, which nobody manages by itself."""
    query = select(*TOKENS).where(ApiToken.id == token_id, ApiToken.kind != ACCESS)
    row = connection.execute(query).first()
    return Token(*row) if row else None


def all_tokens(connection: Connection, client_id: int | None = None) -> list[Token]:
    """Every token and secret, also expired and revoked ones, oldest first; of one client if it is named."""
    query = select(*TOKENS).where(ApiToken.kind != ACCESS).order_by(ApiToken.id)
    query = query.where(ApiToken.client_id == client_id) if client_id is not None else query
    return [Token(*row) for row in connection.execute(query)]


def ending_before(connection: Connection, now: datetime, until: datetime) -> list[Token]:
    """Tokens and secrets that live now and end before then, with nothing of the same client and name that lives on;
    the first to end first. Of suspended clients none."""
    later = aliased(ApiToken)
    same = (later.client_id == ApiToken.client_id, later.kind == ApiToken.kind, later.name == ApiToken.name)
    lives_on = later.revoked_at.is_(None) & (later.expires_at.is_(None) | (later.expires_at >= until))
    ending = (
        select(*TOKENS)
        .join(ApiClient, ApiClient.id == ApiToken.client_id)
        .where(
            ApiClient.suspended_at.is_(None),
            ApiToken.kind != ACCESS,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            ApiToken.expires_at < until,
            ~select(later.id).where(*same, lives_on).exists(),
        )
        .order_by(ApiToken.expires_at, ApiToken.id)
    )
    return [Token(*row) for row in connection.execute(ending)]


def count_living(connection: Connection, client_id: int, now: datetime) -> int:
    lives = ApiToken.revoked_at.is_(None) & (ApiToken.expires_at.is_(None) | (ApiToken.expires_at > now))
    mine = (ApiToken.client_id == client_id, ApiToken.kind != ACCESS, lives)
    return connection.execute(select(func.count()).select_from(ApiToken).where(*mine)).scalar_one()


def happenings(connection: Connection, client_id: int) -> list[Happening]:
    """All that was done with a client, newest first."""
    columns = select(ClientEvent.id, ClientEvent.at, ClientEvent.actor, ClientEvent.kind, ClientEvent.details)
    rows = connection.execute(columns.where(ClientEvent.client_id == client_id).order_by(ClientEvent.id.desc()))
    return [Happening(row.id, row.at, row.actor, row.kind, json.loads(row.details)) for row in rows]


def version_of(happened: Iterable[Happening]) -> int:
    """Of what is said of a client: the last time that somebody said it, whatever was done with its tokens since."""
    return max((each.id for each in happened if each.kind in SAYING), default=0)


def _client(row: Sequence[Any]) -> Client:
    values = dict(zip(Client.__dataclass_fields__, row, strict=True))
    return Client(**{**values, "scopes": tuple(values["scopes"].split())})
