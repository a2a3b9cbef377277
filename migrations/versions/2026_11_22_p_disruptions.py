"""what the public is told of services that do not work"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_disruptions"
down_revision = "2026_11_22_opened"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "disruption",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(36), nullable=False),
        sa.Column("service", sa.String(80), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by", sa.String(100), nullable=False, server_default=sa.text("''")),
        sa.Column("ticket_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_disruption_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_disruption"),
        sa.UniqueConstraint("key", name="uq_disruption_key"),
    )
    op.create_index("ix_disruption_told", "disruption", ["ended_at", "updated_at"])
    op.create_table(
        "disruption_municipality",
        sa.Column("disruption_id", ID, nullable=False),
        sa.Column("municipality", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["disruption_id"], ["disruption.id"], name="fk_disruption_municipality_disruption_id_disruption"
        ),
        sa.PrimaryKeyConstraint("disruption_id", "municipality", name="pk_disruption_municipality"),
    )
    op.create_table(
        "disruption_message",
        sa.Column("disruption_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["disruption_id"], ["disruption.id"], name="fk_disruption_message_disruption_id_disruption"
        ),
        sa.PrimaryKeyConstraint("disruption_id", "number", name="pk_disruption_message"),
    )
