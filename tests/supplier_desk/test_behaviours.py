"""Both desks together: ours, served, and the supplier's, which knows nothing but the public API."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from servicedesk.actions.acting import act_on
from servicedesk.actions.desk import Desk
from servicedesk.actions.once import forget_done
from servicedesk.actions.restore import restore
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.steps import perform, step_of_verb
from servicedesk.actions.tokens import create_token
from servicedesk.app import create_app
from servicedesk.client import Client, Patience, Problem, Token
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.core.facts import OPERATOR
from servicedesk.core.vocabulary import Verb
from servicedesk.supplier_desk.behaviours import SCRIPTS
from servicedesk.supplier_desk.book import Book
from servicedesk.supplier_desk.receiver import Receiver, listen
from servicedesk.supplier_desk.subscribing import subscribe
from servicedesk.supplier_desk.working import Supplier
from tests.actions.delivering import carry
from tests.backup.hands import backed_up, silent
from tests.support.desk import START, Template, persona, ticket_after
from tests.support.front import Front, open_front


@pytest.fixture(scope="module")
def front() -> Iterator[Front]:
    with open_front() as opened:
        yield opened


@pytest.fixture
def app(desk_template: Template, tmp_path: Path) -> Iterator[Flask]:
    url = desk_template.copy_to(tmp_path / "ours")
    made = create_app(
        Settings(instance=tmp_path, database_url=url, secret_key="only-for-tests-01"), ControlledClock(START)
    )
    yield made
    made.extensions["desk"].engine.dispose()


@pytest.fixture
def desk(app: Flask) -> Desk:
    found: Desk = app.extensions["desk"]
    return found


@dataclass
class Both:
    """`hours` have passed at both; the supplier has read on and worked."""

    desk: Desk
    supplier: Supplier

    def pass_hours(self, hours: float) -> None:
        clock = self.desk.clock
        assert isinstance(clock, ControlledClock)
        clock.move_to(clock.now() + timedelta(hours=hours))
        sequence(self.desk)
        self.supplier.look()
        self.supplier.work()

    def client(self) -> Client:
        return self.supplier.desk


@pytest.fixture
def both(app: Flask, desk: Desk, front: Front, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Both]:
    token = create_token(desk, "leverantor-plattform", "The supplier's desk", actor=OPERATOR).text
    with front.serving(app) as address:
        client = Client(address, Token(token), Patience(attempts=2, wait=lambda seconds: None))
        book = Book(tmp_path / "supplier.sqlite")
        now = desk.clock.now
        yield Both(desk, Supplier(book, client, lambda: request.param, lambda: now().timestamp()))


def happened(both: Both, number: str) -> list[str]:
    return [entry["kind"] for entry in both.client().read_timeline(number).data["entries"]]


@pytest.mark.parametrize("both", ["prompt"], indirect=True)
def test_a_prompt_supplier_takes_a_ticket_up_names_it_and_solves_it(both: Both) -> None:
    number = ticket_after(both.desk, "order_from_supplier").number
    for _ in range(4):
        both.pass_hours(1)
    [case] = both.supplier.book.cases()
    assert (case.number, case.done, case.due) == ("LP-1001", len(SCRIPTS["prompt"]), None)
    ticket = both.client().read_ticket(number).data
    assert (ticket["reference"], ticket["state"]["tmf_status"]) == ("LP-1001", "resolved")
    assert [line["number"] for line in both.client().every_ticket(reference="LP-1001")] == [number]


@pytest.mark.parametrize("both", ["asks-first"], indirect=True)
def test_one_that_asks_first_waits_for_the_answer(both: Both) -> None:
    number = ticket_after(both.desk, "order_from_supplier").number
    for _ in range(6):
        both.pass_hours(1)
    assert "TicketResolved" not in happened(both, number)
    manager = persona(both.desk, "it_service_manager")
    act_on(both.desk, number, partial(step_of_verb, verb=Verb.ANSWER), {"answer": "Sedan i måndags."}, actor=manager)
    for _ in range(2):
        both.pass_hours(1)
    assert "TicketResolved" in happened(both, number)


@pytest.mark.parametrize("both", ["sends-back"], indirect=True)
def test_one_that_sends_back_says_why(both: Both) -> None:
    number = ticket_after(both.desk, "order_from_supplier").number
    for _ in range(4):
        both.pass_hours(1)
    assert "TicketReturned" in happened(both, number)


@pytest.mark.parametrize("both", ["goes-silent"], indirect=True)
def test_one_that_goes_silent_takes_it_up_and_is_heard_no_more(both: Both) -> None:
    number = ticket_after(both.desk, "order_from_supplier").number
    for _ in range(5):
        both.pass_hours(10)
    assert happened(both, number)[-1] != "TicketResolved" and "TicketAccepted" in happened(both, number)


@pytest.mark.parametrize("both", ["answers-twice"], indirect=True)
def test_what_is_answered_twice_happens_once(both: Both) -> None:
    number = ticket_after(both.desk, "order_from_supplier").number
    for _ in range(4):
        both.pass_hours(1)
    assert [happened(both, number).count(kind) for kind in ("TicketAccepted", "TicketResolved")] == [1, 1]


@pytest.mark.parametrize("both", ["slow"], indirect=True)
def test_a_slow_one_lets_a_day_pass_before_it_takes_it_and_days_before_it_solves_it(both: Both) -> None:
    number = ticket_after(both.desk, "order_from_supplier").number
    for _ in range(2):
        both.pass_hours(19)
    assert "TicketAccepted" not in happened(both, number)
    both.pass_hours(2)
    assert "TicketAccepted" in happened(both, number)
    both.pass_hours(59)
    assert "TicketResolved" not in happened(both, number)
    both.pass_hours(2)
    assert "TicketResolved" in happened(both, number)


@pytest.mark.parametrize("both", ["down-for-a-day"], indirect=True)
def test_one_that_is_down_for_a_day_takes_nothing_and_has_lost_nothing(both: Both) -> None:
    book, desk = both.supplier.book, both.desk
    port, stop = listen(Receiver(book, lambda: None, both.supplier.clock, both.supplier.is_down), 0)
    desk.callable_inside = frozenset({f"127.0.0.1:{port}"})
    subscribe(book, both.client(), f"http://127.0.0.1:{port}/")
    try:
        first = ticket_after(desk, "order_from_supplier").number
        both.pass_hours(0)  # hears of it, and falls silent
        heard = book.messages()
        others = [ticket_after(desk, "order_from_supplier").number for _ in range(2)]
        both.pass_hours(23)
        carry(desk)
        assert [case.ticket for case in book.cases()] == [first] and book.messages() == heard
        assert not {"TicketAccepted"} & set(happened(both, first))
        both.supplier = replace(both.supplier, choose=lambda: "prompt")
        for _ in range(5):
            both.pass_hours(2)
            carry(desk)
        assert [case.ticket for case in book.cases()] == [first, *others]
        assert all("TicketResolved" in happened(both, number) for number in [first, *others])
        [hook] = both.client().list_webhooks().data["webhooks"]
        assert both.client().list_deliveries(hook["id"], state="waiting").data["deliveries"] == []
    finally:
        stop()


@pytest.mark.parametrize("both", ["sends-back"], indirect=True)
def test_what_comes_back_is_taken_up_anew(both: Both) -> None:
    number = ticket_after(both.desk, "order_from_supplier").number
    for _ in range(4):
        both.pass_hours(1)
    both.supplier = replace(both.supplier, choose=lambda: "prompt")
    manager = persona(both.desk, "it_service_manager")
    step = {"supplier_description": "Titta igen.", "reason": "Det är ert.", "tried": "Läst loggen."}
    perform(both.desk, number, "order_from_supplier", actor=manager, given=step)
    for _ in range(4):
        both.pass_hours(1)
    [case] = both.supplier.book.cases()
    assert (case.number, case.behaviour) == ("LP-1001", "prompt")
    assert [happened(both, number).count(kind) for kind in ("TicketAccepted", "TicketReturned", "TicketResolved")] == [
        *(2, 1, 1)
    ]


@pytest.mark.parametrize("both", ["prompt"], indirect=True)
def test_what_is_sent_long_afterwards_is_not_done_twice_though_its_key_is_forgotten(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ticket_after(both.desk, "order_from_supplier").number
    both.pass_hours(0)
    both.pass_hours(1)
    monkeypatch.setattr(Book, "has_done", _fail)
    with pytest.raises(RuntimeError):
        both.pass_hours(2)
    monkeypatch.undo()
    both.pass_hours(24 * 10)
    forget_done(both.desk)
    for _ in range(4):
        both.pass_hours(1)
    assert happened(both, number).count("EntryAdded") == 1
    assert "TicketResolved" in happened(both, number)


@pytest.mark.parametrize("both", ["goes-silent"], indirect=True)
def test_its_own_book_tells_what_the_desk_tells(both: Both) -> None:
    number = ticket_after(both.desk, "order_from_supplier").number
    for _ in range(2):
        both.pass_hours(1)
    manager = persona(both.desk, "it_service_manager")
    perform(both.desk, number, "recall", actor=manager, given={"reason": "Vi tar det."})
    both.pass_hours(1)
    [case] = both.supplier.book.cases()
    ticket = both.client().read_ticket(number).data
    assert (case.category, case.title) == (ticket["state"]["category"], ticket["title"])
    entries = both.client().read_timeline(number).data["entries"]
    assert [(told.position, told.kind) for told in both.supplier.book.told(number)] == [
        (entry["position"], entry["kind"]) for entry in entries
    ]
    assert [deed.resource for deed in both.supplier.book.deeds(case)] == ["acknowledgements"]


@pytest.mark.parametrize("both", ["prompt"], indirect=True)
def test_from_now_it_begins_with_what_is_open(both: Both, tmp_path: Path) -> None:
    ended = ticket_after(both.desk, "verify").number
    both.pass_hours(1)
    assert [case.ticket for case in both.supplier.book.cases()] == [ended]
    perform_all_to_the_end(both, ended)
    still = ticket_after(both.desk, "order_from_supplier").number
    other = replace(both.supplier, book=Book(tmp_path / "new.sqlite"), from_now=True)
    sequence(both.desk)
    assert other.look() == 0
    assert [case.ticket for case in other.book.cases()] == [still]
    later = ticket_after(both.desk, "order_from_supplier").number
    sequence(both.desk)
    other.look()
    assert [case.ticket for case in other.book.cases()] == [still, later]


def perform_all_to_the_end(both: Both, number: str) -> None:
    second, first = persona(both.desk, "second_line_lulea"), persona(both.desk, "first_line_lulea")
    perform(both.desk, number, "accept_in_second_line", actor=second, given={})
    solved = {"solution": "Klart.", "resolution_code": "solved"}
    perform(both.desk, number, "resolve_in_second_line", actor=second, given=solved)
    perform(both.desk, number, "confirm", actor=first, given={})


@pytest.mark.parametrize("both", ["prompt"], indirect=True)
def test_killed_between_deed_and_note_it_does_not_do_it_twice(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    number = ticket_after(both.desk, "order_from_supplier").number
    both.pass_hours(0)
    monkeypatch.setattr(Book, "has_done", _fail)
    with pytest.raises(RuntimeError):
        both.pass_hours(1)
    monkeypatch.undo()
    for _ in range(4):
        both.pass_hours(1)
    assert happened(both, number).count("TicketAccepted") == 1
    assert "TicketResolved" in happened(both, number)


def _fail(*args: object) -> None:
    raise RuntimeError("killed")


@pytest.mark.parametrize("both", ["prompt"], indirect=True)
def test_a_ticket_of_another_supplier_is_none_of_its_business(both: Both, tmp_path: Path) -> None:
    number = ticket_after(both.desk, "order_from_supplier").number
    sequence(both.desk)
    token = create_token(both.desk, "leverantor-arkiv", "The other supplier's desk", actor=OPERATOR).text
    client = Client(both.client().transport.url, Token(token), Patience(attempts=1))
    other = replace(both.supplier, book=Book(tmp_path / "other.sqlite"), desk=client)
    assert (other.look(), other.book.cases()) == (0, [])
    with pytest.raises(Problem) as refused:
        client.read_ticket(number)
    assert refused.value.code == "not_found"


@pytest.mark.parametrize("both", ["prompt"], indirect=True)
def test_what_a_colleague_has_taken_by_hand_it_goes_on_with(both: Both) -> None:
    number = ticket_after(both.desk, "order_from_supplier").number
    act_on(
        both.desk, number, partial(step_of_verb, verb=Verb.ACCEPT), {}, actor=persona(both.desk, "supplier_technician")
    )
    for _ in range(5):
        both.pass_hours(1)
    assert happened(both, number).count("TicketAccepted") == 1
    assert "TicketResolved" in happened(both, number)


@pytest.mark.parametrize("both", ["prompt"], indirect=True)
def test_what_is_no_longer_with_it_is_a_case_with_nothing_to_do(both: Both) -> None:
    number = ticket_after(both.desk, "order_from_supplier").number
    technician = persona(both.desk, "supplier_technician")
    act_on(both.desk, number, partial(step_of_verb, verb=Verb.ACCEPT), {}, actor=technician)
    act_on(both.desk, number, partial(step_of_verb, verb=Verb.RETURN), {"reason": "Inte vårt."}, actor=technician)
    both.pass_hours(1)
    [case] = both.supplier.book.cases()
    assert (case.ticket, case.behaviour, case.due) == (number, "", None)


@pytest.mark.parametrize("both", ["prompt"], indirect=True)
def test_after_a_backup_was_restored_it_reads_all_again_and_does_again_what_is_forgotten(
    both: Both, front: Front, tmp_path: Path
) -> None:
    number = ticket_after(both.desk, "order_from_supplier").number
    for _ in range(2):
        both.pass_hours(1)
    backup = backed_up(both.desk, tmp_path / "older.backup")
    gone = ticket_after(both.desk, "order_from_supplier").number
    for _ in range(3):
        both.pass_hours(1)
    assert happened(both, number)[-1] == "TicketResolved" and both.supplier.book.case_of(gone).done
    again = create_app(
        Settings(
            instance=tmp_path, database_url=f"sqlite:///{tmp_path / 'again.sqlite'}", secret_key="only-for-tests-01"
        ),
        both.desk.clock,
    )
    desk: Desk = again.extensions["desk"]
    restore(desk, backup, silent)
    with front.serving(again) as address:
        client = Client(address, both.client().transport.authorization, Patience(attempts=2, wait=lambda seconds: None))
        after = Both(desk, replace(both.supplier, desk=client))
        assert happened(after, number)[-1] != "TicketResolved"
        for _ in range(2):
            after.pass_hours(1)
        assert happened(after, number).count("EntryAdded") == 1 and happened(after, number)[-1] == "TicketResolved"
        new = ticket_after(desk, "order_from_supplier").number
        for _ in range(4):
            after.pass_hours(1)
        # Its number is that of the ticket that is gone: whose case it is, it says itself.
        assert new == gone and happened(after, new)[-1] == "TicketResolved"
    desk.engine.dispose()
