"""major incidents: which tickets belong to one, and what is done to all of them at once"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_major_incidents"
down_revision = "2026_11_22_own_tickets"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NONE = sa.text("''")
INCIDENT = "major_incident"
OF_MAJOR = {"sqlite_where": sa.text("major <> ''"), "postgresql_where": sa.text("major <> ''")}
TO_DO = {"sqlite_where": sa.text("state = 'waiting'"), "postgresql_where": sa.text("state = 'waiting'")}


def upgrade() -> None:
    op.create_table(
        INCIDENT,
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(36), nullable=False),
        sa.Column("service", sa.String(80), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by", sa.String(100), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ticket_id", ID, nullable=True),
        sa.Column("disruption", sa.String(36), nullable=False, server_default=NONE),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_major_incident_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_major_incident"),
        sa.UniqueConstraint("key", name="uq_major_incident_key"),
    )
    op.create_index("ix_major_incident_told", INCIDENT, ["ended_at", "declared_at"])
    op.create_table(
        "major_incident_municipality",
        *_of_incident("major_incident_municipality"),
        sa.Column("municipality", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("incident_id", "municipality", name="pk_major_incident_municipality"),
    )
    op.create_table(
        "major_incident_act",
        *_of_incident("major_incident_act"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, server_default=NONE),
        sa.Column("choice", sa.String(40), nullable=False, server_default=NONE),
        sa.PrimaryKeyConstraint("incident_id", "number", name="pk_major_incident_act"),
    )
    op.create_table(
        "major_incident_task",
        *_of_incident("major_incident_task"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("why", sa.Text(), nullable=False, server_default=NONE),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_major_incident_task_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("incident_id", "number", "ticket_id", name="pk_major_incident_task"),
    )
    waiting = ["incident_id", "number", "ticket_id", "state"]
    op.create_index("ix_major_incident_task_waiting", "major_incident_task", waiting, **TO_DO)
    op.add_column("ticket", sa.Column("major", sa.String(36), nullable=False, server_default=NONE))
    _index_tickets()


def _of_incident(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    name = f"fk_{table}_incident_id_major_incident"
    return (
        sa.Column("incident_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], [f"{INCIDENT}.id"], name=name),
    )


def _index_tickets() -> None:
    """On PostgreSQL while everybody goes on working; one that was left half made is made anew."""
    if op.get_bind().dialect.name != "postgresql":
        op.create_index("ix_ticket_major", "ticket", ["major", "id"], **OF_MAJOR)
        return
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_ticket_major")
        op.create_index("ix_ticket_major", "ticket", ["major", "id"], postgresql_concurrently=True, **OF_MAJOR)
