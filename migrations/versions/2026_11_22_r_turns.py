"""whose move a ticket is, who has handed it on, and from when on its promise is at risk: columns of visibility"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_turns"
down_revision = "2026_11_22_follow_up_period"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visibility", sa.Column("turn", sa.String(20), nullable=False, server_default=sa.text("''")))
    op.add_column("visibility", sa.Column("handed_by", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("visibility", sa.Column("risk_at", sa.DateTime(timezone=True), nullable=True))
