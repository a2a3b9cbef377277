"""when each promise that has not run out is at risk is filled in, of open tickets; their index holds it too

Some tickets at a time, on PostgreSQL each lot in a transaction of its own, under the locks of its tickets, which
whoever writes on them takes first. Begun anew after a stop it does all of it again.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_risks_filled"
down_revision = "2026_11_22_risks"
branch_labels = None
depends_on = None

AT_ONCE, MOST = 500, 6
NAME, MADE = "ix_visibility_open", "ix_visibility_open_made"
FILTERS = ["holder_team", "assignee", "municipality", "service", "priority", "tier", "turn", "handed_by"]
COLUMNS = ["organisation", "next_due_at", "ticket_id", *FILTERS, "risk_at", "risks", "is_open"]
OPEN = {"sqlite_where": sa.text("is_open IS 1"), "postgresql_where": sa.text("is_open IS true")}

moment = sa.DateTime(timezone=True)
ticket = sa.table("ticket", sa.column("id", sa.BigInteger), sa.column("is_open", sa.Boolean), sa.column("state_json"))
seen = sa.table(
    "visibility",
    *(sa.column(name) for name in ("organisation", "ticket_id", "access", "risks")),
    sa.column("risk_at", moment),
)


def upgrade() -> None:
    with unhurried():
        fill()
        make_index()
        vacuum()


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
    last = bind.execute(sa.select(sa.func.max(ticket.c.id))).scalar() or 0
    for after in range(0, last, AT_ONCE):
        with lot(bind):
            fill_lot(bind, after)


@contextmanager
def lot(bind: sa.Connection) -> Iterator[None]:
    if is_postgresql():
        bind.exec_driver_sql("BEGIN")
    yield
    if is_postgresql():
        bind.exec_driver_sql("COMMIT")


def fill_lot(bind: sa.Connection, after: int) -> None:
    these = sa.and_(ticket.c.id > after, ticket.c.id <= after + AT_ONCE, ticket.c.is_open.is_(True))
    held = bind.execute(sa.select(ticket.c.id, ticket.c.state_json).where(these).with_for_update())
    folds = {row.id: json.loads(row.state_json) for row in held}
    rows = [
        {"whose": row.organisation, "which": row.ticket_id, **filled(folds[row.ticket_id], row)}
        for row in bind.execute(sa.select(seen).where(seen.c.ticket_id.in_(list(folds))))
    ]
    if rows:
        this = sa.and_(seen.c.organisation == sa.bindparam("whose"), seen.c.ticket_id == sa.bindparam("which"))
        new = {name: sa.bindparam(f"new_{name}", type_=seen.c[name].type) for name in ("risk_at", "risks")}
        bind.execute(sa.update(seen).where(this).values(new), rows)


def filled(fold: dict[str, Any], row: Any) -> dict[str, Any]:
    promises = list(running(fold, row.access, row.organisation))
    windows = sorted({(ceil(due.timestamp()), ceil(risk_at(due, made).timestamp())) for due, made in promises})
    return {
        "new_risk_at": min((risk_at(due, made) for due, made in promises), default=None),
        "new_risks": "".join(f"{due:010}{start:010}" for due, start in windows[:MOST]),
    }


def running(fold: dict[str, Any], access: str, organisation: str) -> Iterator[tuple[datetime, datetime]]:
    last = datetime.fromisoformat(fold["last_at"])
    for key, clock in fold.get("clocks", {}).items():
        is_theirs = access != "supplier" or key.split("/")[1:3] == ["supplier", organisation]
        due = clock.get("due_at") and datetime.fromisoformat(clock["due_at"])
        if due and due > last and is_theirs:
            yield due, datetime.fromisoformat(clock["started_at"])


def risk_at(due: datetime, made: datetime) -> datetime:
    return due - max((due - made) * 25 / 100, timedelta(hours=1))


def make_index() -> None:
    """The old one serves until the new one is there; one that was left half made is made anew."""
    if not is_postgresql():
        op.execute(f"DROP INDEX IF EXISTS {NAME}")
        op.create_index(NAME, "visibility", COLUMNS, **OPEN)
        return
    op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {MADE}")
    op.create_index(MADE, "visibility", COLUMNS, postgresql_concurrently=True, **OPEN)
    op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")
    op.execute(f"ALTER INDEX {MADE} RENAME TO {NAME}")


def vacuum() -> None:
    """What was filled in lies beside what it replaces: until that is gone the index alone tells nobody anything. An
    empty table is left: the server would plan as if it stayed so."""
    if is_postgresql() and op.get_bind().execute(sa.select(ticket.c.id).limit(1)).first():
        op.execute("VACUUM (ANALYZE) visibility")


def is_postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
