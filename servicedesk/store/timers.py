"""Timers and the schedulers that sweep them."""

from datetime import datetime

from sqlalchemy import Double, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, UTCDateTime

# A rule of no ticket's own: its hours have changed, and what is due is to be counted anew.
REARM = "rearm"


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
    """A scheduler that is or was: when it last swept, by the database's clock, and how that went.

    `sweeps`, `fired` and `set_aside` count since `started_at`. `late_p99` and `late_max`: seconds between due and fired
    of what fired between `fired_at` and the beat before it.
    """

    __tablename__ = "heartbeat"

    scheduler: Mapped[str] = mapped_column(String(80), primary_key=True)
    host: Mapped[str] = mapped_column(String(80), server_default=text("''"))
    version: Mapped[str] = mapped_column(String(40), server_default=text("''"))
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    swept_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sweeps: Mapped[int] = mapped_column(server_default=text("0"))
    fired: Mapped[int] = mapped_column(default=0)
    set_aside: Mapped[int] = mapped_column(default=0)
    fired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    late_p99: Mapped[float] = mapped_column(Double, server_default=text("0"))
    late_max: Mapped[float] = mapped_column(Double, server_default=text("0"))
