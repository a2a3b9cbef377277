"""the index of closed tickets tells at a glance which of them a filter lets through"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_glance"
down_revision = "2026_11_21_webhooks"
branch_labels = None
depends_on = None

NAME, COLUMNS = "ix_visibility_closed", ["organisation", "last_at", "ticket_id", "facet", "is_open"]
CLOSED = {"sqlite_where": sa.text("is_open IS 0"), "postgresql_where": sa.text("is_open IS false")}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")
            op.create_index(NAME, "visibility", COLUMNS, postgresql_concurrently=True, **CLOSED)
    else:
        op.drop_index(NAME, "visibility")
        op.create_index(NAME, "visibility", COLUMNS, **CLOSED)
