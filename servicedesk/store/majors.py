"""Major incidents: what each is, what was done to all its tickets at once, and how far that has come.

Which tickets belong to one, the tickets say themselves (`ticket.major`).
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, Id, UTCDateTime
from servicedesk.store.tickets import where

WAITING, DONE, REFUSED = "waiting", "done", "refused"
TO_DO = ("state = 'waiting'", "state = 'waiting'")


class MajorIncident(Base):
    """From `declared_at` until `ended_at` (NULL: it goes on). `ticket_id`: the one it was declared out of; NULL where
    it was declared anew. `disruption`: the key of what the public was told, ''. `declared_by` is an actor."""

    __tablename__ = "major_incident"
    __table_args__ = (Index("ix_major_incident_told", "ended_at", "declared_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    service: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime)
    declared_by: Mapped[str] = mapped_column(String(100))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    disruption: Mapped[str] = mapped_column(String(36), server_default=sql("''"))


class MajorMunicipality(Base):
    """Whose people are told of it and can attach their tickets."""

    __tablename__ = "major_incident_municipality"

    incident_id: Mapped[int] = mapped_column(ForeignKey("major_incident.id"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(80), primary_key=True)


class MajorAct(Base):
    """What was decided for it: only ever added to. `text` is what is said by it; `choice` its audience, or the code of
    the resolution."""

    __tablename__ = "major_incident_act"

    incident_id: Mapped[int] = mapped_column(ForeignKey("major_incident.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text, server_default=sql("''"))
    choice: Mapped[str] = mapped_column(String(40), server_default=sql("''"))


class MajorTask(Base):
    """An act on one ticket. It is done in the transaction that marks it done. `why`: a refusal as JSON (code, message,
    data)."""

    __tablename__ = "major_incident_task"
    __table_args__ = (
        Index("ix_major_incident_task_waiting", "incident_id", "number", "ticket_id", "state", **where(*TO_DO)),
    )

    incident_id: Mapped[int] = mapped_column(ForeignKey("major_incident.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(Text, server_default=sql("''"))
