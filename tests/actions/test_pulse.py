"""A scheduler's heartbeat: written at least every half minute, with what it has done since it started."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from servicedesk import __version__
from servicedesk.actions import pulse as pulses
from servicedesk.actions.desk import Desk
from servicedesk.actions.pulse import Pulse, forget_gone, p99
from servicedesk.actions.sweep import sweep
from servicedesk.core.vocabulary import Level
from servicedesk.store.timers import Heartbeat, TimerRow
from tests.actions.life import go_to, wait
from tests.support.desk import ticket_after


def beats(desk: Desk) -> list[Any]:
    with desk.reading() as connection:
        return list(connection.execute(select(Heartbeat.__table__).order_by(Heartbeat.swept_at)))


def test_a_heartbeat_says_who_swept_and_counts_since_the_start(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulses, "BEAT_SECONDS", 0)
    pulse = Pulse("host-7:41", "host-7")
    began = desk.clock.now()
    sweep(desk, pulse=pulse)
    ticket_after(desk, "take", impact=Level.HIGH, urgency=Level.HIGH)
    wait(desk, days=1)
    fired = sweep(desk, pulse=pulse).fired
    sweep(desk, pulse=pulse)
    [beat] = beats(desk)
    assert (beat.scheduler, beat.host, beat.version) == ("host-7:41", "host-7", __version__)
    assert (beat.started_at, beat.swept_at) == (began, desk.clock.now())
    assert (beat.sweeps, beat.fired, beat.set_aside) == (3, fired, 0)


def test_a_busy_scheduler_beats_at_most_every_few_seconds(desk: Desk) -> None:
    pulse = Pulse()
    sweep(desk, pulse=pulse)
    wait(desk, minutes=1)
    sweep(desk, pulse=pulse)
    [beat] = beats(desk)
    assert (beat.sweeps, pulse.sweeps) == (1, 2)


def test_schedulers_that_stopped_long_ago_are_forgotten_save_the_last(desk: Desk) -> None:
    now = desk.clock.now()
    gone = [{"scheduler": name, "swept_at": now - timedelta(days=days)} for name, days in (("a", 4), ("b", 3))]
    with desk.transaction() as connection:
        connection.execute(insert(Heartbeat), gone)
    assert forget_gone(desk) == 1
    assert [beat.scheduler for beat in beats(desk)] == ["b"]
    sweep(desk)
    assert forget_gone(desk) == 1
    assert [beat.scheduler for beat in beats(desk)] == ["scheduler"]


def test_of_a_hundred_late_timers_one_may_be_later_than_the_99th() -> None:
    assert p99([1.0]) == 1.0
    assert p99([*[0.5] * 99, 9.0]) == 0.5
    assert p99([*[0.5] * 98, 9.0, 9.0]) == 9.0


def test_how_late_timers_fired_is_told_by_the_heartbeat(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulses, "BEAT_SECONDS", 0)
    ticket_after(desk, "take", impact=Level.HIGH, urgency=Level.HIGH)
    with desk.reading() as connection:
        due = connection.execute(select(TimerRow.due_at).order_by(TimerRow.due_at)).scalars().first()
    assert due is not None
    go_to(desk, due + timedelta(seconds=7))
    assert sweep(desk).fired == 1
    [beat] = beats(desk)
    assert 7 <= beat.late_p99 <= beat.late_max < 10
    assert beat.fired_at == desk.clock.now()
