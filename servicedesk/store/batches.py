"""What somebody has done to many tickets at once, for as long as they may want to look at it or take it back."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, Id, UTCDateTime


class Batch(Base):
    """`act`: see core.bulk.Act. What was written with it stands in the tickets alone."""

    __tablename__ = "batch"
    __table_args__ = (Index("ix_batch_old", "made_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person: Mapped[str] = mapped_column(String(100))
    act: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class BatchItem(Base):
    """One ticket of a batch. `version`: the ticket's as the person had seen it, and since it is done as it was then.
    `why`: a message and its data, of what was refused. `before`: what is needed to take it back, '' for nothing."""

    __tablename__ = "batch_item"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int]
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(Text, server_default=text("''"))
    before: Mapped[str] = mapped_column(Text, server_default=text("''"))
