"""whose move a ticket is and the rest of it is filled in, of open tickets; their index holds it too

Some tickets at a time, on PostgreSQL each lot in a transaction of its own, under the locks of its tickets, which
whoever writes on them takes first. Begun anew after a stop it does all of it again.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_turns_filled"
down_revision = "2026_11_22_turns"
branch_labels = None
depends_on = None

AT_ONCE = 500
NAME, MADE = "ix_visibility_open", "ix_visibility_open_made"
FILTERS = ["holder_team", "assignee", "municipality", "service", "priority", "tier"]
COLUMNS = ["organisation", "next_due_at", "ticket_id", *FILTERS, "turn", "handed_by", "risk_at", "is_open"]
OPEN = {"sqlite_where": sa.text("is_open IS 1"), "postgresql_where": sa.text("is_open IS true")}
SITS_AT = {"municipality": ("first_line", "second_line"), "joint": ("joint",), "supplier": ()}

moment = sa.DateTime(timezone=True)
ticket = sa.table("ticket", sa.column("id", sa.BigInteger), sa.column("is_open", sa.Boolean), sa.column("state_json"))
seen = sa.table(
    "visibility",
    *(sa.column(name) for name in ("organisation", "ticket_id", "access", "turn", "handed_by")),
    *(sa.column(name, moment) for name in ("next_due_at", "promised_at", "risk_at")),
)


def upgrade() -> None:
    with unhurried():
        fill()
        make_index()


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
        new = {name: sa.bindparam(f"new_{name}", type_=seen.c[name].type) for name in ("turn", "handed_by", "risk_at")}
        bind.execute(sa.update(seen).where(this).values(new), rows)


def filled(fold: dict[str, Any], row: Any) -> dict[str, Any]:
    return {
        "new_turn": turn(fold, row.access, row.organisation),
        "new_handed_by": handed_by(fold, row.organisation),
        "new_risk_at": None if row.next_due_at.year == 9999 else risk_at(row.next_due_at, row.promised_at),
    }


def turn(fold: dict[str, Any], access: str, organisation: str) -> str:
    *earlier, last = fold["custody"]
    account, holder, question = last["account"], fold["holder"], fold.get("question") or {}
    if account == "requester":
        return account if access == "municipality" else ""
    if account != holder["tier"]:
        return account if question.get("of") == account and account in SITS_AT[access] else ""
    if holder["organisation"] != organisation or not earlier:
        return ""
    if earlier[-1]["account"] in (account, "planned_change"):
        return ""
    return "back" if any(one["holder"]["team"] == last["holder"]["team"] for one in earlier) else ""


def handed_by(fold: dict[str, Any], organisation: str) -> str:
    found = {one["team"] for one in fold.get("handed_over_by", []) if one["organisation"] == organisation}
    return f"|{'|'.join(sorted(found))}|" if found else ""


def risk_at(due: Any, promised: Any) -> Any:
    little = (due - promised) * 25 / 100 if promised else timedelta(hours=1)
    return due - max(little, timedelta(hours=1))


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


def is_postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
