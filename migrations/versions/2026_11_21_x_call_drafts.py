"""what is being written on the page that logs, kept for who writes it"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_call_drafts"
down_revision = "2026_11_21_references"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_draft",
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", "form", name=op.f("pk_call_draft")),
    )
    with op.batch_alter_table("call_draft", schema=None) as batch_op:
        batch_op.create_index("ix_call_draft_old", ["saved_at"], unique=False)
