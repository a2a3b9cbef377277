"""heartbeats tell of the scheduler and of how late it is"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_heartbeat"
down_revision = "2026_11_21_words_without_marks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With defaults in the database: a scheduler of the version before goes on beating.
    for column in (
        sa.Column("host", sa.String(length=80), server_default=sa.text("''"), nullable=False),
        sa.Column("version", sa.String(length=40), server_default=sa.text("''"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sweeps", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_p99", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("late_max", sa.Double(), server_default=sa.text("0"), nullable=False),
    ):
        op.add_column("heartbeat", column)
