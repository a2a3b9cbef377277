"""what lists are filtered by is filled in, and open and closed tickets have indexes of their own

Some tickets at a time, on PostgreSQL each lot in a transaction of its own, under the locks of its tickets, which
whoever writes on them takes first. Begun anew after a stop it does all of it again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_filtered_lists"
down_revision = "2026_11_21_filters"
branch_labels = None
depends_on = None

AT_ONCE = 1_000
FILL = """
    UPDATE visibility
    SET promised_at = known.promised_at, municipality = known.municipality, service = known.service, tier = known.tier,
        assignee = known.assignee,
        facet = known.municipality || '|' || known.service || '|' || known.priority || '|' || known.tier || '|' ||
            CASE WHEN known.assignee IS NULL THEN '?' WHEN known.assignee = '' THEN '-' ELSE '+' END
    FROM (
        SELECT seen.organisation, seen.ticket_id, ticket.municipality, ticket.service, ticket.priority,
            CASE WHEN seen.access <> 'supplier' OR ticket.holder_organisation = seen.organisation
                OR ticket.holder_tier = 'joint' THEN ticket.holder_tier ELSE '' END AS tier,
            CASE WHEN seen.access <> 'supplier' OR ticket.holder_organisation = seen.organisation
                THEN ticket.assignee END AS assignee,
            (
                SELECT min(clock.started_at) FROM ticket_clock AS clock
                WHERE clock.ticket_id = seen.ticket_id AND clock.due_at = seen.next_due_at
                    AND (seen.access <> 'supplier' OR clock.party = seen.organisation)
            ) AS promised_at
        FROM ticket JOIN visibility AS seen ON seen.ticket_id = ticket.id
        WHERE ticket.id > :after AND ticket.id <= :until
        ORDER BY ticket.id {locked}
    ) AS known
    WHERE visibility.organisation = known.organisation AND visibility.ticket_id = known.ticket_id
"""
OPEN = {"sqlite_where": sa.text("is_open IS 1"), "postgresql_where": sa.text("is_open IS true")}
CLOSED = {"sqlite_where": sa.text("is_open IS 0"), "postgresql_where": sa.text("is_open IS false")}
RUNNING = {"sqlite_where": sa.text("due_at IS NOT NULL"), "postgresql_where": sa.text("due_at IS NOT NULL")}
FILTERS = ["holder_team", "assignee", "municipality", "service", "priority", "tier", "is_open"]


def upgrade() -> None:
    with unhurried():
        for name in ("ix_visibility_queue", "ix_visibility_team_queue", "ix_visibility_recent"):
            drop_index(name)
        make_index("ix_visibility_of_ticket", "visibility", ["ticket_id"])
        fill()
        newest = ["last_at", "ticket_id", "is_open"]
        make_index("ix_visibility_open", "visibility", ["organisation", "next_due_at", "ticket_id", *FILTERS], OPEN)
        make_index("ix_visibility_closed", "visibility", ["organisation", *newest], CLOSED)
        make_index("ix_visibility_closed_facet", "visibility", ["organisation", "facet", *newest], CLOSED)
        make_index("ix_ticket_clock_running", "ticket_clock", ["metric", "tier", "due_at", "started_at"], RUNNING)


@contextmanager
def unhurried() -> Iterator[None]:
    """On PostgreSQL each statement by itself; SQLite has the database to itself meanwhile."""
    if is_postgresql():
        with op.get_context().autocommit_block():
            yield
    else:
        yield


def fill() -> None:
    bind = op.get_bind()
    statement = sa.text(FILL.format(locked="FOR UPDATE OF ticket" if is_postgresql() else ""))
    last = bind.execute(sa.text("SELECT max(id) FROM ticket")).scalar() or 0
    for after in range(0, last, AT_ONCE):
        bind.execute(statement, {"after": after, "until": after + AT_ONCE})


def drop_index(name: str) -> None:
    op.execute(f"DROP INDEX {'CONCURRENTLY ' if is_postgresql() else ''}IF EXISTS {name}")


def make_index(name: str, table: str, columns: list[str], where: dict[str, sa.TextClause] | None = None) -> None:
    """One that was left half made is made anew."""
    drop_index(name)
    op.create_index(name, table, columns, postgresql_concurrently=is_postgresql(), **(where or {}))


def is_postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
