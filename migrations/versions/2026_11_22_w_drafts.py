"""what people write on tickets, kept as what they write of a call is"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_drafts"
down_revision = "2026_11_22_saved_views"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("form", sa.String(64), nullable=False),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("way", sa.String(80), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", "form", name="pk_draft"),
    )
    op.execute(
        "INSERT INTO draft (person, form, about, way, content, saves, saved_at) "
        "SELECT person, form, '', '', content, saves, saved_at FROM call_draft"
    )
    op.drop_table("call_draft")
    op.execute("CREATE INDEX ix_draft_old ON draft (saved_at)")
