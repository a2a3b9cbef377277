"""Who has a ticket before them: told each half minute, forgotten after one, and in nobody's way."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

import pytest
from sqlalchemy import event, func, insert, select

from servicedesk.actions.desk import Desk
from servicedesk.actions.presence import LASTS, forget_presence, open_page, stay
from servicedesk.actions.work import unit_of_work
from servicedesk.core.clock import ControlledClock
from servicedesk.store import engine
from servicedesk.store.presence import Presence
from servicedesk.store.queries.presence import Present, beside
from servicedesk.store.queries.tickets import find_ticket
from tests.actions.life import differences, kinds
from tests.support.desk import PERSONAS, new_ticket, persona

NUMBER = "2026-00001"


def seen(desk: Desk, who: str = "first_line_lulea") -> list[tuple[str, bool]]:
    """(key, whether they write) of those whom this persona is told of."""
    with desk.reading() as connection:
        book, now = desk.book_and_now(connection)
        _id, ticket, *_ = find_ticket(connection, persona(desk, who), NUMBER)
        found: list[Present] = beside(connection, book.installation, persona(desk, who), ticket, now - LASTS).others
    return [(each.key, each.writes) for each in found]


def comes(desk: Desk, who: str, writes: str | None = None) -> str:
    open_page(desk, NUMBER, actor=persona(desk, who))
    if writes:
        stay(desk, NUMBER, actor=persona(desk, who), writes=writes)
    return PERSONAS[who]


def later(desk: Desk, seconds: int) -> None:
    clock = desk.clock
    assert isinstance(clock, ControlledClock)
    clock.move_to(clock.now() + timedelta(seconds=seconds))


def rows(desk: Desk) -> int:
    with desk.reading() as connection:
        return connection.execute(select(func.count()).select_from(Presence)).scalar_one()


@contextmanager
def written(desk: Desk) -> Iterator[list[str]]:
    """What is sent to the database meanwhile, save what a driver says for itself."""
    found: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(desk.engine, "before_cursor_execute", hear)
    yield found
    event.remove(desk.engine, "before_cursor_execute", hear)


def test_who_came_is_seen_by_the_others_for_a_minute_and_is_no_history(either_desk: Desk) -> None:
    new_ticket(either_desk)
    colleague = comes(either_desk, "first_line_colleague_lulea")
    comes(either_desk, "first_line_lulea")
    assert seen(either_desk) == [(colleague, False)]
    later(either_desk, 40)
    stay(either_desk, NUMBER, actor=persona(either_desk, "first_line_colleague_lulea"))
    later(either_desk, 40)
    assert seen(either_desk) == [(colleague, False)]
    later(either_desk, 21)
    assert seen(either_desk) == []
    assert kinds(either_desk, NUMBER) == ["TicketLogged"]
    assert differences(either_desk) == []
    assert (forget_presence(either_desk), rows(either_desk)) == (2, 0)
    with written(either_desk) as statements:
        assert forget_presence(either_desk) == 0
    assert not any("DELETE" in statement for statement in statements)


def test_who_writes_comes_first_until_they_have_sent_it_or_stop(desk: Desk) -> None:
    new_ticket(desk)
    reader, writer = comes(desk, "administrator_lulea"), comes(desk, "second_line_lulea", writes="joint")
    assert seen(desk) == [(writer, True), (reader, False)]
    later(desk, 25)
    stay(desk, NUMBER, actor=persona(desk, "second_line_lulea"))  # another window of theirs
    assert (writer, True) in seen(desk)
    open_page(desk, NUMBER, actor=persona(desk, "second_line_lulea"))  # as after sending
    assert (writer, False) in seen(desk)
    stay(desk, NUMBER, actor=persona(desk, "second_line_lulea"), writes="joint")
    later(desk, 50)
    stay(desk, NUMBER, actor=persona(desk, "second_line_lulea"))
    later(desk, 15)
    assert (writer, False) in seen(desk)


def test_what_is_no_kind_of_writing_is_reading(desk: Desk) -> None:
    new_ticket(desk)
    colleague = comes(desk, "first_line_colleague_lulea", writes="<script>")
    assert seen(desk) == [(colleague, False)]


def test_it_waits_for_nobody_who_has_the_ticket_or_the_database_under_lock(
    either_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL it needs no lock that anybody has; an embedded database has one writer: there it is left out."""
    new_ticket(either_desk)
    manager = persona(either_desk, "second_line_lulea")
    monkeypatch.setattr(engine, "BUSY_MILLISECONDS", 600_000)  # for as long whoever waits is kept waiting
    either_desk.engine.dispose()
    with unit_of_work(either_desk) as work:
        work.open_ticket(NUMBER, actor=manager)
        began = monotonic()
        stay(either_desk, NUMBER, actor=persona(either_desk, "first_line_colleague_lulea"))
        assert monotonic() - began < 300
    assert rows(either_desk) == (1 if either_desk.engine.dialect.name == "postgresql" else 0)
    stay(either_desk, NUMBER, actor=persona(either_desk, "first_line_colleague_lulea"))
    assert rows(either_desk) == 1


def test_it_is_one_short_write(either_desk: Desk) -> None:
    new_ticket(either_desk)
    who = persona(either_desk, "first_line_lulea")
    with written(either_desk) as statements:
        stay(either_desk, NUMBER, actor=who, writes="joint")
    assert [one.split()[0] for one in statements if not one.startswith("BEGIN")] == ["INSERT"]


def test_who_has_left_the_installation_is_not_named(desk: Desk) -> None:
    new_ticket(desk)
    with desk.transaction() as connection:
        gone = {"number": NUMBER, "person": "nobody", "seen_at": desk.clock.now()}
        connection.execute(insert(Presence).values(gone))
    assert seen(desk) == []
