"""Two people, or two processes, at once: one is first, the other is told, and nothing is half written."""

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from sqlalchemy import func, select

from servicedesk.actions import changes, entries, relations
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.actions.outbox import drain
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.steps import perform
from servicedesk.actions.sweep import sweep
from servicedesk.core import fold
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import Conflict, DeskError, Refusal
from servicedesk.core.vocabulary import Level
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow, PersonalText, Seal, SealHead
from servicedesk.store.outbox import OutboxRow
from servicedesk.store.queries.verification import ticket_ids, verify_seal, verify_ticket
from servicedesk.store.tickets import Ticket, TicketNumber
from tests.actions.life import do, journal, kinds, proved, state
from tests.actions.test_loading import longer_days
from tests.support.desk import START, new_ticket, persona, ticket_after

Deed = Callable[[Desk], object]
PATIENCE = 60


@pytest.fixture
def desks(loaded_url: str) -> Iterator[list[Desk]]:
    """Six machines on one database."""
    clock = ControlledClock(START)
    made = [Desk(make_engine(loaded_url), clock) for _ in range(6)]
    for desk in made:
        persona(desk, "first_line_lulea")  # everybody has read the rules
    yield made
    for desk in made:
        desk.engine.dispose()


def at_once(desks: list[Desk], deeds: list[Deed]) -> list[object]:
    """What each deed gave, or the error it met, all begun at the same moment."""
    start = threading.Barrier(len(deeds))
    results: list[object] = [None] * len(deeds)

    def run(place: int, desk: Desk, deed: Deed) -> None:
        start.wait()
        try:
            results[place] = deed(desk)
        except DeskError as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(n, desks[n % len(desks)], deed)) for n, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return results


def test_of_several_who_answer_the_same_page_one_wins_and_the_others_are_told(desks: list[Desk]) -> None:
    ticket = ticket_after(desks[0], "take")
    actor = persona(desks[0], "first_line_lulea")

    def write(desk: Desk) -> object:
        return entries.note(desk, ticket.number, "Jag var först.", actor=actor, expected=ticket.version)

    results = at_once(desks, [write] * 6)
    assert sum(isinstance(result, Conflict) for result in results) == 5
    assert kinds(desks[0], ticket.number) == ["TicketLogged", "TicketTaken", "EntryAdded"]
    proved(desks[0])


def test_of_two_steps_from_one_state_only_one_is_taken_even_when_nobody_asks(desks: list[Desk]) -> None:
    ticket = ticket_after(desks[0], "take")
    actor = persona(desks[0], "first_line_lulea")
    up = {"reason": "Upp", "tried": "Allt"}
    done = {"solution": "Klart", "resolution_code": "solved"}
    deeds: list[Deed] = [
        lambda desk: perform(desk, ticket.number, "escalate_to_second_line", actor=actor, given=up),
        lambda desk: perform(desk, ticket.number, "resolve_in_first_line", actor=actor, given=done),
    ]
    results = at_once(desks, deeds)
    refusals = [result for result in results if isinstance(result, Refusal)]
    assert [refusal.code for refusal in refusals] == ["wrong_state"]
    assert len(kinds(desks[0], ticket.number)) == 3
    proved(desks[0])


def test_numbers_have_no_gaps_and_no_doubles_however_many_log_at_once(desks: list[Desk]) -> None:
    """Also the very first of the year, and of the installation."""
    results = at_once(desks, [lambda desk: [new_ticket(desk).number for _ in range(4)]] * 6)
    numbers = sorted(number for result in results for number in result)  # type: ignore[attr-defined]
    assert numbers == [f"2026-{n:05d}" for n in range(1, 25)]
    with desks[0].reading() as connection:
        assert connection.execute(select(TicketNumber.last)).scalar_one() == 24
        assert connection.execute(select(SealHead.position)).scalar_one() == 24
    proved(desks[0])


def test_nobody_meets_a_locked_database_however_many_write_and_sweep(desks: list[Desk]) -> None:
    """Web workers that log as fast as they can, and schedulers that never rest."""

    def web(desk: Desk) -> None:
        for _ in range(6):
            new_ticket(desk)

    def scheduler(desk: Desk) -> None:
        for _ in range(5):
            sweep(desk)
            drain(desk)
            sequence(desk)

    assert at_once(desks, [web, scheduler] * 3) == [None] * 6
    proved(desks[0])


def test_merging_in_both_directions_at_once_merges_one(desks: list[Desk]) -> None:
    actor = persona(desks[0], "first_line_lulea")
    for _ in range(4):
        one, other = new_ticket(desks[0]).number, new_ticket(desks[0]).number
        deeds: list[Deed] = [
            lambda desk, a=one, b=other: relations.merge(desk, a, b, "Samma.", actor=actor),  # type: ignore[misc]
            lambda desk, a=one, b=other: relations.merge(desk, b, a, "Samma.", actor=actor),  # type: ignore[misc]
        ]
        results = at_once(desks, deeds)
        assert sum(isinstance(result, Refusal) for result in results) == 1
        assert sorted([state(desks[0], one).is_open, state(desks[0], other).is_open]) == [False, True]
    proved(desks[0])


def test_two_tickets_cancelled_as_duplicates_of_each_other_at_once_do_not_wait_for_ever(desks: list[Desk]) -> None:
    actor = persona(desks[0], "first_line_lulea")
    for _ in range(6):
        one, other = ticket_after(desks[0], "take").number, ticket_after(desks[0], "take").number

        def cancel(desk: Desk, number: str, duplicate: str) -> object:
            given = {"cancel_reason": "duplicate", "duplicate_of": duplicate, "reason": "Samma."}
            return perform(desk, number, "cancel_in_first_line", actor=actor, given=given)

        deeds: list[Deed] = [
            lambda desk, a=one, b=other: cancel(desk, a, b),  # type: ignore[misc]
            lambda desk, a=one, b=other: cancel(desk, b, a),  # type: ignore[misc]
        ]
        results = at_once(desks, deeds)
        assert not any(isinstance(result, DeskError) for result in results), results
    proved(desks[0])


def test_everybody_at_once_on_a_few_tickets_leaves_them_true(desks: list[Desk]) -> None:
    numbers = [ticket_after(desks[0], "take").number for _ in range(3)]
    staff, second = persona(desks[0], "first_line_lulea"), persona(desks[0], "second_line_lulea")

    def busy(desk: Desk) -> None:
        for number in numbers * 2:
            deeds: tuple[Callable[[], object], ...] = (
                partial(entries.reply, desk, number, "Hej", actor=staff),
                partial(changes.change_priority, desk, number, Level.HIGH, Level.LOW, "x", actor=second),
                partial(changes.change_priority, desk, number, Level.LOW, Level.LOW, "x", actor=second),
                partial(do, desk, number, "first_line_lulea", "escalate_to_second_line"),
                partial(do, desk, number, "second_line_lulea", "return_to_first_line", reason="Nej"),
                partial(new_ticket, desk),
            )
            for deed in deeds:
                try:
                    deed()
                except Refusal:
                    continue

    assert at_once(desks, [busy] * 6) == [None] * 6
    proved(desks[0])


def test_rules_loaded_while_tickets_are_logged_leave_every_deadline_right(desks: list[Desk]) -> None:
    """Longer opening hours from tomorrow: whoever logs a ticket meanwhile has the old hours or the new, never a mix."""
    with desks[0].reading() as connection:
        installation = desks[0].book(connection).installation
    new_ticket(desks[0])
    changed = longer_days(installation, "lulea-kundcenter")
    deeds: list[Deed] = [lambda desk: [new_ticket(desk, channel="mail") for _ in range(8)]] * 5
    results = at_once(desks, [*deeds, lambda desk: load_installation(desk, changed, [])])
    assert not any(isinstance(result, DeskError) for result in results), results
    proved(desks[0])


def test_a_fold_that_fails_in_the_middle_leaves_nothing(either_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    number = ticket_after(either_desk, "take").number
    tables = (Ticket, JournalRow, PersonalText, Seal, OutboxRow, TicketNumber)

    def counted() -> list[int]:
        with either_desk.reading() as connection:
            return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]

    before, told = counted(), journal(either_desk, number)
    real = fold._enter

    def broken(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]
        raise ArithmeticError("in the middle")

    with monkeypatch.context() as patched, pytest.raises(ArithmeticError):
        patched.setattr(fold, "_enter", broken)
        do(either_desk, number, "first_line_lulea", "escalate_to_second_line")
    assert (counted(), journal(either_desk, number)) == (before, told)
    do(either_desk, number, "first_line_lulea", "escalate_to_second_line")
    proved(either_desk)


def test_what_is_read_in_one_go_is_of_one_moment(loaded_url: str) -> None:
    """Proving and showing take several queries; a change in between must not look like a fault."""
    reader, writer = (Desk(make_engine(loaded_url), ControlledClock(START)) for _ in range(2))
    number = ticket_after(writer, "take").number
    with reader.reading() as connection:
        book = reader.book(connection)
        [ticket_id] = ticket_ids(connection)
        do(writer, number, "first_line_lulea", "escalate_to_second_line")
        assert verify_ticket(connection, book, ticket_id) == []
        do(writer, number, "second_line_lulea", "accept_in_second_line")
        assert list(verify_seal(connection)) == []
        assert verify_ticket(connection, book, ticket_id) == []
        seqs = connection.execute(select(Ticket.seq)).scalars().all()
    assert seqs == [2]
    proved(writer)
    for desk in (reader, writer):
        desk.engine.dispose()
