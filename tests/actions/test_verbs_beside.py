"""What is done beside the workflow: assigning, changing, writing. Each to its own, and each with its own refusals."""

from collections.abc import Callable
from functools import partial

import pytest

from servicedesk.actions import changes, entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.erase import erase_texts
from servicedesk.actions.relations import merge
from servicedesk.core.errors import DeskError, Invalid, NotFound, Refusal
from servicedesk.core.events import EntryAdded
from servicedesk.core.facts import OPERATOR, Actor
from servicedesk.core.vocabulary import Audience, Category, Fault, Level
from servicedesk.store.queries.tickets import view_ticket
from tests.actions.life import journal, kinds, proved, state
from tests.support.desk import PERSONAS, PLATFORM, new_ticket, persona, ticket_after

FIRST, SECOND, JOINT, SUPPLIER = "first_line_lulea", "second_line_lulea", "it_service_manager", "supplier_technician"
Deed = Callable[[], object]


def refusal_of(deed: Deed) -> DeskError:
    with pytest.raises(DeskError) as refusal:
        deed()
    return refusal.value


def test_assigning_chooses_somebody_in_the_team_that_holds_it(desk: Desk) -> None:
    number, actor = ticket_after(desk, "take").number, persona(desk, FIRST)
    colleague = PERSONAS["first_line_colleague_lulea"]
    assert changes.assign(desk, number, colleague, actor=actor).assignee == colleague
    assert changes.assign(desk, number, "", actor=actor).assignee == ""
    for other in (PERSONAS[SECOND], "ingen"):
        assert isinstance(refusal_of(partial(changes.assign, desk, number, other, actor=actor)), Invalid)
    assert kinds(desk, number)[2:] == ["TicketAssigned", "TicketAssigned"]
    assert changes.assign(desk, number, "", actor=actor).seq == 4  # nothing new, nothing written


def test_those_who_do_not_hold_it_do_not_say_who_works_on_it(desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    for who in (FIRST, SECOND):
        refusal = refusal_of(partial(changes.assign, desk, number, "", actor=persona(desk, who)))
        assert isinstance(refusal, Refusal) and refusal.code == "not_yours"
        assert "assign" not in refusal.allowed and "note" in refusal.allowed


def test_the_first_line_assigns_nobody_in_the_second_and_the_joint_tier_nobody_at_the_supplier(desk: Desk) -> None:
    second, supplier = (
        ticket_after(desk, "accept_in_second_line").number,
        ticket_after(desk, "accept_at_supplier").number,
    )
    for number, who in ((second, FIRST), (supplier, JOINT)):
        assert refusal_of(partial(changes.assign, desk, number, "", actor=persona(desk, who))).code == "not_yours"
    changes.assign(desk, second, "", actor=persona(desk, SECOND))


@pytest.mark.parametrize("number", ["2026-00001\x00", "\ud800", "", "2026-00001' OR 1=1"])
def test_a_number_that_no_ticket_can_have_is_not_found_and_no_accident(either_desk: Desk, number: str) -> None:
    new_ticket(either_desk)
    actor = persona(either_desk, FIRST)
    assert isinstance(refusal_of(partial(entries.note, either_desk, number, "Hej", actor=actor)), NotFound)
    assert isinstance(refusal_of(partial(merge, either_desk, "2026-00001", number, "Hej", actor=actor)), Invalid)
    with either_desk.reading() as connection, pytest.raises(NotFound):
        view_ticket(connection, either_desk.book(connection), actor, number)


def test_a_new_priority_takes_a_reason_and_something_new(desk: Desk) -> None:
    number, actor = new_ticket(desk).number, persona(desk, FIRST)
    ticket = changes.change_priority(desk, number, Level.HIGH, Level.HIGH, "Alla drabbas.", actor=actor)
    assert (ticket.priority, ticket.impact) == (1, Level.HIGH)
    again = refusal_of(lambda: changes.change_priority(desk, number, Level.HIGH, Level.HIGH, "x", actor=actor))
    silent = refusal_of(lambda: changes.change_priority(desk, number, Level.LOW, Level.LOW, " ", actor=actor))
    assert again.code == "nothing_changed" and isinstance(silent, Invalid)
    assert kinds(desk, number) == ["TicketLogged", "PriorityChanged"]


def test_the_joint_tier_changes_the_priority_once_it_is_escalated_and_the_supplier_never(desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier").number

    def change(who: str) -> object:
        return changes.change_priority(desk, number, Level.HIGH, Level.LOW, "x", actor=persona(desk, who))

    assert [refusal_of(partial(change, who)).code for who in (FIRST, SUPPLIER)] == ["not_yours"] * 2
    change(JOINT)
    assert state(desk, number).priority == 3


def test_a_ticket_is_classified_by_service_e_service_and_whose_fault_it_is(desk: Desk) -> None:
    number, actor = ticket_after(desk, "accept_in_second_line", fault=Fault.UNKNOWN).number, persona(desk, SECOND)
    ticket = changes.classify(desk, number, Fault.E_SERVICE, PLATFORM, "lulea-bygglov", "Vårt.", actor=actor)
    assert (ticket.fault, ticket.e_service) == (Fault.E_SERVICE, "lulea-bygglov")
    for service, own in (("x", ""), (PLATFORM, "pitea-bygglov"), ("e-arkiv", "lulea-bygglov")):
        deed = partial(changes.classify, desk, number, Fault.UNKNOWN, service, own, "x", actor=actor)
        assert isinstance(refusal_of(deed), Invalid)
    assert kinds(desk, number)[-1] == "TicketClassified"


def test_a_ticket_moves_to_the_right_municipality_and_begins_again_there(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_second_line", e_service="lulea-bygglov").number
    ticket = changes.move_municipality(desk, number, "pajala", "Bor i Pajala och vet.", actor=persona(desk, SECOND))
    assert (ticket.municipality, ticket.e_service, ticket.category) == ("pajala", "", Category.NEW)
    assert (ticket.holder.organisation, ticket.assignee, ticket.handed_over_by) == ("pajala", "", [])
    assert kinds(desk, number)[-1] == "MunicipalityChanged"
    assert isinstance(refusal_of(partial(entries.note, desk, number, "Hej", actor=persona(desk, SECOND))), NotFound)
    entries.note(desk, number, "Hej", actor=persona(desk, "first_line_pajala"))
    proved(desk)


def test_where_a_ticket_cannot_be_moved(desk: Desk) -> None:
    number, escalated = new_ticket(desk).number, ticket_after(desk, "escalate_to_joint").number
    actor = persona(desk, FIRST)

    def move(number: str, to: str, reason: str = "Fel kommun.") -> Deed:
        return lambda: changes.move_municipality(desk, number, to, reason, actor=actor)

    assert refusal_of(move(number, "lulea")).code == "nothing_changed"
    assert [refusal_of(move(number, to)).code for to in ("umea", "e-namnden", "")] == ["invalid"] * 3
    assert refusal_of(move(number, "pitea", " ")).code == "invalid"
    assert refusal_of(move(escalated, "pitea")).code == "not_yours"
    assert kinds(desk, number) == ["TicketLogged"]


def entry(desk: Desk, number: str) -> EntryAdded:
    payload = journal(desk, number)[-1].payload
    assert isinstance(payload, EntryAdded)
    return payload


def test_a_reply_is_for_the_requester_and_comes_from_the_municipality_while_it_is_not_closed(desk: Desk) -> None:
    number, closed = new_ticket(desk).number, ticket_after(desk, "confirm").number
    entries.reply(desk, number, "Vi tittar på det.", actor=persona(desk, FIRST))
    assert entry(desk, number) == EntryAdded("reply", Audience.REQUESTER)
    assert refusal_of(lambda: entries.reply(desk, closed, "Hej", actor=persona(desk, FIRST))).code == "not_yours"
    assert refusal_of(lambda: entries.reply(desk, closed, "Hej", actor=persona(desk, JOINT))).code == "not_yours"
    assert isinstance(refusal_of(lambda: entries.reply(desk, number, " \n\x00", actor=persona(desk, FIRST))), Invalid)
    long = "x" * 20_001
    assert isinstance(refusal_of(lambda: entries.reply(desk, number, long, actor=persona(desk, FIRST))), Invalid)


def test_a_note_is_for_the_municipality_alone_or_for_the_joint_tier_as_well(desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    entries.note(desk, number, "Ring henne.", actor=persona(desk, FIRST))
    assert entry(desk, number).audience is Audience.MUNICIPALITY
    entries.note(desk, number, "Till er.", actor=persona(desk, SECOND), to_joint=True)
    assert entry(desk, number).audience is Audience.JOINT
    for who in (JOINT, SUPPLIER):
        assert refusal_of(partial(entries.note, desk, number, "Hej", actor=persona(desk, who))).code == "not_yours"
    entries.note(desk, number, "Från oss.", actor=persona(desk, JOINT), to_joint=True)


def test_words_between_the_joint_tier_and_the_supplier_are_for_that_supplier(desk: Desk) -> None:
    number, low = ticket_after(desk, "accept_at_supplier").number, ticket_after(desk, "accept_in_second_line").number
    for who in (JOINT, SUPPLIER):
        entries.note_to_supplier(desk, number, "Hur går det?", actor=persona(desk, who))
        assert entry(desk, number) == EntryAdded("supplier_note", Audience.SUPPLIER, "leverantor-plattform")

    def deed(number: str, who: str) -> Deed:
        return partial(entries.note_to_supplier, desk, number, "Hej", actor=persona(desk, who))

    assert refusal_of(deed(number, SECOND)).code == "not_yours"
    assert isinstance(refusal_of(deed(number, "other_supplier_technician")), NotFound)
    assert isinstance(refusal_of(deed(low, JOINT)), NotFound)


def test_the_latest_description_is_the_one_the_supplier_reads(desk: Desk) -> None:
    number = ticket_after(desk, "accept_in_joint").number
    ticket = entries.describe_for_supplier(desk, number, "Fel 500 vid inloggning.", actor=persona(desk, JOINT))
    assert ticket.descriptions == {"leverantor-plattform": ticket.seq}
    again = entries.describe_for_supplier(desk, number, "Fel 502.", actor=persona(desk, JOINT))
    assert again.descriptions == {"leverantor-plattform": ticket.seq + 1}
    refusal = refusal_of(lambda: entries.describe_for_supplier(desk, number, "x", actor=persona(desk, SECOND)))
    assert refusal.code == "not_yours"


def test_texts_are_destroyed_by_an_operator_of_a_closed_ticket_and_under_a_decision(desk: Desk) -> None:
    number, running = ticket_after(desk, "confirm").number, new_ticket(desk).number

    def deed(number: str, decision: str, actor: Actor) -> Deed:
        return partial(erase_texts, desk, number, decision, actor=actor)

    assert refusal_of(deed(number, " ", OPERATOR)).code == "invalid"
    assert refusal_of(deed(number, "2026:14", persona(desk, FIRST))).code == "not_yours"
    assert refusal_of(deed(running, "2026:14", OPERATOR)).code == "not_closed"
    assert refusal_of(deed("2026-99999", "2026:14", OPERATOR)).code == "not_found"
    assert erase_texts(desk, number, "2026:14", actor=OPERATOR) > 10
    assert erase_texts(desk, number, "2026:14", actor=OPERATOR) == 0
    assert kinds(desk, number)[-1] == "TextErased"
    proved(desk)
