"""Where running tickets are: counted and listed by their states, however many have been closed."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, event, select

from servicedesk.actions.desk import Desk
from servicedesk.store.engine import make_engine
from servicedesk.store.queries.workflows import count_running, list_in_state
from servicedesk.store.tickets import Ticket, Visibility
from tests.support.desk import Template, persona


@pytest.fixture(scope="module")
def demo(demo_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(make_engine(demo_template.copy_to(tmp_path_factory.mktemp("workflows"))))
    yield made
    made.engine.dispose()


@pytest.mark.parametrize("name", ["it_service_manager", "second_line_lulea"])
def test_counts_and_lists_are_those_of_what_is_not_closed(demo: Desk, name: str) -> None:
    viewer = persona(demo, name)
    with demo.reading() as connection:
        book = demo.book(connection)
        query = select(Ticket.workflow, Ticket.workflow_version, Ticket.state, Ticket.number)
        query = query.join(Visibility, Visibility.ticket_id == Ticket.id).where(Ticket.closed_at.is_(None))
        rows = connection.execute(query.where(Visibility.organisation.in_(viewer.organisations))).all()
        counts = {(c.workflow, c.version, c.state): c.tickets for c in count_running(connection, book, viewer)}
        assert counts == Counter(tuple(row[:3]) for row in rows) and len(counts) > 5
        for workflow, _version, state in counts:
            listed = {line.number for line in list_in_state(connection, book, viewer, workflow, state).lines}
            assert listed == {row.number for row in rows if (row.workflow, row.state) == (workflow, state)}
        assert list_in_state(connection, book, viewer, "citizen_incident", "closed").lines == []


def test_they_are_found_by_their_states_and_not_among_all_there_ever_were(demo: Desk) -> None:
    plans: list[str] = []

    def explain(connection: Connection, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        inner = connection.connection.cursor()
        inner.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        plans.extend(str(row[3]) for row in inner.fetchall())

    viewer = persona(demo, "it_service_manager")
    event.listen(demo.engine, "before_cursor_execute", explain)
    try:
        with demo.reading() as connection:
            book = demo.book(connection)
            count_running(connection, book, viewer)
            list_in_state(connection, book, viewer, "citizen_incident", "second_active")
    finally:
        event.remove(demo.engine, "before_cursor_execute", explain)
    assert sum("ix_ticket_workflow_state (workflow_version=? AND state=?)" in plan for plan in plans) >= 2
    assert [plan for plan in plans if plan.startswith("SCAN") and re.search(r"\b(visibility|ticket)\b", plan)] == []
    assert [plan for plan in plans if re.search(r"visibility.*\(organisation=\?\)$", plan)] == []
