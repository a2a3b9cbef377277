"""One bad timer, row or ticket costs only itself."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from servicedesk.actions import entries, firing
from servicedesk.actions.desk import Desk
from servicedesk.actions.opened import Open
from servicedesk.actions.sweep import BATCH, Swept, sweep, take_up_again
from servicedesk.actions.work import Work
from servicedesk.core.timers import Timer
from servicedesk.core.vocabulary import Level
from servicedesk.store.journal import JournalRow
from servicedesk.store.tickets import Ticket
from servicedesk.store.timers import TimerRow
from tests.actions.life import differences, do, go_to, kinds, proved, wait, warnings
from tests.support.desk import new_ticket, persona, ticket_after


def waiting_for_the_requester(desk: Desk) -> str:
    number = ticket_after(desk, "take").number
    do(desk, number, "first_line_lulea", "ask_requester_from_first_line", question="Vilken blankett?")
    return number


def poison(monkeypatch: pytest.MonkeyPatch, number: str, rule: str) -> None:
    real = firing.fire

    def fire(work: Work, held: Open, timer: Timer) -> None:
        if held.ticket.number == number and rule in timer.rule:
            raise ValueError("no such team")
        real(work, held, timer)

    monkeypatch.setattr("servicedesk.actions.firing.fire", fire)
    monkeypatch.setattr("servicedesk.actions.sweep.fire", fire)


def test_a_timer_that_cannot_fire_is_set_aside_and_the_others_fire(
    either_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = waiting_for_the_requester(either_desk), waiting_for_the_requester(either_desk)
    poison(monkeypatch, bad, "remind")
    wait(either_desk, days=6)
    swept = sweep(either_desk)
    assert swept.set_aside == 1
    assert "RequesterReminded" in kinds(either_desk, good)
    found = differences(either_desk)
    assert len(found) == 1
    assert found[0].startswith(bad) and "set aside: ValueError: no such team" in found[0]


def test_what_is_set_aside_is_left_alone_by_later_sweeps(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = waiting_for_the_requester(desk)
    poison(monkeypatch, bad, "remind")
    wait(desk, days=30)
    assert sweep(desk).set_aside == 1
    assert sweep(desk) == Swept(0, 0)
    assert "RequesterReminded" not in kinds(desk, bad)


def test_what_was_set_aside_fires_once_somebody_has_mended_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = waiting_for_the_requester(desk)
    with monkeypatch.context() as broken:
        poison(broken, bad, "remind")
        wait(desk, days=6)
        sweep(desk)
    assert take_up_again(desk) == 1
    sweep(desk)
    assert kinds(desk, bad).count("RequesterReminded") == 1
    assert differences(desk) == []


def test_a_ticket_with_a_timer_set_aside_can_still_be_worked_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = waiting_for_the_requester(desk)
    poison(monkeypatch, bad, "remind")
    wait(desk, days=6)
    sweep(desk)
    entries.note(desk, bad, "Vi ser på det.", actor=persona(desk, "first_line_lulea"))
    do(desk, bad, "first_line_lulea", "answer_first_line", answer="Den här.")
    assert kinds(desk, bad)[-1] == "QuestionAnswered"
    proved(desk)


def test_one_that_cannot_be_written_costs_only_itself_though_all_are_written_together(either_desk: Desk) -> None:
    """The journal says already that it has fired, which no timer may do twice."""
    several = [ticket_after(either_desk, "take", impact=Level.HIGH, urgency=Level.HIGH).number for _ in range(6)]
    bad = several[2]
    with either_desk.transaction() as connection:
        row = connection.execute(
            select(JournalRow.__table__, TimerRow.rule, TimerRow.occurrence, TimerRow.due_at)
            .join(Ticket, Ticket.id == JournalRow.ticket_id)
            .join(TimerRow, TimerRow.ticket_id == Ticket.id)
            .where(Ticket.number == bad)
            .order_by(TimerRow.due_at)
        ).first()
        assert row is not None
        copied = {
            name: getattr(row, name) for name in ("ticket_id", "kind", "occurred_at", "recorded_at", "body", "hash")
        }
        fired = {"timer_rule": row.rule, "timer_occurrence": row.occurrence}
        connection.execute(insert(JournalRow).values(**copied, **fired, seq=999))
    go_to(either_desk, row.due_at)
    due = sum(len(armed(either_desk, number, row.due_at)) for number in several)
    swept = sweep(either_desk)
    assert swept.set_aside == 1 and swept.fired == due - 1
    assert all(armed(either_desk, number, row.due_at) == [] for number in several if number != bad)
    [kept] = armed(either_desk, bad, row.due_at)
    assert "IntegrityError" in kept or "UniqueViolation" in kept


def armed(desk: Desk, number: str, until: datetime) -> list[str]:
    """Why each of the ticket's timers due by then has been set aside; '' for one that has not."""
    with desk.reading() as connection:
        rows = select(TimerRow.set_aside).join(Ticket, Ticket.id == TimerRow.ticket_id)
        found = connection.execute(rows.where(Ticket.number == number, TimerRow.due_at <= until)).scalars()
        return [each or "" for each in found]


def test_a_ticket_that_cannot_be_read_is_named_and_the_others_fire(either_desk: Desk) -> None:
    bad, good = waiting_for_the_requester(either_desk), waiting_for_the_requester(either_desk)
    with either_desk.transaction() as connection:
        text = connection.execute(select(Ticket.state_json).where(Ticket.number == bad)).scalar_one()
        broken = update(Ticket).where(Ticket.number == bad).values(state_json=text.replace('"holder"', '"bolder"'))
        connection.execute(broken)
    wait(either_desk, days=30)
    assert sweep(either_desk).set_aside >= 1
    assert kinds(either_desk, good)[-1] == "TicketClosed"
    assert any(found.startswith(bad) for found in differences(either_desk))


def test_rows_that_lie_about_being_due_are_put_right_and_stop_nobody(desk: Desk) -> None:
    """More of them than a batch holds, and due before everything else."""
    liar, honest = new_ticket(desk).number, new_ticket(desk, impact=Level.HIGH, urgency=Level.HIGH).number
    long_ago = desk.clock.now() - timedelta(days=1)
    with desk.transaction() as connection:
        ticket_id = connection.execute(select(Ticket.id).where(Ticket.number == liar)).scalar_one()
        rows = [
            {"ticket_id": ticket_id, "rule": f"warn:nothing{n}@50", "occurrence": 0, "due_at": long_ago}
            for n in range(2 * BATCH)
        ]
        connection.execute(insert(TimerRow), rows)
    wait(desk, hours=3)
    sweep(desk)
    assert warnings(desk, honest)
    proved(desk)


def test_a_timer_row_that_is_lost_still_fires_when_somebody_touches_the_ticket(desk: Desk) -> None:
    number = waiting_for_the_requester(desk)
    with desk.transaction() as connection:
        connection.execute(delete(TimerRow))
    wait(desk, days=6)
    entries.note(desk, number, "Hej", actor=persona(desk, "first_line_lulea"))
    assert "RequesterReminded" in kinds(desk, number)
