"""What was overdue stays fired when the action that came upon it is refused."""

from datetime import timedelta

import pytest

from servicedesk.actions.steps import perform
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import Conflict, Refusal
from servicedesk.store.queries.tickets import state_of
from tests.support.desk import DeskFactory, persona, ticket_after


@pytest.mark.parametrize("expected", [None, "seen"])
def test_a_refusal_tells_of_the_ticket_as_it_then_is(desk_factory: DeskFactory, expected: str | None) -> None:
    desk = desk_factory()
    ticket = ticket_after(desk, "take")
    first = persona(desk, "first_line_lulea")
    asked = perform(desk, ticket.number, "ask_requester_from_first_line", actor=first, given={"question": "När?"})
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(days=60))
    version = asked.version if expected else None
    with pytest.raises((Refusal, Conflict)):
        perform(desk, ticket.number, "answer_first_line", actor=first, given={"answer": "Nu."}, expected=version)
    with desk.reading() as connection:
        after = state_of(connection, ticket.number)
    assert after.closed_at is not None, "closed by itself while nobody swept"
    assert after.seq > asked.seq
