"""Mail to those who asked: each on its way, and what has come of it."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, Id, UTCDateTime

WAITING, SENT, FAILED, DROPPED = "waiting", "sent", "failed", "dropped"
IS_WAITING = text(f"state = '{WAITING}'")
# Written out: a plan that is kept does not know what a parameter will be, and passes the index of what waits by.
WAITS: ColumnElement[str] = literal_column(f"'{WAITING}'")
# Few among many: whoever runs the installation counts them.
HAS_FAILED = text(f"state = '{FAILED}'")


class Mail(Base):
    """One mail about one event. It holds neither an address nor a text: both are looked up when it is sent.

    `message_id` is the same at every attempt. A ticket's mails go one after the other. `leased_until`: somebody is
    sending it now. `response` and `failure` (core.undelivered): of the last attempt, none of them anybody's data.
    `over_at`: when it was taken over by the mail server, given up, or no longer worth sending.
    """

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seq"),
        Index("ix_mail_due", "next_at", "id", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING),
        Index("ix_mail_failed", "id", sqlite_where=HAS_FAILED, postgresql_where=HAS_FAILED),
        Index("ix_mail_before", "ticket_id", "id", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    seq: Mapped[int]
    occasion: Mapped[str] = mapped_column(String(20))
    message_id: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int]
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    response: Mapped[int | None]
    failure: Mapped[str] = mapped_column(String(200))
    tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    over_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
