"""when each promise of a ticket is at risk: a column of visibility"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_risks"
down_revision = "2026_11_22_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visibility", sa.Column("risks", sa.String(120), nullable=False, server_default=sa.text("''")))
