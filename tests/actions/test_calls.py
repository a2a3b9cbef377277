"""A call: logged, attached, solved and closed in one go or not at all; and kept while it is written."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from servicedesk.actions.calls import Call, can_close_at_once, log_call
from servicedesk.actions.desk import Desk
from servicedesk.actions.drafts import KEPT_FOR, MOST, drafts_of, drop_draft, forget_drafts, save_draft
from servicedesk.actions.log import NewTicket, log_ticket
from servicedesk.actions.once import Once, once_for
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import AlreadyDone, Invalid, Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.ticket import Link
from servicedesk.core.vocabulary import Category
from servicedesk.store.drafts import KeptDraft
from servicedesk.store.tickets import Ticket
from tests.actions.life import differences, kinds
from tests.support.desk import PLATFORM, new_ticket, persona

NEW = NewTicket("lulea", PLATFORM, "Kan inte logga in", requester_name="Anna Exempel")
SOLVED = {"solution": "Byt webbläsare.", "resolution_code": "workaround"}


def clerk(desk: Desk) -> Actor:
    return persona(desk, "first_line_lulea")


def count(desk: Desk, table: type[Ticket] | type[KeptDraft] = Ticket) -> int:
    with desk.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_call_is_logged_attached_solved_and_closed_in_one_go(either_desk: Desk) -> None:
    other = new_ticket(either_desk).number
    made = log_call(either_desk, Call(NEW, attach_to=other, solved=SOLVED), actor=clerk(either_desk))
    assert (made.category, made.links) == (Category.CLOSED, [Link("child_of", other)])
    assert kinds(either_desk, made.number)[0] == "TicketLogged"
    assert kinds(either_desk, other)[-1] == "TicketLinked"
    assert differences(either_desk) == []


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (Call(NEW, attach_to="2026-00099"), "attach_to"),
        (Call(NEW, attach_to="2026-00002"), "attach_to"),
        (Call(NEW, solved={**SOLVED, "solution": " "}), "solution"),
        (Call(NEW, solved={**SOLVED, "resolution_code": ""}), "resolution_code"),
        (Call(replace(NEW, subject=""), attach_to="2026-00001"), "subject"),
    ],
)
def test_what_cannot_all_be_done_is_not_begun(desk: Desk, call: Call, field: str) -> None:
    new_ticket(desk)
    new_ticket(desk, "pitea")
    with pytest.raises(Invalid) as refused:
        log_call(desk, call, actor=clerk(desk))
    assert field in refused.value.fields
    assert count(desk) == 2
    assert log_ticket(desk, NEW, actor=clerk(desk)).number == "2026-00003"  # no number was spent


def test_only_what_a_workflow_closes_at_once_is_closed_at_once(desk: Desk) -> None:
    manager = persona(desk, "second_line_lulea")
    with desk.reading() as connection:
        book, now = desk.book(connection), desk.now(connection)
    assert can_close_at_once(NEW, book, actor=clerk(desk), at=now)
    assert not can_close_at_once(NEW, book, actor=manager, at=now)  # it comes in at the first line, where they are not
    with pytest.raises(Refusal) as refused:
        log_call(desk, Call(NEW, solved=SOLVED), actor=manager)
    assert refused.value.code == "cannot_close_at_once"
    assert count(desk) == 0


def test_sent_twice_it_is_one_call(desk: Desk) -> None:
    once = once_for(desk, clerk(desk), "a form", {"subject": "x"})
    log_call(desk, Call(NEW, solved=SOLVED), actor=clerk(desk), once=once)
    with pytest.raises(AlreadyDone):
        log_call(desk, Call(NEW, solved=SOLVED), actor=clerk(desk), once=once)
    assert count(desk) == 1


def of(desk: Desk, form: str, who: Actor) -> Once:
    return once_for(desk, who, form, {})


def save(desk: Desk, form: str, subject: str, saves: int = 0, who: Actor | None = None) -> int | None:
    who = who or clerk(desk)
    return save_draft(desk, form, {"subject": subject}, saves, actor=who, once=of(desk, form, who))


def kept(desk: Desk, who: Actor | None = None) -> list[tuple[str, str]]:
    with desk.reading() as connection:
        drafts = drafts_of(desk, connection, desk.now(connection), actor=who or clerk(desk))
    return [(draft.form, draft.fields["subject"]) for draft in drafts]


def test_a_draft_is_kept_at_every_pause_and_seen_by_nobody_else(either_desk: Desk) -> None:
    assert save(either_desk, "a", "Kan in") == 1
    assert save(either_desk, "a", "Kan inte logga in", 1) == 2
    assert kept(either_desk) == [("a", "Kan inte logga in")]
    assert kept(either_desk, persona(either_desk, "first_line_colleague_lulea")) == []
    with either_desk.reading() as connection:
        stored = connection.execute(select(KeptDraft.content)).scalar_one()
    assert "logga" not in stored  # nor by who reads the database


def test_two_windows_do_not_write_over_one_another(desk: Desk) -> None:
    assert save(desk, "a", "I den ena") == 1
    assert save(desk, "a", "I den andra", 0) is None
    assert save(desk, "b", "I den andra") == 1
    assert sorted(kept(desk)) == [("a", "I den ena"), ("b", "I den andra")]


def test_a_draft_goes_when_it_is_logged_and_does_not_come_back(desk: Desk) -> None:
    save(desk, "a", "Kan inte logga in")
    log_call(desk, Call(NEW, draft="a"), actor=clerk(desk), once=of(desk, "a", clerk(desk)))
    assert kept(desk) == []
    assert save(desk, "a", "En sen paus", 1) == 0
    assert count(desk, KeptDraft) == 0


def test_a_refused_call_keeps_its_draft(desk: Desk) -> None:
    save(desk, "a", "Kan inte logga in")
    with pytest.raises(Invalid):
        log_call(desk, Call(replace(NEW, subject=""), draft="a"), actor=clerk(desk))
    assert kept(desk) == [("a", "Kan inte logga in")]


def test_a_draft_can_be_let_go_expires_and_never_becomes_many(desk: Desk) -> None:
    clock = desk.clock
    assert isinstance(clock, ControlledClock)
    for n in range(MOST + 2):
        save(desk, f"form {n}", f"Samtal {n}")
        clock.move_to(clock.now() + timedelta(seconds=1))
    assert kept(desk)[0] == (f"form {MOST + 1}", f"Samtal {MOST + 1}")
    assert len(kept(desk)) == MOST
    drop_draft(desk, "form 5", actor=persona(desk, "first_line_colleague_lulea"))
    assert len(kept(desk)) == MOST
    drop_draft(desk, "form 5", actor=clerk(desk))
    drop_draft(desk, "form 5", actor=clerk(desk))
    assert len(kept(desk)) == MOST - 1
    clock.move_to(clock.now() + KEPT_FOR)
    assert kept(desk) == []
    assert forget_drafts(desk) == MOST - 1
    assert forget_drafts(desk) == 0


def test_what_was_kept_under_another_key_is_not_read_and_stops_nothing(desk: Desk) -> None:
    save(desk, "a", "Kan inte logga in")
    desk.secret = "another"
    assert kept(desk) == []


def test_more_than_a_form_holds_is_not_kept(desk: Desk) -> None:
    with pytest.raises(Invalid):
        save(desk, "a", "x" * 100_000)
