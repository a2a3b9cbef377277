"""Nobody gives away more than they have: tried for every seat that gives, every seat given and every right."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from servicedesk import paths
from servicedesk.core.administering import (
    administered_by,
    administers,
    givable,
    is_administrator,
    may_change,
    may_change_calendar,
    may_give,
    seat_of,
    sees_person,
)
from servicedesk.core.administration import TABLE as DUTIES
from servicedesk.core.administration import has_duty
from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Actor, Installation, Membership, Person, Seat
from servicedesk.core.installations.file import read_installation
from servicedesk.core.rights import CORRECTIONS, Right, has_right, require_correction
from servicedesk.core.ticket import Holder, TicketState
from servicedesk.core.vocabulary import ROLE_TIERS, Category, Channel, Fault, Level, RequesterKind, Role, Tier


def seats(organisation: str) -> list[Seat]:
    return [
        Seat(role, f"team-{tier}", tier, organisation, lead)
        for role, tier in ROLE_TIERS.items()
        for lead in (False, True)
    ]


def actor(*own: Seat) -> Actor:
    return Actor("person", "anna", "Anna", own)


PLACES = {Tier.FIRST_LINE: "lulea", Tier.SECOND_LINE: "lulea", Tier.JOINT: "board", Tier.SUPPLIER: "supplier"}
ALL = [replace(seat, organisation=PLACES[seat.tier]) for seat in seats("")]


def every_ticket() -> list[TicketState]:
    """At each tier, escalated or not, in each category."""
    found = []
    for tier, joint, category in product(Tier, ("", "board"), Category):
        holder = Holder(f"team-{tier}", tier, PLACES[tier])
        found.append(
            TicketState(
                number="1", workflow="w", workflow_version="v", municipality="lulea", service="s", e_service="",
                supplier="supplier", channel=Channel.PHONE, requester_kind=RequesterKind.CITIZEN, impact=Level.LOW,
                urgency=Level.LOW, priority=4, fault=Fault.PLATFORM, state="x", category=category, holder=holder,
                opened_at=datetime(2026, 3, 2, tzinfo=UTC), joint=joint,
            )
        )  # fmt: skip
    return found


def powers(own: Actor, tickets: list[TicketState]) -> set[object]:
    """Every right on every ticket, every correction of every tier's time, every duty, and what may be administered."""
    found: set[object] = {
        (right, n) for n, ticket in enumerate(tickets) for right in Right if has_right(right, ticket, own)
    }
    for n, ticket in enumerate(tickets):
        for tier in Tier:
            try:
                require_correction(Right.CORRECT_MOMENT, ticket, tier, ticket.municipality, own)
            except Refusal:
                continue
            found.add(("correct", n, tier))
    found |= {duty for duty in DUTIES if has_duty(duty, own)}
    found |= {("administer", organisation) for organisation in administered_by(own)}
    return found | {("give", seat) for seat in ALL if may_give(own, seat)}


def test_there_are_rights_to_be_had_and_leads_have_more() -> None:
    """The proof is worth something only while the tickets tell seats apart."""
    tickets = every_ticket()
    told = {frozenset(powers(actor(seat), tickets)) for seat in ALL}
    assert len(told) > 6
    assert CORRECTIONS


@pytest.mark.parametrize("giver", ALL, ids=lambda seat: f"{seat.role}{'-lead' if seat.lead else ''}")
def test_whoever_gets_a_seat_can_do_nothing_that_its_giver_cannot(giver: Seat) -> None:
    tickets = every_ticket()
    mine = powers(actor(giver), tickets)
    for seat in ALL:
        if may_give(actor(giver), seat):
            theirs = powers(actor(seat), tickets)
            assert theirs <= mine, f"{giver.role} may give {seat.role}, which can {sorted(map(str, theirs - mine))[:3]}"


def test_the_joint_of_two_seats_gives_no_more_than_either_where_it_is() -> None:
    for one, other, seat in product(ALL, ALL, ALL):
        alone = may_give(actor(one), seat) or may_give(actor(other), seat)
        if may_give(actor(one, other), seat) and not alone:
            # A lead among one's own in that organisation, and a role that gives: leading is one's own.
            assert seat.lead and (one.lead or other.lead)


def test_nothing_is_given_in_another_organisation() -> None:
    for giver, seat in product(ALL, ALL):
        assert not may_give(actor(giver), replace(seat, organisation="elsewhere"))


def test_systems_and_the_scheduler_administer_nothing() -> None:
    for kind in ("client", "scheduler", "import"):
        assert not is_administrator(Actor(kind, kind, kind, tuple(ALL)))


@pytest.fixture(scope="module")
def sample() -> Installation:
    return read_installation(paths.samples() / "norrbotten", None)


def test_a_person_is_changed_only_by_who_may_give_all_their_seats(sample: Installation) -> None:
    for giver, person in product(sample.people.values(), sample.people.values()):
        own = actor(*(seat_of(each, sample) for each in giver.memberships))
        if may_change(own, person, sample):
            assert all(may_give(own, seat_of(each, sample)) for each in person.memberships)
            assert {sample.teams[each.team].organisation for each in person.memberships} <= administered_by(own)
            assert sees_person(own, person, sample)


def test_who_works_in_two_municipalities_is_changed_by_neither(sample: Installation) -> None:
    shared = sample.people["kalix-haparanda-utvecklare"]
    assert not any(
        may_change(actor(*(seat_of(each, sample) for each in person.memberships)), shared, sample)
        for person in sample.people.values()
        if person.key != shared.key
    )


def test_who_has_left_is_still_somebodys(sample: Installation) -> None:
    person: Person = replace(
        sample.people["lulea-forsta-linjen"],
        memberships=(),
        former=(Membership("lulea-kundcenter", Role.FIRST_LINE_STAFF),),
    )
    manager = actor(*(seat_of(each, sample) for each in sample.people["lulea-forvaltningsledare"].memberships))
    assert may_change(manager, person, sample)


def test_hours_that_others_go_by_are_nobodys_to_change_alone(sample: Installation) -> None:
    for calendar, person in product(sample.calendars.values(), sample.people.values()):
        own = actor(*(seat_of(each, sample) for each in person.memberships))
        if may_change_calendar(own, calendar, sample):
            users = {team.organisation for team in sample.teams.values() if team.calendar == calendar.key}
            assert users <= administered_by(own)


def test_a_team_known_from_elsewhere_has_no_seats_to_give(sample: Installation) -> None:
    team = replace(sample.teams["lulea-kundcenter"], observed=True)
    manager = actor(*(seat_of(each, sample) for each in sample.people["lulea-forvaltningsledare"].memberships))
    assert givable(manager, sample.teams["lulea-kundcenter"])
    assert not givable(manager, team)
    assert administers(manager.seats[0])
