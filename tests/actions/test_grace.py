"""Grace and warnings of an agreement's own: what is promised, what is forgiven, and when somebody is told."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.actions.outbox import drain
from servicedesk.actions.sweep import sweep
from servicedesk.core.events import PromiseWarned
from servicedesk.core.sla import is_broken
from servicedesk.core.vocabulary import Level, Metric
from servicedesk.store.outbox import Notice
from tests.actions.life import HOUR, at, clock, do, go_to, journal, proved, wait, warnings
from tests.actions.test_timers_ladder import told
from tests.support.desk import ticket_after

URGENT = {"impact": Level.HIGH, "urgency": Level.HIGH}  # four hours from 09:00
SOLVED = {"solution": "Klart", "resolution_code": "solved"}


def promise(desk: Desk, grace: int = 0, **more: Any) -> None:
    """Of what Luleå promises, only a solution of the most urgent within four hours, with grace."""
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    sla = installation.agreements["lulea-sla"]
    targets = tuple(
        replace(target, grace=grace)
        for target in sla.targets
        if target.metric is Metric.RESOLUTION and 1 in target.priorities
    )
    agreements = {**installation.agreements, sla.key: replace(sla, targets=targets, **more)}
    load_installation(desk, replace(installation, agreements=agreements), [])


@pytest.fixture
def number(desk: Desk) -> str:
    promise(desk, grace=900)
    return ticket_after(desk, "take", **URGENT).number


def test_due_is_what_was_promised_and_broken_is_after_the_grace(desk: Desk, number: str) -> None:
    promised = clock(desk, number, "resolution")
    assert (promised.due_at, promised.breaks_at) == (at("2026-03-02", "13:00"), at("2026-03-02", "13:15"))
    assert not is_broken(promised, at("2026-03-02", "13:15"))
    assert is_broken(promised, at("2026-03-02", "13:15").replace(second=1))


def test_what_is_solved_within_the_grace_is_kept(desk: Desk, number: str) -> None:
    go_to(desk, at("2026-03-02", "13:14"))
    do(desk, number, "first_line_lulea", "solve_at_once", **SOLVED)
    ended = clock(desk, number, "resolution")
    assert ended.broken_at is None and ended.passed_at == at("2026-03-02", "13:00")
    proved(desk)


def test_what_is_solved_after_the_grace_broke_when_the_grace_was_over(desk: Desk, number: str) -> None:
    go_to(desk, at("2026-03-02", "13:16"))
    do(desk, number, "first_line_lulea", "solve_at_once", **SOLVED)
    assert clock(desk, number, "resolution").broken_at == at("2026-03-02", "13:15")
    proved(desk)


def test_grace_is_open_time_and_a_wait_in_it_is_not_counted(desk: Desk, number: str) -> None:
    go_to(desk, at("2026-03-02", "13:05"))
    do(desk, number, "first_line_lulea", "ask_requester_from_first_line", question="När?")
    wait(desk, hours=2)
    assert not is_broken(clock(desk, number, "resolution"), desk.clock.now())
    do(desk, number, "first_line_lulea", "answer_first_line", answer="Nu.")
    resumed = clock(desk, number, "resolution")
    assert (resumed.due_at, resumed.breaks_at) == (at("2026-03-02", "13:00"), at("2026-03-02", "15:15"))
    wait(desk, hours=1)
    do(desk, number, "first_line_lulea", "ask_requester_from_first_line", question="Hur?")
    broken = clock(desk, number, "resolution")
    assert broken.broken_at == at("2026-03-02", "15:15")
    do(desk, number, "first_line_lulea", "answer_first_line", answer="Så.")
    assert clock(desk, number, "resolution").due_at == at("2026-03-02", "13:00")
    proved(desk)


def test_who_is_told_that_the_time_is_up_is_not_told_that_it_is_broken(desk: Desk, number: str) -> None:
    go_to(desk, at("2026-03-02", "13:05"))
    sweep(desk)
    drain(desk)
    about = {
        event.seq: event.payload.share
        for event in journal(desk, number)
        if isinstance(event.payload, PromiseWarned) and event.payload.clock == "resolution"
    }
    with desk.reading() as connection:
        whys = connection.execute(select(Notice.seq, Notice.why).where(Notice.seq.in_(about))).all()
    assert {(about[seq], why) for seq, why in whys} == {(share, "promise_at_risk") for share in (50, 75, 90, 100)}


def test_an_agreement_warns_at_shares_of_its_own_and_tells_the_nearest_rung_below(desk: Desk) -> None:
    promise(desk, warn=(60, 80, 125))
    number = ticket_after(desk, "accept_in_joint", **URGENT).number
    wait(desk, hours=6)
    sweep(desk)
    assert [(share, due) for key, share, due in warnings(desk, number) if key == "resolution"] == [
        (60, at("2026-03-02", "11:24")),
        (80, at("2026-03-02", "12:12")),
        (125, at("2026-03-02", "14:00")),
    ]
    assert told(desk, number, "resolution") == {
        60: ["it_service_manager"],
        80: ["it_service_manager"],
        125: ["it_service_manager", "it_service_manager_deputy", "second_line_lulea", "system_owner"],
    }
    proved(desk)


def test_a_promise_without_shares_of_its_own_still_warns_by_the_ladder(desk: Desk) -> None:
    promise(desk)
    number = ticket_after(desk, "take", **URGENT).number
    wait(desk, hours=2)
    sweep(desk)
    assert ("resolution", 50, at("2026-03-02", "11:00")) in warnings(desk, number)
    assert clock(desk, number, "resolution").target == 4 * HOUR
