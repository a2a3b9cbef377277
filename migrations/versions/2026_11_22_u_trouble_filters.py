"""what another desk's lists are filtered by: the e-service of a ticket, and who had one when it was closed"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_trouble_filters"
down_revision = "2026_11_22_mails"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_ticket_e_service", "ticket", ["e_service"], "e_service <> ''", "e_service <> ''"),
    (
        "ix_visibility_closed_holder",
        "visibility",
        ["organisation", "holder_team", "ticket_id", "is_open"],
        "is_open IS 0",
        "is_open IS false",
    ),
)


def upgrade() -> None:
    """On PostgreSQL while everybody goes on working; one that was left half made is made anew."""
    if op.get_bind().dialect.name != "postgresql":
        for name, table, columns, where, _ in INDEXES:
            op.execute(f"DROP INDEX IF EXISTS {name}")
            op.create_index(name, table, columns, sqlite_where=sa.text(where))
        return
    with op.get_context().autocommit_block():
        for name, table, columns, _, where in INDEXES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.create_index(name, table, columns, postgresql_where=sa.text(where), postgresql_concurrently=True)
