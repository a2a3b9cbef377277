"""lists of tickets that people save under a name, share, and have as their first page"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_saved_views"
down_revision = "2026_11_22_batches"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", ID, primary_key=True),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(20), nullable=False, server_default=sa.text("''")),
        sa.Column("shared_with", sa.String(80), nullable=False, server_default=sa.text("''")),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_saved_view_own", "saved_view", ["owner"])
    op.create_index("ix_saved_view_shared", "saved_view", ["audience", "shared_with"])
    op.create_table(
        "start_view",
        sa.Column("person", sa.String(80), primary_key=True),
        sa.Column("view_id", ID, sa.ForeignKey("saved_view.id"), nullable=False),
    )
