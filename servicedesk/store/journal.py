"""The append-only journal, the personal texts it speaks of, and the seal over all heads."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.core.events import EVENT_OF_VERB
from servicedesk.core.visibility import PERSON
from servicedesk.core.vocabulary import Verb
from servicedesk.store.base import Base, Id, UTCDateTime

# Few among many: those whose requester is a person who can sign in.
IS_PERSON = text(f"field = '{PERSON}'")
RETURNS = text(f"kind = '{EVENT_OF_VERB[Verb.RETURN]}'")


class JournalRow(Base):
    """`body` is the canonical text that is hashed; `kind` and the times are copied from it to be searched by.

    `timer_rule`, `timer_occurrence`: the timer this event is the firing of. Unique, so that no scheduler, restart or
    race can fire one twice.
    """

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seq"),
        UniqueConstraint("ticket_id", "timer_rule", "timer_occurrence"),
        Index("ix_journal_recorded", "recorded_at"),
        # Few among many: follow-up counts them, and must not read every event for it.
        Index("ix_journal_follow_up_returns", "occurred_at", sqlite_where=RETURNS, postgresql_where=RETURNS),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    occurred_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    body: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    timer_rule: Mapped[str | None] = mapped_column(String(240))
    timer_occurrence: Mapped[int | None]


class PersonalText(Base):
    """A text a person wrote or that tells of one. `secret` is its HMAC key; both are destroyed together at erasure."""

    __tablename__ = "personal_text"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seq", "field"),
        Index("ix_personal_text_own_tickets", "text", "ticket_id", sqlite_where=IS_PERSON, postgresql_where=IS_PERSON),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    seq: Mapped[int]
    field: Mapped[str] = mapped_column(String(40))
    text: Mapped[str | None] = mapped_column(Text)
    secret: Mapped[str | None] = mapped_column(String(64))
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Seal(Base):
    """A chain over every event of every ticket in the order they were committed.

    Each row hashes the one before with one event's hash: removing a ticket's last event, or a whole ticket with all
    its rows, leaves a hole here.
    """

    __tablename__ = "seal"
    __table_args__ = (UniqueConstraint("ticket_id", "seq"),)

    position: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(Id)
    seq: Mapped[int]
    event_hash: Mapped[str] = mapped_column(String(64))
    chain: Mapped[str] = mapped_column(String(64))


class SealHead(Base):
    """The end of the seal, one row: locked last in every writing transaction, so that positions have no gaps."""

    __tablename__ = "seal_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Id)
    chain: Mapped[str] = mapped_column(String(64))
