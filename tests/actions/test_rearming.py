"""Hours that change: the tickets that go by them get other deadlines and no others are touched, at once or by the
sweep, and it is the same in the end as if every open ticket had been armed anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select, text

from servicedesk.actions import rearming
from servicedesk.actions.administering import changing
from servicedesk.actions.administering.hours import change_team, give_own_hours, set_days, set_week
from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note
from servicedesk.actions.opened import load_state
from servicedesk.actions.sweep import sweep
from servicedesk.core.clock import ControlledClock
from servicedesk.core.facts import Interval
from servicedesk.core.sla import arm
from servicedesk.core.timers import timers_of
from servicedesk.store import projection as rows
from servicedesk.store.engine import make_engine
from servicedesk.store.queries.administration import state_of
from servicedesk.store.tickets import Ticket, TicketClock, Visibility
from servicedesk.store.timers import REARM, TimerRow
from tests.actions.life import proved
from tests.support.desk import START, Template, fill, new_ticket, persona, ticket_after

KEY = "lulea-kundcenter"
TOMORROW = START.date() + timedelta(days=1)
SHORT = (Interval(time(10), time(11)),)


@pytest.fixture(scope="module")
def lived(desk_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Open tickets of two municipalities, at every tier, and one that is solved."""
    folder = tmp_path_factory.mktemp("lived")
    made = Desk(make_engine(desk_template.copy_to(folder)), ControlledClock(START))
    for last in ("", "take", "accept_in_second_line", "accept_in_joint", "accept_at_supplier", "propose_solution"):
        ticket_after(made, last)
    ticket_after(made, "resolve_in_second_line")
    new_ticket(made, "pajala")
    ticket_after(made, "accept_in_second_line", "pajala")
    made.engine.dispose()
    return Template(folder / "servicedesk.sqlite")


@pytest.fixture
def desk(lived: Template, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(make_engine(lived.copy_to(tmp_path)), ControlledClock(START))
    yield made
    made.engine.dispose()


def seen(desk: Desk, kind: str, key: str) -> str:
    with desk.reading() as connection:
        return state_of(connection, kind, key)


def close(desk: Desk, day: date = TOMORROW) -> None:
    set_days(desk, KEY, day, day, (), "", actor=persona(desk, "administrator_lulea"), seen=seen(desk, "calendar", KEY))


def other_week(desk: Desk) -> None:
    week = [SHORT] * 5 + [()] * 2
    mark = seen(desk, "calendar", KEY)
    set_week(desk, KEY, TOMORROW, week, "", actor=persona(desk, "administrator_lulea"), seen=mark)


def own_hours(desk: Desk) -> None:
    """By which nothing has been promised yet."""
    lead, mark = persona(desk, "administrator_lulea"), seen(desk, "team", "lulea-it")
    key = give_own_hours(desk, "lulea-it", "Egna", actor=lead, seen=mark)
    set_week(desk, key, TOMORROW, [SHORT] * 7, "", actor=lead, seen=seen(desk, "calendar", key))


def other_hours_of_a_team(desk: Desk) -> None:
    """Clocks keep the hours by which they were promised; what time does in a state goes by the team's own: by others
    that are open on a day on which these are not, a solved ticket is closed sooner."""
    close(desk)
    sweep(desk)
    lead = persona(desk, "administrator_lulea")
    with desk.reading() as connection:
        before = stored(connection)
    change_team(desk, KEY, "Kundcenter", "kommunkontor", actor=lead, seen=seen(desk, "team", KEY))
    with desk.reading() as connection:
        assert {key[2] for key, row in stored(connection).items() if before[key] != row} == {"timed:close_unconfirmed"}


Rows = dict[tuple[Any, ...], Any]


def stored(connection: Connection) -> Rows:
    """What depends on hours, by table and key."""
    asked = (
        select(TimerRow.ticket_id, TimerRow.rule, TimerRow.occurrence, TimerRow.due_at),
        select(TicketClock.ticket_id, TicketClock.key, TicketClock.due_at, TicketClock.breaks_at),
        select(Visibility.ticket_id, Visibility.organisation, Visibility.next_due_at, Visibility.promised_at),
        select(Ticket.id, Ticket.state_json),
    )
    found: Rows = {}
    for n, query in enumerate(asked):
        found |= {(n, *row[:2]) if n < 3 else (n, row[0]): tuple(row) for row in connection.execute(query)}
    return found


def all_armed_anew(desk: Desk, connection: Connection) -> Rows:
    """The same when all open tickets have been armed, whatever hours they go by; of closed ones as it is."""
    book, kept = desk.book(connection), stored(connection)
    are_open = select(Ticket.id, Ticket.state_json).where(Ticket.closed_at.is_(None))
    open_ = {row.id: row.state_json for row in connection.execute(are_open)}
    now = {key: row for key, row in kept.items() if row[0] not in open_}
    for ticket_id, state in open_.items():
        ticket = load_state(state)
        for clock in ticket.clocks.values():
            arm(clock, book)
            now[1, ticket_id, clock.key] = (ticket_id, clock.key, clock.due_at, clock.breaks_at)
        for timer in timers_of(ticket, book, book.shares, book):
            now[0, ticket_id, timer.rule] = (ticket_id, timer.rule, timer.occurrence, timer.due_at)
        for row in rows.visibility_rows(ticket_id, ticket).values():
            whose = row["organisation"]
            now[2, ticket_id, whose] = (ticket_id, whose, row["next_due_at"], row["promised_at"])
        now[3, ticket_id] = (ticket_id, rows.state_json(ticket))
    return now


def as_all_armed(desk: Desk) -> bool:
    with desk.reading() as connection:
        return stored(connection) == all_armed_anew(desk, connection)


def marked(desk: Desk) -> list[int]:
    with desk.reading() as connection:
        return sorted(connection.execute(select(TimerRow.ticket_id).where(TimerRow.rule == REARM)).scalars())


Change = Callable[[Desk], None]
CHANGES: list[tuple[Change, bool]] = [
    (close, True),
    (other_week, True),
    (own_hours, False),
    (other_hours_of_a_team, True),
]


@pytest.mark.parametrize("at_once", [1, 100])
@pytest.mark.parametrize(("change", "moves"), CHANGES)
def test_it_is_as_if_all_had_been_armed_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, change: Change, moves: bool, at_once: int
) -> None:
    monkeypatch.setattr(changing, "AT_ONCE", at_once)
    with desk.reading() as connection:
        before = stored(connection)
    change(desk)
    assert as_all_armed(desk) or (at_once == 1 and marked(desk))
    proved(desk)
    sweep(desk)
    assert marked(desk) == [] and as_all_armed(desk)
    with desk.reading() as connection:
        assert (stored(connection) != before) == moves
    proved(desk)


def test_nobody_elses_tickets_are_looked_at(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "AT_ONCE", 1)
    close(desk)
    with desk.reading() as connection:
        theirs = select(Ticket.id).where(Ticket.municipality == "lulea", Ticket.closed_at.is_(None))
        mine = set(connection.execute(theirs).scalars())
    assert marked(desk) and set(marked(desk)) <= mine


def test_whoever_opens_a_marked_ticket_arms_it_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "AT_ONCE", 1)
    close(desk)
    before = marked(desk)
    with desk.reading() as connection:
        number = connection.execute(select(Ticket.number).where(Ticket.id == before[0])).scalar_one()
    note(desk, number, "Hej.", actor=persona(desk, "first_line_lulea"))
    assert marked(desk) == before[1:]
    proved(desk)


@contextmanager
def statements(desk: Desk) -> Iterator[list[str]]:
    heard: list[str] = []

    def hear(connection: Connection, cursor: Any, statement: str, *rest: Any) -> None:
        heard.append(statement)

    event.listen(desk.engine, "before_cursor_execute", hear)
    yield heard
    event.remove(desk.engine, "before_cursor_execute", hear)


def as_many(desk: Desk, many: int) -> None:
    """Copies of the open tickets, each with rows of its own and no journal."""
    with desk.transaction() as connection:
        last = connection.execute(select(func.max(Ticket.id))).scalar_one()
        for table, key in (
            ("ticket", "id"),
            ("visibility", "ticket_id"),
            ("timer", "ticket_id"),
            ("ticket_clock", "ticket_id"),
        ):
            names = [row[1] for row in connection.execute(text(f"PRAGMA table_info({table})"))]
            other = {
                key: f"{key} + n * {last}",
                "number": "number || '-' || n",
                "state_json": "replace(state_json, '\"' || number || '\"', '\"' || number || '-' || n || '\"')",
            }
            values = ", ".join(other.get(name, name) for name in names)
            connection.execute(
                text(
                    f"WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < {many // last}) "
                    f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table}, many"
                )
            )


def test_two_thousand_open_tickets_keep_nobody_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page arms a hundred and asks as much as for one ticket; the sweep takes the others, two hundred at a time."""
    as_many(desk, 2_000)
    read = 0

    def counted(kept: str) -> Any:
        nonlocal read
        read += 1
        return load_state(kept)

    monkeypatch.setattr(rearming, "load_state", counted)
    with statements(desk) as heard:
        close(desk)
    assert len(heard) < 40 and read == 100
    assert len(marked(desk)) > 1_000
    with statements(desk) as heard:
        sweep(desk)
    assert marked(desk) == [] and as_all_armed(desk)
    assert len(heard) < 20 * (2_000 // 200)


def test_it_is_the_same_on_either_database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(make_engine(database_url), ControlledClock(START))
    fill(desk)
    monkeypatch.setattr(changing, "AT_ONCE", 1)
    numbers = [new_ticket(desk).number for _ in range(3)]
    close(desk)
    assert len(marked(desk)) == 2
    note(desk, numbers[1], "Hej.", actor=persona(desk, "first_line_lulea"))
    assert len(marked(desk)) == 1
    sweep(desk)
    assert marked(desk) == [] and as_all_armed(desk)
    proved(desk)
    desk.engine.dispose()
