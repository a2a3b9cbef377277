"""What whoever shares work out watches is read from the index of what is open, however much is closed."""

import re
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from servicedesk.core.facts import Actor, Seat
from servicedesk.core.grouping import By
from servicedesk.core.vocabulary import Role, Tier
from servicedesk.store.queries import at_risk, board, load, majors
from servicedesk.store.queries.lists import EVERYTHING
from tests.store.test_filtered_lists import NOW, planned

__all__ = ["planned"]

MANAGER = Actor(
    "person", "somebody", "Somebody", (Seat(Role.IT_SERVICE_MANAGER, "e-namnden-forvaltning", Tier.JOINT, "e-namnden"),)
)
# A table of which every row is read, whichever database says so.
WHOLE = re.compile(r"SCAN (visibility|ticket)(?!.*INDEX)|Seq Scan on (visibility|ticket)", re.IGNORECASE)
OPEN = re.compile(r"ix_visibility_open\b|ix_visibility_open_opened\b")


def test_nothing_that_is_watched_reads_what_is_closed(planned: tuple[Connection, list[str]]) -> None:
    connection, plans = planned
    if connection.dialect.name == "postgresql":
        # Of no rows the primary key will do as well, which holds what is closed too: seen once it is not there.
        connection.exec_driver_sql("ALTER TABLE visibility DROP CONSTRAINT pk_visibility")
    watched: dict[str, Callable[[], object]] = {
        "load": lambda: load.load_of(connection, MANAGER, ["one", "other"], NOW),
        "a team": lambda: load.tickets_before(connection, MANAGER, "one", None, limit=3),
        "somebody": lambda: load.tickets_before(connection, MANAGER, "one", "somebody", limit=3),
        "promises": lambda: at_risk.promises_at_risk(connection, MANAGER, EVERYTHING, "", NOW, 10),
        **{by: partial(board.divided, connection, MANAGER, by, EVERYTHING, NOW, 3) for by in By},
        "column": lambda: board.one_column(connection, MANAGER, By.TIER, "joint", EVERYTHING, NOW, limit=3),
    }
    for name, ask in watched.items():
        plans.clear()
        ask()
        assert OPEN.search(plans[0]), (name, plans)
        assert not any(WHOLE.search(plan) for plan in plans), (name, plans)
    plans.clear()
    majors.totals(connection, MANAGER, ["one", "other"])
    assert "ix_ticket_major" in plans[0] and not WHOLE.search(plans[0])
