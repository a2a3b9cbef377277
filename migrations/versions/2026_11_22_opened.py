"""open tickets in the order in which they were opened: what has come in today, and lists sorted so"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_opened"
down_revision = "2026_11_21_requesters"
branch_labels = None
depends_on = None

NAME = "ix_visibility_open_opened"
COLUMNS = ["organisation", "opened_at", "ticket_id", "is_open"]
OPEN = {"sqlite_where": sa.text("is_open IS 1"), "postgresql_where": sa.text("is_open IS true")}


def upgrade() -> None:
    """On PostgreSQL while everybody goes on working; one that was left half made is made anew."""
    if op.get_bind().dialect.name != "postgresql":
        op.execute(f"DROP INDEX IF EXISTS {NAME}")
        op.create_index(NAME, "visibility", COLUMNS, **OPEN)
        return
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")
        op.create_index(NAME, "visibility", COLUMNS, postgresql_concurrently=True, **OPEN)
