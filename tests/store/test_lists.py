"""Lists, their counts and the triage board say the same on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from servicedesk.core.clock import ControlledClock
from servicedesk.core.triage import Lane
from servicedesk.core.vocabulary import Tier
from servicedesk.store.engine import make_engine
from servicedesk.store.queries.lines import TITLE_LENGTH, is_at_risk, share_left, title_of
from servicedesk.store.queries.lists import EVERYTHING, Filter, count_tickets, list_tickets
from servicedesk.store.queries.triage import Alike, alike, folds, triage
from servicedesk.store.queries.whose import Scope
from tests.support.desk import START, WRITTEN, fill, persona, ticket_after


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    made = Desk(make_engine(database_url), ControlledClock(START), secret="only-for-tests-0123456789")
    fill(made)
    for municipality in ("lulea", "pitea", "pajala"):
        ticket_after(made, "escalate_to_joint", municipality)
    ticket_after(made, "accept_at_supplier")
    ticket_after(made, "confirm")
    yield made
    made.engine.dispose()


def test_a_line_knows_how_much_of_its_promise_is_left(desk: Desk) -> None:
    viewer = persona(desk, "it_service_manager")
    with desk.reading() as connection:
        line = list_tickets(connection, viewer, now=START).lines[0]
    assert line.due_at and line.promised_at
    assert share_left(line, line.promised_at) == 100
    assert share_left(line, line.promised_at + (line.due_at - line.promised_at) / 2) == 50
    assert share_left(line, line.due_at) == 0
    assert not is_at_risk(line, line.promised_at)
    assert is_at_risk(line, line.due_at)


def test_counts_are_of_what_the_lists_hold(desk: Desk) -> None:
    for name in ("it_service_manager", "first_line_lulea", "supplier_technician"):
        viewer = persona(desk, name)
        for wanted in (EVERYTHING, Filter(municipality="lulea", priority=4), Filter(tier=Tier.JOINT, unassigned=True)):
            with desk.reading() as connection:
                counts = count_tickets(connection, viewer, wanted, now=START)
                listed = {
                    scope: len(list_tickets(connection, viewer, scope, wanted, now=START).lines) for scope in Scope
                }
            assert counts == listed, (name, wanted)


def test_each_scope_holds_what_it_says(desk: Desk) -> None:
    """On both databases; what each means: test_whose.py."""
    given = {"question": WRITTEN["question"]}
    perform(desk, "2026-00004", "ask_joint", actor=persona(desk, "supplier_technician"), given=given)
    expected = {
        "it_service_manager": {Scope.WAITING: 1, Scope.ABOVE: 1, Scope.BELOW: 0},
        "second_line_lulea": {Scope.WAITING: 0, Scope.ABOVE: 2, Scope.BELOW: 0},
        "first_line_lulea": {Scope.WAITING: 0, Scope.ABOVE: 2, Scope.BELOW: 0},
    }
    for name, counts in expected.items():
        viewer = persona(desk, name)
        with desk.reading() as connection:
            lines = list_tickets(connection, viewer, now=START).lines
            late = min(line.due_at for line in lines if line.due_at) - timedelta(seconds=1)
            counted = count_tickets(connection, viewer, now=late)
            listed = list_tickets(connection, viewer, Scope.AT_RISK, now=late).lines
        assert counted[Scope.AT_RISK] == len(listed)
        assert listed[0].due_at == late + timedelta(seconds=1)
        assert counts == {scope: counted[scope] for scope in counts}, name


def test_a_suppliers_line_is_measured_by_its_own_promise_alone(desk: Desk) -> None:
    viewer = persona(desk, "supplier_technician")
    with desk.reading() as connection:
        line = list_tickets(connection, viewer, now=START).lines[0]
        (fold,) = folds(connection, viewer, [line.ticket_id]).values()
    ours = {clock.started_at for clock in fold.clocks.values() if clock.party == "leverantor-plattform"}
    assert line.promised_at in ours


def test_the_board_and_what_looks_alike_on_it(desk: Desk) -> None:
    viewer, now = persona(desk, "it_service_manager"), desk.clock.now()
    with desk.reading() as connection:
        lanes = triage(connection, desk.book(connection), viewer, EVERYTHING, now)
        several = alike(connection, viewer, START)
    assert {lane: len(lines) for lane, lines in lanes.items() if lines} == {Lane.ACCEPT: 3, Lane.WAIT: 1}
    assert several == [Alike("e-tjansteplattform", 3, 4)]


def test_a_long_title_ends_after_a_whole_word() -> None:
    told = "Inloggning med BankID: " + "efter godkänd identifiering " * 8
    assert title_of(told).endswith("identifiering…") or title_of(told).endswith(("godkänd…", "efter…"))
    assert len(title_of(told)) <= TITLE_LENGTH and told.startswith(title_of(told)[:-1])
    assert title_of("å" * 200) == "å" * (TITLE_LENGTH - 1) + "…", "what has no spaces is cut where it must be"
    assert title_of("kort\nmer") == "kort" and title_of(None) == ""
