"""a promise's clock tells when it breaks, where that is later than when it is due"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_grace"
down_revision = "2026_11_21_heartbeat"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ticket_clock", sa.Column("breaks_at", sa.DateTime(timezone=True), nullable=True))
