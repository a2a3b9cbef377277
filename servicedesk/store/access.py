"""Ways in for people: their passwords as hashes, links to set one, and how often somebody has tried."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, UTCDateTime


class Credential(Base):
    """A person's password, argon2id."""

    __tablename__ = "credential"

    person: Mapped[str] = mapped_column(String(80), primary_key=True)
    password_hash: Mapped[str] = mapped_column(Text)


class Invitation(Base):
    """A link by which a person gives themselves a password, once. SHA-256 of 256 random bits."""

    __tablename__ = "invitation"
    __table_args__ = (Index("ix_invitation_of_person", "person"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(String(100))
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


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
