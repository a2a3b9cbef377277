"""A served demonstration keeps living: gently, on tickets of its own, out of the way of the person who tries it."""

import random
import re
import signal
import socket
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from servicedesk.actions.demo.live import FEW, MANY, Living, next_deed, teams_of
from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from servicedesk.cli import run
from servicedesk.cli.demo_supplier import FOLDER
from servicedesk.cli.living import start_living
from servicedesk.core.errors import Unavailable
from servicedesk.core.vocabulary import Tier
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow
from servicedesk.store.queries.journal import events_of
from servicedesk.store.queries.tickets import find_ticket, state_of
from servicedesk.store.queries.verification import ticket_ids, verify_ticket
from servicedesk.store.tickets import Ticket
from servicedesk.supplier_desk.book import Book
from tests.config.test_command_line import COMMAND
from tests.support.desk import DeskFactory, new_ticket, persona
from tests.support.processes import running_with

NUMBERS = [f"2026-{n:05d}" for n in range(1, MANY + 1)]


def seqs(desk: Desk) -> dict[str, int]:
    with desk.reading() as connection:
        return {row.number: row.seq for row in connection.execute(select(Ticket.number, Ticket.seq))}


def test_a_new_ticket_is_logged_while_there_are_few_and_none_when_there_are_many() -> None:
    chance = random.Random(1)
    assert {next_deed(NUMBERS[: FEW - 1], chance) for _ in range(50)} == {""}
    assert "" not in {next_deed(NUMBERS, chance) for _ in range(200)}
    between = Counter(next_deed(NUMBERS[:FEW], chance) for _ in range(300))
    assert set(between) == {"", *NUMBERS[:FEW]} and 50 < between[""] < 150


def test_one_thing_happens_at_a_time_and_all_of_it_is_true(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    living = Living(desk, random.Random(2))
    for _ in range(120):
        before = seqs(desk)
        number = living.once()
        changed = {n for n, seq in seqs(desk).items() if before.get(n) != seq}
        assert changed <= {number}
        assert len(living.seen) <= MANY
    assert len(seqs(desk)) > FEW
    with desk.reading() as connection:
        kinds = set(connection.execute(select(JournalRow.kind)).scalars())
        found = [d for i in ticket_ids(connection) for d in verify_ticket(connection, desk.book(connection), i)]
    assert {"TicketLogged", "TicketTaken", "TicketHandedOver", "TicketAccepted", "TicketResolved"} <= kinds
    assert found == []


def test_tickets_that_it_has_not_logged_are_left_alone(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    mine = new_ticket(desk)
    living = Living(desk, random.Random(3))
    for _ in range(60):
        living.once()
    assert seqs(desk)[mine.number] == mine.seq


def test_a_ticket_that_somebody_works_on_is_left_to_their_team_and_goes_on_beyond_it(desk_factory: DeskFactory) -> None:
    desk = desk_factory()
    living = Living(desk, random.Random(4))
    number = next(n for n in iter(living.once, None) if is_new_in_lulea(desk, n))
    visitor = persona(desk, "first_line_lulea")
    perform(desk, number, "take", actor=visitor)
    taken = seqs(desk)[number]
    for _ in range(80):
        living.once()
    assert seqs(desk)[number] == taken, "what a visitor has taken waits for the visitor"
    why = {"reason": "Går inte att lösa hos oss.", "tried": "Startat om."}
    perform(desk, number, "escalate_to_second_line", actor=visitor, given=why)
    for _ in range(80):
        living.once()
    with desk.reading() as connection:
        ticket_id = find_ticket(connection, visitor, number)[0]
        later = [event for event in events_of(connection, ticket_id) if event.seq > taken + 1]
    assert later, "the second line has answered"
    assert teams_of(later, living.cast.installation).isdisjoint({"lulea-kundcenter"})


def is_new_in_lulea(desk: Desk, number: str) -> bool:
    with desk.reading() as connection:
        ticket = state_of(connection, number)
    return (ticket.municipality, ticket.holder.tier, ticket.seq) == ("lulea", Tier.FIRST_LINE, 1)


def test_what_fails_is_said_and_tried_again(
    desk_factory: DeskFactory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk, tried = desk_factory(), []

    def failing(self: Living) -> str:
        tried.append(1)
        raise Unavailable("The disk is full.") if len(tried) == 1 else RuntimeError("broken")

    monkeypatch.setattr(Living, "once", failing)
    stopped = start_living(desk, 0.01)
    deadline = time.monotonic() + 60
    while len(tried) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    stopped.set()
    assert len(tried) >= 3
    assert "The disk is full." in caplog.text and "fault of the program" in caplog.text


def test_a_demo_that_is_only_built_does_not_live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SERVICEDESK_INSTANCE", str(tmp_path))
    assert run(["demo", "--live", "--no-serve"]) == 2
    assert "Leave out --live or --no-serve." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_served_demo_lives_until_it_is_stopped(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ["demo", "--fresh", "--live", "1", "--tickets", "5", "--port", str(port)]
    server = subprocess.Popen(
        [*COMMAND, *arguments], env={"SERVICEDESK_INSTANCE": str(tmp_path)}, stdout=subprocess.PIPE, text=True
    )
    try:
        database = tmp_path / "servicedesk.sqlite"
        before = after_at_least(database, 5)
        assert after_at_least(database, before + 2) >= before + 2
        assert is_subscribed(tmp_path / FOLDER), "the supplier that has a desk of its own does not get through"
    finally:
        server.send_signal(signal.SIGTERM)
        said, _ = server.communicate(timeout=120)
    assert re.search(r"Look at http://127\.0\.0\.1:\d+/", said)
    assert server.returncode == 0
    assert running_with(str(tmp_path)) == []
    still = after_at_least(database, 0)
    time.sleep(1.5)
    assert after_at_least(database, 0) == still


def is_subscribed(folder: Path) -> bool:
    deadline, book = time.monotonic() + 60, Book(folder / "supplier-desk.sqlite")
    while not book.kept("webhook") and time.monotonic() < deadline:
        time.sleep(0.1)
    return bool(book.kept("webhook"))


def after_at_least(database: Path, tickets: int) -> int:
    """How many tickets there are, once there are so many."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if database.exists():
            found = how_many(database)
            if found >= tickets:
                return found
        time.sleep(0.2)
    raise AssertionError(f"there are no {tickets} tickets")


def how_many(database: Path) -> int:
    desk = Desk(make_engine(f"sqlite:///{database}"))
    try:
        with desk.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(Ticket)).scalar_one())
    except Unavailable:  # not made yet
        return 0
    finally:
        desk.engine.dispose()
