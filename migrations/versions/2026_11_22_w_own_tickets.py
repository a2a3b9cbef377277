"""the tickets that a person has asked about themselves, for their own list"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_own_tickets"
down_revision = "2026_11_22_presence"
branch_labels = None
depends_on = None

NAME = "ix_personal_text_own_tickets"
IS_PERSON = sa.text("field = 'requester_person'")


def upgrade() -> None:
    """On PostgreSQL while everybody goes on working; one that was left half made is made anew."""
    if op.get_bind().dialect.name != "postgresql":
        op.execute(f"DROP INDEX IF EXISTS {NAME}")
        op.create_index(NAME, "personal_text", ["text", "ticket_id"], sqlite_where=IS_PERSON)
        return
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")
        op.create_index(
            NAME, "personal_text", ["text", "ticket_id"], postgresql_where=IS_PERSON, postgresql_concurrently=True
        )
