"""the mails that failed, to be counted without reading all that went well"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_failed_mail"
down_revision = "2026_11_22_risks_filled"
branch_labels = None
depends_on = None

NAME = "ix_mail_failed"
FAILED = sa.text("state = 'failed'")


def upgrade() -> None:
    """On PostgreSQL while everybody goes on working; one that was left half made is made anew."""
    if op.get_bind().dialect.name != "postgresql":
        op.execute(f"DROP INDEX IF EXISTS {NAME}")
        op.create_index(NAME, "mail", ["id"], sqlite_where=FAILED)
        return
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")
        op.create_index(NAME, "mail", ["id"], postgresql_where=FAILED, postgresql_concurrently=True)
