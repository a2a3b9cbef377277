"""The way in for whoever asked: a link to their own ticket, one for each, without an account."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, UTCDateTime


class RequesterLink(Base):
    """A ticket's link. Its token is made of `salt` (256 bits at random) and the installation's key, so that the same
    one can be given again, and nobody makes it of what stands here; it is found by its SHA-256. `given_at`: when it
    was last given. `language`: the one that the requester has chosen on the page; '' is the browser's. `opened_at`:
    when its page was last opened, to the minute. Taking a link out of use removes the row."""

    __tablename__ = "requester_link"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    language: Mapped[str] = mapped_column(String(5), server_default=text("''"))
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
