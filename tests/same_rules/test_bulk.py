"""One act on many tickets is that act on each of them: the same state, event and refusal as alone; and what is shown
beforehand is what happens."""

import json

import pytest

from servicedesk.actions.batches import carry_out, make_batch
from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import perform
from servicedesk.core.bulk import Act, Foreseen, foresee
from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.ticket import TicketState
from servicedesk.store.queries.batches import Selected, Status, items_of, selected
from servicedesk.store.queries.journal import events_of
from tests.support.desk import CHAIN, PERSONAS, WRITTEN, DeskFactory, along_the_chain, new_ticket, persona

WHO = ("first_line_lulea", "second_line_lulea", "it_service_manager", "supplier_technician")


def named(who: str) -> str:
    return who if who in PERSONAS else f"{who}_lulea"


@pytest.fixture
def desk(desk_factory: DeskFactory) -> Desk:
    return desk_factory()


def seen(desk: Desk, viewer: Actor, number: str) -> Selected | None:
    with desk.reading() as connection:
        return next(iter(selected(connection, desk.book(connection), viewer, [number])), None)


def foreseen(desk: Desk, act: Act, one: Selected, viewer: Actor) -> Foreseen | str:
    with desk.reading() as connection:
        book = desk.book(connection)
    definition = book.definition(one.ticket.workflow_version)
    try:
        return foresee(act, one.ticket, viewer, definition, book.installation, book.parties)
    except Refusal as refusal:
        return refusal.code


def look(desk: Desk, one: TicketState) -> tuple[object, ...]:
    with desk.reading() as connection:
        last = list(events_of(connection, int(one.number[-5:])))[-1]
    return one.state, one.holder.team, one.assignee, one.accepted, last.kind, last.actor, sorted(last.texts)


def test_each_step_of_the_chain_does_the_same_to_many_as_to_one(desk: Desk) -> None:
    alone, among = new_ticket(desk).number, new_ticket(desk).number
    for who, step, needs in CHAIN:
        actor, given = persona(desk, named(who)), {need: WRITTEN[need] for need in needs}
        before = seen(desk, actor, among)
        assert before
        told = foreseen(desk, Act(f"step:{step}", given), before, actor)
        one = perform(desk, alone, step, actor=actor, given=given)
        made = make_batch(desk, f"step:{step}", [(among, before.version)], actor=actor)
        carry_out(desk, made, Act(f"step:{step}", given), actor=actor)
        with desk.reading() as connection:
            assert [item.status for item in items_of(connection, actor, made)] == [Status.DONE], step
        other = seen(desk, actor, among)
        assert other
        assert look(desk, other.ticket) == look(desk, one), step
        assert isinstance(told, Foreseen)
        was = before.ticket
        expected = (told.state or was.state, told.team or was.holder.team)
        assert expected == (one.state, one.holder.team), step
        assert (was.assignee if told.assignee is None else told.assignee) == one.assignee, step


@pytest.mark.parametrize("last", ["", "take", "escalate_to_joint", "accept_at_supplier", "propose_solution", "confirm"])
def test_whoever_is_refused_alone_is_refused_among_many_for_the_same_reason(desk: Desk, last: str) -> None:
    number = new_ticket(desk).number
    if last:
        along_the_chain(desk, number, last)
    refused = 0
    for who in WHO:
        actor = persona(desk, who)
        for _who, step, needs in CHAIN:
            one = seen(desk, actor, number)
            if one is None:
                continue
            given = {need: WRITTEN[need] for need in needs}
            told = foreseen(desk, Act(f"step:{step}", given), one, actor)
            if isinstance(told, Foreseen):
                continue
            refused += 1
            with pytest.raises(Refusal) as alone:
                perform(desk, number, step, actor=actor, given=given)
            assert alone.value.code == told
            made = make_batch(desk, f"step:{step}", [(number, one.version)], actor=actor)
            carry_out(desk, made, Act(f"step:{step}", given), actor=actor)
            with desk.reading() as connection:
                (item,) = items_of(connection, actor, made)
            assert (item.status, item.why[0]) == (Status.REFUSED, alone.value.message)
            assert json.dumps(item.why[1])
    assert refused > 10
