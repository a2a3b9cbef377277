"""Notices: once for each event and person, of what was so when it happened, only to those who may see the ticket."""

from collections import Counter

import pytest
from sqlalchemy import func, select, update

from servicedesk.actions import changes, outbox
from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.actions.reactions import SEQUENCE
from servicedesk.actions.sweep import sweep
from servicedesk.core.facts import Actor
from servicedesk.store.outbox import GIVE_UP_AFTER, Notice, OutboxRow
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.tickets import Ticket
from tests.actions.life import do, proved, wait
from tests.support.desk import PERSONAS, DeskFactory, new_ticket, persona, ticket_after

# The rest is the sequencer's.
TO_TELL = OutboxRow.reaction != SEQUENCE
NAMES = {key: name for name, key in PERSONAS.items()}
Told = list[tuple[str, int, str, str]]


def told(desk: Desk, number: str) -> Told:
    """(persona, seq, kind, why), in order."""
    with desk.reading() as connection:
        query = select(Notice.person, Notice.seq, Notice.kind, Notice.why).join(Ticket, Ticket.id == Notice.ticket_id)
        rows = connection.execute(query.where(Ticket.number == number)).all()
    return sorted((NAMES.get(row.person, row.person), row.seq, row.kind, row.why) for row in rows)


def people_told_of(desk: Desk, number: str, kind: str) -> list[str]:
    drain(desk)
    return [name for name, _, what, _ in told(desk, number) if what == kind]


def waiting(desk: Desk) -> int:
    with desk.reading() as connection:
        return connection.execute(select(func.count()).where(TO_TELL)).scalar_one()


def test_everybody_is_told_once_however_often_it_is_carried_out(either_desk: Desk) -> None:
    number = ticket_after(either_desk, "confirm").number
    assert drain(either_desk) > 0
    first = told(either_desk, number)
    assert (drain(either_desk), waiting(either_desk)) == (0, 0)
    assert told(either_desk, number) == first
    assert max(Counter((name, seq) for name, seq, _, _ in first).values()) == 1


def test_a_notice_that_was_carried_out_and_then_forgotten_is_not_given_twice(either_desk: Desk) -> None:
    """As when the process dies after the notice and before the row goes."""
    number = ticket_after(either_desk, "escalate_to_second_line").number
    with either_desk.reading() as connection:
        rows = [dict(row) for row in connection.execute(select(OutboxRow.__table__).where(TO_TELL)).mappings()]
    drain(either_desk)
    first = told(either_desk, number)
    with either_desk.transaction() as connection:
        connection.execute(OutboxRow.__table__.insert(), rows)  # type: ignore[attr-defined]
    assert drain(either_desk) == len(rows)
    assert told(either_desk, number) == first


def test_what_is_told_late_is_what_would_have_been_told_at_once(desk_factory: DeskFactory) -> None:
    prompt, late = desk_factory(), desk_factory()
    steps = (
        ("first_line_lulea", "take"),
        ("first_line_lulea", "escalate_to_second_line"),
        ("second_line_lulea", "accept_in_second_line"),
        ("second_line_lulea", "escalate_to_joint"),
        ("it_service_manager", "accept_in_joint"),
        ("it_service_manager", "order_from_supplier"),
    )
    for desk in (prompt, late):
        number = new_ticket(desk).number
        for who, step in steps:
            wait(desk, minutes=5)
            do(desk, number, who, step)
            if desk is prompt:
                drain(desk)
        drain(desk)
    assert told(prompt, number) == told(late, number)


def test_the_receiver_is_told_and_not_the_one_who_handed_over(desk: Desk) -> None:
    number = ticket_after(desk, "escalate_to_second_line").number
    assert people_told_of(desk, number, "TicketHandedOver") == ["second_line_lulea"]


def test_nobody_is_told_of_what_they_did_themselves(desk: Desk) -> None:
    number = new_ticket(desk).number
    people = people_told_of(desk, number, "TicketLogged")
    assert "first_line_colleague_lulea" in people and "first_line_lulea" not in people


def test_the_tier_that_is_asked_is_told_and_nobody_when_it_is_the_requester(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_second_line").number
    do(desk, number, "second_line_lulea", "ask_requester_from_second_line", question="Vad hände?")
    assert people_told_of(desk, number, "QuestionAsked") == []
    do(desk, number, "second_line_lulea", "answer_second_line", answer="Inget.")
    do(desk, number, "second_line_lulea", "ask_first_line", question="Vad sa hon?")
    assert people_told_of(desk, number, "QuestionAsked") == ["first_line_colleague_lulea", "first_line_lulea"]


def test_an_answer_that_reached_us_before_the_notice_takes_nothing_from_it(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_second_line").number
    do(desk, number, "second_line_lulea", "ask_first_line", question="Vad sa hon?")
    do(desk, number, "first_line_lulea", "answer_second_line_from_first_line", answer="Inget.")
    assert people_told_of(desk, number, "QuestionAsked") == ["first_line_colleague_lulea", "first_line_lulea"]


def test_whoever_is_assigned_is_told(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    changes.assign(desk, number, PERSONAS["first_line_colleague_lulea"], actor=persona(desk, "first_line_lulea"))
    assert people_told_of(desk, number, "TicketAssigned") == ["first_line_colleague_lulea"]


def test_a_municipality_that_has_lost_the_ticket_is_told_no_more_of_it(desk: Desk) -> None:
    number = new_ticket(desk).number
    changes.move_municipality(desk, number, "pitea", "Fel kommun.", actor=persona(desk, "first_line_lulea"))
    drain(desk)
    assert {name.split("_")[-1] for name, _, _, _ in told(desk, number)} == {"pitea"}


def test_only_those_who_may_see_the_ticket_are_told_anything_of_it(desk: Desk) -> None:
    """Everything that can be told in two long lives, a return at the supplier and broken promises among it."""
    one = ticket_after(desk, "accept_at_supplier", impact="high", urgency="high").number
    wait(desk, hours=9)
    do(desk, one, "supplier_technician", "return_from_supplier", reason="Inte vårt.")
    new_ticket(desk, "pitea")
    wait(desk, days=9)
    sweep(desk)
    drain(desk)
    with desk.reading() as connection:
        book = desk.book(connection)
        notices = connection.execute(select(Notice.person, Notice.ticket_id).distinct()).all()
        assert len(notices) >= 8
        for notice in notices:
            viewer: Actor = persona(desk, NAMES[notice.person])
            assert notice.person in book.installation.people
            seen = connection.execute(visible_tickets(viewer, Ticket.id)).scalars().all()
            assert notice.ticket_id in seen


def test_one_that_fails_stays_counted_and_does_not_stop_the_rest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "BATCH", 2)
    numbers = [new_ticket(desk).number for _ in range(7)]
    with desk.transaction() as connection:
        [first] = connection.execute(select(OutboxRow.id).order_by(OutboxRow.id).limit(1)).scalars().all()
        connection.execute(update(OutboxRow).where(OutboxRow.id == first).values(reaction="shout"))
    assert drain(desk) == 13, "a notice and a mail of each"
    assert waiting(desk) == 1
    assert told(desk, numbers[0]) == [] and told(desk, numbers[-1])
    for _ in range(GIVE_UP_AFTER + 2):
        drain(desk)
    with desk.reading() as connection:
        row = connection.execute(select(OutboxRow.attempts, OutboxRow.failure).where(TO_TELL)).one()
    assert (row.attempts, row.failure) == (GIVE_UP_AFTER, "KeyError: 'shout'")
    proved(desk)
