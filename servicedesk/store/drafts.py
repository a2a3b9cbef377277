"""What somebody is writing and has not sent: theirs alone, and for a short time."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, UTCDateTime


class KeptDraft(Base):
    """One form as it stood at the last pause in the typing. `form` is the number that the form was shown with,
    `content` what stands in it, encrypted, `saves` how often it has been written: who has seen less does not
    write over it. `about`: the ticket that it is written on, '' for a call that is not logged yet; `way`: by which of
    the ticket's forms. It is no record: it goes when it is sent, and is never in anybody else's sight."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_old", "saved_at"),)

    person: Mapped[str] = mapped_column(String(100), primary_key=True)
    form: Mapped[str] = mapped_column(String(64), primary_key=True)
    about: Mapped[str] = mapped_column(String(20), default="")
    way: Mapped[str] = mapped_column(String(80), default="")
    content: Mapped[str] = mapped_column(Text)
    saves: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
