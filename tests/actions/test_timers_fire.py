"""Warnings and timed steps: each exactly once, in due order, dated when due, whoever notices it and however late."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from servicedesk.actions import changes, entries
from servicedesk.actions import sweep as sweeping
from servicedesk.actions.desk import Desk
from servicedesk.actions.pulse import Pulse
from servicedesk.actions.sweep import sweep
from servicedesk.core.clock import ControlledClock
from servicedesk.core.codec import stamp
from servicedesk.core.errors import Conflict
from servicedesk.core.vocabulary import Category, Level
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow
from servicedesk.store.timers import Heartbeat, TimerRow
from tests.actions.life import HOUR, at, do, go_to, happened, journal, kinds, proved, refused, state, wait, warnings
from tests.support.desk import DeskFactory, new_ticket, persona, ticket_after

URGENT = {"impact": Level.HIGH, "urgency": Level.HIGH}


def shares(desk: Desk, number: str, clock: str = "resolution") -> list[tuple[int, datetime]]:
    return [(share, when) for key, share, when in warnings(desk, number) if key == clock]


def test_each_share_of_a_promise_is_announced_once_and_dated_when_it_was_reached(desk: Desk) -> None:
    number = ticket_after(desk, "take", **URGENT).number
    for _ in range(12):
        wait(desk, minutes=25)
        sweep(desk)
    opened = at("2026-03-02", "09:00")
    expected = [(share, opened + timedelta(seconds=4 * HOUR * share // 100)) for share in (50, 75, 90, 100)]
    assert shares(desk, number) == expected
    proved(desk)


def test_a_scheduler_that_was_down_for_weeks_announces_the_same_as_one_that_was_not(desk_factory: DeskFactory) -> None:
    prompt, late = desk_factory(), desk_factory()
    for each in (prompt, late):
        assert ticket_after(each, "accept_in_second_line", impact=Level.MEDIUM).number == "2026-00001"
    for _ in range(21 * 6):
        wait(prompt, hours=4)
        sweep(prompt)
    wait(late, hours=4 * 21 * 6)
    assert sweep(late).fired == len(warnings(late, "2026-00001")) > 0
    assert sweep(late).fired == 0
    assert happened(late, "2026-00001") == happened(prompt, "2026-00001")
    proved(late)


def test_what_falls_due_is_dated_in_opening_hours_not_at_midnight(desk: Desk) -> None:
    number = ticket_after(desk, "take", impact=Level.MEDIUM, urgency=Level.MEDIUM).number  # 24 hours
    go_to(desk, at("2026-03-09"))
    sweep(desk)
    # Half of 24 hours: eight on Monday until five o'clock, four on Tuesday from half past seven.
    assert shares(desk, number)[0] == (50, at("2026-03-03", "11:30"))


@pytest.mark.parametrize("batch", [200, 3], ids=["in one batch", "in many"])
def test_events_that_fell_due_on_several_tickets_are_written_in_due_order(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """By one scheduler, however long it was away. What several write at once is in due order of each ticket."""
    monkeypatch.setattr(sweeping, "_DUE", sweeping._DUE.limit(batch))
    for minutes in (0, 7, 3):
        wait(desk, minutes=minutes)
        ticket_after(desk, "take", **URGENT)
    wait(desk, days=1)
    sweep(desk)
    with desk.reading() as connection:
        query = select(JournalRow.occurred_at).where(JournalRow.timer_rule.is_not(None)).order_by(JournalRow.id)
        written = connection.execute(query).scalars().all()
    assert written == sorted(written) and len(written) > 20


ACTS: list[Callable[[Desk, str], object]] = [
    lambda desk, number: entries.note(desk, number, "Nu.", actor=persona(desk, "first_line_lulea")),
    lambda desk, number: do(desk, number, "first_line_lulea", "escalate_to_second_line"),
    lambda desk, number: changes.change_priority(
        desk, number, Level.LOW, Level.LOW, "Mindre bråttom.", actor=persona(desk, "first_line_lulea")
    ),
    lambda desk, number: changes.move_municipality(
        desk, number, "pitea", "Fel kommun.", actor=persona(desk, "first_line_lulea")
    ),
]


@pytest.mark.parametrize("act", ACTS, ids=["note", "hand over", "priority", "municipality"])
def test_an_action_comes_out_the_same_whether_or_not_the_scheduler_was_up(
    desk_factory: DeskFactory, act: Callable[[Desk, str], object]
) -> None:
    prompt, late = desk_factory(), desk_factory()
    for each in (prompt, late):
        number = ticket_after(each, "take", **URGENT).number
        wait(each, hours=3)
        if each is prompt:
            sweep(each)
        act(each, number)
        wait(each, days=2)
        sweep(each)
    assert happened(prompt, "2026-00001") == happened(late, "2026-00001")
    proved(late)


def test_the_step_that_time_has_taken_comes_before_the_one_a_person_is_late_with(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    do(desk, number, "first_line_lulea", "ask_requester_from_first_line", question="Vilken blankett?")
    wait(desk, days=30)
    refusal = refused(desk, number, "first_line_lulea", "answer_first_line", answer="Den här.")
    assert refusal.code == "wrong_state"
    assert state(desk, number).category is Category.CLOSED
    assert sweep(desk).fired == 0
    proved(desk)


def test_somebody_who_saw_the_ticket_before_time_moved_it_is_told(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    seen = do(desk, number, "first_line_lulea", "ask_requester_from_first_line", question="Vilken?").version
    wait(desk, days=30)
    with pytest.raises(Conflict):
        entries.note(desk, number, "Hej", actor=persona(desk, "first_line_lulea"), expected=seen)


def test_a_warning_is_no_change_that_a_person_must_be_told_of(desk: Desk) -> None:
    ticket = ticket_after(desk, "take", **URGENT)
    wait(desk, hours=3)
    sweep(desk)
    entries.note(desk, ticket.number, "Hej", actor=persona(desk, "first_line_lulea"), expected=ticket.version)


def test_a_silent_requester_is_reminded_once_and_then_the_ticket_is_closed(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    do(desk, number, "first_line_lulea", "ask_requester_from_first_line", question="Vilken blankett?")
    asked = desk.clock.now()
    for _ in range(20):
        wait(desk, days=1)
        sweep(desk)
    timed = [(e.kind, e.occurred_at) for e in journal(desk, number) if e.kind in ("RequesterReminded", "TicketClosed")]
    with desk.reading() as connection:
        hours = desk.book(connection).calendar("lulea-kundcenter")
    reminded, closed = hours.deadline(asked, 24 * HOUR), hours.deadline(asked, 80 * HOUR)
    assert timed == [("RequesterReminded", reminded), ("TicketClosed", closed)]
    assert state(desk, number).question is None
    proved(desk)


def test_every_wait_has_a_reminder_of_its_own(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    for _ in range(2):
        do(desk, number, "first_line_lulea", "ask_requester_from_first_line", question="Vilken blankett?")
        wait(desk, days=6)
        do(desk, number, "first_line_lulea", "answer_first_line", answer="Den här.")
    assert Counter(kinds(desk, number))["RequesterReminded"] == 2
    proved(desk)


def test_what_is_solved_closes_by_itself_when_nobody_objects(desk: Desk) -> None:
    number = ticket_after(desk, "resolve_in_second_line").number
    wait(desk, days=4)
    sweep(desk)
    assert state(desk, number).category is Category.RESOLVED
    wait(desk, days=4)
    sweep(desk)
    assert state(desk, number).category is Category.CLOSED
    assert journal(desk, number)[-1].actor == "scheduler:scheduler"
    proved(desk)


def test_a_planned_wait_ends_at_the_moment_that_was_given(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_second_line").number
    until = at("2026-03-29", "03:30")
    do(
        desk,
        number,
        "second_line_lulea",
        "wait_for_change_in_second_line",
        reason="Ny version.",
        until=until.isoformat(),
    )
    assert state(desk, number).resume_at == until
    wait(desk, days=40)
    sweep(desk)
    resumed = next(event for event in journal(desk, number) if event.kind == "WorkResumed")
    assert stamp(resumed.occurred_at) == stamp(until)
    assert (state(desk, number).category, state(desk, number).resume_at) == (Category.ACTIVE, None)
    proved(desk)


@pytest.mark.parametrize("desks", [2, 4])
def test_several_schedulers_at_once_fire_everything_once(loaded_url: str, desks: int) -> None:
    """Threads with an engine each, as processes on several machines have."""
    first = Desk(make_engine(loaded_url), ControlledClock(at("2026-03-02")))
    numbers = [new_ticket(first).number for _ in range(30)]
    go_to(first, at("2026-03-20"))
    others = [Desk(make_engine(loaded_url), first.clock) for _ in range(desks)]
    start = threading.Barrier(desks)
    fired: list[int] = []

    def run(desk: Desk) -> None:
        start.wait()
        fired.append(sweep(desk, pulse=Pulse(f"scheduler-{id(desk)}")).fired)

    threads = [threading.Thread(target=run, args=[each]) for each in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fired.append(sweep(first).fired)
    timers = (JournalRow.ticket_id, JournalRow.timer_rule, JournalRow.timer_occurrence)
    with first.reading() as connection:
        rows = connection.execute(select(*timers).where(JournalRow.timer_rule.is_not(None))).all()
        told = select(JournalRow.ticket_id, JournalRow.occurred_at).where(JournalRow.timer_rule.is_not(None))
        in_order = connection.execute(told.order_by(JournalRow.ticket_id, JournalRow.seq)).all()
        overdue = select(func.count()).select_from(TimerRow).where(TimerRow.due_at <= first.clock.now())
        assert connection.execute(overdue).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(Heartbeat)).scalar_one() == desks + 1
    assert len(rows) == len(set(rows)) == sum(fired)
    assert in_order == sorted(in_order), "of a ticket in due order, whoever fires"
    assert all(len(warnings(first, number)) == len(warnings(first, numbers[0])) for number in numbers)
    proved(first)
    for each in (first, *others):
        each.engine.dispose()
