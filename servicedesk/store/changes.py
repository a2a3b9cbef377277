"""The change feed: what each organisation is told, in the order in which it became known, for ever."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, Id, UTCDateTime


class ChangeRow(Base):
    """One change as one organisation is told of it (core.changes). It names the event and holds nothing of it: what is
    shown is read from the ticket, by the eyes of whoever reads.

    `position` counts from 1 without a gap in each organisation, and is given after the event has been committed: only
    by whoever holds the sequencer's row. Rows stay for ever, so that no position is given twice. Shown it is counted on
    from the sequencer's `epoch`: what a backup has forgotten when it is restored is not given out again either.
    """

    __tablename__ = "change"
    __table_args__ = (
        # What has been told of a ticket; and that nobody is told of an event twice.
        Index("ix_change_of_ticket", "ticket_id", "seq", "organisation", unique=True),
    )

    organisation: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    seq: Mapped[int]
    type: Mapped[str] = mapped_column(String(40))
    ordinal: Mapped[int]
    own: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Sequencer(Base):
    """One row, whose lock is the right to give positions. `walked`: up to which ticket it has been looked for events
    that nobody handed in; `rested_at`: when that came to the last one. `epoch`: from where positions are shown, 0 until
    a backup was restored; `restored_at`: when one was."""

    __tablename__ = "sequencer"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    walked: Mapped[int] = mapped_column(Id)
    rested_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    epoch: Mapped[int] = mapped_column(Id, server_default=text("0"))
    restored_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
