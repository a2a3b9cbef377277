"""Requests that have been carried out, remembered for a while so that none is carried out twice."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, UTCDateTime


class DoneRequest(Base):
    """What came of a request, by who sent it (`person:…`, `client:…`) and the key that they sent it under. Written in
    the transaction of what it did. Key and fingerprint are keyed marks: of what was written nothing can be read."""

    __tablename__ = "done_request"
    __table_args__ = (Index("ix_done_request_old", "done_at"),)

    sender: Mapped[str] = mapped_column(String(100), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(Text)
    done_at: Mapped[datetime] = mapped_column(UTCDateTime)
