"""Who has a ticket before them at this moment."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, UTCDateTime


class Presence(Base):
    """A person at a ticket. No record: it is written over every half minute and means nothing after one. `writes`: what
    they last wrote in, and when. It points to no ticket's row, which would wait for whoever has that under lock."""

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_gone", "seen_at"),)

    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    person: Mapped[str] = mapped_column(String(100), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    writes: Mapped[str | None] = mapped_column(String(20))
    wrote_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
