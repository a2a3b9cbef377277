"""Who is told when a promise runs out: up the ladder, as far as the ticket itself has come, and no further."""

from sqlalchemy import select

from servicedesk.actions.desk import Desk
from servicedesk.actions.outbox import drain
from servicedesk.actions.sweep import sweep
from servicedesk.core.events import PromiseWarned
from servicedesk.core.vocabulary import Level
from servicedesk.store.outbox import Notice
from tests.actions.life import journal, wait
from tests.support.desk import PERSONAS, ticket_after

URGENT = {"impact": Level.HIGH, "urgency": Level.HIGH}
NAMES = {key: name for name, key in PERSONAS.items()}


def told(desk: Desk, number: str, clock: str) -> dict[int, list[str]]:
    """Share -> the people who got a notice of it."""
    drain(desk)
    found = {}
    with desk.reading() as connection:
        for event in journal(desk, number):
            if isinstance(event.payload, PromiseWarned) and event.payload.clock == clock:
                query = select(Notice.person).where(Notice.seq == event.seq).order_by(Notice.person)
                people = connection.execute(query).scalars()
                found[event.payload.share] = sorted(NAMES.get(person, person) for person in people)
    return found


def test_before_escalation_the_ladder_ends_at_the_business_system_manager(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_second_line", **URGENT).number
    wait(desk, hours=6)
    sweep(desk)
    assert told(desk, number, "resolution") == {
        50: ["second_line_lulea"],
        75: ["second_line_lulea"],
        90: ["second_line_lulea"],
        100: ["second_line_lulea"],
    }


def test_the_first_line_hears_first_then_its_lead_then_the_second_line(desk: Desk) -> None:
    number = ticket_after(desk, "take", **URGENT).number
    wait(desk, hours=6)
    sweep(desk)
    by_share = told(desk, number, "resolution")
    assert by_share[50] == ["first_line_lulea"]
    assert by_share[90] == by_share[100] == ["second_line_lulea"]


def test_once_escalated_the_it_service_manager_and_the_system_owner_hear_of_what_is_broken(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_joint", **URGENT).number
    wait(desk, hours=6)
    sweep(desk)
    assert told(desk, number, "resolution")[100] == [
        "it_service_manager",
        "it_service_manager_deputy",
        "second_line_lulea",
        "system_owner",
    ]


def test_a_supplier_hears_of_its_own_contract_and_of_no_other_promise(desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier", **URGENT).number
    wait(desk, hours=6)
    sweep(desk)
    assert told(desk, number, "contract/supplier/leverantor-plattform")[50] == ["supplier_technician"]
    others = [p for people in told(desk, number, "resolution").values() for p in people if "supplier" in p]
    assert others == []
    assert not any("other_supplier" in p for people in told(desk, number, "resolution").values() for p in people)
