"""Lists of tickets that people have saved under a name, for themselves or for those they work with."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, Id, UTCDateTime


class SavedView(Base):
    """`asked`: scope, filters and columns as an address says them; whoever opens it sees only their own tickets in it.
    `audience`: '' for its owner alone, else `team` or `organisation`, with whose key in `shared_with`."""

    __tablename__ = "saved_view"
    __table_args__ = (
        Index("ix_saved_view_own", "owner"),
        Index("ix_saved_view_shared", "audience", "shared_with"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    asked: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(String(20), server_default=text("''"))
    shared_with: Mapped[str] = mapped_column(String(80), server_default=text("''"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class StartView(Base):
    """The one that a person has as their first page."""

    __tablename__ = "start_view"

    person: Mapped[str] = mapped_column(String(80), primary_key=True)
    view_id: Mapped[int] = mapped_column(ForeignKey("saved_view.id"))
