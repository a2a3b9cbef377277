"""what lists are filtered by stands beside who may see a ticket

A column with a constant default is there at once; the next migration fills it.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_filters"
down_revision = "2026_11_21_clients"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visibility", sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("visibility", sa.Column("municipality", sa.String(80), nullable=False, server_default=sa.text("''")))
    op.add_column("visibility", sa.Column("service", sa.String(80), nullable=False, server_default=sa.text("''")))
    op.add_column("visibility", sa.Column("tier", sa.String(20), nullable=False, server_default=sa.text("''")))
    op.add_column("visibility", sa.Column("assignee", sa.String(80), nullable=True))
    op.add_column("visibility", sa.Column("facet", sa.String(200), nullable=False, server_default=sa.text("''")))
