"""The change feed: every organisation is told of what it may see, each thing once, in order, and of nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.event import listen

from servicedesk.actions import changes as verbs
from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note
from servicedesk.actions.sequencing import sequence
from servicedesk.core import fold
from servicedesk.core.changes import OF_EVENT, TYPES
from servicedesk.core.clock import ControlledClock
from servicedesk.core.events import PAYLOADS
from servicedesk.core.events import Event as JournalEvent
from servicedesk.core.rules import Rules
from servicedesk.core.ticket import TicketState
from servicedesk.store.changes import ChangeRow, Sequencer
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow
from servicedesk.store.outbox import OutboxRow
from servicedesk.store.tickets import Ticket
from tests.actions.conftest import prepare
from tests.actions.life import differences, do, proved, wait
from tests.support.desk import START, new_ticket, persona, ticket_after

LULEA, PITEA, JOINT = "lulea", "pitea", "e-namnden"
SUPPLIER, OTHER = "leverantor-plattform", "leverantor-arkiv"


def feed(desk: Desk, organisation: str) -> list[Any]:
    with desk.reading() as connection:
        query = select(ChangeRow, Ticket.number).join(Ticket, Ticket.id == ChangeRow.ticket_id)
        mine = query.where(ChangeRow.organisation == organisation).order_by(ChangeRow.position)
        columns = [*ChangeRow.__table__.columns, Ticket.number]
        return list(connection.execute(mine.with_only_columns(*columns)).all())


def told(desk: Desk, organisation: str) -> list[str]:
    return [row.type.removeprefix("ticket.") for row in feed(desk, organisation)]


def handed_in(desk: Desk) -> int:
    with desk.reading() as connection:
        waiting = select(func.count()).select_from(OutboxRow).where(OutboxRow.reaction == "sequence")
        return int(connection.execute(waiting).scalar_one())


def test_every_event_has_a_type_of_its_own_and_every_type_says_what_it_is() -> None:
    assert set(OF_EVENT) == set(PAYLOADS)
    assert set(OF_EVENT.values()) < set(TYPES)


def test_a_ticket_along_the_whole_chain_is_told_to_each_as_far_as_it_sees_it(either_desk: Desk) -> None:
    desk = either_desk
    ticket_after(desk, "confirm")
    assert sequence(desk) == sum(len(feed(desk, each)) for each in (LULEA, JOINT, SUPPLIER))
    assert told(desk, LULEA)[:3] == ["logged", "taken", "handed_over"]
    assert told(desk, JOINT)[:2] == ["shared", "acknowledged"]
    assert told(desk, SUPPLIER) == [
        "shared",
        "acknowledged",
        "solved",
        # Verified, which is between others: what it is shown is that the ticket has gone on. Then how it ends.
        "changed",
        "solved",
        "closed",
    ]
    assert [row.own for row in feed(desk, SUPPLIER)] == [False, True, True, False, False, False]
    assert handed_in(desk) == 0 and sequence(desk) == 0
    proved(desk)


def test_positions_and_ordinals_have_no_gap_in_any_feed(desk: Desk) -> None:
    for _ in range(3):
        ticket_after(desk, "propose_solution")
        sequence(desk)
    for organisation in (LULEA, JOINT, SUPPLIER):
        rows = feed(desk, organisation)
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))
        for number in {row.number for row in rows}:
            ordinals = [row.ordinal for row in rows if row.number == number]
            assert ordinals == list(range(1, len(ordinals) + 1))
    assert feed(desk, OTHER) == feed(desk, PITEA) == []


def test_what_one_may_not_see_leaves_no_trace(desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    sequence(desk)
    before = {each: told(desk, each) for each in (JOINT, SUPPLIER, OTHER, PITEA)}
    who = persona(desk, "second_line_lulea")
    note(desk, number, "Ringt anmälaren.", actor=who)
    sequence(desk)
    assert told(desk, LULEA)[-1] == "updated"
    assert {each: told(desk, each) for each in before} == before
    note(desk, number, "Vi hör av oss.", to_joint=True, actor=who)
    sequence(desk)
    assert told(desk, JOINT) == [*before[JOINT], "updated"]
    assert told(desk, SUPPLIER) == before[SUPPLIER]


def test_who_loses_the_ticket_is_told_that_it_is_gone_and_who_gains_it_that_it_is_there(desk: Desk) -> None:
    number = new_ticket(desk).number
    clerk = persona(desk, "first_line_lulea")
    verbs.move_municipality(desk, number, PITEA, "Fel kommun.", actor=clerk)
    sequence(desk)
    assert told(desk, LULEA) == ["logged", "withdrawn"]
    assert told(desk, PITEA) == ["shared"]
    verbs.move_municipality(desk, number, LULEA, "Jo.", actor=persona(desk, "first_line_pitea"))
    sequence(desk)
    assert told(desk, LULEA) == ["logged", "withdrawn", "shared"]
    assert [row.ordinal for row in feed(desk, LULEA)] == [1, 2, 3]
    proved(desk)


def test_a_writer_that_commits_late_is_told_late_and_nothing_is_lost(postgres_desks: list[Desk]) -> None:
    """A number drawn while writing would be overtaken: the late ones would come before what a client has read."""
    slow, quick, scheduler = postgres_desks
    number = new_ticket(quick).number
    sequence(scheduler)
    with writer_held_open(slow, lambda: do(slow, number, "first_line_lulea", "take")):
        later = [new_ticket(quick).number for _ in range(2)]
        sequence(scheduler)
        assert [row.number for row in feed(quick, LULEA)] == [number, *later]
    sequence(scheduler)
    assert [(row.position, row.number) for row in feed(quick, LULEA)] == [*enumerate([number, *later, number], start=1)]


@contextmanager
def writer_held_open(desk: Desk, deed: Callable[[], object]) -> Iterator[None]:
    """It has written journal and outbox, and neither sealed nor committed while the block runs."""
    has_written, may_go_on = Event(), Event()

    def hold(*statement: Any) -> None:
        if len(statement) < 3 or "seal_head" in statement[2]:
            has_written.set()
            may_go_on.wait(120)

    listen(desk.engine, "before_cursor_execute", hold)
    listen(desk.engine, "commit", hold)
    writer = Thread(target=deed)
    writer.start()
    assert has_written.wait(120)
    yield
    may_go_on.set()
    writer.join(120)
    assert not writer.is_alive()


def test_several_schedulers_and_writers_at_once_tell_each_thing_once(loaded_url: str) -> None:
    desks = [Desk(make_engine(loaded_url), ControlledClock(START)) for _ in range(4)]
    for each in desks:
        persona(each, "first_line_lulea")
    done: list[str] = []

    def write(desk: Desk) -> None:
        for _ in range(5):
            number = new_ticket(desk).number
            do(desk, number, "first_line_lulea", "take")
            done.append(number)

    def schedule(desk: Desk) -> None:
        while len(done) < 10:
            sequence(desk)

    work = (write, write, schedule, schedule)
    threads = [Thread(target=do_, args=(desk,)) for do_, desk in zip(work, desks, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    sequence(desks[0])
    rows = feed(desks[0], LULEA)
    assert [row.position for row in rows] == list(range(1, 21))
    for number in done:
        assert [row.type for row in rows if row.number == number] == ["ticket.logged", "ticket.taken"]
    assert differences(desks[0]) == []
    for each in desks:
        each.engine.dispose()


def test_what_was_there_before_there_was_a_feed_is_told_once_the_sequencer_walks(either_desk: Desk) -> None:
    desk = either_desk
    numbers = [ticket_after(desk, "accept_at_supplier").number for _ in range(2)]
    with desk.transaction() as connection:
        connection.execute(delete(OutboxRow))
    assert sequence(desk) > 0
    assert [row.number for row in feed(desk, SUPPLIER)] == sorted(numbers * 2)
    # And what an older program writes meanwhile, an hour later.
    do(desk, numbers[0], "supplier_technician", "propose_solution", solution="Klart.", resolution_code="solved")
    with desk.transaction() as connection:
        connection.execute(delete(OutboxRow))
    assert sequence(desk) == 0
    wait(desk, hours=1)
    assert sequence(desk) == 3
    proved(desk)


def test_a_journal_that_does_not_fold_stops_no_other_ticket(desk: Desk) -> None:
    bad, good = new_ticket(desk).number, new_ticket(desk).number
    with desk.transaction() as connection:
        its = select(Ticket.id).where(Ticket.number == bad).scalar_subquery()
        whole = connection.execute(select(JournalRow.body).where(JournalRow.ticket_id == its)).scalar_one()
        connection.execute(update(JournalRow).where(JournalRow.ticket_id == its).values(body="{}"))
    sequence(desk)
    assert [row.number for row in feed(desk, LULEA)] == [good]
    with desk.transaction() as connection:
        connection.execute(update(JournalRow).where(JournalRow.ticket_id == its).values(body=whole))
    wait(desk, hours=1)
    sequence(desk)
    assert [row.number for row in feed(desk, LULEA)] == [good, bad]
    assert handed_in(desk) == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE change SET type = 'ticket.closed' WHERE seq = 2",
        "DELETE FROM change WHERE seq = 1 AND organisation = 'lulea'",
        "UPDATE change SET position = position + 100 WHERE organisation = 'lulea' AND seq = 3",
        "INSERT INTO change SELECT 'pitea', 1, ticket_id, 1, type, 1, own, at FROM change WHERE seq = 1",
    ],
)
def test_a_feed_that_was_changed_by_hand_is_found(desk: Desk, change: str) -> None:
    ticket_after(desk, "escalate_to_second_line")
    sequence(desk)
    proved(desk)
    with desk.transaction() as connection:
        connection.execute(text(change))
    assert any("change" in line for line in differences(desk))


def test_proving_a_ticket_and_what_has_been_told_of_it_folds_it_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket_after(desk, "confirm")
    sequence(desk)
    folded, apply = [], fold.apply

    def counted(ticket: TicketState | None, event: JournalEvent, rules: Rules) -> TicketState:
        folded.append(event.seq)
        return apply(ticket, event, rules)

    monkeypatch.setattr(fold, "apply", counted)
    assert differences(desk) == []
    with desk.reading() as connection:
        assert folded == list(connection.execute(select(JournalRow.seq).order_by(JournalRow.seq)).scalars())


@pytest.fixture
def postgres_desks(request: pytest.FixtureRequest) -> Iterator[list[Desk]]:
    cluster = request.getfixturevalue("postgres_cluster")
    with cluster.fresh(cluster.template("loaded", prepare)) as url:
        made = [Desk(make_engine(url), ControlledClock(START)) for _ in range(3)]
        yield made
        for each in made:
            each.engine.dispose()


def test_a_sequencer_that_another_holds_is_left_to_it(postgres_desks: list[Desk]) -> None:
    one, other, _ = postgres_desks
    new_ticket(one)
    sequence(one)
    new_ticket(one)
    with one.engine.connect() as held, held.begin():
        held.execute(select(Sequencer.id).with_for_update())
        assert sequence(other) == 0
    assert sequence(other) == 1
