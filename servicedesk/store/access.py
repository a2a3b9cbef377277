"""Ways in: passwords of people and tokens of API clients, both only as hashes."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, Id, UTCDateTime


class Credential(Base):
    """A person's password, argon2id."""

    __tablename__ = "credential"

    person: Mapped[str] = mapped_column(String(80), primary_key=True)
    password_hash: Mapped[str] = mapped_column(Text)


class SignInAttempt(Base):
    """How often signing in was tried lately without success, by what was written as an address (whether or not anybody
    has it) or by where it came from. Only a short keyed mark of either is kept, so rows are bounded and tell nothing;
    after `expires_at` the row means nothing and may go."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_expired", "expires_at"),)

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    mark: Mapped[str] = mapped_column(String(16), primary_key=True)
    attempts: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ApiToken(Base):
    """A bearer token: SHA-256 of 256 random bits, so a slow hash would add nothing."""

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_organisation", "organisation"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    organisation: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
