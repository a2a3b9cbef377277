"""Whatever another desk's list is filtered by, an index leads to it: the list holds the same whether few or many have
it, and what few have is looked up, not searched for."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, event, select

from servicedesk.actions.desk import Desk
from servicedesk.core.actors import client_actor
from servicedesk.core.clock import ControlledClock
from servicedesk.core.facts import Actor
from servicedesk.store.engine import make_engine
from servicedesk.store.queries.trouble import found_by
from servicedesk.store.queries.trouble.listing import Wanted, trouble_tickets
from servicedesk.store.tickets import Ticket, Visibility
from tests.support.desk import START, Template, fill, ticket_after

VIEWERS = ("lulea", "pajala", "leverantor-plattform")
KEYS = ("service", "e_service", "platform_case", "municipality", "holder_organisation", "opened_at")


@pytest.fixture(scope="module")
def demo(demo_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(make_engine(demo_template.copy_to(tmp_path_factory.mktemp("trouble"))))
    yield made
    made.engine.dispose()


@pytest.fixture
def connection(demo: Desk) -> Iterator[Connection]:
    with demo.reading() as opened:
        yield opened


def system_of(demo: Desk, connection: Connection, organisation: str) -> Actor:
    return client_actor("prov", "Prov", organisation, (), demo.book(connection).installation)


def rows_of(connection: Connection, viewer: Actor) -> list[Any]:
    columns = [getattr(Ticket, name) for name in KEYS]
    query = select(Ticket.number, Visibility.reference, *columns).join(Visibility, Visibility.ticket_id == Ticket.id)
    theirs = Visibility.organisation.in_(viewer.organisations)
    return list(connection.execute(query.where(theirs).order_by(Ticket.id.desc())))


def cases(rows: list[Any], *, is_supplier: bool) -> Iterator[tuple[Wanted, list[str]]]:
    """Each filter with values that many have, that few have, and that nobody has; and whom one finds by looking."""
    values = {name: sorted({getattr(row, name) for row in rows} - {""}) for name in KEYS}
    seen = ("service",) if is_supplier else ("service", "e_service", "platform_case")
    for entity in [*values["service"], *values["e_service"][:3], *values["platform_case"][:3], "9999-nobodys"]:
        yield Wanted(entities=[entity]), [r.number for r in rows if entity in [getattr(r, name) for name in seen]]
    for party in ("lulea", "pajala", "e-namnden", "leverantor-plattform", "leverantor-arkiv", "nobody"):
        yield Wanted(parties=[party]), [r.number for r in rows if _involves(r, party, values, is_supplier)]
    for moment in values["opened_at"][:3]:
        yield Wanted(opened=[moment]), [r.number for r in rows if r.opened_at == moment]
    for reference in [*{r.reference for r in rows if r.reference}][:3]:
        yield Wanted(references=[reference]), [r.number for r in rows if r.reference == reference]


def _involves(row: Any, party: str, values: dict[str, list[Any]], is_supplier: bool) -> bool:
    if is_supplier:
        near = party in ("e-namnden", "leverantor-plattform")
        return row.municipality == party or (near and row.holder_organisation == party)
    return party in values["municipality"] or row.holder_organisation == party


@pytest.mark.parametrize("rare", [0, found_by.RARE])
@pytest.mark.parametrize("organisation", VIEWERS)
def test_a_list_holds_what_meets_its_filter(
    demo: Desk, connection: Connection, monkeypatch: pytest.MonkeyPatch, organisation: str, rare: int
) -> None:
    monkeypatch.setattr(found_by, "RARE", rare)
    book, viewer = demo.book(connection), system_of(demo, connection, organisation)
    rows, found = rows_of(connection, viewer), 0
    for wanted, numbers in cases(rows, is_supplier=organisation.startswith("leverantor")):
        page = trouble_tickets(connection, book, viewer, wanted, 0, 5)
        assert ([each.number for each in page.tickets], page.total) == (numbers[:5], len(numbers)), wanted
        found += len(numbers)
    assert found > len(rows)


FILTERS = (
    Wanted(entities=["e-arkiv"]),
    Wanted(entities=["lulea-bygglov"]),
    Wanted(entities=["9999-nobodys"]),
    Wanted(parties=["leverantor-arkiv"]),
    Wanted(parties=["pajala"]),
    Wanted(references=["A-1"]),
    Wanted(workflows=["service_request"]),
)


@pytest.mark.parametrize("organisation", ["lulea", "leverantor-plattform"])
def test_no_filter_reads_past_the_tickets_of_others(demo: Desk, connection: Connection, organisation: str) -> None:
    """Nothing is read from its beginning to its end, and of the organisation's own list only single rows and those that
    an index gives: by its first column alone nothing is searched but open work."""
    book, viewer = demo.book(connection), system_of(demo, connection, organisation)
    opened = rows_of(connection, viewer)[0].opened_at
    plans: list[str] = []

    def explain(connection: Connection, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        inner = connection.connection.cursor()
        inner.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        plans.extend(str(row[3]) for row in inner.fetchall())

    event.listen(demo.engine, "before_cursor_execute", explain)
    try:
        for wanted in (*FILTERS, Wanted(opened=[opened])):
            trouble_tickets(connection, book, viewer, wanted, 0, 20)
    finally:
        event.remove(demo.engine, "before_cursor_execute", explain)
    searched = [plan for plan in plans if re.search(r"\b(visibility|ticket)(_\d+)?\b", plan)]
    assert len(searched) > 20
    assert [plan for plan in searched if plan.startswith("SCAN")] == []
    alone = [plan for plan in searched if re.search(r"visibility.*\(organisation=\?\)$", plan)]
    assert [plan for plan in alone if "ix_visibility_open" not in plan and "facet" not in plan] == []


@pytest.mark.parametrize("rare", [0, found_by.RARE])
def test_postgresql_finds_the_same(postgres_url: str, monkeypatch: pytest.MonkeyPatch, rare: int) -> None:
    monkeypatch.setattr(found_by, "RARE", rare)
    desk = Desk(make_engine(postgres_url), ControlledClock(START))
    fill(desk)
    closed = ticket_after(desk, "confirm", e_service="lulea-bygglov", platform_case="437512").number
    for last in ("", "accept_at_supplier"):
        ticket_after(desk, last)
    with desk.reading() as connection:
        book = desk.book(connection)
        for organisation in ("lulea", "leverantor-plattform"):
            viewer = system_of(desk, connection, organisation)
            rows = rows_of(connection, viewer)
            for wanted, numbers in cases(rows, is_supplier=organisation != "lulea"):
                page = trouble_tickets(connection, book, viewer, wanted, 0, 5)
                assert ([each.number for each in page.tickets], page.total) == (numbers, len(numbers)), wanted
            assert closed in [row.number for row in rows]
    desk.engine.dispose()
