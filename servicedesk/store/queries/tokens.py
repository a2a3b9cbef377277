"""Reading API tokens. The token itself is nowhere: only its hash, which finds the row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from servicedesk.store.access import ApiToken

COLUMNS: tuple[Any, ...] = (
    ApiToken.id,
    ApiToken.name,
    ApiToken.organisation,
    ApiToken.scopes,
    ApiToken.created_at,
    ApiToken.expires_at,
    ApiToken.revoked_at,
    ApiToken.last_used_at,
)


@dataclass(frozen=True, slots=True)
class Token:
    id: int
    name: str
    organisation: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    @property
    def client_key(self) -> str:
        """What the journal calls the client."""
        return f"{self.organisation}-{self.id}"

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and now >= self.expires_at


def token_by_hash(connection: Connection, token_hash: str) -> Token | None:
    row = connection.execute(_tokens().where(ApiToken.token_hash == token_hash)).first()
    return _token(row) if row else None


def token_by_id(connection: Connection, token_id: int) -> Token | None:
    row = connection.execute(_tokens().where(ApiToken.id == token_id)).first()
    return _token(row) if row else None


def all_tokens(connection: Connection, organisation: str = "") -> list[Token]:
    """Every token, also expired and revoked ones, oldest first; of one organisation if it is named."""
    query = _tokens().order_by(ApiToken.id)
    query = query.where(ApiToken.organisation == organisation) if organisation else query
    return [_token(row) for row in connection.execute(query)]


def _tokens() -> Select[Any]:
    return select(*COLUMNS)


def _token(row: Row[Any]) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        organisation=row.organisation,
        scopes=tuple(row.scopes.split()),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
