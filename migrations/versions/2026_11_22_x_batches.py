"""what somebody has done to many tickets at once, so that it can be looked at and taken back"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_batches"
down_revision = "2026_11_22_major_incidents"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", ID, primary_key=True),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("act", sa.String(100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_batch_old", "batch", ["made_at"])
    op.create_table(
        "batch_item",
        sa.Column("batch_id", ID, sa.ForeignKey("batch.id"), primary_key=True),
        sa.Column("number", sa.String(20), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("why", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("before", sa.Text(), nullable=False, server_default=sa.text("''")),
    )
