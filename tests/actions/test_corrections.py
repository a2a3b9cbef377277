"""Corrections without lies: told afterwards, with a reason; nothing in the journal is changed, and it all adds up."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest

from servicedesk.actions import changes, corrections, entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.sweep import sweep
from servicedesk.cli.ledger import corrections_of
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.follow_up import Reach
from servicedesk.core.ledger import adds_up, ledger
from servicedesk.core.period import period_of
from servicedesk.core.rights import Right
from servicedesk.store.queries.follow_up.counted import Asked, Scope
from servicedesk.store.queries.follow_up.flow import flow
from servicedesk.store.queries.journal import texts_of
from servicedesk.store.queries.verification import ticket_ids
from tests.actions.correcting import (
    HIGH,
    LOW,
    MEDIUM,
    WHY,
    clocks,
    correct_moment,
    correct_priority,
    effect_of,
    refusal,
    seq_of,
    tell_wait,
)
from tests.actions.life import HOUR, SWEDEN, at, clock, do, go_to, journal, kinds, proved, state, wait, warnings
from tests.support.desk import new_ticket, persona, ticket_after


def test_a_priority_that_was_wrong_from_the_start_counts_from_the_start(desk: Desk) -> None:
    number, twin = (new_ticket(desk, channel="mail", impact=i, urgency=i).number for i in (LOW, HIGH))
    wait(desk, hours=3)
    before = journal(desk, number)
    correct_priority(desk, number, 1, HIGH, HIGH)
    assert [(c[1], c[2]) for c in clocks(desk, number).values()] == [(c[1], c[2]) for c in clocks(desk, twin).values()]
    after = journal(desk, number)
    assert after[: len(before)] == before, "nothing that was written is changed"
    assert (after[len(before)].kind, after[len(before)].amends) == ("PriorityChanged", 1)
    assert "reason" in after[len(before)].texts
    ticket = state(desk, number)
    assert (ticket.priority, ticket.impact, ticket.urgency) == (1, HIGH, HIGH)
    proved(desk)


def test_what_falls_due_by_a_correction_is_dated_when_it_was_due_and_told_once(desk: Desk) -> None:
    number, twin = (new_ticket(desk, channel="mail", impact=i, urgency=i).number for i in (LOW, HIGH))
    wait(desk, hours=1, minutes=30)
    do(desk, number, "first_line_lulea", "take")
    do(desk, twin, "first_line_lulea", "take")
    wait(desk, hours=1)
    sweep(desk)
    correct_priority(desk, number, 1, HIGH, HIGH)
    assert sorted(warnings(desk, number)) == sorted(warnings(desk, twin))
    assert any(share == 100 for _, share, _ in warnings(desk, number))
    sweep(desk)
    assert sorted(warnings(desk, number)) == sorted(warnings(desk, twin))
    proved(desk)


def test_what_has_been_told_stands_when_a_correction_makes_it_untimely(desk: Desk) -> None:
    number = new_ticket(desk, channel="mail", impact=HIGH, urgency=HIGH).number
    wait(desk, hours=5)
    sweep(desk)
    told = warnings(desk, number)
    assert ("resolution", 100) in [(key, share) for key, share, _ in told]
    correct_priority(desk, number, 1, LOW, LOW)
    assert warnings(desk, number) == told
    assert clock(desk, number, "resolution").broken_at is None
    [change] = [each for each in effect_of(desk, number).turned if each.clock == "resolution"]
    assert change.before and change.after
    assert (change.before.outcome, change.after.outcome) == ("broken", "running")
    go_to(desk, at("2026-03-30"))
    sweep(desk)
    said = [(key, share) for key, share, _ in warnings(desk, number)]
    assert len(said) == len(set(said))
    proved(desk)


def test_a_change_of_priority_that_was_wrong_is_amended_where_it_stood(desk: Desk) -> None:
    number = ticket_after(desk, "take", impact=LOW, urgency=LOW).number
    moment = wait(desk, hours=1)
    changes.change_priority(desk, number, HIGH, HIGH, "Alla drabbas.", actor=persona(desk, "second_line_lulea"))
    wait(desk, hours=1)
    correct_priority(desk, number, seq_of(desk, number, "PriorityChanged"), MEDIUM, MEDIUM)
    assert state(desk, number).priority == 3
    assert clock(desk, number, "resolution").target == 24 * HOUR
    correct_priority(
        desk, number, seq_of(desk, number, "PriorityChanged"), MEDIUM, HIGH, moment - timedelta(minutes=20)
    )
    events = journal(desk, number)
    assert [event.amends for event in events if event.amends] == [3, 3], "the last correction counts"
    assert state(desk, number).urgency is HIGH
    proved(desk)


def test_a_priority_can_have_been_another_from_a_moment_on(desk: Desk) -> None:
    number = ticket_after(desk, "take", impact=MEDIUM, urgency=MEDIUM).number
    moment = wait(desk, hours=1)
    wait(desk, hours=3)
    correct_priority(desk, number, 0, HIGH, HIGH, moment)
    resolution = clock(desk, number, "resolution")
    assert (resolution.target, resolution.due_at) == (4 * HOUR, at("2026-03-02", "13:00"))
    proved(desk)


def test_a_hand_over_entered_late_gives_the_time_to_whoever_had_the_ticket(desk: Desk) -> None:
    number = ticket_after(desk, "take", impact=MEDIUM, urgency=MEDIUM).number
    wait(desk, hours=3)
    do(desk, number, "first_line_lulea", "escalate_to_second_line")
    version = state(desk, number).version
    wait(desk, hours=1)
    correct_moment(desk, number, seq_of(desk, number, "TicketHandedOver"), at("2026-03-02", "10:00"))
    ticket = state(desk, number)
    assert ticket.version > version
    with desk.reading() as connection:
        account = ledger(ticket, desk.clock.now(), desk.book(connection))
    assert [(share.of.split("/")[0], share.seconds) for share in account.holders] == [
        ("first_line", HOUR),
        ("second_line", 3 * HOUR),
    ]
    assert adds_up(account)
    changed = {(s.of, s.is_account): (s.before, s.after) for s in effect_of(desk, number).shares}
    assert changed["first_line/lulea", False] == (3 * HOUR, HOUR)
    assert changed["second_line/lulea", False] == (HOUR, 3 * HOUR)
    proved(desk)


def test_a_hand_over_by_a_team_that_did_not_have_the_ticket_is_refused_by_name(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    wait(desk, hours=1)
    do(desk, number, "first_line_lulea", "escalate_to_second_line")
    wait(desk, hours=1)
    do(desk, number, "second_line_lulea", "accept_in_second_line")
    wait(desk, hours=1)
    do(desk, number, "second_line_lulea", "hand_over_sideways", team="lulea-it", reason="Er sak", tried="Allt")
    wait(desk, hours=1)
    last = seq_of(desk, number, "TicketAccepted") + 1
    error = refusal(desk, lambda: correct_moment(desk, number, last, at("2026-03-02", "09:30")))
    assert (error.code, error.data["seq"]) == ("not_possible", last)
    error = refusal(desk, lambda: correct_moment(desk, number, 3, at("2026-03-02", "12:30")))
    assert (error.code, error.data["seq"]) == ("not_possible", 4), "nobody accepts what has not been handed over"
    assert str(error.data["what"]) and "12:30" not in str(error)


def test_a_wait_that_nobody_recorded_is_nobody_elses_time(desk: Desk) -> None:
    number, twin = (ticket_after(desk, "take", impact=MEDIUM, urgency=MEDIUM).number for _ in range(2))
    start = wait(desk, hours=1)
    do(desk, twin, "first_line_lulea", "ask_requester_from_first_line", question="När?")
    end = wait(desk, hours=3)
    do(desk, twin, "first_line_lulea", "resume_in_first_line", reason="Nu")
    wait(desk, hours=2)
    tell_wait(desk, number, "ask_requester_from_first_line", start, end)
    assert kinds(desk, number)[-2:] == ["QuestionAsked", "WorkResumed"]
    ticket = state(desk, number)
    assert [stretch.account for stretch in ticket.custody][-3:] == ["first_line", "requester", "first_line"]
    assert clocks(desk, number) == clocks(desk, twin)
    found = effect_of(desk, number)
    assert {(s.of, s.before, s.after) for s in found.shares if s.is_account} == {
        ("first_line", 6 * HOUR, 3 * HOUR),
        ("requester", 0, 3 * HOUR),
    }
    proved(desk)


def test_a_wait_over_a_hand_over_names_the_hand_over(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    wait(desk, hours=2)
    do(desk, number, "first_line_lulea", "escalate_to_second_line")
    wait(desk, hours=2)
    start, end = at("2026-03-02", "10:00"), at("2026-03-02", "12:00")
    error = refusal(desk, lambda: tell_wait(desk, number, "ask_requester_from_first_line", start, end))
    assert (error.code, error.data["seq"]) == ("not_possible", 3)
    late = at("2026-03-02", "12:00")
    error = refusal(
        desk, lambda: tell_wait(desk, number, "ask_requester_from_first_line", late, late + timedelta(hours=1))
    )
    assert error.code == "not_then"


def test_an_answer_given_by_telephone_keeps_the_response_promise(desk: Desk) -> None:
    number = new_ticket(desk, channel="mail", impact=HIGH, urgency=HIGH).number
    wait(desk, hours=2)
    do(desk, number, "first_line_lulea", "take")
    entries.reply(desk, number, "Som jag sa i telefon.", actor=persona(desk, "first_line_lulea"))
    assert clock(desk, number, "response").broken_at is not None
    correct_moment(desk, number, seq_of(desk, number, "EntryAdded"), at("2026-03-02", "09:10"))
    response = clock(desk, number, "response")
    assert (response.spent, response.broken_at) == (600, None)
    [change] = effect_of(desk, number).turned
    assert (change.clock, change.before and change.before.outcome, change.after and change.after.outcome) == (
        "response",
        "broken",
        "kept",
    )
    proved(desk)


def test_a_closed_ticket_can_still_be_corrected(desk: Desk) -> None:
    number = ticket_after(desk, "take", impact=HIGH, urgency=HIGH).number
    wait(desk, hours=5)
    do(desk, number, "first_line_lulea", "solve_at_once", solution="Klart", resolution_code="solved")
    wait(desk, days=1)
    assert clock(desk, number, "resolution").broken_at
    seq = seq_of(desk, number, "TicketResolved")
    correct_moment(desk, number, seq, at("2026-03-02", "12:00"))
    assert clock(desk, number, "resolution").broken_at is None
    assert state(desk, number).closed_at == at("2026-03-02", "12:00")
    error = refusal(desk, lambda: correct_priority(desk, number, 0, LOW, LOW, at("2026-03-02", "13:00")))
    assert isinstance(error, Invalid) and "at" in error.fields
    proved(desk)


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (at("2026-03-02", "08:59"), "invalid"),
        (at("2026-03-02", "15:00"), "invalid"),
        (at("2026-03-02", "12:00"), "nothing_changed"),
    ],
)
def test_a_moment_before_the_ticket_or_to_come_or_as_it_was_is_refused(desk: Desk, moment: datetime, code: str) -> None:
    number = ticket_after(desk, "take").number
    wait(desk, hours=3)
    do(desk, number, "first_line_lulea", "escalate_to_second_line")
    assert refusal(desk, lambda: correct_moment(desk, number, 3, moment)).code == code


def test_a_correction_needs_a_reason_and_a_change(desk: Desk) -> None:
    number = ticket_after(desk, "take", impact=LOW, urgency=LOW).number
    who = persona(desk, "second_line_lulea")
    error = refusal(desk, lambda: corrections.correct_priority(desk, number, 1, HIGH, HIGH, " ", actor=who))
    assert isinstance(error, Invalid) and "reason" in error.fields
    assert refusal(desk, lambda: correct_priority(desk, number, 1, LOW, LOW)).code == "nothing_changed"
    for seq in (0, 2, 99):
        error = refusal(desk, partial(correct_priority, desk, number, seq, HIGH, HIGH))
        assert isinstance(error, Invalid)


def test_a_correction_can_be_foreseen_and_leaves_nothing(desk: Desk) -> None:
    number = ticket_after(desk, "take", impact=LOW, urgency=LOW).number
    wait(desk, hours=5)
    who = persona(desk, "second_line_lulea")
    asked = corrections.priority(1, None, HIGH, HIGH)
    seen = corrections.foreseen(desk, number, Right.CORRECT_PRIORITY, asked, WHY, actor=who)
    assert kinds(desk, number) == ["TicketLogged", "TicketTaken"]
    assert [change.clock for change in seen.turned] == ["resolution", "holding/first_line/lulea"]
    correct_priority(desk, number, 1, HIGH, HIGH)
    assert effect_of(desk, number).promises == seen.promises
    with pytest.raises(Refusal):
        corrections.foreseen(desk, number, Right.CORRECT_PRIORITY, asked, WHY, actor=who)


def test_a_correction_taken_back_leaves_a_return_counted_once(desk: Desk) -> None:
    number = ticket_after(desk, "escalate_to_second_line").number
    returned = wait(desk, hours=1)
    do(desk, number, "second_line_lulea", "return_to_first_line", reason="Nej")
    wait(desk, hours=1)
    seq = seq_of(desk, number, "TicketReturned")
    assert returns(desk) == 1
    correct_moment(desk, number, seq, returned - timedelta(minutes=30))
    assert returns(desk) == 1
    correct_moment(desk, number, seq, returned)
    assert returns(desk) == 1


def returns(desk: Desk) -> int:
    scope = Scope(persona(desk, "it_service_manager"), Reach.ALL, frozenset())
    asked = Asked(scope, period_of(date(2026, 3, 1), date(2026, 3, 31), SWEDEN), desk.clock.now())
    with desk.reading() as connection:
        happened = connection.execute(flow(scope), asked.moments)
        return sum(row.what == "returned" for row in happened)


def test_the_ledger_tells_every_correction_with_its_reason_and_both_figures(desk: Desk) -> None:
    number = new_ticket(desk, channel="mail", impact=HIGH, urgency=HIGH).number
    wait(desk, hours=2)
    entries.reply(desk, number, "Som jag sa i telefon.", actor=persona(desk, "first_line_lulea"))
    seq = seq_of(desk, number, "EntryAdded")
    correct_moment(desk, number, seq, at("2026-03-02", "09:10"))
    with desk.reading() as connection:
        [ticket_id] = ticket_ids(connection, [number])
        told = list(corrections_of(journal(desk, number), texts_of(connection, ticket_id), desk.book(connection)))
    what = f"EntryAdded at 2026-03-02 09:10, amends event {seq}, by person:lulea-forvaltningsledare"
    assert told[1:4] == [
        f"Correction, 2026-03-02 11:00, event {seq + 1}: {what}",
        f"  why: {WHY}",
        "  response: 2:00:00 of 0:30:00 broken -> 0:10:00 of 0:30:00 kept  (no longer broken)",
    ]


@pytest.mark.parametrize("minutes", [-30, 120])
def test_a_reminder_that_was_sent_is_not_sent_again_however_its_wait_is_dated(desk: Desk, minutes: int) -> None:
    number = ticket_after(desk, "take").number
    wait(desk, hours=1)
    do(desk, number, "first_line_lulea", "ask_requester_from_first_line", question="När?")
    asked = seq_of(desk, number, "QuestionAsked")
    go_to(desk, at("2026-03-06"))
    sweep(desk)
    [reminded] = [event for event in journal(desk, number) if event.kind == "RequesterReminded"]
    correct_moment(desk, number, asked, journal(desk, number)[asked - 1].occurred_at + timedelta(minutes=minutes))
    go_to(desk, at("2026-03-11"))
    sweep(desk)
    assert [event for event in journal(desk, number) if event.kind == "RequesterReminded"] == [reminded]
    proved(desk)


def test_what_time_did_stands_in_the_way_of_what_it_could_not_have_done_then(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    wait(desk, hours=1)
    do(desk, number, "first_line_lulea", "ask_requester_from_first_line", question="När?")
    go_to(desk, at("2026-04-10"))
    sweep(desk)
    closed = seq_of(desk, number, "TicketClosed")
    asked = seq_of(desk, number, "QuestionAsked")
    error = refusal(desk, lambda: correct_moment(desk, number, asked, at("2026-04-09")))
    assert (error.code, error.data["seq"]) == ("not_possible", closed)
    error = refusal(desk, lambda: correct_moment(desk, number, closed, at("2026-03-09")))
    assert isinstance(error, Invalid), "what time did is not for anybody to date"
