"""The journal folded up: the ticket's row and what is projected from it. Written only together with the journal."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from servicedesk.store.base import Base, Id, UTCDateTime


def where(sqlite: str, postgresql: str) -> dict[str, Any]:
    """Of an index of some rows: exactly as the queries say it, since neither database draws conclusions. What it says
    is a column of the index too, else SQLite looks it up in each row, and the last one, since PostgreSQL takes it for
    granted and goes by those before it."""
    return {"sqlite_where": text(sqlite), "postgresql_where": text(postgresql)}


CLOSED = ("is_open IS 0", "is_open IS false")
ABOUT_ONE = ("e_service <> ''", "e_service <> ''")
REFERRED = ("reference <> ''", "reference <> ''")
OF_MAJOR = ("major <> ''", "major <> ''")
RUNNING = ("due_at IS NOT NULL", "due_at IS NOT NULL")


class Ticket(Base):
    """`state_json` is the whole fold; the other columns are copied from it to be searched and sorted by."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_open_municipality", "municipality", "is_open"),
        Index("ix_ticket_workflow_state", "workflow_version", "state"),
        Index("ix_ticket_platform_case", "platform_case"),
        Index("ix_ticket_e_service", "e_service", **where(*ABOUT_ONE)),
        Index("ix_ticket_my_work", "assignee", "is_open"),
        Index("ix_ticket_major", "major", "id", **where(*OF_MAJOR)),
        Index(
            "ix_ticket_follow_up",
            "is_open",
            "last_at",
            "opened_at",
            "closed_at",
            "municipality",
            "service",
            "priority",
            "workflow_version",
            "state",
            "id",
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    workflow: Mapped[str] = mapped_column(String(80))
    workflow_version: Mapped[str] = mapped_column(String(64))
    municipality: Mapped[str] = mapped_column(String(80))
    service: Mapped[str] = mapped_column(String(80))
    e_service: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(80))
    category: Mapped[str] = mapped_column(String(20))
    is_open: Mapped[bool]
    priority: Mapped[int]
    holder_team: Mapped[str] = mapped_column(String(80))
    holder_tier: Mapped[str] = mapped_column(String(20))
    holder_organisation: Mapped[str] = mapped_column(String(80))
    assignee: Mapped[str] = mapped_column(String(80), default="")
    platform_case: Mapped[str] = mapped_column(String(80), default="")
    rating: Mapped[str] = mapped_column(String(10), server_default=text("''"))
    major: Mapped[str] = mapped_column(String(36), server_default=text("''"))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seq: Mapped[int]
    head_hash: Mapped[str] = mapped_column(String(64))
    state_json: Mapped[str] = mapped_column(Text)


class TicketClock(Base):
    """One promise on one ticket. `breaks_at`: NULL where it breaks when it is due."""

    __tablename__ = "ticket_clock"
    __table_args__ = (
        Index("ix_ticket_clock_follow_up", "metric", "party", "started_at"),
        Index("ix_ticket_clock_running", "metric", "tier", "due_at", "started_at", **where(*RUNNING)),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    metric: Mapped[str] = mapped_column(String(20))
    party: Mapped[str] = mapped_column(String(80))
    tier: Mapped[str] = mapped_column(String(20), default="")
    agreement: Mapped[str] = mapped_column(String(64))
    target: Mapped[int]
    spent: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    breaks_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    broken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TicketCustody(Base):
    """One stretch of a ticket's life with one holder in one state; the stretches of a ticket tile its life."""

    __tablename__ = "ticket_custody"
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    team: Mapped[str] = mapped_column(String(80))
    tier: Mapped[str] = mapped_column(String(20))
    organisation: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(80))
    account: Mapped[str] = mapped_column(String(20))
    accepted: Mapped[bool]
    counted: Mapped[bool]
    clock: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Visibility(Base):
    """Who may see a ticket, materialised by the fold: the only place a list starts from.

    What lists are sorted and filtered by stands here, as the organisation may know it, so that a list of one
    organisation is read in order from one index whatever is asked of it. `next_due_at` is what this organisation's own
    view of the clocks runs out first, promised at `promised_at`; 'never' sorts last by a far date. `title_seq` is the
    event whose text names the ticket to it. `tier` is '' and `assignee` NULL where it may not know; `facet` is of
    store/facets.py. `reference` is what the organisation's own system calls the ticket. `turn` and `handed_by`: see
    core/turns.py. `risk_at`: from when on the first of its promises is at risk that had not run out at its last event,
    NULL when there is none; `risks`: when each of them is, of store/risks.py.
    """

    __tablename__ = "visibility"
    __table_args__ = (
        Index(
            "ix_visibility_open",
            "organisation",
            "next_due_at",
            "ticket_id",
            "holder_team",
            "assignee",
            "municipality",
            "service",
            "priority",
            "tier",
            "turn",
            "handed_by",
            "risk_at",
            "risks",
            "is_open",
            **where("is_open IS 1", "is_open IS true"),
        ),
        Index("ix_visibility_closed", "organisation", "last_at", "ticket_id", "facet", "is_open", **where(*CLOSED)),
        Index(
            "ix_visibility_closed_facet",
            "organisation",
            "facet",
            "last_at",
            "ticket_id",
            "is_open",
            **where(*CLOSED),
        ),
        Index(
            "ix_visibility_closed_opened",
            "organisation",
            "opened_at",
            "ticket_id",
            "facet",
            "is_open",
            **where(*CLOSED),
        ),
        Index(
            "ix_visibility_closed_facet_opened",
            "organisation",
            "facet",
            "opened_at",
            "ticket_id",
            "is_open",
            **where(*CLOSED),
        ),
        Index(
            "ix_visibility_open_opened",
            "organisation",
            "opened_at",
            "ticket_id",
            "is_open",
            **where("is_open IS 1", "is_open IS true"),
        ),
        Index("ix_visibility_closed_holder", "organisation", "holder_team", "ticket_id", "is_open", **where(*CLOSED)),
        Index("ix_visibility_reference", "organisation", "reference", "ticket_id", **where(*REFERRED)),
        Index("ix_visibility_of_ticket", "ticket_id"),
    )

    organisation: Mapped[str] = mapped_column(String(80), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    access: Mapped[str] = mapped_column(String(20))
    is_open: Mapped[bool]
    holder_team: Mapped[str] = mapped_column(String(80))
    priority: Mapped[int]
    title_seq: Mapped[int]
    next_due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    promised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    municipality: Mapped[str] = mapped_column(String(80), server_default=text("''"))
    service: Mapped[str] = mapped_column(String(80), server_default=text("''"))
    tier: Mapped[str] = mapped_column(String(20), server_default=text("''"))
    assignee: Mapped[str | None] = mapped_column(String(80))
    facet: Mapped[str] = mapped_column(String(200), server_default=text("''"))
    reference: Mapped[str] = mapped_column(String(80), server_default=text("''"))
    turn: Mapped[str] = mapped_column(String(20), server_default=text("''"))
    handed_by: Mapped[str] = mapped_column(Text, server_default=text("''"))
    risk_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    risks: Mapped[str] = mapped_column(String(120), server_default=text("''"))


class TicketNumber(Base):
    """The last number given, one row a year: numbers have no gaps, and the year starts at 1."""

    __tablename__ = "ticket_number"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
