"""One database with a ticket in every place that a workflow leads to; every drive begins on a copy of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from servicedesk.actions import changes, relations
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.actions.log import NewTicket, log_ticket
from servicedesk.actions.outbox import drain
from servicedesk.actions.steps import perform
from servicedesk.actions.tokens import create_token
from servicedesk.core.clock import ControlledClock
from servicedesk.core.facts import OPERATOR
from servicedesk.core.vocabulary import AgreementKind, CancelReason, Fault, Need, RequesterKind, Tier
from servicedesk.core.workflows.guards import Guard
from servicedesk.store.engine import make_engine
from servicedesk.store.queries.tickets import state_of
from tests.same_rules.places import CAST, Spot, performer, spot_at, spots_needed, workflows
from tests.support.desk import PLATFORM, START, WRITTEN, Template, persona

SUPPLIER = "leverantor-plattform"
CLIENT, MUNICIPAL_CLIENT = "the supplier's system", "the municipality's system"
LATER = START + timedelta(minutes=1)  # when the drives take place: nothing has fallen due
UNTIL = (START + timedelta(days=7)).isoformat()
OWN_SERVICE = "egen-tjanst"  # of the joint board, without a supplier


@dataclass
class World:
    """`numbers`: the ticket that waits at a spot, or in front of a guard that says no. `beside`:
    number -> a team beside the one that holds it. `other`: one more of Luleå's, `foreign`: one of Piteå's, `over`: a
    closed one. `lost`: the supplier has had it, and its service is another's now."""

    file: Path
    tokens: dict[str, str] = field(default_factory=dict)
    numbers: dict[Spot | Guard, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    other: str = ""
    foreign: str = ""
    over: str = ""
    lost: str = ""


@contextmanager
def _desk_on(url: str) -> Iterator[Desk]:
    desk = Desk(make_engine(url), ControlledClock(START))
    yield desk
    desk.engine.dispose()


def build(template: Template, folder: Path) -> World:
    world = World(folder / "servicedesk.sqlite")
    with _desk_on(template.copy_to(folder)) as desk:
        _add_own_service(desk)
        for who, organisation in ((CLIENT, SUPPLIER), (MUNICIPAL_CLIENT, "lulea")):
            world.tokens[who] = create_token(desk, organisation, "Provsystem", actor=OPERATOR).text
        world.other, world.foreign, world.over = new(desk), new(desk, "pitea"), new(desk)
        perform(desk, world.over, "solve_at_once", actor=persona(desk, "first_line_lulea"), given=WRITTEN_SOLUTION)
        for spot in sorted((s for key in workflows() for s in spots_needed(key)), key=str):
            world.numbers[spot] = walked(desk, spot)
            world.beside[world.numbers[spot]] = team_beside(desk, world.numbers[spot])
        world.numbers |= {guard: prepare(desk, world) for guard, prepare in BEFORE_A_GUARD.items()}
        world.lost = _lost(desk)
        _renew_agreements(desk)
        drain(desk)
    return world


WRITTEN_SOLUTION = {name: WRITTEN[name] for name in ("solution", "resolution_code")}


def _add_own_service(desk: Desk) -> None:
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    service = replace(installation.services[PLATFORM], key=OWN_SERVICE, name="Egen tjänst", supplier="")
    services = {**installation.services, OWN_SERVICE: service}
    agreements = {
        key: replace(agreement, services=(*agreement.services, OWN_SERVICE))
        if PLATFORM in agreement.services
        else agreement
        for key, agreement in installation.agreements.items()
        if agreement.kind is not AgreementKind.UC
    }
    loaded = replace(installation, services=services, agreements={**installation.agreements, **agreements})
    load_installation(desk, loaded, workflows().values())


def _renew_agreements(desk: Desk) -> None:
    """The tickets there are keep the versions that they were logged under, and can be moved."""
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    renewed = {key: replace(each, name=f"{each.name}, ny") for key, each in installation.agreements.items()}
    load_installation(desk, replace(installation, agreements=renewed), workflows().values())


def new(desk: Desk, municipality: str = "lulea", workflow: str = "citizen_incident", **given: Any) -> str:
    """A platform fault, logged by the second line: it may log for every workflow."""
    said = {"fault": Fault.PLATFORM, "requester_name": "Anna Exempel", "service": PLATFORM, **given}
    ticket = NewTicket(municipality, subject="Det går inte att logga in", workflow=workflow, **said)
    return log_ticket(desk, ticket, actor=persona(desk, f"second_line_{municipality}")).number


def walked(desk: Desk, spot: Spot, number: str = "") -> str:
    """A ticket that has gone a spot's way."""
    number = number or new(desk, workflow=spot.workflow)
    definition = workflows()[spot.workflow]
    for key in spot.way:
        step = definition.transitions[key]
        given = given_for(step.needs, team_beside(desk, number))
        perform(desk, number, key, actor=persona(desk, CAST[performer(step)]), given=given)
    return number


def team_beside(desk: Desk, number: str) -> str:
    with desk.reading() as connection:
        teams = desk.book(connection).parties.beside(state_of(connection, number).holder)
    return teams[0].key if teams else ""


def given_for(needs: tuple[Need, ...], beside: str) -> dict[str, str]:
    """What a step needs, all of it right."""
    known: Mapping[str, str] = {
        **WRITTEN,
        Need.UNTIL: UNTIL,
        Need.CANCEL_REASON: CancelReason.MISTAKEN,
        Need.TEAM: beside,
    }
    return {str(need): str(known[need]) for need in needs}


def _own_fault(desk: Desk, world: World) -> str:
    number = walked(desk, spot_at(Tier.SECOND_LINE))
    _classify(desk, number, Fault.E_SERVICE)
    return number


def _unknown_fault(desk: Desk, world: World) -> str:
    return walked(desk, spot_at(Tier.SECOND_LINE), new(desk, fault=Fault.UNKNOWN))


def _anonymous(desk: Desk, world: World) -> str:
    number = new(desk, requester_kind=RequesterKind.ANONYMOUS, requester_name="")
    return walked(desk, spot_at(Tier.SECOND_LINE), number)


def _no_supplier(desk: Desk, world: World) -> str:
    return walked(desk, spot_at(Tier.JOINT), new(desk, service=OWN_SERVICE))


def _merged(desk: Desk, world: World) -> str:
    number = new(desk)
    relations.merge(desk, number, world.other, "Samma fel.", actor=persona(desk, "first_line_lulea"))
    return number


def _lost(desk: Desk) -> str:
    number = walked(desk, spot_at(Tier.SUPPLIER))
    manager = persona(desk, "it_service_manager")
    perform(desk, number, "recall", actor=manager, given={"reason": "Fel leverantör."})
    changes.classify(desk, number, Fault.PLATFORM, "e-arkiv", "", "Det är arkivet.", actor=manager)
    return number


def _classify(desk: Desk, number: str, fault: Fault) -> None:
    changes.classify(desk, number, fault, PLATFORM, "", "Så är det.", actor=persona(desk, "second_line_lulea"))


# A ticket before which each guard says no.
BEFORE_A_GUARD = {
    Guard.PLATFORM_FAULT: _own_fault,
    Guard.FAULT_CLASSIFIED: _unknown_fault,
    Guard.REQUESTER_REACHABLE: _anonymous,
    Guard.SUPPLIER_KNOWN: _no_supplier,
    Guard.NOT_MERGED: _merged,
}
# Steps lead to these guards only when they let pass: no edge can meet their refusal.
NEVER_SAYS_NO = frozenset({Guard.SOLUTION_GIVEN})
