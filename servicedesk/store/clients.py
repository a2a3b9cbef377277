"""Clients of the API: who they are, what they show to come in, and what has been done with either."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, Id, UTCDateTime


class ApiClient(Base):
    """A system of an organisation. `key` is what journals and OAuth call it, for ever. `addresses`: networks separated
    by spaces, none is everywhere; `rate`: requests a minute, None is the installation's."""

    __tablename__ = "api_client"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    organisation: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[str] = mapped_column(String(200))
    addresses: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    rate: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(String(100))
    suspended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ApiToken(Base):
    """What a client shows: a bearer `token`, a `secret` with which it gets `access` tokens of an hour, or one of these.
    SHA-256 of 256 random bits, so a slow hash would add nothing.

    `scopes` narrow the client's own, '' leaves them. `secret_id`: with which secret an access token was got; it ends
    with it."""

    __tablename__ = "api_token"
    __table_args__ = (
        Index("ix_api_token_of_client", "client_id"),
        Index("ix_api_token_got_with", "secret_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("api_client.id"))
    kind: Mapped[str] = mapped_column(String(10))
    secret_id: Mapped[int | None] = mapped_column(ForeignKey("api_token.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    scopes: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(String(100))
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ClientEvent(Base):
    """What somebody has done with a client or its tokens; nothing here is ever changed. `details` is JSON, and never
    holds what a client shows."""

    __tablename__ = "client_event"
    __table_args__ = (Index("ix_client_event_of_client", "client_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("api_client.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(40))
    details: Mapped[str] = mapped_column(Text)


class ApiAllowance(Base):
    """How many requests processes have taken out for `what` (`client:7`, `grant:7`) in one minute since 1970."""

    __tablename__ = "api_allowance"

    what: Mapped[str] = mapped_column(String(40), primary_key=True)
    minute: Mapped[int]
    used: Mapped[int]
