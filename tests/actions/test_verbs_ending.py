"""Resolving, verifying, rejecting, confirming, reopening, closing, cancelling, merging, linking."""

import pytest

from servicedesk.actions import relations
from servicedesk.actions.desk import Desk
from servicedesk.core.errors import DeskError, Invalid, Refusal
from servicedesk.core.ticket import Link
from servicedesk.core.vocabulary import Category, Relation
from tests.actions.life import do, journal, kinds, proved, refused, state, wait
from tests.support.desk import new_ticket, persona, ticket_after

FIRST, SECOND, JOINT = "first_line_lulea", "second_line_lulea", "it_service_manager"
DONE = {"solution": "Certifikatet är bytt.", "resolution_code": "software_fix"}


def test_resolving_takes_a_solution_and_how(desk: Desk) -> None:
    number = ticket_after(desk, "take").number
    refusal = refused(desk, number, FIRST, "resolve_in_first_line", resolution_code="magic")
    assert isinstance(refusal, Invalid) and set(refusal.fields) == {"solution", "resolution_code"}
    ticket = do(desk, number, FIRST, "resolve_in_first_line", **DONE)
    assert (ticket.category, ticket.resolution_code, ticket.solution_seq) == (Category.RESOLVED, "software_fix", 3)
    assert (ticket.resolved_at, ticket.closed_at) == (desk.clock.now(), None)


def test_the_requester_confirms_through_the_staff_who_write_it_down_on_their_behalf(desk: Desk) -> None:
    number = ticket_after(desk, "resolve_in_second_line").number
    wait(desk, hours=1)
    ticket = do(desk, number, FIRST, "confirm")
    assert (ticket.category, ticket.closed_at) == (Category.CLOSED, desk.clock.now())
    assert getattr(journal(desk, number)[-1].payload, "on_behalf", None) is True
    assert refused(desk, number, FIRST, "confirm").code == "wrong_state"


def test_what_the_supplier_proposes_is_verified_before_it_goes_back_down(desk: Desk) -> None:
    number = ticket_after(desk, "propose_solution").number
    ticket = state(desk, number)
    assert (ticket.holder.organisation, ticket.category, ticket.resolved_at) == ("e-namnden", Category.ACTIVE, None)
    assert refused(desk, number, "supplier_technician", "verify", tried="x").code == "not_yours"
    ticket = do(desk, number, JOINT, "verify")
    assert (ticket.holder.team, ticket.accepted) == ("lulea-forvaltning", False)
    assert kinds(desk, number)[-1] == "SolutionVerified"


def test_a_rejected_solution_goes_back_to_the_supplier_and_counts_as_a_return(desk: Desk) -> None:
    number = ticket_after(desk, "propose_solution").number
    ticket = do(desk, number, JOINT, "reject", reason="Felet är kvar.")
    assert (ticket.holder.organisation, ticket.returns, ticket.accepted) == ("leverantor-plattform", 1, False)
    assert (ticket.solution_seq, ticket.resolution_code) == (0, "")
    assert kinds(desk, number)[-1] == "SolutionRejected"


@pytest.mark.parametrize("end", ["resolved", "closed", "cancelled"])
def test_a_ticket_is_reopened_from_every_end_with_the_reason_and_by_its_own(desk: Desk, end: str) -> None:
    number = ticket_after(desk, "take").number
    if end == "cancelled":
        do(desk, number, FIRST, "cancel_in_first_line", cancel_reason="mistaken", reason="Test.")
    else:
        do(desk, number, FIRST, "resolve_in_first_line" if end == "resolved" else "solve_at_once", **DONE)
    wait(desk, days=1)
    assert isinstance(refused(desk, number, FIRST, "reopen"), Invalid)
    assert refused(desk, number, "first_line_pitea", "reopen", reason="x").code == "not_found"
    ticket = do(desk, number, FIRST, "reopen", reason="Felet är tillbaka.")
    assert (ticket.category, ticket.reopenings, ticket.accepted) == (Category.ACTIVE, 1, False)
    assert (ticket.solution_seq, ticket.closed_at, ticket.resolved_at, ticket.cancel_reason) == (0, None, None, "")
    assert kinds(desk, number)[-1] == "TicketReopened"
    proved(desk)


def test_what_the_second_line_solved_goes_to_the_first_line_when_it_is_reopened_and_can_be_returned(desk: Desk) -> None:
    number = ticket_after(desk, "confirm").number
    do(desk, number, FIRST, "reopen", reason="Felet är tillbaka.")
    assert state(desk, number).holder.team == "lulea-kundcenter"
    do(desk, number, FIRST, "return_to_second_line", reason="Ert.")
    assert state(desk, number).holder.team == "lulea-forvaltning"
    proved(desk)


def test_closing_without_confirmation_says_why(desk: Desk) -> None:
    number = ticket_after(desk, "resolve_in_second_line").number
    assert isinstance(refused(desk, number, FIRST, "close"), Invalid)
    assert do(desk, number, FIRST, "close", reason="Svarar inte.").category is Category.CLOSED
    assert kinds(desk, number)[-1] == "TicketClosed"


def test_cancelling_asks_whether_it_is_a_mistake_or_a_duplicate_and_of_what(desk: Desk) -> None:
    number, original = ticket_after(desk, "take").number, new_ticket(desk).number
    elsewhere = new_ticket(desk, "pitea").number
    cancel = "cancel_in_first_line"

    def fields(**given: str) -> list[str]:
        refusal = refused(desk, number, FIRST, cancel, **given)
        assert isinstance(refusal, Invalid)
        return sorted(refusal.fields)

    assert fields() == ["cancel_reason", "reason"]
    assert fields(cancel_reason="duplicate", reason="Samma.") == ["duplicate_of"]
    for wrong in (number, "2026-99999", elsewhere):
        assert fields(cancel_reason="duplicate", reason="Samma.", duplicate_of=wrong) == ["duplicate_of"]
    ticket = do(desk, number, FIRST, cancel, cancel_reason="duplicate", reason="Samma.", duplicate_of=original)
    assert (ticket.category, ticket.cancel_reason) == (Category.CLOSED, "duplicate")
    assert ticket.links == [Link("duplicate_of", original)]
    assert state(desk, original).links == [Link("inverse:duplicate_of", number)]
    proved(desk)


def test_merging_closes_the_one_and_only_links_the_other(desk: Desk) -> None:
    kept, gone = ticket_after(desk, "take").number, ticket_after(desk, "accept_in_second_line").number
    before = state(desk, kept)
    ticket = relations.merge(desk, gone, kept, "Samma fel.", actor=persona(desk, SECOND))
    assert (ticket.category, ticket.merged_into, ticket.links) == (
        Category.CLOSED,
        kept,
        [Link("duplicate_of", kept)],
    )
    after = state(desk, kept)
    assert (after.state, after.holder, after.clocks) == (before.state, before.holder, before.clocks)
    assert kinds(desk, kept)[-1] == "TicketLinked"
    assert refused(desk, gone, FIRST, "reopen", reason="Nej").code == "merged"
    proved(desk)


def merge_refusal(desk: Desk, number: str, into: str, who: str = FIRST, reason: str = "Samma.") -> DeskError:
    with pytest.raises(DeskError) as refusal:
        relations.merge(desk, number, into, reason, actor=persona(desk, who))
    return refusal.value


def test_what_cannot_be_merged(desk: Desk) -> None:
    mine, closed = new_ticket(desk).number, ticket_after(desk, "confirm").number
    theirs, escalated = new_ticket(desk, "pitea").number, ticket_after(desk, "escalate_to_joint").number
    assert merge_refusal(desk, mine, closed).code == "not_open"
    assert merge_refusal(desk, closed, mine).code == "not_yours"
    assert merge_refusal(desk, mine, mine).code == "invalid"
    assert merge_refusal(desk, mine, escalated, reason=" ").code == "invalid"
    assert merge_refusal(desk, mine, theirs).code == "invalid"
    assert merge_refusal(desk, escalated, mine).code == "not_yours"
    assert merge_refusal(desk, escalated, mine, JOINT).code == "invalid"
    assert "note" in getattr(merge_refusal(desk, closed, mine), "allowed", ())
    assert state(desk, mine).is_open and kinds(desk, mine) == ["TicketLogged"]


@pytest.mark.parametrize("relation", Relation)
def test_a_link_stands_in_both_journals(desk: Desk, relation: Relation) -> None:
    one, other = new_ticket(desk).number, new_ticket(desk).number
    relations.link(desk, one, relation, other, actor=persona(desk, FIRST))
    assert state(desk, one).links == [Link(str(relation), other)]
    assert state(desk, other).links == [Link(f"inverse:{relation}", one)]
    with pytest.raises(Refusal) as refusal:
        relations.link(desk, one, relation, other, actor=persona(desk, FIRST))
    assert refusal.value.code == "nothing_changed"
    assert kinds(desk, one) == kinds(desk, other) == ["TicketLogged", "TicketLinked"]
    proved(desk)


def test_a_ticket_is_not_linked_to_itself_nor_to_one_that_the_actor_may_not_see(desk: Desk) -> None:
    mine, theirs = new_ticket(desk).number, new_ticket(desk, "pitea").number
    for other in (mine, theirs, "2026-99999"):
        with pytest.raises(DeskError) as refusal:
            relations.link(desk, mine, Relation.FOLLOWS, other, actor=persona(desk, FIRST))
        assert refusal.value.code == "invalid"
