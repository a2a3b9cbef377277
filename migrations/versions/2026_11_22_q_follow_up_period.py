"""the tickets of a period, for follow-up: the open ones, and the closed ones by what last happened to them"""

from alembic import op

revision = "2026_11_22_follow_up_period"
down_revision = "2026_11_22_restored"
branch_labels = None
depends_on = None

NAME = "ix_ticket_follow_up"
# Begun from the tickets of a period, each ticket's stretches are found by its own key.
UNUSED = "ix_ticket_custody_follow_up"
OF_TICKET = ["municipality", "service", "priority", "workflow_version", "state", "id"]
COLUMNS = ["is_open", "last_at", "opened_at", "closed_at", *OF_TICKET]


def upgrade() -> None:
    """On PostgreSQL while everybody goes on working; one that was left half made is made anew."""
    if op.get_bind().dialect.name != "postgresql":
        op.execute(f"DROP INDEX IF EXISTS {NAME}")
        op.execute(f"DROP INDEX IF EXISTS {UNUSED}")
        op.create_index(NAME, "ticket", COLUMNS)
        return
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")
        op.create_index(NAME, "ticket", COLUMNS, postgresql_concurrently=True)
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {UNUSED}")
