"""The scheduler looks once a second, sweeps at the very second at which something is due, and else leaves the database
in peace."""

from datetime import datetime, timedelta
from math import inf

from sqlalchemy import event, select, update

from servicedesk.actions.desk import Desk
from servicedesk.actions.pulse import Pulse
from servicedesk.actions.sweep import seconds_to_next, sweep
from servicedesk.core.clock import ControlledClock
from servicedesk.core.vocabulary import Level
from servicedesk.scheduler.jobs import sweep_in_time
from servicedesk.store.journal import JournalRow
from servicedesk.store.timers import TimerRow
from tests.actions.life import go_to, proved, wait, warnings
from tests.support.desk import ticket_after


def first_due(desk: Desk) -> datetime:
    with desk.reading() as connection:
        due = connection.execute(select(TimerRow.due_at).order_by(TimerRow.due_at)).scalars().first()
    assert due is not None
    return due


def urgent(desk: Desk) -> str:
    return ticket_after(desk, "take", impact=Level.HIGH, urgency=Level.HIGH).number


def fired(desk: Desk) -> int:
    with desk.reading() as connection:
        return len(connection.execute(select(JournalRow.id).where(JournalRow.timer_rule.is_not(None))).all())


def test_it_waits_for_what_is_due_within_the_second_and_fires_it_then(desk: Desk) -> None:
    urgent(desk)
    due = first_due(desk)
    go_to(desk, due - timedelta(seconds=0.75))
    waited: list[float] = []

    def pass_time(seconds: float) -> None:
        waited.append(seconds)
        wait(desk, seconds=seconds)

    sweep_in_time(desk, Pulse(), pass_time)
    assert waited == [0.75]
    assert fired(desk) == 1


def test_while_nothing_is_due_it_asks_one_question_and_takes_no_lock(desk: Desk) -> None:
    urgent(desk)
    pulse, asked = Pulse(), list[str]()
    sweep_in_time(desk, pulse)  # beats
    event.listen(desk.engine, "before_cursor_execute", lambda c, cursor, statement, *rest: asked.append(statement))
    sweep_in_time(desk, pulse)
    assert [each.split("\n")[0] for each in asked] == ["BEGIN", "SELECT timer.due_at "]
    assert fired(desk) == 0


def test_without_timers_and_with_those_that_are_set_aside_there_is_nothing_to_wait_for(desk: Desk) -> None:
    assert seconds_to_next(desk) == inf
    urgent(desk)
    assert 0 < seconds_to_next(desk) < inf
    wait(desk, days=1)
    assert seconds_to_next(desk) == 0
    with desk.transaction() as connection:
        connection.execute(update(TimerRow).values(set_aside="ValueError: no such team"))
    assert seconds_to_next(desk) == inf


def test_a_clock_that_is_put_back_fires_nothing_early_and_nothing_twice(desk: Desk) -> None:
    """SQLite's time is the machine's, which somebody may set."""
    number = urgent(desk)
    due = first_due(desk)
    go_to(desk, due)
    assert sweep(desk).fired == 1
    told = warnings(desk, number)
    early = Desk(desk.engine, ControlledClock(due - timedelta(hours=1)))
    assert sweep(early).fired == 0
    early.clock = ControlledClock(due + timedelta(seconds=1))
    assert sweep(early).fired == 0
    assert warnings(desk, number) == told
    following = first_due(desk)
    early.clock = ControlledClock(following)
    assert sweep(early).fired >= 1
    proved(early)
