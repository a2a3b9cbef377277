"""What a clock counts: when it starts, when it stands still, when it stops, and whose opening hours it counts."""

from dataclasses import replace

from servicedesk.actions import changes, entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.core.facts import Installation
from servicedesk.core.sla import spent_at
from servicedesk.core.vocabulary import Channel, ClockEffect, Level
from tests.actions.life import HOUR, at, clock, do, go_to, proved, state, wait
from tests.support.desk import new_ticket, persona, ticket_after

PAUSE, RUN, STOP = ClockEffect.PAUSE, ClockEffect.RUN, ClockEffect.STOP
SLA, OLA, UC = "resolution", "holding/{}/lulea", "contract/supplier/leverantor-plattform"


def installation_of(desk: Desk) -> Installation:
    with desk.reading() as connection:
        return desk.book(connection).installation


def spent(desk: Desk, number: str, key: str) -> int:
    with desk.reading() as connection:
        book = desk.book(connection)
    return spent_at(clock(desk, number, key), desk.clock.now(), book)


def test_a_telephone_call_is_its_own_first_answer(desk: Desk) -> None:
    response = new_ticket(desk).clocks["response"]
    assert (response.state, response.spent, response.stopped_at) == (STOP, 0, desk.clock.now())


def test_a_letter_waits_for_its_first_answer_until_somebody_replies(desk: Desk) -> None:
    number = new_ticket(desk, channel=Channel.LETTER).number
    wait(desk, hours=2)
    do(desk, number, "first_line_lulea", "take")
    assert clock(desk, number, "response").state is RUN
    wait(desk, hours=1)
    entries.reply(desk, number, "Vi har börjat.", actor=persona(desk, "first_line_lulea"))
    response = clock(desk, number, "response")
    assert (response.state, response.spent, response.broken_at) == (STOP, 3 * HOUR, None)
    assert clock(desk, number, "resolution").state is RUN


def test_asking_the_requester_answers_them_and_an_internal_note_does_not(desk: Desk) -> None:
    number = new_ticket(desk, channel=Channel.MAIL).number
    do(desk, number, "first_line_lulea", "take")
    entries.note(desk, number, "Ring honom.", actor=persona(desk, "first_line_lulea"))
    assert clock(desk, number, "response").state is RUN
    wait(desk, hours=1)
    do(desk, number, "first_line_lulea", "ask_requester_from_first_line", question="Vilken blankett?")
    assert clock(desk, number, "response").state is STOP


def test_a_question_to_the_first_line_is_no_answer_to_the_requester(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_second_line", channel=Channel.MAIL).number
    do(desk, number, "second_line_lulea", "ask_first_line", question="Vad sa hon?")
    assert clock(desk, number, "response").state is RUN


def test_waiting_for_the_requester_pauses_the_resolution_and_waiting_for_ourselves_does_not(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_second_line").number
    do(desk, number, "second_line_lulea", "ask_first_line", question="Vad sa hon?")
    assert clock(desk, number, SLA).state is RUN
    assert clock(desk, number, OLA.format("second_line")).state is PAUSE
    do(desk, number, "first_line_lulea", "answer_second_line_from_first_line", answer="Det vet jag inte.")
    do(desk, number, "second_line_lulea", "ask_requester_from_second_line", question="Vad hände?")
    assert (clock(desk, number, SLA).state, clock(desk, number, SLA).due_at) == (PAUSE, None)
    before = spent(desk, number, SLA)
    wait(desk, days=4)
    assert spent(desk, number, SLA) == before


def test_a_promise_is_never_broken_while_it_stands_still(desk: Desk) -> None:
    number = new_ticket(desk, impact=Level.HIGH, urgency=Level.HIGH).number  # four hours
    do(desk, number, "first_line_lulea", "take")
    do(desk, number, "first_line_lulea", "ask_requester_from_first_line", question="Vilken blankett?")
    wait(desk, days=4)
    do(desk, number, "first_line_lulea", "answer_first_line", answer="Bygglov.")
    wait(desk, hours=3)
    do(desk, number, "first_line_lulea", "resolve_in_first_line", solution="Klart", resolution_code="solved")
    resolution = clock(desk, number, SLA)
    assert (resolution.spent, resolution.broken_at) == (3 * HOUR, None)


def test_what_waited_is_not_counted_when_the_ticket_goes_straight_from_waiting_to_its_end(desk: Desk) -> None:
    number = new_ticket(desk).number
    do(desk, number, "first_line_lulea", "take")
    wait(desk, hours=1)
    do(desk, number, "first_line_lulea", "ask_requester_from_first_line", question="Vilken blankett?")
    wait(desk, days=42)
    entries.note(desk, number, "Ingen svarar.", actor=persona(desk, "first_line_lulea"))
    ended = state(desk, number)
    assert ended.closed_at is not None and ended.clocks[SLA].spent == HOUR
    proved(desk)


def test_each_tier_counts_only_the_time_it_holds_the_ticket(desk: Desk) -> None:
    number = new_ticket(desk).number
    do(desk, number, "first_line_lulea", "take")
    wait(desk, minutes=10)
    do(desk, number, "first_line_lulea", "escalate_to_second_line")
    wait(desk, minutes=20)
    do(desk, number, "second_line_lulea", "accept_in_second_line")
    wait(desk, minutes=5)
    do(desk, number, "second_line_lulea", "escalate_to_joint")
    wait(desk, minutes=7)
    keys = (OLA.format("first_line"), OLA.format("second_line"), "holding/joint/e-namnden")
    assert [spent(desk, number, key) // 60 for key in keys] == [10, 25, 7]
    assert [clock(desk, number, key).state for key in keys] == [PAUSE, PAUSE, RUN]


def test_accepting_is_a_promise_of_its_own_which_ends_when_the_ticket_is_accepted_or_returned(desk: Desk) -> None:
    number = ticket_after(desk, "escalate_to_second_line").number
    first = "acknowledgement/second_line/lulea/2"
    assert clock(desk, number, first).state is RUN
    wait(desk, minutes=15)
    do(desk, number, "second_line_lulea", "return_to_first_line", reason="Saknar uppgifter.")
    do(desk, number, "first_line_lulea", "escalate_to_second_line")
    wait(desk, minutes=5)
    do(desk, number, "second_line_lulea", "accept_in_second_line")
    wait(desk, hours=1)
    assert (clock(desk, number, first).state, clock(desk, number, first).spent) == (STOP, 15 * 60)
    second = clock(desk, number, "acknowledgement/second_line/lulea/4")
    assert (second.state, second.spent) == (STOP, 5 * 60)


def test_ping_pong_adds_up_on_one_promise_for_each_tier(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    for _ in range(3):
        wait(desk, minutes=2)
        do(desk, number, "first_line_lulea", "escalate_to_second_line")
        wait(desk, minutes=3)
        do(desk, number, "second_line_lulea", "return_to_first_line", reason="Nej.")
    assert spent(desk, number, OLA.format("first_line")) == 6 * 60
    assert spent(desk, number, OLA.format("second_line")) == 9 * 60
    ticket = state(desk, number)
    assert (ticket.returns, ticket.handovers, len(ticket.clocks)) == (3, 6, 4 + 3)
    proved(desk)


def test_the_suppliers_contract_runs_with_the_supplier_and_stands_while_it_waits_for_us(desk: Desk) -> None:
    number = ticket_after(desk, "order_from_supplier").number
    wait(desk, hours=1)
    do(desk, number, "supplier_technician", "accept_at_supplier")
    wait(desk, hours=1)
    do(desk, number, "supplier_technician", "ask_joint", question="Vilken version?")
    wait(desk, days=1)
    do(desk, number, "it_service_manager", "answer_supplier", answer="Den senaste.")
    wait(desk, hours=1)
    do(desk, number, "supplier_technician", "propose_solution")
    wait(desk, hours=2)
    assert clock(desk, number, UC).state is PAUSE
    assert spent(desk, number, UC) == 3 * HOUR
    do(desk, number, "it_service_manager", "reject", reason="Felet är kvar.")
    wait(desk, minutes=30)
    assert spent(desk, number, UC) == 3 * HOUR + 1800


def test_a_critical_contract_counts_every_second_of_the_night(desk: Desk) -> None:
    number = ticket_after(desk, "order_from_supplier", impact=Level.HIGH, urgency=Level.HIGH).number
    go_to(desk, at("2026-03-03", "03:00"))
    assert spent(desk, number, UC) == 18 * HOUR
    assert clock(desk, number, UC).due_at == at("2026-03-02", "11:00")


def test_the_hour_that_is_skipped_in_spring_is_no_hour_of_anybodys_contract(desk: Desk) -> None:
    go_to(desk, at("2026-03-28", "12:00"))
    number = ticket_after(desk, "order_from_supplier", impact=Level.HIGH, urgency=Level.HIGH).number
    go_to(desk, at("2026-03-29", "12:00"))
    assert spent(desk, number, UC) == 23 * HOUR


def test_a_sideways_hand_over_counts_on_the_new_teams_own_opening_hours(desk: Desk) -> None:
    """Local IT of this installation is there around the clock; its colleagues go home at five."""
    installation = installation_of(desk)
    it = replace(installation.teams["lulea-it"], calendar="always")
    load_installation(desk, replace(installation, teams={**installation.teams, it.key: it}), [])
    number = ticket_after(desk, "accept_in_second_line").number
    go_to(desk, at("2026-03-02", "16:00"))
    do(desk, number, "second_line_lulea", "hand_over_sideways", team="lulea-it", reason="Nät", tried="Allt")
    go_to(desk, at("2026-03-02", "20:00"))
    assert spent(desk, number, OLA.format("second_line")) == 7 * HOUR + 4 * HOUR
    do(desk, number, "local_it_lulea", "return_sideways", reason="Nej")
    go_to(desk, at("2026-03-03", "09:00"))
    assert spent(desk, number, OLA.format("second_line")) == 12 * HOUR + HOUR // 2
    proved(desk)


def test_what_was_due_at_closing_time_is_late_in_the_evening(desk: Desk) -> None:
    """The page says that it is overdue, and so does the outcome, also when nobody has worked since."""
    go_to(desk, at("2026-03-06", "12:00"))
    number = ticket_after(desk, "take", impact=Level.HIGH, urgency=Level.HIGH).number
    assert clock(desk, number, SLA).due_at == at("2026-03-06", "16:00")
    go_to(desk, at("2026-03-06", "19:00"))
    do(desk, number, "first_line_lulea", "resolve_in_first_line", solution="Klart", resolution_code="solved")
    assert clock(desk, number, SLA).broken_at == at("2026-03-06", "16:00")


def test_what_is_done_at_the_very_moment_it_is_due_is_kept(desk: Desk) -> None:
    number = ticket_after(desk, "take", impact=Level.HIGH, urgency=Level.HIGH).number
    due = clock(desk, number, SLA).due_at
    assert due is not None
    go_to(desk, due)
    do(desk, number, "first_line_lulea", "resolve_in_first_line", solution="Klart", resolution_code="solved")
    assert clock(desk, number, SLA).broken_at is None


def test_every_workflow_starts_its_promises_when_the_ticket_is_logged(desk: Desk) -> None:
    from servicedesk.actions.log import NewTicket, log_ticket

    for workflow in ("internal_incident", "service_request"):
        new = NewTicket("lulea", "e-tjansteplattform", "Behörighet", workflow=workflow, channel=Channel.MAIL)
        ticket = log_ticket(desk, new, actor=persona(desk, "second_line_lulea"))
        assert {key: clock.state for key, clock in ticket.clocks.items()} == {
            "response": RUN,
            "resolution": RUN,
            "holding/second_line/lulea": RUN,
        }


def test_a_ticket_for_another_suppliers_service_leaves_the_first_suppliers_contract_alone(desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    before = clock(desk, number, UC)
    wait(desk, hours=1)
    manager = persona(desk, "it_service_manager")
    changes.classify(desk, number, state(desk, number).fault, "e-arkiv", "", "Det är arkivet.", actor=manager)
    after = clock(desk, number, UC)
    assert (after.party, after.agreement, after.target) == (before.party, before.agreement, before.target)
    assert spent(desk, number, UC) == HOUR
    do(desk, number, "it_service_manager", "recall", reason="Fel leverantör.")
    wait(desk, hours=1)
    do(desk, number, "it_service_manager", "order_from_supplier")
    ticket = state(desk, number)
    assert ticket.holder.organisation == "leverantor-arkiv"
    assert ticket.clocks["contract/supplier/leverantor-arkiv"].party == "leverantor-arkiv"
    assert ticket.clocks[UC].state is PAUSE
    proved(desk)
