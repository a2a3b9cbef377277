"""A major incident: declared, gathered, told of and solved once, in every ticket by its own workflow, exactly once."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from servicedesk.actions import entries
from servicedesk.actions.desk import Desk
from servicedesk.actions.majors import leading
from servicedesk.actions.majors.belonging import attach, detach
from servicedesk.actions.majors.carrying import carry_out
from servicedesk.actions.majors.declaring import NewMajor, declare_major
from servicedesk.actions.majors.leading import attach_all, resolve_all, tell_all, try_again
from servicedesk.actions.majors.learning import write_learned
from servicedesk.actions.once import once_for
from servicedesk.core.errors import AlreadyDone, DeskError, Invalid, NotFound, Refusal
from servicedesk.core.events import EntryAdded
from servicedesk.core.vocabulary import Category, RequesterKind
from servicedesk.store.majors import WAITING, MajorTask
from servicedesk.store.queries.disruptions import told_disruptions
from servicedesk.store.queries.majors import acts, belonging, counts, major_of, majors
from servicedesk.store.queries.tickets import state_of, view_ticket
from tests.actions.life import journal, kinds, proved, state
from tests.support.desk import PLATFORM, new_ticket, persona, ticket_after

MANAGER, FIRST, SECOND, SUPPLIER = "it_service_manager", "first_line_lulea", "second_line_lulea", "supplier_technician"
EVERYWHERE = ("lulea", "pajala", "pitea")
SOLUTION = "Certifikatet är bytt och inloggningen fungerar."


def declared(desk: Desk, number: str = "", **given: Any) -> str:
    new = NewMajor(PLATFORM, EVERYWHERE, "Inloggningen fungerar inte", "Vi söker felet.", number=number, **given)
    return declare_major(desk, new, actor=persona(desk, MANAGER))


def attached(desk: Desk, key: str, number: str, municipality: str = "lulea") -> None:
    attach(desk, number, key, actor=persona(desk, f"first_line_{municipality}"))


def refused(desk: Desk, key: str) -> dict[str, str]:
    """Ticket's number -> code, of what the last act could not do."""
    with desk.reading() as connection:
        manager = persona(desk, MANAGER)
        major = major_of(connection, manager, desk.book(connection).installation, key)
        last = acts(connection, manager, major)[0]
    return {number: json.loads(why)["code"] for number, why in last.refused}


def waiting(desk: Desk) -> int:
    with desk.reading() as connection:
        return len(connection.execute(select(MajorTask.ticket_id).where(MajorTask.state == WAITING)).all())


def test_it_is_declared_in_one_step_out_of_a_ticket_which_journals_it(either_desk: Desk) -> None:
    desk = either_desk
    number = ticket_after(desk, "accept_in_joint").number
    key = declared(desk, number, is_public=True)
    assert kinds(desk, number)[-1] == "MajorIncidentDeclared"
    assert state(desk, number).major == key
    with desk.reading() as connection:
        installation, now = desk.book(connection).installation, desk.now(connection)
        (told,) = told_disruptions(connection, now)
        (major,) = majors(connection, persona(desk, "first_line_pajala"), installation)
        assert told.title == "Inloggningen fungerar inte" and set(told.municipalities) == set(EVERYWHERE)
        assert (major.key, major.number) == (key, "")  # another municipality's ticket is not named
        assert major_of(connection, persona(desk, MANAGER), installation, key).number == number
    proved(desk)


@pytest.mark.parametrize("who", [FIRST, SECOND, SUPPLIER, "system_owner"])
def test_nobody_but_the_it_service_manager_declares_one_or_leads_it(desk: Desk, who: str) -> None:
    key, actor = declared(desk), persona(desk, who)
    new = NewMajor(PLATFORM, EVERYWHERE, "Inloggningen", "Den är borta.")
    learned = {"happened": "Det gick ut.", "prevents": "Vi bevakar det."}
    deeds = (
        lambda: write_learned(desk, key, learned, actor=actor),
        lambda: declare_major(desk, new, actor=actor),
        lambda: tell_all(desk, key, "Hej", "requester", actor=actor),
        lambda: resolve_all(desk, key, SOLUTION, "solved", actor=actor),
        lambda: try_again(desk, key, 1, actor=actor),
    )
    for deed in deeds:
        with pytest.raises(Refusal) as refusal:
            deed()
        assert refusal.value.code == "not_yours"


def test_what_is_missing_is_named_field_by_field_and_nothing_is_declared(desk: Desk) -> None:
    with pytest.raises(Invalid) as invalid:
        declare_major(desk, NewMajor("nothing", (), " ", ""), actor=persona(desk, MANAGER))
    assert set(invalid.value.fields) == {"service", "municipalities", "title", "text"}
    with desk.reading() as connection:
        assert not majors(connection, persona(desk, MANAGER), desk.book(connection).installation)


def test_a_supplier_knows_of_no_major_incident_and_of_a_ticket_nothing_that_it_did_not_know(desk: Desk) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    supplier = persona(desk, SUPPLIER)
    with desk.reading() as connection:
        before = view_ticket(connection, desk.book(connection), supplier, number)
    key = declared(desk, number)
    tell_all(desk, key, "Vi har hittat felet.", "requester", actor=persona(desk, MANAGER))
    with desk.reading() as connection:
        book = desk.book(connection)
        assert not majors(connection, supplier, book.installation)
        with pytest.raises(NotFound):
            major_of(connection, supplier, book.installation, key)
        after = view_ticket(connection, book, supplier, number)
    assert (after.version, len(after.entries)) == (before.version, len(before.entries))
    with pytest.raises(DeskError):
        attach(desk, number, key, actor=supplier)


def test_a_municipality_attaches_its_own_which_opens_it_to_whoever_leads_and_detaching_shuts_it(desk: Desk) -> None:
    key, number = declared(desk), new_ticket(desk, "pajala").number
    manager, first = persona(desk, MANAGER), persona(desk, "first_line_pajala")
    with desk.reading() as connection, pytest.raises(NotFound):
        view_ticket(connection, desk.book(connection), manager, number)
    attached(desk, key, number, "pajala")
    with desk.reading() as connection:
        view = view_ticket(connection, desk.book(connection), manager, number)
        assert view.requester is None  # who asks stays with the municipality
        assert counts(connection, manager, key) == {"pajala": (1, 1)}
        assert counts(connection, persona(desk, FIRST), key) == {}
        assert not belonging(connection, persona(desk, FIRST), key, 10)
    detach(desk, number, actor=first)
    with desk.reading() as connection, pytest.raises(NotFound):
        view_ticket(connection, desk.book(connection), manager, number)
    assert kinds(desk, number)[-2:] == ["MajorIncidentJoined", "MajorIncidentLeft"]
    proved(desk)


def test_what_was_escalated_stays_escalated_when_it_is_detached(desk: Desk) -> None:
    key, number = declared(desk), ticket_after(desk, "accept_in_joint").number
    attach(desk, number, key, actor=persona(desk, MANAGER))
    assert detach(desk, number, actor=persona(desk, MANAGER)).joint
    later = new_ticket(desk).number
    attached(desk, key, later)
    from tests.support.desk import along_the_chain

    along_the_chain(desk, later, "accept_in_joint")
    assert detach(desk, later, actor=persona(desk, FIRST)).joint


def test_nothing_is_attached_twice_nor_what_is_over_nor_what_is_another_s(desk: Desk) -> None:
    key = declared(desk)
    number, other = new_ticket(desk).number, new_ticket(desk, "pitea").number
    attached(desk, key, number)
    closed = ticket_after(desk, "confirm").number
    first = persona(desk, FIRST)
    for given, code in (((number, key), "nothing_changed"), ((closed, key), "not_open"), ((other, key), "not_found")):
        with pytest.raises(DeskError) as refusal:
            attach(desk, *given, actor=first)
        assert refusal.value.code == code
    elsewhere = declare_major(desk, NewMajor(PLATFORM, ["pitea"], "Bara Piteå", "Text."), actor=persona(desk, MANAGER))
    with pytest.raises(NotFound):  # of what does not concern them they are not told
        attach(desk, new_ticket(desk).number, elsewhere, actor=first)
    led = ticket_after(desk, "accept_in_joint").number
    declared(desk, led)
    with pytest.raises(Refusal, match="declared out of"):
        detach(desk, led, actor=persona(desk, MANAGER))


def test_many_are_attached_at_once_and_those_that_cannot_be_are_told_of(desk: Desk) -> None:
    key, first = declared(desk), persona(desk, FIRST)
    mine = [new_ticket(desk).number for _ in range(3)]
    other = new_ticket(desk, "pitea").number
    attached(desk, key, mine[0])
    assert attach_all(desk, key, [*mine, other], actor=first) == 3
    assert refused(desk, key) == {mine[0]: "nothing_changed"}
    assert {state(desk, number).major for number in mine} == {key}
    assert not state(desk, other).major
    with pytest.raises(Invalid):
        attach_all(desk, key, [other], actor=first)


def test_one_text_reaches_every_requester_or_every_municipality(desk: Desk) -> None:
    key = declared(desk, is_public=True)
    numbers = {place: new_ticket(desk, place).number for place in EVERYWHERE}
    for place, number in numbers.items():
        attached(desk, key, number, place)
    manager = persona(desk, MANAGER)
    assert tell_all(desk, key, "Felet är hittat.", "requester", actor=manager, in_public=True) == 3
    assert tell_all(desk, key, "Ring inte leverantören.", "joint", actor=manager) == 3
    for number in numbers.values():
        said = [e.payload for e in journal(desk, number) if isinstance(e.payload, EntryAdded)]
        assert [(each.entry, str(each.audience)) for each in said] == [("reply", "requester"), ("note", "joint")]
    with desk.reading() as connection:
        (told,) = told_disruptions(connection, desk.now(connection))
    assert [each.text for each in told.messages] == ["Felet är hittat.", "Vi söker felet."]
    for text, audience in (("", "requester"), ("Hej", "supplier")):
        with pytest.raises(Invalid):
            tell_all(desk, key, text, audience, actor=manager)


# Where a citizen's ticket is -> the steps by which it is solved with the incident.
WAYS = {
    "": ["TicketTaken", "TicketResolved"],
    "take": ["TicketResolved"],
    "escalate_to_second_line": ["TicketAccepted", "TicketResolved"],
    "accept_in_second_line": ["TicketResolved"],
    "escalate_to_joint": ["TicketAccepted", "TicketHandedOver", "TicketAccepted", "TicketResolved"],
    "accept_in_joint": ["TicketHandedOver", "TicketAccepted", "TicketResolved"],
    "propose_solution": ["SolutionVerified", "TicketAccepted", "TicketResolved"],
}


def test_it_is_solved_once_and_every_ticket_by_its_own_steps(desk: Desk) -> None:
    key, manager = declared(desk, is_public=True), persona(desk, MANAGER)
    numbers = {last: ticket_after(desk, last).number for last in [*WAYS, "accept_at_supplier", "order_from_supplier"]}
    before = {last: len(journal(desk, number)) for last, number in numbers.items()}
    for number in numbers.values():
        attached(desk, key, number)
    resolve_all(desk, key, SOLUTION, "solved", actor=manager)
    for last, steps in WAYS.items():
        number = numbers[last]
        assert kinds(desk, number)[before[last] + 1 :] == steps, last
        solved = state(desk, number)
        assert solved.category is Category.RESOLVED and solved.assignee != manager.key
        assert {event.actor for event in journal(desk, number)[before[last] + 1 :]} == {f"person:{manager.key}"}
        proved(desk)
    held = {numbers["accept_at_supplier"], numbers["order_from_supplier"]}
    assert refused(desk, key) == dict.fromkeys(held, "with_supplier")
    with desk.reading() as connection:
        (told,) = told_disruptions(connection, desk.now(connection))
        assert told.ended_at is not None and told.messages[0].text == SOLUTION
        assert not majors(connection, manager, desk.book(connection).installation)
    with pytest.raises(Refusal) as over:
        attached(desk, key, new_ticket(desk).number)
    assert over.value.code == "ended"


def test_what_could_not_be_solved_is_tried_again_when_it_can(desk: Desk) -> None:
    from servicedesk.actions.steps import perform

    key, manager = declared(desk), persona(desk, MANAGER)
    number = ticket_after(desk, "accept_at_supplier").number
    attach(desk, number, key, actor=manager)
    resolve_all(desk, key, SOLUTION, "solved", actor=manager)
    assert refused(desk, key) == {number: "with_supplier"}
    given = {"solution": "Bytt.", "resolution_code": "solved"}
    perform(desk, number, "propose_solution", actor=persona(desk, SUPPLIER), given=given)
    assert try_again(desk, key, 2, actor=manager) == 1
    assert not refused(desk, key) and state(desk, number).category is Category.RESOLVED
    assert try_again(desk, key, 2, actor=manager) == 0


def test_an_employee_s_ticket_and_one_that_waits_are_solved_too(desk: Desk) -> None:
    from servicedesk.actions.steps import perform

    key, manager = declared(desk), persona(desk, MANAGER)
    number = ticket_after(desk, "take").number
    asked = {"question": "Vilken webbläsare?"}
    perform(desk, number, "ask_requester_from_first_line", actor=persona(desk, FIRST), given=asked)
    attached(desk, key, number)
    resolve_all(desk, key, SOLUTION, "solved", actor=manager)
    assert state(desk, number).category is Category.RESOLVED
    assert kinds(desk, number)[-2:] == ["WorkResumed", "TicketResolved"]


def test_a_request_that_comes_again_does_nothing_twice(keyed: Desk) -> None:
    key, number = declared(keyed), new_ticket(keyed).number
    attached(keyed, key, number)
    manager = persona(keyed, MANAGER)
    once = once_for(keyed, manager, "a-form", {"text": "Hej"})
    tell_all(keyed, key, "Hej", "requester", actor=manager, once=once)
    with pytest.raises(AlreadyDone):
        tell_all(keyed, key, "Hej", "requester", actor=manager, once=once)
    carry_out(keyed)
    assert kinds(keyed, number).count("EntryAdded") == 1


def test_whoever_is_stopped_in_the_middle_is_followed_by_one_who_does_the_rest_once(
    either_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = either_desk
    key, manager = declared(desk), persona(desk, MANAGER)
    numbers = [new_ticket(desk).number for _ in range(20)]
    monkeypatch.setattr(leading, "carry_out", lambda *given: 0)
    attach_all(desk, key, numbers, actor=persona(desk, FIRST))
    assert waiting(desk) == 20 and carry_out(desk) == 20
    tell_all(desk, key, "Felet är hittat.", "requester", actor=manager)

    class Killed(BaseException):
        pass

    tried = 0
    whole = entries.write_entry

    def dies(*given: Any, **named: Any) -> None:
        nonlocal tried
        whole(*given, **named)
        tried += 1
        if tried == 8:
            raise Killed

    monkeypatch.setattr(entries, "write_entry", dies)
    with pytest.raises(Killed):
        carry_out(desk)
    assert waiting(desk) == 13
    monkeypatch.setattr(entries, "write_entry", whole)
    assert carry_out(desk) == 13 and carry_out(desk) == 0
    assert {kinds(desk, number).count("EntryAdded") for number in numbers} == {1}


def test_one_that_fails_is_told_of_and_stops_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    key, manager = declared(desk), persona(desk, MANAGER)
    numbers = [new_ticket(desk).number for _ in range(2)]
    attach_all(desk, key, numbers, actor=persona(desk, FIRST))
    whole = entries.write_entry

    def fails(work: Any, held: Any, *given: Any, **named: Any) -> None:
        if held.ticket.number == numbers[0]:
            raise ZeroDivisionError
        whole(work, held, *given, **named)

    monkeypatch.setattr(entries, "write_entry", fails)
    tell_all(desk, key, "Hej", "requester", actor=manager)
    assert refused(desk, key) == {numbers[0]: "failed"}
    assert kinds(desk, numbers[1])[-1] == "EntryAdded" and kinds(desk, numbers[0])[-1] != "EntryAdded"


def test_one_that_was_detached_meanwhile_is_neither_told_nor_solved(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, manager, number = declared(desk), persona(desk, MANAGER), new_ticket(desk).number
    attached(desk, key, number)
    monkeypatch.setattr(leading, "carry_out", lambda *given: 0)
    resolve_all(desk, key, SOLUTION, "solved", actor=manager)
    detach(desk, number, actor=persona(desk, FIRST))
    carry_out(desk)
    assert state(desk, number).is_open
    assert waiting(desk) == 0


@pytest.mark.long
def test_three_hundred_tickets_are_told_of_and_solved_each_once(either_desk: Desk) -> None:
    desk = either_desk
    key, manager = declared(desk), persona(desk, MANAGER)
    kinds_of = (RequesterKind.CITIZEN, RequesterKind.ANONYMOUS)
    numbers = [
        new_ticket(desk, requester_kind=kinds_of[at % 2], requester_name="", requester_contact="").number
        for at in range(300)
    ]
    assert attach_all(desk, key, numbers, actor=persona(desk, FIRST)) == 300
    assert waiting(desk) == 280
    carry_out(desk)
    tell_all(desk, key, "Felet är hittat.", "requester", actor=manager)
    resolve_all(desk, key, SOLUTION, "solved", actor=manager)
    carry_out(desk)
    assert not refused(desk, key) and waiting(desk) == 0
    with desk.reading() as connection:
        solved = [state_of(connection, number) for number in numbers]
    assert {ticket.category for ticket in solved} == {Category.RESOLVED}
    assert all(kinds(desk, number).count("EntryAdded") == 1 for number in numbers[::50])
