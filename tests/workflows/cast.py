"""The people, one ticket and the smallest possible fold: enough to walk a definition through the real engine."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import structs

from servicedesk.core.events import Event, Moved
from servicedesk.core.facts import SCHEDULER, Actor, Seat, Team
from servicedesk.core.ticket import Holder, TicketState
from servicedesk.core.vocabulary import Channel, Fault, Level, Need, RequesterKind, Role, Tier
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.effects import PASSING, Effect, apply_effect
from servicedesk.core.workflows.engine import Move, attempt
from servicedesk.core.workflows.file import parse_workflow
from servicedesk.core.workflows.parties import Parties
from servicedesk.core.workflows.who import may_perform

FOLDER = Path(__file__).parents[2] / "workflows"
SHIPPED = ("citizen_incident", "internal_incident", "service_request")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@cache
def shipped(key: str) -> Definition:
    name = f"{key}.toml"
    return parse_workflow((FOLDER / name).read_text(encoding="utf-8"), name)


def _person(key: str, role: Role, tier: Tier, team: str, organisation: str, kind: str = "person") -> Actor:
    return Actor(kind=kind, key=key, name=key, seats=(Seat(role, team, tier, organisation),))


def _team(key: str, organisation: str, tier: Tier, role: Role) -> Team:
    return Team(key, organisation, tier, key, "hours", role)


first_line_lulea = _person("first_line_lulea", Role.FIRST_LINE_STAFF, Tier.FIRST_LINE, "lulea-kundcenter", "lulea")
second_line_lulea = _person(
    "second_line_lulea", Role.BUSINESS_SYSTEM_MANAGER, Tier.SECOND_LINE, "lulea-forvaltning", "lulea"
)
local_it_lulea = _person("local_it_lulea", Role.LOCAL_IT, Tier.SECOND_LINE, "lulea-it", "lulea")
second_line_pajala = _person(
    "second_line_pajala", Role.BUSINESS_SYSTEM_MANAGER, Tier.SECOND_LINE, "pajala-forvaltning", "pajala"
)
it_service_manager = _person(
    "it_service_manager", Role.IT_SERVICE_MANAGER, Tier.JOINT, "enamnden-forvaltning", "enamnden"
)
supplier_client = _person(
    "supplier_client", Role.SUPPLIER_AGENT, Tier.SUPPLIER, "plattform-support", "plattform", "client"
)
other_supplier = _person("other_supplier", Role.SUPPLIER_AGENT, Tier.SUPPLIER, "arkiv-support", "arkiv", "client")
citizen = Actor(kind="requester", key="citizen", name="citizen")
EVERYBODY = (
    first_line_lulea,
    second_line_lulea,
    local_it_lulea,
    it_service_manager,
    supplier_client,
    citizen,
    SCHEDULER,
)

PARTIES = Parties(
    {
        team.key: team
        for team in (
            _team("lulea-kundcenter", "lulea", Tier.FIRST_LINE, Role.FIRST_LINE_STAFF),
            _team("lulea-forvaltning", "lulea", Tier.SECOND_LINE, Role.BUSINESS_SYSTEM_MANAGER),
            _team("lulea-it", "lulea", Tier.SECOND_LINE, Role.LOCAL_IT),
            _team("pajala-it", "pajala", Tier.SECOND_LINE, Role.LOCAL_IT),
            _team("enamnden-forvaltning", "enamnden", Tier.JOINT, Role.IT_SERVICE_MANAGER),
            _team("plattform-support", "plattform", Tier.SUPPLIER, Role.SUPPLIER_AGENT),
        )
    }
)
TEAM_OF_TIER = {
    Tier.FIRST_LINE: "lulea-kundcenter",
    Tier.SECOND_LINE: "lulea-forvaltning",
    Tier.JOINT: "enamnden-forvaltning",
    Tier.SUPPLIER: "plattform-support",
}

GIVEN: Mapping[Need, str] = {
    Need.REASON: "It belongs there.",
    Need.TRIED: "Signed in again.",
    Need.QUESTION: "Which form?",
    Need.ANSWER: "The building permit.",
    Need.SOLUTION: "The index was rebuilt.",
    Need.RESOLUTION_CODE: "solved",
    Need.SUPPLIER_DESCRIPTION: "Submitting a form gives status 500.",
    Need.UNTIL: "2026-12-01T08:00:00+01:00",
    Need.CANCEL_REASON: "mistaken",
}


def holder(team: str) -> Holder:
    known = PARTIES.teams[team]
    return Holder(known.key, known.tier, known.organisation)


def a_ticket(definition: Definition, **changes: Any) -> TicketState:
    """Logged in Luleå, about a platform fault, by a citizen on the telephone."""
    initial = definition.states[definition.initial]
    assert initial.tier
    ticket = TicketState(
        number="LUL-1",
        workflow=definition.key,
        workflow_version=definition.version,
        municipality="lulea",
        service="e-tjanster",
        e_service="",
        supplier="plattform",
        channel=Channel.PHONE,
        requester_kind=RequesterKind.CITIZEN,
        impact=Level.MEDIUM,
        urgency=Level.MEDIUM,
        priority=3,
        fault=Fault.PLATFORM,
        state=initial.key,
        category=initial.category,
        holder=holder(TEAM_OF_TIER[initial.tier]),
        opened_at=NOW,
        seq=1,
    )
    return structs.replace(ticket, **changes)


def fields_for(definition: Definition, step: str, ticket: TicketState) -> dict[str, str]:
    """What the step asks for, sensibly filled in."""
    known = definition.step(step)
    assert known
    beside = [team.key for team in PARTIES.beside(ticket.holder)]
    return {need: beside[0] if need is Need.TEAM else GIVEN[need] for need in known.needs}


def whoever_may(definition: Definition, step: str, ticket: TicketState) -> Actor:
    known = definition.step(step)
    assert known
    return next(actor for actor in EVERYBODY if may_perform(actor, known, ticket))


def take(definition: Definition, ticket: TicketState, step: str, actor: Actor | None = None) -> TicketState:
    """The ticket after one step; the one before is left as it was."""
    actor = actor or whoever_may(definition, step, ticket)
    move = attempt(definition, ticket, step, actor, fields_for(definition, step, ticket), PARTIES)
    return carried_out(ticket, move, actor)


def walk(definition: Definition, ticket: TicketState, *steps: str) -> TicketState:
    for step in steps:
        ticket = take(definition, ticket, step)
    return ticket


def carried_out(before: TicketState, move: Move, actor: Actor) -> TicketState:
    ticket = deepcopy(before)
    ticket.seq += 1
    moved = Moved(
        verb=move.verb,
        transition=move.transition,
        from_state=move.from_state,
        to_state=move.to_state,
        effects=list(move.effects),
        holder=next_holder(ticket, move),
        assignee=actor.key,
        given=dict(move.given),
    )
    event = Event("-", ticket.number, ticket.seq, NOW, NOW, f"{actor.kind}:{actor.key}", moved, {})
    for effect in move.effects:
        apply_effect(effect, ticket, event, moved)
    ticket.accepted = not move.received
    ticket.state, ticket.category = move.to_state, move.category
    return ticket


def next_holder(ticket: TicketState, move: Move) -> Holder | None:
    passing = PASSING & set(move.effects)
    if Effect.PASS_BACK in passing:
        return ticket.handed_over_by[-1]
    if Effect.PASS_TO_TEAM in passing:
        return holder(move.given["team"])
    return holder(TEAM_OF_TIER[move.tier]) if passing else None
