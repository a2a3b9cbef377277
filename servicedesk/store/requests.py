"""Requests that have been carried out, remembered for a while so that none is carried out twice."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import BigInteger, Connection, Index, String, Text, bindparam, func, select
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


def hold_key(connection: Connection, sender: str, key: str) -> bool:
    """Whether nobody else is carrying out a request under this key; until the transaction ends nobody else will be.
    On SQLite there is one writer at a time: who comes second waits, and finds what the first has done."""
    if connection.dialect.name != "postgresql":
        return True
    mark = int.from_bytes(sha256(f"{sender} {key}".encode()).digest()[:8], signed=True)
    return bool(connection.execute(_HOLD, {"mark": mark}).scalar_one())


_HOLD = select(func.pg_try_advisory_xact_lock(bindparam("mark", type_=BigInteger)))
