"""The update interval: whoever is promised one hears something at least so often, silence by silence."""

from dataclasses import replace

import pytest

from servicedesk.actions import entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.actions.sweep import sweep
from servicedesk.core.facts import HOLDERS_CALENDAR, Target
from servicedesk.core.visibility import NEVER, Access, next_due, visible_clocks
from servicedesk.core.vocabulary import ClockEffect, Level, Metric, Tier
from tests.actions.life import HOUR, at, clock, do, go_to, proved, state, wait, warnings
from tests.support.desk import new_ticket, persona, ticket_after

NORMAL = {"impact": Level.MEDIUM, "urgency": Level.MEDIUM}
SUPPLIER = "update/supplier/leverantor-plattform"
JOINT = "update/joint/e-namnden"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The requester hears every second hour, who ordered from the supplier each hour, who escalated every third."""
    promised = {
        "lulea-sla": Target(Metric.UPDATE, 2 * HOUR, "lulea-kundcenter"),
        "leverantor-plattform-uc": Target(Metric.UPDATE, HOUR, "leverantor-plattform"),
        "e-namnden-ola": Target(Metric.UPDATE, 3 * HOUR, HOLDERS_CALENDAR, tier=Tier.JOINT),
    }
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    agreements = dict(installation.agreements)
    for key, target in promised.items():
        others = (each for each in agreements[key].targets if each.metric is not Metric.UPDATE)
        agreements[key] = replace(agreements[key], targets=(*others, target))
    load_installation(desk, replace(installation, agreements=agreements), [])
    return desk


def silences(desk: Desk, number: str, whose: str = "update") -> list[tuple[str, int]]:
    """(state, seconds) of each, first to last."""
    clocks = state(desk, number).clocks
    found = [each for key, each in clocks.items() if key.rpartition("/")[0] == whose]
    return [(str(each.state), each.spent) for each in found]


def test_an_answer_ends_one_silence_and_the_next_begins_at_once(desk: Desk) -> None:
    number = new_ticket(desk, **NORMAL).number
    assert clock(desk, number, "update/1").due_at == at("2026-03-02", "11:00")
    wait(desk, hours=1)
    entries.reply(desk, number, "Vi tittar på det.", actor=persona(desk, "first_line_lulea"))
    assert silences(desk, number) == [("stop", HOUR), ("run", 0)]
    assert clock(desk, number, "update/2").due_at == at("2026-03-02", "12:00")
    proved(desk)


def test_a_note_that_the_requester_does_not_read_is_no_update(desk: Desk) -> None:
    number = new_ticket(desk, **NORMAL).number
    entries.note(desk, number, "Bara för oss.", actor=persona(desk, "first_line_lulea"))
    assert silences(desk, number) == [("run", 0)]


def test_a_silence_that_was_too_long_is_broken_once_however_long_it_lasts(desk: Desk) -> None:
    number = new_ticket(desk, **NORMAL).number
    wait(desk, hours=6)
    sweep(desk)
    assert [(key, share) for key, share, _ in warnings(desk, number) if key == "update/1"][-1] == ("update/1", 100)
    entries.reply(desk, number, "Förlåt, det dröjde.", actor=persona(desk, "first_line_lulea"))
    assert clock(desk, number, "update/1").broken_at == at("2026-03-02", "11:00")
    assert clock(desk, number, "update/2").broken_at is None
    proved(desk)


def test_a_question_to_the_requester_is_an_update_and_while_they_think_nobody_owes_one(desk: Desk) -> None:
    number = ticket_after(desk, "take", **NORMAL).number
    wait(desk, hours=1)
    do(desk, number, "first_line_lulea", "ask_requester_from_first_line", question="När?")
    wait(desk, hours=5)
    assert silences(desk, number) == [("stop", HOUR)]
    do(desk, number, "first_line_lulea", "answer_first_line", answer="Nu.")
    assert clock(desk, number, "update/2").due_at == at("2026-03-02", "17:00")
    proved(desk)


def test_what_was_solved_and_opened_again_takes_up_the_silence_where_it_was(desk: Desk) -> None:
    number = ticket_after(desk, "take", **NORMAL).number
    wait(desk, hours=1)
    do(desk, number, "first_line_lulea", "solve_at_once", solution="Klart", resolution_code="solved")
    assert silences(desk, number) == [("stop", HOUR)]
    wait(desk, hours=3)
    do(desk, number, "first_line_lulea", "reopen", reason="Felet är tillbaka.")
    assert silences(desk, number) == [("run", HOUR)]
    assert clock(desk, number, "update/1").due_at == at("2026-03-02", "14:00")
    proved(desk)


def test_the_supplier_owes_updates_from_when_it_gets_the_ticket_and_only_its_own_words_are_one(desk: Desk) -> None:
    number = ticket_after(desk, "order_from_supplier", **NORMAL).number
    assert silences(desk, number, SUPPLIER) == [("run", 0)]
    wait(desk, minutes=30)
    do(desk, number, "supplier_technician", "accept_at_supplier")
    entries.note_to_supplier(desk, number, "Hur går det?", actor=persona(desk, "it_service_manager"))
    assert silences(desk, number, SUPPLIER) == [("run", 1800)]
    entries.note_to_supplier(desk, number, "Vi har hittat felet.", actor=persona(desk, "supplier_technician"))
    assert silences(desk, number, SUPPLIER) == [("stop", 1800), ("run", 0)]
    assert clock(desk, number, f"{SUPPLIER}/2").due_at == at("2026-03-02", "10:30")
    proved(desk)


def test_a_proposed_solution_is_an_update_and_a_rejected_one_begins_a_new_silence(desk: Desk) -> None:
    number = ticket_after(desk, "propose_solution", **NORMAL).number
    assert silences(desk, number, SUPPLIER) == [("stop", 0)]
    wait(desk, hours=3)
    do(desk, number, "it_service_manager", "reject", reason="Det är inte löst.")
    assert silences(desk, number, SUPPLIER) == [("stop", 0), ("run", 0)]
    proved(desk)


def test_the_joint_tier_owes_updates_while_it_has_the_ticket(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_joint", **NORMAL).number
    wait(desk, hours=1)
    manager = persona(desk, "it_service_manager")
    entries.note(desk, number, "Leverantören felsöker.", to_joint=True, actor=manager)
    wait(desk, hours=1)
    entries.note(desk, number, "Hur går det?", to_joint=True, actor=persona(desk, "second_line_lulea"))
    assert clock(desk, number, f"{JOINT}/2").due_at == at("2026-03-02", "13:00")
    do(desk, number, "it_service_manager", "order_from_supplier")
    assert [state for state, _ in silences(desk, number, JOINT)] == ["stop", "stop"]
    proved(desk)


def test_a_supplier_sees_its_own_silences_and_nobody_elses(desk: Desk) -> None:
    number = ticket_after(desk, "order_from_supplier", **NORMAL).number
    seen = visible_clocks(state(desk, number), Access.SUPPLIER, "leverantor-plattform")
    assert [each.key for each in seen if each.metric is Metric.UPDATE] == [f"{SUPPLIER}/1"]


def test_a_queue_is_ordered_by_the_update_that_is_owed_next(desk: Desk) -> None:
    ticket = new_ticket(desk, **NORMAL)
    assert next_due(ticket, Access.MUNICIPALITY, "lulea") == clock(desk, ticket.number, "update/1").due_at
    assert next_due(ticket, Access.SUPPLIER, "leverantor-plattform") == NEVER


def test_silence_is_measured_in_open_hours(desk: Desk) -> None:
    number = new_ticket(desk, **NORMAL).number
    go_to(desk, at("2026-03-02", "16:00"))
    entries.reply(desk, number, "Mer i morgon.", actor=persona(desk, "first_line_lulea"))
    due = clock(desk, number, "update/2").due_at
    assert due is not None and due > at("2026-03-03", "08:00")
    assert clock(desk, number, "update/2").state is ClockEffect.RUN
