"""Who may learn that somebody else has the ticket before them: it holds either way round or neither."""

from datetime import UTC, datetime
from itertools import product

import pytest

from servicedesk.core.facts import Actor, Seat
from servicedesk.core.ticket import Holder, TicketState
from servicedesk.core.visibility import Access, may_know_of, may_know_of_writing
from servicedesk.core.vocabulary import Audience, Category, Channel, Fault, Level, RequesterKind, Role, Tier


def actor(name: str, *seats: tuple[str, str]) -> Actor:
    """Of these (team, organisation)."""
    made = (Seat(Role.SUPPLIER_AGENT, team, Tier.SUPPLIER, organisation) for team, organisation in seats)
    return Actor("person", name, name, tuple(made))


CLERK, MANAGER = actor("clerk", ("front", "lulea")), actor("manager", ("office", "lulea"))
JOINT = actor("joint", ("board", "e-namnden"))
SUPPORT = actor("support", ("support", "acme"))
COLLEAGUE = actor("colleague", ("support", "acme"), ("night", "acme"))
NIGHT = actor("night", ("night", "acme"))
FORMER, STRANGER = actor("former", ("support", "former")), actor("stranger", ("front", "pitea"))
REQUESTER = Actor(Role.REQUESTER, "2026-00001", "")
BOTH = actor("both", ("front", "lulea"), ("support", "acme"))
EVERYBODY = (CLERK, MANAGER, JOINT, SUPPORT, COLLEAGUE, NIGHT, FORMER, STRANGER, REQUESTER, BOTH)
KNOWN = {
    frozenset(pair)
    for pair in (
        *product(("clerk", "manager", "joint", "both"), repeat=2),
        ("support", "colleague"),
        ("colleague", "night"),
    )
}


def ticket(joint: str = "e-namnden") -> TicketState:
    """With a supplier, and once with another."""
    return TicketState(
        number="2026-00001",
        workflow="incident-citizen",
        workflow_version="",
        municipality="lulea",
        service="e-arkiv",
        e_service="",
        supplier="acme",
        channel=Channel.PHONE,
        requester_kind=RequesterKind.CITIZEN,
        impact=Level.LOW,
        urgency=Level.LOW,
        priority=4,
        fault=Fault.PLATFORM,
        state="",
        category=Category.ACTIVE,
        holder=Holder("support", Tier.SUPPLIER, "acme"),
        opened_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
        joint=joint,
        suppliers=["acme", "former"],
    )


def test_only_those_whom_the_ticket_names_to_each_other_and_either_way_round() -> None:
    pairs = [(one, other) for one, other in product(EVERYBODY, repeat=2) if one is not other]
    told = {(one.name, other.name) for one, other in pairs if may_know_of(ticket(), one, other)}
    assert {frozenset(pair) for pair in told} == {pair for pair in KNOWN if len(pair) == 2}
    assert told == {(other, one) for one, other in told}


def test_the_board_knows_of_nobody_before_the_ticket_is_its_to_see() -> None:
    assert not may_know_of(ticket(joint=""), JOINT, CLERK)
    assert not may_know_of(ticket(joint=""), CLERK, JOINT)


@pytest.mark.parametrize("audience", [None, *Audience])
def test_that_somebody_writes_is_told_to_those_who_will_read_it(audience: Audience | None) -> None:
    told = {access for access in Access if access is not Access.REQUESTER and may_know_of_writing(access, audience)}
    inner = {Access.MUNICIPALITY}
    assert told == (inner if audience is Audience.MUNICIPALITY else inner | {Access.JOINT, Access.SUPPLIER})
