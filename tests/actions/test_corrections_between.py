"""Who may correct whose time, and what others learn of it."""

from datetime import timedelta

import pytest

from servicedesk.actions import corrections
from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.store.queries.tickets import TicketView, view_ticket
from tests.actions.correcting import HIGH, WHY, correct_moment, refusal, seq_of
from tests.actions.life import at, do, journal, proved, wait
from tests.actions.test_notices import told
from tests.support.desk import persona, ticket_after


@pytest.mark.parametrize(
    ("who", "seq", "may"),
    [
        ("second_line_lulea", 3, True),  # first to second line: the municipality's own
        ("second_line_lulea", 5, False),  # to the joint organisation: not its own to date
        ("it_service_manager", 5, True),
        ("it_service_manager", 3, False),
        ("it_service_manager", 7, True),  # the order to the supplier
        ("supplier_technician", 7, False),
        ("supplier_technician", 8, False),
        ("administrator_lulea", 3, True),  # leads a team of one in the sample
        ("first_line_colleague_lulea", 3, False),
    ],
)
def test_who_may_correct_is_who_answers_for_that_time(desk: Desk, who: str, seq: int, may: bool) -> None:
    number = ticket_after(desk, "take").number
    for name, step in (
        ("first_line_lulea", "escalate_to_second_line"),
        ("second_line_lulea", "accept_in_second_line"),
        ("second_line_lulea", "escalate_to_joint"),
        ("it_service_manager", "accept_in_joint"),
        ("it_service_manager", "order_from_supplier"),
        ("supplier_technician", "accept_at_supplier"),
    ):
        wait(desk, hours=1)
        do(desk, number, name, step)
    moment = journal(desk, number)[seq - 1].occurred_at - timedelta(minutes=10)
    if may:
        correct_moment(desk, number, seq, moment, who)
        proved(desk)
    else:
        assert refusal(desk, lambda: correct_moment(desk, number, seq, moment, who)).code == "not_yours"


def test_the_supplier_reads_why_its_own_time_was_corrected_and_nothing_of_others(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_joint").number
    wait(desk, hours=3)
    do(desk, number, "it_service_manager", "order_from_supplier")
    wait(desk, hours=1)
    ordered = journal(desk, number)[-1].seq
    technician = persona(desk, "supplier_technician")

    def view() -> TicketView:
        with desk.reading() as connection:
            return view_ticket(connection, desk.book(connection), technician, number)

    before = view()
    correct_moment(desk, number, ordered, at("2026-03-02", "10:00"), "it_service_manager")
    after = view()
    assert after.version > before.version
    seen = next(entry for entry in after.entries if entry.event.amends is not None)
    assert seen.event.amends == ordered and seen.texts["reason"] == WHY and seen.actor == ""
    contract = next(each for each in after.clocks if each.metric == "contract")
    assert contract.started_at == at("2026-03-02", "10:00")


def corrected(desk: Desk, number: str) -> int:
    """The last correction."""
    return max(event.seq for event in journal(desk, number) if event.amends is not None)


def notices(desk: Desk, number: str, seq: int) -> dict[str, str]:
    """Persona -> why, of one event."""
    return {name: why for name, told_of, _, why in told(desk, number) if told_of == seq}


def test_those_concerned_are_told_of_a_correction_once_and_not_of_what_it_says_happened_then(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    wait(desk, hours=2)
    do(desk, number, "first_line_lulea", "escalate_to_second_line")
    drain(desk)
    correct_moment(desk, number, 3, at("2026-03-02", "10:00"), "administrator_lulea")
    drain(desk)
    assert notices(desk, number, corrected(desk, number)) == {"second_line_lulea": "corrected"}
    do(desk, number, "second_line_lulea", "accept_in_second_line")
    accepted = journal(desk, number)[-1].occurred_at
    wait(desk, hours=1)
    drain(desk)
    moments = accepted + timedelta(minutes=10), accepted + timedelta(minutes=20)
    administrator = persona(desk, "administrator_lulea")
    corrections.tell_wait(
        desk, number, "ask_requester_from_second_line", moments[0], WHY, moments[1], actor=administrator
    )
    drain(desk)
    waited = corrected(desk, number)
    assert notices(desk, number, waited - 1) == {"second_line_lulea": "corrected"}
    assert notices(desk, number, waited) == {}, "a wait is two events and one correction"


def test_of_others_time_a_supplier_sees_no_correction_and_of_a_priority_only_its_own_contract(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    wait(desk, hours=1)
    for name, step in (
        ("first_line_lulea", "escalate_to_second_line"),
        ("second_line_lulea", "accept_in_second_line"),
        ("second_line_lulea", "escalate_to_joint"),
        ("it_service_manager", "accept_in_joint"),
        ("it_service_manager", "order_from_supplier"),
    ):
        do(desk, number, name, step)
    wait(desk, hours=1)
    technician, manager = persona(desk, "supplier_technician"), persona(desk, "it_service_manager")

    def seen() -> TicketView:
        with desk.reading() as connection:
            return view_ticket(connection, desk.book(connection), technician, number)

    before = seen()
    correct_moment(desk, number, seq_of(desk, number, "TicketHandedOver"), at("2026-03-02", "09:30"))
    assert (seen().version, seen().entries) == (before.version, before.entries)
    drain(desk)
    assert set(notices(desk, number, corrected(desk, number))) == {"it_service_manager", "it_service_manager_deputy"}
    corrections.correct_priority(desk, number, 1, HIGH, HIGH, "Anna sa det.", actor=manager)
    drain(desk)
    assert set(notices(desk, number, corrected(desk, number))) >= {"second_line_lulea", "supplier_technician"}
    after = seen()
    assert after.version > before.version
    [correction] = [entry for entry in after.entries if entry.event.kind == "PriorityChanged"]
    assert correction.texts == {}, "why is the municipalities' own business"
    keys = {change.clock for change in after.effects[correction.event.seq].promises}
    assert keys and all("/supplier/leverantor-plattform" in key for key in keys)
    assert after.effects[correction.event.seq].shares == ()
