"""Timers and the schedulers that sweep them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, UTCDateTime


class TimerRow(Base):
    """An armed timer; fired ones are journal events. `set_aside` tells why a poisonous one was taken out."""

    __tablename__ = "timer"
    __table_args__ = (Index("ix_timer_sweep", "due_at", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(240), primary_key=True)
    occurrence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    set_aside: Mapped[str | None] = mapped_column(Text)


class Heartbeat(Base):
    """When each scheduler last swept, and how it went."""

    __tablename__ = "heartbeat"

    scheduler: Mapped[str] = mapped_column(String(80), primary_key=True)
    swept_at: Mapped[datetime] = mapped_column(UTCDateTime)
    fired: Mapped[int] = mapped_column(default=0)
    set_aside: Mapped[int] = mapped_column(default=0)
