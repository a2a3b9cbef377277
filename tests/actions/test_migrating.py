"""Running tickets go to a new version of their workflow whole, or not at all; and nothing about them is lost."""

import subprocess
import sys

import pytest

from servicedesk.actions import migrating
from servicedesk.actions.desk import Desk
from servicedesk.actions.migrating import migrate, plan_migration
from servicedesk.actions.sweep import sweep
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.facts import OPERATOR
from servicedesk.core.ledger import adds_up, ledger
from servicedesk.core.timers import timed_of
from servicedesk.core.vocabulary import Category, ClockEffect
from servicedesk.store.queries.systems.timeline import system_timeline
from servicedesk.store.queries.tickets import state_of, view_ticket
from servicedesk.store.queries.workflows import running_on
from tests.actions.versions import (
    RENAMED,
    RUNNING,
    V1,
    by_version,
    changed,
    declare,
    differences,
    go,
    later,
    now_of,
    put_in_force,
    rename,
    second_version,
    ticket_in,
    without,
)
from tests.support.desk import persona

KEY = "citizen_incident"
WAITING = "first_waiting_requester"


def moved(desk: Desk, named: dict[str, str], reason: str = "Ny rutin.") -> migrating.Migrated:
    return migrate(desk, plan_migration(desk, KEY, named, actor=OPERATOR), reason, actor=OPERATOR)


def in_the_way(desk: Desk, named: dict[str, str]) -> set[tuple[str, str]]:
    """(state, code) of everything in the way; and that a plan with any moves nothing."""
    plan = plan_migration(desk, KEY, named, actor=OPERATOR)
    if plan.in_the_way:
        with pytest.raises(Refusal) as refused:
            migrate(desk, plan, "", actor=OPERATOR)
        assert refused.value.code == "in_the_way"
    return {(state, obstacle.code) for _number, state, obstacle in plan.in_the_way}


def test_a_ticket_in_every_state_goes_to_a_version_that_renames_one_and_adds_one(either_desk: Desk) -> None:
    desk = either_desk
    before = {state: ticket_in(desk, state) for state in RUNNING}
    closed = ticket_in(desk, "closed")
    v2 = put_in_force(desk, second_version())
    assert moved(desk, RENAMED).moved == len(RUNNING)
    for state, was in before.items():
        ticket = now_of(desk, was.number)
        assert (ticket.workflow_version, ticket.state) == (v2.version, RENAMED.get(state, state))
        kept = ("holder", "assignee", "category", "accepted", "handed_over_by", "question", "resume_at", "solution_seq")
        assert [getattr(ticket, name) for name in kept] == [getattr(was, name) for name in kept]
        assert {key: clock.state for key, clock in ticket.clocks.items()} == {k: c.state for k, c in was.clocks.items()}
        assert ticket.custody[-1].account == was.custody[-1].account
    assert now_of(desk, closed.number).workflow_version == V1.version
    assert differences(desk) == []


def test_moving_again_finds_nothing_to_move(either_desk: Desk) -> None:
    ticket_in(either_desk, "first_active")
    put_in_force(either_desk, second_version())
    assert moved(either_desk, RENAMED).moved == 1
    assert plan_migration(either_desk, KEY, {}, actor=OPERATOR).moves.total() == 0
    assert moved(either_desk, {}).moved == 0


def test_a_moved_ticket_goes_all_the_way_and_back_under_the_new_version(desk: Desk) -> None:
    ticket = ticket_in(desk, "supplier_waiting_joint")
    put_in_force(desk, second_version())
    moved(desk, RENAMED)
    there = go(
        desk,
        now_of(desk, ticket.number),
        *("answer_supplier", "propose_solution", "verify", "accept_in_second_line", "try_out", "tried_out"),
        *("hand_down_to_first_line", "accept_in_first_line", "resolve_in_first_line", "confirm"),
    )
    assert there.category is Category.CLOSED
    assert differences(desk) == []


def test_the_time_before_and_after_adds_up_to_the_whole(desk: Desk) -> None:
    ticket = ticket_in(desk, "first_active")
    later(desk, hours=2)
    put_in_force(desk, second_version())
    moved(desk, RENAMED)
    later(desk, hours=3)
    with desk.reading() as connection:
        book, now = desk.book(connection), desk.now(connection)
    account = ledger(now_of(desk, ticket.number), now, book)
    assert adds_up(account)
    assert account.whole.seconds == 5 * 3600
    assert [line.stretch.state for line in account.lines][-2:] == ["first_active", "first_working"]


def test_clocks_that_stand_still_go_on_standing_still_and_what_they_spent_stays_spent(desk: Desk) -> None:
    ticket = ticket_in(desk, WAITING)
    later(desk, hours=4)
    put_in_force(desk, changed(rename(WAITING, "asked")))
    moved(desk, {WAITING: "asked"})
    after = now_of(desk, ticket.number)
    assert after.clocks["resolution"].state is ClockEffect.PAUSE
    assert after.clocks["resolution"].spent == ticket.clocks["resolution"].spent
    later(desk, hours=1)
    assert go(desk, after, "answer_first_line").question is None
    assert differences(desk) == []


def test_another_effect_on_a_clock_begins_with_the_move(desk: Desk) -> None:
    ticket = ticket_in(desk, WAITING)
    clocks = {**{str(m): str(e) for m, e in V1.states[WAITING].clocks.items()}, "resolution": "run"}
    put_in_force(desk, changed(declare(WAITING, clocks=clocks)))
    later(desk, hours=2)
    assert in_the_way(desk, {}) == {(WAITING, "not_mapped")}
    moved(desk, {WAITING: WAITING})
    clock = now_of(desk, ticket.number).clocks["resolution"]
    assert (clock.state, clock.spent) == (ClockEffect.RUN, ticket.clocks["resolution"].spent)


def test_waiting_counts_on_and_a_reminder_that_was_sent_is_not_sent_again(desk: Desk) -> None:
    ticket = ticket_in(desk, WAITING)
    untouched = ticket_in(desk, WAITING)
    later(desk, days=4)
    assert sweep(desk).fired
    closes = _closed_at(desk, untouched.number)
    put_in_force(desk, second_version())
    moved(desk, RENAMED)
    assert _closed_at(desk, ticket.number) == closes
    later(desk, days=30)
    sweep(desk)
    with desk.reading() as connection:
        view = view_ticket(connection, desk.book(connection), persona(desk, "first_line_lulea"), ticket.number)
    kinds = [entry.event.kind for entry in view.entries]
    assert kinds.count("RequesterReminded") == 1
    assert kinds.count("TicketClosed") == 1
    assert differences(desk) == []


def _closed_at(desk: Desk, number: str) -> object:
    """When time will close the ticket."""
    with desk.reading() as connection:
        book = desk.book(connection)
    return [timer.due_at for timer in timed_of(now_of(desk, number), book, book) if "close" in timer.rule]


def test_nobody_is_closed_out_by_a_rule_that_came_after_the_waiting_began(desk: Desk) -> None:
    ticket = ticket_in(desk, WAITING)
    later(desk, days=6)
    sweep(desk)
    hasty = changed(lambda tables: tables["timed"]["close_unanswered"].update(after="10h"))
    put_in_force(desk, hasty)
    plan = plan_migration(desk, KEY, {}, actor=OPERATOR)
    assert plan.anew.total() == 1
    migrate(desk, plan, "", actor=OPERATOR)
    sweep(desk)
    assert now_of(desk, ticket.number).category is Category.WAITING
    later(desk, days=5)
    sweep(desk)
    assert now_of(desk, ticket.number).category is Category.CLOSED
    assert differences(desk) == []


def test_what_was_overdue_happens_before_the_move(desk: Desk) -> None:
    ticket = ticket_in(desk, WAITING)
    put_in_force(desk, second_version())
    plan = plan_migration(desk, KEY, RENAMED, actor=OPERATOR)
    later(desk, days=60)
    assert migrate(desk, plan, "", actor=OPERATOR).moved == 0
    after = now_of(desk, ticket.number)
    assert (after.category, after.workflow_version) == (Category.CLOSED, V1.version)


@pytest.mark.parametrize(
    ("state", "change", "named", "code"),
    [
        ("first_active", rename("first_active", "x"), {}, "not_mapped"),
        ("second_active", rename("second_active", "x"), {"second_active": "joint_active"}, "other_tier"),
        ("first_active", rename("first_active", "x"), {"first_active": "closed"}, "other_category"),
        ("first_active", rename("first_active", "x"), {"first_active": "resolved"}, "other_category"),
        ("first_active", rename("first_active", "x"), {"first_active": WAITING}, "other_category"),
        ("resolved", rename("resolved", "x"), {"resolved": "closed"}, "other_category"),
        ("first_received", rename("first_received", "x"), {"first_received": "first_active"}, "other_acceptance"),
        ("first_active", rename("first_active", "x"), {"first_active": "first_received"}, "other_acceptance"),
        (
            "second_waiting_first_line",
            rename("second_waiting_first_line", "x"),
            {"second_waiting_first_line": "second_waiting_requester"},
            "other_wait",
        ),
        (WAITING, rename(WAITING, "x"), {WAITING: "first_active"}, "question_lost"),
        (
            "second_waiting_change",
            without("timed", "resume_in_second_line_after_change"),
            {},
            "moment_lost",
        ),
        ("joint_active", rename("joint_active", "x"), {"joint_active": "joint_verifying"}, "memory_missing"),
        ("resolved", without("transition", "reopen"), {}, "not_reopenable"),
        ("second_received", without("transition", "return_to_first_line"), {}, "way_back_lost"),
        ("supplier_active", without("transition", "recall"), {}, "stranded"),
    ],
)
def test_a_ticket_that_could_not_go_on_there_is_named_with_the_reason(
    desk: Desk, state: str, change: object, named: dict[str, str], code: str
) -> None:
    ticket_in(desk, state)
    ticket_in(desk, "first_new")
    put_in_force(desk, changed(change))  # type: ignore[arg-type]
    assert (state, code) in in_the_way(desk, named)
    assert by_version(desk) == {V1.version: 2}, "refused, and yet something was moved"


def test_the_way_back_a_ticket_came_decides_whether_it_can_go(desk: Desk) -> None:
    """Escalated by the second line it can be moved to a version that only knows that way; not the other way round."""
    came_down = go(desk, ticket_in(desk, "joint_active"), "hand_down_to_second_line")
    went_up = ticket_in(desk, "second_received")
    put_in_force(desk, changed(without("transition", "return_to_joint")))
    plan = plan_migration(desk, KEY, {}, actor=OPERATOR)
    assert [(number, why.code) for number, _, why in plan.in_the_way] == [(came_down.number, "way_back_lost")]
    assert plan.moves.total() == 1 and went_up.number != came_down.number


@pytest.mark.parametrize(
    ("named", "field"),
    [({"first_actve": "first_working"}, "map"), ({"first_active": "first_workng"}, "map")],
)
def test_a_misspelt_state_is_found_out_with_what_was_meant(desk: Desk, named: dict[str, str], field: str) -> None:
    ticket_in(desk, "first_active")
    put_in_force(desk, second_version())
    with pytest.raises(Invalid) as refused:
        plan_migration(desk, KEY, named, actor=OPERATOR)
    assert "Did you mean" in refused.value.fields[field][0]


def test_the_version_meant_must_be_the_one_in_force(desk: Desk) -> None:
    v2 = put_in_force(desk, second_version())
    assert plan_migration(desk, KEY, {}, actor=OPERATOR, to=v2.version[:8]).new == v2
    for to in (V1.version, "0", ""):
        with pytest.raises(Invalid, match="attention"):
            plan_migration(desk, KEY, {}, actor=OPERATOR, to=to)
    with pytest.raises(Invalid):
        plan_migration(desk, "no_such_workflow", {}, actor=OPERATOR)


def test_one_older_version_can_be_moved_by_itself(desk: Desk) -> None:
    ticket_in(desk, "first_active")
    v2 = put_in_force(desk, second_version())
    ticket_in_v2 = now_of(desk, ticket_in(desk, "first_new").number)
    v3 = put_in_force(desk, changed(rename("first_active", "first_working")))
    plan = plan_migration(desk, KEY, RENAMED, actor=OPERATOR, since=V1.version[:10])
    assert plan.versions == (V1.version,)
    migrate(desk, plan, "", actor=OPERATOR)
    assert by_version(desk) == {v3.version: 1, v2.version: 1}
    assert ticket_in_v2.workflow_version == v2.version
    with pytest.raises(Invalid):
        plan_migration(desk, KEY, {}, actor=OPERATOR, since=V1.version)


def test_nobody_but_an_operator_moves_tickets(desk: Desk) -> None:
    put_in_force(desk, second_version())
    plan = plan_migration(desk, KEY, {}, actor=OPERATOR)
    manager = persona(desk, "it_service_manager")
    for forbidden in (
        lambda: plan_migration(desk, KEY, {}, actor=manager),
        lambda: migrate(desk, plan, "", actor=manager),
    ):
        with pytest.raises(Refusal) as refused:
            forbidden()
        assert refused.value.code == "not_yours"


def test_a_ticket_that_changes_between_plan_and_move_is_left_and_named(desk: Desk) -> None:
    ticket, other = ticket_in(desk, "first_active"), ticket_in(desk, "first_new")
    put_in_force(desk, changed(rename("first_active", "first_working"), rename(WAITING, "asked")))
    plan = plan_migration(desk, KEY, RENAMED, actor=OPERATOR)
    go(desk, ticket, "ask_requester_from_first_line")
    done = migrate(desk, plan, "", actor=OPERATOR)
    assert (done.moved, [(number, why.code) for number, _, why in done.left]) == (1, [(ticket.number, "not_mapped")])
    assert now_of(desk, other.number).workflow_version == plan.new.version


def test_a_plan_for_a_version_that_is_no_longer_in_force_moves_nothing(desk: Desk) -> None:
    ticket_in(desk, "first_new")
    put_in_force(desk, second_version())
    plan = plan_migration(desk, KEY, RENAMED, actor=OPERATOR)
    put_in_force(desk, changed(rename("first_active", "x")))
    with pytest.raises(Refusal) as refused:
        migrate(desk, plan, "", actor=OPERATOR)
    assert refused.value.code == "not_in_force"
    assert by_version(desk) == {V1.version: 1}


def test_the_municipality_reads_why_and_a_supplier_only_that_it_happened(desk: Desk) -> None:
    ticket = ticket_in(desk, "supplier_active")
    technician = persona(desk, "supplier_technician")
    with desk.reading() as connection:
        book = desk.book(connection)
        version = view_ticket(connection, book, technician, ticket.number).version
    put_in_force(desk, second_version())
    moved(desk, RENAMED, reason="Intern omorganisation.")
    with desk.reading() as connection:
        book = desk.book(connection)
        own = view_ticket(connection, book, persona(desk, "first_line_lulea"), ticket.number).entries[-1]
        seen = system_timeline(connection, book, technician, ticket.number)[-1]
        assert view_ticket(connection, book, technician, ticket.number).version > version
    assert (own.event.kind, own.texts) == ("WorkflowChanged", {"reason": "Intern omorganisation."})
    assert (seen.kind, seen.party, seen.name, seen.texts) == ("WorkflowChanged", "system", None, {})


def test_stopped_between_two_batches_it_goes_on_where_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "BATCH", 2)
    for _ in range(5):
        ticket_in(desk, "first_new")
    v2 = put_in_force(desk, second_version())
    plan = plan_migration(desk, KEY, RENAMED, actor=OPERATOR)

    def stop(moved: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migrate(desk, plan, "", actor=OPERATOR, advance=stop)
    assert by_version(desk) == {V1.version: 3, v2.version: 2}
    assert differences(desk) == []
    assert moved(desk, RENAMED).moved == 3
    assert differences(desk) == []


def test_a_ticket_that_another_run_moved_before_its_turn_is_not_moved_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ticket_in(desk, "first_active").number
    put_in_force(desk, second_version())
    plan = plan_migration(desk, KEY, RENAMED, actor=OPERATOR)
    with desk.reading() as connection:
        read_by_both = [running_on(connection, list(plan.versions), after=0, limit=migrating.BATCH)]
    assert migrate(desk, plan, "", actor=OPERATOR).moved == 1
    with desk.reading() as connection:
        once_moved = state_of(connection, number)
    monkeypatch.setattr(migrating, "running_on", lambda *_, **__: read_by_both.pop() if read_by_both else [])
    assert migrate(desk, plan, "", actor=OPERATOR) == migrating.Migrated()
    with desk.reading() as connection:
        assert state_of(connection, number) == once_moved


WORKER = """
import sys
from servicedesk.actions import migrating
from servicedesk.actions.desk import Desk
from servicedesk.core.facts import OPERATOR
from servicedesk.store.engine import make_engine
migrating.BATCH = 1
desk = Desk(make_engine(sys.argv[1]))
plan = migrating.plan_migration(desk, "citizen_incident", {"first_active": "first_working"}, actor=OPERATOR)
migrating.migrate(desk, plan, "", actor=OPERATOR, advance=lambda moved: print(moved, flush=True))
"""


def test_killed_in_the_middle_every_ticket_is_whole_on_one_version_or_the_other(
    either_desk: Desk, loaded_url: str
) -> None:
    desk = either_desk
    for _ in range(12):
        ticket_in(desk, "first_active")
    v2 = put_in_force(desk, second_version())
    command = [sys.executable, "-c", WORKER, loaded_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        said = [worker.stdout.readline() for _ in range(3)]
        worker.kill()
    assert said == ["1\n"] * 3
    gone = by_version(desk)
    assert gone[v2.version] >= 3 and gone.get(V1.version, 0) > 0
    assert differences(desk) == []
    assert moved(desk, RENAMED).moved == gone[V1.version]
    assert by_version(desk) == {v2.version: 12}
    assert differences(desk) == []
