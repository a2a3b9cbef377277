"""Webhooks: where a system wants to be told of changes, and each change on its way there."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, Id, UTCDateTime

ON, OFF = "on", "off"
WAITING, DELIVERED, FAILED, DROPPED = "waiting", "delivered", "failed", "dropped"
IS_WAITING = text(f"state = '{WAITING}'")


class Webhook(Base):
    """A subscription of an organisation. `client`: who made it. `face`: whose form its messages have (actions.faces).
    `event_types`: those it wants, with spaces between; '' for all. `query`: what else a face narrows by.

    `secret` and `former_secret` are kept as actions.keeping keeps them; '' where a face does not sign. `failures`
    counts attempts since the last that came through; `failing_since`: the first of them. `why` it is off.
    """

    __tablename__ = "webhook"
    __table_args__ = (Index("ix_webhook_organisation", "organisation"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation: Mapped[str] = mapped_column(String(80))
    client: Mapped[str] = mapped_column(String(100))
    face: Mapped[str] = mapped_column(String(20))
    url: Mapped[str] = mapped_column(Text)
    event_types: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(Text)
    former_secret: Mapped[str] = mapped_column(Text)
    former_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(20))
    failures: Mapped[int]
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Delivery(Base):
    """One message to one webhook. It names a change and holds nothing of it; what is sent is written when it is sent.

    `message_id` is the same at every attempt. A ticket's messages go one after the other: the next when the one before
    waits no longer. `leased_until`: somebody is sending it now. `failure`: core.undelivered, as it is written there.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "position", "event_type"),
        Index("ix_delivery_due", "webhook_id", "next_at", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING),
        Index(
            "ix_delivery_before", "webhook_id", "ticket_id", "id", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING
        ),
        Index("ix_delivery_list", "webhook_id", "id"),
        Index("ix_delivery_over", "over_at"),
        Index("ix_delivery_of_ticket", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    position: Mapped[int | None] = mapped_column(Id)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    event_type: Mapped[str] = mapped_column(String(60))
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
