"""returns found by when they happened, for follow-up"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_follow_up"
down_revision = "2026_11_21_parts_hashed"
branch_labels = None
depends_on = None

RETURNS = sa.text("kind = 'TicketReturned'")


def upgrade() -> None:
    op.create_index(
        "ix_journal_follow_up_returns",
        "journal",
        ["occurred_at"],
        unique=False,
        sqlite_where=RETURNS,
        postgresql_where=RETURNS,
    )
