"""What `load` brings in: the installation's parts as they are now, and immutable versions of what tickets pin, or were
answered by."""

from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, Id, UTCDateTime


class Part(Base):
    """One organisation, team, person, service, e-service, routing rule or the like.

    `content` is its canonical JSON, or for a workflow, agreement, calendar or known answer the hash of the version in
    force. An installation has some hundreds of parts, read together and kept in memory by revision: they need no
    columns. `hash` proves that it is what was loaded.
    """

    __tablename__ = "part"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))


class Version(Base):
    """A workflow, agreement, calendar or known answer as it once was, for ever: `hash` is the SHA-256 of `content`."""

    __tablename__ = "version"
    __table_args__ = (Index("ix_version_of_key", "kind", "key"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(80))
    content: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PartEvent(Base):
    """What somebody has changed in a part; nothing here is ever changed. `source`: `pages` or `files`; `actor`:
    `person:anna`. `fields` is JSON, name -> [before, now]. `hash` carries that of the one before."""

    __tablename__ = "part_event"
    __table_args__ = (Index("ix_part_event_of_part", "kind", "key", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(String(10))
    what: Mapped[str] = mapped_column(String(20))
    fields: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))


class Revision(Base):
    """One row: raised at every change of the installation, so that each process knows when to read it anew. `parts` is
    the hash of all its parts together, `events` that of the last entry of their journal ('' while it has none)."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Id)
    parts: Mapped[str] = mapped_column(String(64))
    events: Mapped[str] = mapped_column(String(64), server_default=text("''"))
