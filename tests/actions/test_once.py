"""A request takes effect once: sent again, sent by several at once, sent after a failure."""

import multiprocessing
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from servicedesk.actions import entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.log import NewTicket, log_ticket
from servicedesk.actions.once import REMEMBERED, Once, forget_done, once_for, outcome
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import AlreadyDone, Invalid, KeyReused
from servicedesk.core.facts import Actor
from servicedesk.store.engine import make_engine
from servicedesk.store.requests import DoneRequest
from servicedesk.store.tickets import Ticket
from tests.actions.life import journal
from tests.support.desk import PLATFORM, START, new_ticket, persona

SAID = {"subject": "Kvittensen kommer aldrig fram"}
PATIENCE = 60


def new(subject: str = SAID["subject"]) -> NewTicket:
    return NewTicket("lulea", PLATFORM, subject)


def clerk(desk: Desk) -> Actor:
    return persona(desk, "first_line_lulea")


def request(desk: Desk, key: str = "form-1", said: dict[str, str] = SAID, who: str = "first_line_lulea") -> Once:
    return once_for(desk, persona(desk, who), key, said)


def count(desk: Desk, table: type[Ticket] | type[DoneRequest]) -> int:
    with desk.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_the_same_again_is_told_what_came_of_it_the_first_time(either_desk: Desk) -> None:
    desk = either_desk
    number = log_ticket(desk, new(), actor=clerk(desk), once=request(desk)).number
    with pytest.raises(AlreadyDone) as told:
        log_ticket(desk, new(), actor=clerk(desk), once=request(desk))
    assert outcome(told.value.data["result"]).number == number
    assert count(desk, Ticket) == 1


def test_something_else_under_the_same_key_is_refused_and_told_what_the_key_stands_for(either_desk: Desk) -> None:
    desk = either_desk
    number = log_ticket(desk, new(), actor=clerk(desk), once=request(desk)).number
    with pytest.raises(KeyReused) as told:
        log_ticket(desk, new("Annat"), actor=clerk(desk), once=request(desk, said={"subject": "Annat"}))
    assert outcome(told.value.data["result"]).number == number
    assert count(desk, Ticket) == 1


def test_a_key_is_its_senders_own(desk: Desk) -> None:
    log_ticket(desk, new(), actor=clerk(desk), once=request(desk))
    colleague = "first_line_colleague_lulea"
    log_ticket(desk, new(), actor=persona(desk, colleague), once=request(desk, who=colleague))
    assert count(desk, Ticket) == 2


def test_what_was_refused_can_be_sent_again_under_the_same_key(either_desk: Desk) -> None:
    desk = either_desk
    with pytest.raises(Invalid):
        log_ticket(desk, new(" "), actor=clerk(desk), once=request(desk, said={"subject": " "}))
    assert count(desk, DoneRequest) == 0
    log_ticket(desk, new(), actor=clerk(desk), once=request(desk))
    assert count(desk, Ticket) == 1


def test_what_failed_on_its_way_has_neither_ticket_nor_receipt(
    either_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies between writing and commit: the database takes back both."""
    desk = either_desk

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("servicedesk.actions.work.seal", die)
        with pytest.raises(KeyboardInterrupt):
            log_ticket(desk, new(), actor=clerk(desk), once=request(desk))
    assert (count(desk, Ticket), count(desk, DoneRequest)) == (0, 0)
    log_ticket(desk, new(), actor=clerk(desk), once=request(desk))
    assert count(desk, Ticket) == 1


def test_a_repeated_reply_is_no_conflict_with_oneself(either_desk: Desk) -> None:
    desk = either_desk
    ticket = new_ticket(desk)
    said = {"body": "Vi återkommer."}
    entries.reply(
        desk, ticket.number, said["body"], actor=clerk(desk), expected=ticket.version, once=request(desk, said=said)
    )
    with pytest.raises(AlreadyDone):
        entries.reply(
            desk, ticket.number, said["body"], actor=clerk(desk), expected=ticket.version, once=request(desk, said=said)
        )
    assert len(journal(desk, ticket.number)) == 2


def attempt(desk: Desk) -> str:
    try:
        return log_ticket(desk, new(), actor=clerk(desk), once=request(desk)).number
    except AlreadyDone as done:
        return outcome(done.data["result"]).number


def at_once(run: Callable[[int], None], many: int) -> None:
    threads = [threading.Thread(target=run, args=(place,)) for place in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"


def test_of_several_at_once_one_logs_and_all_are_given_its_number(loaded_url: str) -> None:
    desks = [Desk(make_engine(loaded_url), ControlledClock(START)) for _ in range(6)]
    start, numbers = threading.Barrier(6), [""] * 6

    def run(place: int) -> None:
        start.wait()
        numbers[place] = attempt(desks[place])

    at_once(run, 6)
    assert set(numbers) == {"2026-00001"}
    assert count(desks[0], Ticket) == 1
    for desk in desks:
        desk.engine.dispose()


def _in_a_process(
    url: str, start: "multiprocessing.synchronize.Barrier", results: "multiprocessing.Queue[str]"
) -> None:
    desk = Desk(make_engine(url), ControlledClock(START))
    start.wait(PATIENCE)
    results.put(attempt(desk))
    desk.engine.dispose()


def test_of_several_processes_at_once_one_logs_and_all_are_given_its_number(loaded_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(3), context.Queue()
    processes = [context.Process(target=_in_a_process, args=(loaded_url, start, results)) for _ in range(3)]
    for process in processes:
        process.start()
    numbers = {results.get(timeout=PATIENCE) for _ in processes}
    for process in processes:
        process.join(PATIENCE)
    assert numbers == {"2026-00001"}


def test_keys_are_forgotten_when_nobody_sends_them_again(either_desk: Desk) -> None:
    desk = either_desk
    assert isinstance(desk.clock, ControlledClock)
    log_ticket(desk, new(), actor=clerk(desk), once=request(desk))
    desk.clock.move_to(START + REMEMBERED - timedelta(seconds=1))
    assert forget_done(desk) == 0
    desk.clock.move_to(START + REMEMBERED)
    assert forget_done(desk) == 1
    assert (count(desk, DoneRequest), count(desk, Ticket)) == (0, 1)


def test_nothing_that_was_written_can_be_read_in_what_is_remembered(desk: Desk) -> None:
    log_ticket(desk, new(), actor=clerk(desk), once=request(desk, key="k" * 5_000 + "\x00\ud800"))
    with desk.reading() as connection:
        row = connection.execute(select(DoneRequest)).one()
    assert (len(row.key), len(row.fingerprint), row.result) == (64, 64, "2026-00001 1")
    other = Desk(desk.engine, desk.clock, secret="another")
    assert request(other).fingerprint != request(desk).fingerprint
