"""Short words for the life of a ticket in tests: who does what, when, and what was written down."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from servicedesk.core.clock import ControlledClock
from servicedesk.core.codec import dump, stamp
from servicedesk.core.errors import DeskError
from servicedesk.core.events import Event, PromiseWarned, event_from
from servicedesk.core.ledger import adds_up, ledger
from servicedesk.core.ticket import Clock, TicketState
from servicedesk.store.journal import JournalRow
from servicedesk.store.queries.tickets import state_of
from servicedesk.store.queries.verification import ticket_ids, verify_seal, verify_ticket
from servicedesk.store.tickets import Ticket
from tests.support.desk import CHAIN, WRITTEN, persona

SWEDEN = ZoneInfo("Europe/Stockholm")
HOUR = 3600
NEEDS = {step: needs for _, step, needs in CHAIN}


def at(day: str, clock: str = "09:00") -> datetime:
    """A moment by the Swedish clock on the wall."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SWEDEN)


def go_to(desk: Desk, moment: datetime) -> None:
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(moment)


def wait(desk: Desk, **span: float) -> datetime:
    go_to(desk, desk.clock.now() + timedelta(**span))
    return desk.clock.now()


def do(desk: Desk, number: str, who: str, step: str, **given: str) -> TicketState:
    """A step by a persona; what the chain's steps need is filled in."""
    said = {need: WRITTEN[need] for need in NEEDS.get(step, ())} | given
    return perform(desk, number, step, actor=persona(desk, who), given=said)


def refused(desk: Desk, number: str, who: str, step: str, **given: str) -> DeskError:
    """The refusal of a step, after making sure that nothing of it was written."""
    before = by_people(desk, number)
    with pytest.raises(DeskError) as refusal:
        perform(desk, number, step, actor=persona(desk, who), given=given)
    assert by_people(desk, number) == before
    return refusal.value


def state(desk: Desk, number: str) -> TicketState:
    with desk.reading() as connection:
        return state_of(connection, number)


def journal(desk: Desk, number: str) -> list[Event]:
    with desk.reading() as connection:
        query = select(JournalRow.body).join(Ticket, Ticket.id == JournalRow.ticket_id).where(Ticket.number == number)
        return [event_from(body) for body in connection.execute(query.order_by(JournalRow.seq)).scalars()]


def by_people(desk: Desk, number: str) -> list[Event]:
    """The journal without what time did by itself."""
    return [event for event in journal(desk, number) if not event.actor.startswith("scheduler:")]


def kinds(desk: Desk, number: str) -> list[str]:
    return [event.kind for event in journal(desk, number)]


def happened(desk: Desk, number: str) -> list[tuple[str, str, Any]]:
    """The journal without when it was written down: what must be the same whoever noticed it, and when."""
    return [(stamp(event.occurred_at), event.kind, dump(event.payload)) for event in journal(desk, number)]


def warnings(desk: Desk, number: str) -> list[tuple[str, int, datetime]]:
    """(clock, share, when it was due) of every warning, in the order in which they were written down."""
    return [
        (event.payload.clock, event.payload.share, event.occurred_at)
        for event in journal(desk, number)
        if isinstance(event.payload, PromiseWarned)
    ]


def clock(desk: Desk, number: str, key: str) -> Clock:
    return state(desk, number).clocks[key]


def differences(desk: Desk) -> list[str]:
    with desk.reading() as connection:
        book = desk.book(connection)
        found = [each for ticket_id in ticket_ids(connection) for each in verify_ticket(connection, book, ticket_id)]
        return [str(difference) for difference in (*found, *verify_seal(connection))]


def proved(desk: Desk) -> None:
    """Everything stored is what the journals say, and every ledger adds up."""
    assert differences(desk) == []
    with desk.reading() as connection:
        book = desk.book(connection)
        for number in connection.execute(select(Ticket.number)).scalars().all():
            assert adds_up(ledger(state_of(connection, number), desk.clock.now(), book)), number
