"""Disruptions, and what the public has been told of them. Nothing here is anybody's personal data."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, Id, UTCDateTime


class DisruptionRow(Base):
    """One service that does not work, from `began_at` until `ended_at` (NULL: it goes on). `key` is what the world
    calls it. `ticket_id`: the ticket that it springs from, for those who may see that. `declared_by` is an actor."""

    __tablename__ = "disruption"
    __table_args__ = (Index("ix_disruption_told", "ended_at", "updated_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    service: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    declared_by: Mapped[str] = mapped_column(String(100), server_default=text("''"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))


class DisruptionMunicipality(Base):
    """Where it is noticed."""

    __tablename__ = "disruption_municipality"

    disruption_id: Mapped[int] = mapped_column(ForeignKey("disruption.id"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(80), primary_key=True)


class DisruptionMessage(Base):
    """What was written for the public, by whom and when: only ever added to. Each is told once by its number."""

    __tablename__ = "disruption_message"

    disruption_id: Mapped[int] = mapped_column(ForeignKey("disruption.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
