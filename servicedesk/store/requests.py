"""Requests that have been carried out, remembered for a while so that none is carried out twice."""

from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, Connection, Executable, Index, String, Text, bindparam, func, select
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, UTCDateTime
from servicedesk.store.upsert import insert_of


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


def add_request(connection: Connection, row: dict[str, Any], *, waits: bool) -> bool:
    """Whether this request is new, and ours from now on. One that somebody else is carrying out is waited for, unless
    it is not to be. (On SQLite there is one writer at a time: who comes second finds what the first has done.)"""
    if waits or connection.dialect.name != "postgresql":
        return connection.execute(_add(connection.dialect.name), row).first() is not None
    return connection.execute(_add_if_free(), {**row, "mark": _mark(row["sender"], row["key"])}).first() is not None


def hold_key(connection: Connection, sender: str, key: str) -> bool:
    """Whether nobody else is carrying out a request under this key; until the transaction ends nobody else will be.
    Only of those that do not wait."""
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.execute(_HOLD, {"mark": _mark(sender, key)}).scalar_one())


def _mark(sender: str, key: str) -> int:
    return int.from_bytes(sha256(f"{sender} {key}".encode()).digest()[:8], signed=True)


_FREE = func.pg_try_advisory_xact_lock(bindparam("mark", type_=BigInteger))
_HOLD = select(_FREE)


@cache
def _add(dialect: str) -> Executable:
    statement: Executable = insert_of(dialect, DoneRequest).on_conflict_do_nothing().returning(DoneRequest.key)
    return statement


@cache
def _add_if_free() -> Executable:
    columns = DoneRequest.__table__.c
    row = select(*(bindparam(each.name, type_=each.type) for each in columns)).where(_FREE)
    adding = insert_of("postgresql", DoneRequest).from_select([each.name for each in columns], row)
    statement: Executable = adding.on_conflict_do_nothing().returning(DoneRequest.key)
    return statement
