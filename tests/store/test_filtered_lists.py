"""Filtered lists: what each holds, against all that the viewer sees looked through one by one; and that an index leads
to it, however long the list."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, text

from servicedesk.actions.desk import Desk
from servicedesk.core.codec import from_json
from servicedesk.core.facts import Actor, Seat
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Role, Tier
from servicedesk.store.engine import make_engine
from servicedesk.store.facets import facet_of, read_facet
from servicedesk.store.queries import closed, lists
from servicedesk.store.queries.lists import EVERYTHING, Filter, count_tickets, list_tickets
from servicedesk.store.queries.search import named_tickets
from servicedesk.store.queries.whose import Scope
from servicedesk.store.search.asked import read_asked
from servicedesk.store.tickets import Ticket, Visibility
from tests.support.demo import UNTIL
from tests.support.desk import Template, fill, persona

NOW = UNTIL
VIEWERS = ("first_line_lulea", "it_service_manager", "supplier_technician")
FILTERS = (
    EVERYTHING,
    Filter(priority=4),
    Filter(municipality="lulea"),
    Filter(service="e-arkiv"),
    Filter(tier=Tier.SECOND_LINE),
    Filter(unassigned=True),
    Filter(late=True),
    Filter(late=True, at_risk=True),
    Filter(at_risk=True, priority=4),
    Filter(municipality="lulea", priority=3, tier=Tier.FIRST_LINE),
    Filter(municipality="pajala", service="e-arkiv", priority=1, tier=Tier.SUPPLIER, unassigned=True),
)


@pytest.fixture(scope="module")
def demo(demo_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(make_engine(demo_template.copy_to(tmp_path_factory.mktemp("lists"))))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def seen(demo: Desk) -> list[Any]:
    """Every row of visibility with its ticket's."""
    with demo.reading() as connection:
        query = select(
            Visibility.__table__,
            Ticket.holder_organisation,
            Ticket.holder_tier,
            Ticket.assignee.label("who"),
            Ticket.state_json,
        )
        return list(connection.execute(query.join(Ticket, Ticket.id == Visibility.ticket_id)).all())


@cache
def running_out(state_json: str, supplier: str) -> tuple[tuple[datetime, timedelta], ...]:
    """When each running promise runs out, and with how much left it is at risk; of a supplier's its own alone."""
    clocks = from_json(TicketState, state_json).clocks.values()
    theirs = [one for one in clocks if not supplier or f"/supplier/{supplier}" in one.key]
    runs = [(one.due_at, one.started_at) for one in theirs if one.due_at]
    return tuple((due, max((due - made) / 4, timedelta(hours=1))) for due, made in runs)


def first_about_to_break(row: Any) -> datetime | None:
    supplier = row.organisation if row.access == "supplier" else ""
    left = [due for due, little in running_out(row.state_json, supplier) if timedelta() < due - NOW <= little]
    return min(left, default=None) if row.is_open else None


def is_late(row: Any) -> bool:
    supplier = row.organisation if row.access == "supplier" else ""
    return row.is_open and any(due <= NOW for due, _ in running_out(row.state_json, supplier))


def both(demo: Desk) -> Actor:
    """Somebody of a municipality and of the joint organisation: one line a ticket all the same."""
    one, other = persona(demo, "first_line_lulea"), persona(demo, "it_service_manager")
    return Actor("person", one.key, one.name, one.seats + other.seats)


def expected(seen: list[Any], viewer: Actor, scope: Scope, wanted: Filter) -> list[int]:
    """The ids, in the order of the list: from the ticket itself, as one would say it to somebody."""
    best: dict[int, Any] = {}
    for row in sorted(seen, key=lambda row: ["municipality", "joint", "supplier"].index(row.access)):
        if row.organisation in viewer.organisations:
            best.setdefault(row.ticket_id, row)
    rows = [row for row in best.values() if row.is_open is not (scope is Scope.CLOSED) and _meets(row, wanted)]
    if scope is Scope.MINE:
        rows = [row for row in rows if row.who == viewer.key]
    if scope not in (Scope.MINE, Scope.OPEN, Scope.CLOSED):
        rows = [row for row in rows if is_in(scope, row, viewer)]
    if scope is Scope.CLOSED:
        return [row.ticket_id for row in sorted(rows, key=lambda row: (row.last_at, row.ticket_id), reverse=True)]
    if scope is Scope.AT_RISK:
        return [row.ticket_id for row in sorted(rows, key=lambda row: (first_about_to_break(row), row.ticket_id))]
    return [row.ticket_id for row in sorted(rows, key=lambda row: (row.next_due_at, row.ticket_id))]


def is_in(scope: Scope, row: Any, viewer: Actor) -> bool:
    teams = {seat.team for seat in viewer.seats}
    levels = [seat.tier.level for seat in viewer.seats]
    level = Tier(row.tier).level if row.tier else 0
    is_ours = row.assignee == viewer.key or (row.assignee == "" and row.holder_team in teams)
    waits_below = row.turn == "requester" and level == 1 and 1 in levels
    return {
        Scope.TEAM: row.holder_team in teams,
        Scope.WAITING: row.turn in [seat.tier for seat in viewer.seats] or (row.turn == "back" and is_ours),
        Scope.AT_RISK: first_about_to_break(row) is not None,
        Scope.ABOVE: level > min(levels)
        and row.holder_team not in teams
        and any(f"|{team}|" in row.handed_by for team in teams),
        Scope.BELOW: waits_below or (0 < level < max(levels) and level not in levels),
    }[scope]


def _meets(row: Any, wanted: Filter) -> bool:
    inside = row.access != "supplier" or row.holder_organisation == row.organisation
    return (
        wanted.municipality in ("", row.municipality)
        and wanted.service in ("", row.service)
        and wanted.priority in (0, row.priority)
        and (wanted.tier in (None, row.holder_tier) and (not wanted.tier or inside or row.holder_tier == "joint"))
        and (not wanted.unassigned or (row.who == "" and inside))
        and (not wanted.late or is_late(row))
        and (not wanted.at_risk or first_about_to_break(row) is not None)
    )


def listed(connection: Connection, viewer: Actor, scope: Scope, wanted: Filter, limit: int) -> list[int]:
    """All of it, page after page."""
    page = list_tickets(connection, viewer, scope, wanted, now=NOW, limit=limit)
    found = [line.ticket_id for line in page.lines]
    while page.after:
        page = list_tickets(connection, viewer, scope, wanted, now=NOW, after=page.after, limit=limit)
        found += [line.ticket_id for line in page.lines]
    return found


@pytest.mark.parametrize("name", [*VIEWERS, "both"])
def test_a_filtered_list_holds_what_meets_the_filter_in_its_order(demo: Desk, seen: list[Any], name: str) -> None:
    viewer = both(demo) if name == "both" else persona(demo, name)
    held = 0
    with demo.reading() as connection:
        for wanted in FILTERS:
            counts = count_tickets(connection, viewer, wanted, now=NOW)
            for scope in Scope:
                ids = expected(seen, viewer, scope, wanted)
                held += len(ids)
                assert listed(connection, viewer, scope, wanted, limit=97) == ids, (scope, wanted)
                assert counts[scope] == len(ids)
    assert held > 200


def test_a_closed_list_is_counted_up_to_the_cap(demo: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNT_CAP", 20)
    for viewer, wanted in product((persona(demo, "it_service_manager"), both(demo)), (EVERYTHING, Filter(priority=4))):
        with demo.reading() as connection:
            assert count_tickets(connection, viewer, wanted, now=NOW)[Scope.CLOSED] == 21


def test_a_facet_is_read_as_it_was_written() -> None:
    facets = [
        facet_of("lulea", "e-arkiv", 4, "", None),
        facet_of("lulea", "e-arkiv", 1, "joint", ""),
        facet_of("pajala", "e-signering", 2, "supplier", "somebody"),
    ]
    assert [read_facet(facet.word) for facet in facets] == facets
    assert [facet.assignee for facet in facets] == ["?", "-", "+"]


# Of each list: the filter, and the index that its page is read from in order.
INDEXES = (
    (Scope.MINE, EVERYTHING, "ix_visibility_open"),
    (Scope.TEAM, Filter(priority=1), "ix_visibility_open"),
    (Scope.WAITING, EVERYTHING, "ix_visibility_open"),
    (Scope.AT_RISK, EVERYTHING, "ix_visibility_open"),
    (Scope.TEAM, Filter(late=True, at_risk=True), "ix_visibility_open"),
    (Scope.ABOVE, EVERYTHING, "ix_visibility_open"),
    (Scope.BELOW, Filter(priority=1), "ix_visibility_open"),
    (Scope.OPEN, EVERYTHING, "ix_visibility_open"),
    (
        Scope.OPEN,
        Filter(municipality="lulea", service="e-arkiv", tier=Tier.JOINT, unassigned=True),
        "ix_visibility_open",
    ),
    (Scope.CLOSED, EVERYTHING, "ix_visibility_closed"),
    (Scope.CLOSED, Filter(municipality="lulea", unassigned=True), "ix_visibility_closed"),
    (Scope.CLOSED, Filter(municipality="lulea", unassigned=True), "ix_visibility_closed_facet"),
)


@pytest.fixture
def planned(database_url: str) -> Iterator[tuple[Connection, list[str]]]:
    """A connection, and the plan of every statement that is sent on it. PostgreSQL is kept from reading whole tables,
    as it would where there is so little in them."""
    desk = Desk(make_engine(database_url))
    fill(desk)
    plans: list[str] = []

    def explain(connection: Connection, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            is_sqlite = connection.dialect.name == "sqlite"
            inner = connection.connection.cursor()
            inner.execute(f"EXPLAIN {'QUERY PLAN' if is_sqlite else '(COSTS OFF)'} {statement}", parameters)
            plans.append("\n".join(str(row[3] if is_sqlite else row[0]) for row in inner.fetchall()))

    with desk.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            for way in ("seqscan", "bitmapscan", "sort", "material"):
                connection.execute(text(f"SET enable_{way} = off"))
        event.listen(desk.engine, "before_cursor_execute", explain)
        yield connection, plans
    desk.engine.dispose()


def test_every_list_is_read_from_its_index(planned: tuple[Connection, list[str]]) -> None:
    connection, plans = planned
    seats = (Seat(Role.IT_SERVICE_MANAGER, "e-namnden-forvaltning", Tier.JOINT, "e-namnden"),)
    viewer = Actor("person", "somebody", "Somebody", seats)
    one_facet = [facet_of("lulea", "e-arkiv", 4, "joint", "")]
    for scope, wanted, index in INDEXES:
        plans.clear()
        if index == "ix_visibility_closed_facet" and connection.dialect.name == "postgresql":
            # Of no rows any index will do: that this one does is seen once the other is gone.
            connection.execute(text("DROP INDEX ix_visibility_closed"))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(lists, "facets_of", lambda connection, organisation: one_facet)
            list_tickets(connection, viewer, scope, wanted, now=NOW)
        assert any(re.search(only(connection, index), plan) for plan in plans), (scope, plans)


def test_every_count_is_read_from_an_index(planned: tuple[Connection, list[str]]) -> None:
    connection, plans = planned
    viewer = Actor("person", "somebody", "Somebody", (Seat(Role.IT_SERVICE_MANAGER, "team", Tier.JOINT, "e-namnden"),))
    if connection.dialect.name == "postgresql":
        # Of no rows any index will do: that these do is seen once the others are gone.
        connection.execute(text("DROP INDEX ix_visibility_open_opened, ix_visibility_closed_holder"))
    count_tickets(connection, viewer, now=NOW)
    closed.facets_of(connection, "e-namnden")
    # Any index of what is closed counts it; of no rows PostgreSQL finds the least facet as well without their order.
    closed_index = "closed(_facet(_opened)?|_holder)?"
    facets = "closed_facet(_opened)?" if connection.dialect.name == "sqlite" else closed_index
    for plan, index in zip(plans, ("open", closed_index, facets), strict=True):
        assert re.search(only(connection, f"ix_visibility_{index}"), plan), plan


def test_a_number_is_looked_up_and_never_looked_for(planned: tuple[Connection, list[str]]) -> None:
    """However many tickets there are, each way of reading what was typed goes straight to those it means."""
    connection, plans = planned
    viewer = Actor("person", "somebody", "Somebody", (Seat(Role.IT_SERVICE_MANAGER, "team", Tier.JOINT, "e-namnden"),))
    assert named_tickets(connection, viewer, read_asked("42")) == []
    plan = plans[-1]
    if connection.dialect.name == "sqlite":
        assert not re.search(r"SCAN (ticket|visibility)\b", plan), plan
    else:
        assert not re.search(r"Filter:.*platform_case", plan), plan
        assert re.search(r"Index Cond:.*platform_case", plan) and re.search(r"Index Cond:.*number", plan), plan


def only(connection: Connection, index: str) -> str:
    """Nothing but the index is read, the rows themselves are not."""
    return (
        f"COVERING INDEX {index}\\b" if connection.dialect.name == "sqlite" else f"Index Only Scan.* using {index}\\b"
    )
