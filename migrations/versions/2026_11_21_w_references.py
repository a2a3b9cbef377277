"""what a system calls a ticket, and ended tickets in the order in which they were opened"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_references"
down_revision = "2026_11_21_glance"
branch_labels = None
depends_on = None

OPENED = ["organisation", "opened_at", "ticket_id", "facet", "is_open"]
OPENED_OF_FACET = ["organisation", "facet", "opened_at", "ticket_id", "is_open"]
CLOSED = {"sqlite_where": sa.text("is_open IS 0"), "postgresql_where": sa.text("is_open IS false")}
REFERRED = {"sqlite_where": sa.text("reference <> ''"), "postgresql_where": sa.text("reference <> ''")}


def upgrade() -> None:
    op.add_column("visibility", sa.Column("reference", sa.String(80), nullable=False, server_default=sa.text("''")))
    with unhurried():
        make_index("ix_visibility_closed_opened", OPENED, CLOSED)
        make_index("ix_visibility_closed_facet_opened", OPENED_OF_FACET, CLOSED)
        make_index("ix_visibility_reference", ["organisation", "reference", "ticket_id"], REFERRED)


@contextmanager
def unhurried() -> Iterator[None]:
    """On PostgreSQL each statement by itself; SQLite has the database to itself meanwhile."""
    if is_postgresql():
        with op.get_context().autocommit_block():
            yield
    else:
        yield


def make_index(name: str, columns: list[str], where: dict[str, sa.TextClause]) -> None:
    """One that was left half made is made anew."""
    op.execute(f"DROP INDEX {'CONCURRENTLY ' if is_postgresql() else ''}IF EXISTS {name}")
    op.create_index(name, "visibility", columns, postgresql_concurrently=is_postgresql(), **where)


def is_postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
