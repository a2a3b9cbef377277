"""One act on many tickets, each by itself; and all of it taken back, by events that say so."""

from datetime import timedelta

import pytest

from servicedesk.actions.batches import carry_out, make_batch, undo
from servicedesk.actions.changes import assign
from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note
from servicedesk.actions.once import once_for
from servicedesk.actions.steps import perform
from servicedesk.core.bulk import UNDO_WITHIN, Act
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import KeyReused, NotFound, Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.ticket import TicketState
from servicedesk.store.queries.batches import Status, items_of, selected
from servicedesk.store.queries.journal import events_of
from servicedesk.store.queries.verification import ticket_ids, verify_tickets
from tests.support.desk import DeskFactory, new_ticket, persona, ticket_after

WHY = {"reason": "Samma fel.", "tried": "Startat om."}


@pytest.fixture
def desk(desk_factory: DeskFactory) -> Desk:
    return desk_factory()


def states(desk: Desk, viewer: Actor, *numbers: int) -> list[TicketState]:
    with desk.reading() as connection:
        return [
            one.ticket for one in selected(connection, desk.book(connection), viewer, [f"2026-{n:05}" for n in numbers])
        ]


def versions(desk: Desk, viewer: Actor, *numbers: int) -> list[tuple[str, int]]:
    with desk.reading() as connection:
        found = selected(connection, desk.book(connection), viewer, [f"2026-{n:05}" for n in numbers])
    return [(one.line.number, one.version) for one in found]


def do(desk: Desk, viewer: Actor, act: Act, *numbers: int) -> int:
    made = make_batch(desk, act.name, versions(desk, viewer, *numbers), actor=viewer)
    carry_out(desk, made, act, actor=viewer)
    return made


def statuses(desk: Desk, viewer: Actor, batch: int) -> list[Status]:
    with desk.reading() as connection:
        return [item.status for item in items_of(connection, viewer, batch)]


def is_proved(desk: Desk) -> bool:
    with desk.reading() as connection:
        return not list(verify_tickets(connection, desk.book(connection), ticket_ids(connection)))


def test_taking_several_and_taking_it_back(desk: Desk) -> None:
    first, viewer = new_ticket(desk), persona(desk, "first_line_lulea")
    new_ticket(desk)
    batch = do(desk, viewer, Act("step:take"), 1, 2)
    assert statuses(desk, viewer, batch) == [Status.DONE, Status.DONE]
    assert [one.assignee for one in states(desk, viewer, 1, 2)] == [viewer.key, viewer.key]
    undo(desk, batch, "", actor=viewer)
    assert statuses(desk, viewer, batch) == [Status.UNDONE, Status.UNDONE]
    back = states(desk, viewer, 1)[0]
    assert (back.state, back.assignee, back.holder) == (first.state, "", first.holder)
    with desk.reading() as connection:
        (ticket_id, *_) = ticket_ids(connection)
        kinds = [event.kind for event in events_of(connection, ticket_id)]
    assert kinds == ["TicketLogged", "TicketTaken", "StepTaken"], "what was done stands, and that it was taken back"
    assert is_proved(desk)


def test_handing_over_and_taking_it_back(desk: Desk) -> None:
    for _ in range(2):
        ticket_after(desk, "take")
    viewer = persona(desk, "first_line_lulea")
    before = states(desk, viewer, 1, 2)
    batch = do(desk, viewer, Act("step:escalate_to_second_line", WHY), 1, 2)
    assert {one.holder.tier for one in states(desk, viewer, 1, 2)} == {"second_line"}
    undo(desk, batch, "", actor=viewer)
    after = states(desk, viewer, 1, 2)
    for was, now in zip(before, after, strict=True):
        assert (now.state, now.holder.team, now.assignee, now.handed_over_by) == (
            was.state,
            was.holder.team,
            was.assignee,
            was.handed_over_by,
        )
        assert now.custody[-2].holder.tier == "second_line", "the time that the second line had it stays theirs"
    assert is_proved(desk)


def test_assigning_and_priority_and_taking_them_back(desk: Desk) -> None:
    ticket_after(desk, "take")
    new_ticket(desk)
    viewer, other = persona(desk, "first_line_lulea"), persona(desk, "first_line_colleague_lulea")
    batch = do(desk, viewer, Act("assign", {"assignee": other.key}), 1, 2)
    assert [one.assignee for one in states(desk, viewer, 1, 2)] == [other.key, other.key]
    undo(desk, batch, "", actor=viewer)
    assert [one.assignee for one in states(desk, viewer, 1, 2)] == [viewer.key, ""]
    given = {"impact": "high", "urgency": "high", "reason": "Alla är drabbade."}
    batch = do(desk, viewer, Act("priority", given), 1, 2)
    assert [one.priority for one in states(desk, viewer, 1, 2)] == [1, 1]
    undo(desk, batch, "Ångrat.", actor=viewer)
    assert [one.priority for one in states(desk, viewer, 1, 2)] == [4, 4]
    assert is_proved(desk)


def test_what_somebody_of_another_team_had_taken_over_goes_back_to_them(desk: Desk) -> None:
    taken = ticket_after(desk, "accept_in_second_line").number
    other, viewer = persona(desk, "local_it_lulea"), persona(desk, "second_line_lulea")
    perform(desk, taken, "take_over_in_second_line", actor=other)
    batch = do(desk, viewer, Act("assign", {"assignee": viewer.key}), 1)
    undo(desk, batch, "", actor=viewer)
    assert statuses(desk, viewer, batch) == [Status.UNDONE]
    assert states(desk, viewer, 1)[0].assignee == other.key


def test_each_ticket_answers_for_itself(desk: Desk) -> None:
    new_ticket(desk)
    ticket_after(desk, "escalate_to_second_line")
    new_ticket(desk)
    viewer = persona(desk, "first_line_lulea")
    seen = versions(desk, viewer, 1, 2, 3)
    note(desk, "2026-00003", "En kollega hann före.", actor=viewer)
    made = make_batch(desk, "step:take", seen, actor=viewer)
    carry_out(desk, made, Act("step:take"), actor=viewer)
    with desk.reading() as connection:
        items = items_of(connection, viewer, made)
    assert [item.status for item in items] == [Status.DONE, Status.REFUSED, Status.REFUSED]
    assert "%(state)s" in items[1].why[0] and items[1].why[1]["state"]
    assert items[2].why[0].startswith("Somebody has changed the ticket meanwhile")
    assert [one.assignee == viewer.key for one in states(desk, viewer, 1, 2, 3)] == [True, False, False]


def test_what_has_changed_since_stays_as_it_is(desk: Desk) -> None:
    new_ticket(desk)
    new_ticket(desk)
    viewer = persona(desk, "first_line_lulea")
    batch = do(desk, viewer, Act("step:take"), 1, 2)
    assign(desk, "2026-00001", "", actor=viewer)
    undo(desk, batch, "", actor=viewer)
    assert statuses(desk, viewer, batch) == [Status.KEPT, Status.UNDONE]
    assert states(desk, viewer, 1)[0].category == "active"


def test_it_is_done_once_and_undone_once(desk: Desk) -> None:
    new_ticket(desk)
    viewer, act = persona(desk, "first_line_lulea"), Act("step:take")
    seen = versions(desk, viewer, 1)
    once = once_for(desk, viewer, "a form", {"tickets": str(seen)})
    made = [make_batch(desk, act.name, seen, actor=viewer, once=once) for _ in range(2)]
    assert made[0] == made[1]
    for _ in range(2):
        carry_out(desk, made[0], act, actor=viewer)
    assert statuses(desk, viewer, made[0]) == [Status.DONE]
    for _ in range(2):
        undo(desk, made[0], "", actor=viewer)
    assert statuses(desk, viewer, made[0]) == [Status.UNDONE]
    assert states(desk, viewer, 1)[0].seq == 3
    with pytest.raises(KeyReused):
        make_batch(desk, "assign", seen, actor=viewer, once=once_for(desk, viewer, "a form", {"tickets": "others"}))


def test_after_a_while_it_can_no_longer_be_undone(desk: Desk) -> None:
    new_ticket(desk)
    viewer = persona(desk, "first_line_lulea")
    batch = do(desk, viewer, Act("step:take"), 1)
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + UNDO_WITHIN + timedelta(seconds=1))
    with pytest.raises(Refusal) as refused:
        undo(desk, batch, "", actor=viewer)
    assert refused.value.code == "too_late"


def test_what_somebody_has_been_told_is_not_taken_back(desk: Desk) -> None:
    ticket_after(desk, "take")
    viewer = persona(desk, "first_line_lulea")
    batch = do(desk, viewer, Act("note", {"body": "Samma fel i hela huset."}), 1)
    undo(desk, batch, "", actor=viewer)
    assert statuses(desk, viewer, batch) == [Status.DONE]


def test_a_batch_is_its_makers_alone_and_holds_only_what_they_see(desk: Desk) -> None:
    new_ticket(desk)
    viewer, other = persona(desk, "first_line_lulea"), persona(desk, "first_line_pitea")
    batch = do(desk, viewer, Act("step:take"), 1)
    with pytest.raises(NotFound):
        undo(desk, batch, "", actor=other)
    assert states(desk, other, 1) == []
    theirs = make_batch(desk, "step:take", [("2026-00001", 1)], actor=other)
    carry_out(desk, theirs, Act("step:take"), actor=other)
    assert statuses(desk, other, theirs) == [Status.REFUSED]


def test_a_batch_left_in_the_middle_goes_on_where_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    new_ticket(desk)
    new_ticket(desk)
    viewer, act = persona(desk, "first_line_lulea"), Act("step:take")
    made = make_batch(desk, act.name, versions(desk, viewer, 1, 2), actor=viewer)
    with monkeypatch.context() as stopped:
        stopped.setattr("servicedesk.actions.batches._refused", lambda *_: None)
        stopped.setattr("servicedesk.actions.batches.step", _stop)
        with pytest.raises(RuntimeError):
            carry_out(desk, made, act, actor=viewer)
    assert statuses(desk, viewer, made) == [Status.PENDING, Status.PENDING]
    carry_out(desk, made, act, actor=viewer)
    assert statuses(desk, viewer, made) == [Status.DONE, Status.DONE]


def _stop(*given: object, **named: object) -> None:
    raise RuntimeError("the process died")
