"""who has a ticket before them at this moment"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_presence"
down_revision = "2026_11_22_trouble_filters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What means nothing after a minute need not survive a crash: written past the log, it waits for no disk.
    prefixes = ["UNLOGGED"] if op.get_bind().dialect.name == "postgresql" else []
    op.create_table(
        "presence",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("writes", sa.String(20), nullable=True),
        sa.Column("wrote_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", "person", name="pk_presence"),
        prefixes=prefixes,
    )
    op.create_index("ix_presence_gone", "presence", ["seen_at"])
