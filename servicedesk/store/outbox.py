"""What must be told, written with what happened; and the notices to people that come of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, Id, UTCDateTime

# A reaction that has failed so often waits for a hand.
GIVE_UP_AFTER = 10


class OutboxRow(Base):
    """One reaction to one event, waiting to be carried out; the row goes when it has been."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("ticket_id", "seq", "reaction"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    seq: Mapped[int]
    reaction: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None] = mapped_column(Text)


class Notice(Base):
    """Something a person should know, once per event and person."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seq", "person"),
        Index("ix_notice_of_person", "person", "read_at", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person: Mapped[str] = mapped_column(String(80))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    why: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class DeskNotice(Base):
    """The same about no ticket but the installation itself: `about` names what of it."""

    __tablename__ = "desk_notice"
    __table_args__ = (Index("ix_desk_notice_of_person", "person", "read_at", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
