"""Versions of the citizen's incident beside the shipped one, and tickets in every state of it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.actions.steps import perform
from servicedesk.core.clock import ControlledClock
from servicedesk.core.codec import stamp
from servicedesk.core.errors import Refusal
from servicedesk.core.proof.check import guarantees
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Category
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.file import definition_from_json, definition_to_json
from servicedesk.store.queries.tickets import state_of
from servicedesk.store.queries.verification import ticket_ids, verify_seal, verify_ticket
from servicedesk.store.tickets import Ticket
from tests.support.desk import WRITTEN, new_ticket, persona
from tests.workflows.cast import shipped

Tables = dict[str, Any]
WHO = ("first_line_lulea", "second_line_lulea", "it_service_manager", "supplier_technician")
V1 = shipped("citizen_incident")
RUNNING = [key for key, state in V1.states.items() if state.category is not Category.CLOSED]
RENAMED = {"first_active": "first_working"}


def changed(*changes: Callable[[Tables], None]) -> Definition:
    """The shipped definition after these changes of its tables."""
    tables = json.loads(definition_to_json(V1))
    for change in changes:
        change(tables)
    return definition_from_json(json.dumps(tables))


def rename(old: str, new: str) -> Callable[[Tables], None]:
    """A state under another key, wherever it is named."""

    def change(tables: Tables) -> None:
        tables["state"] = {new if key == old else key: state for key, state in tables["state"].items()}
        for step in (*tables["transition"].values(), *tables["timed"].values()):
            step["from"] = [new if key == old else key for key in step["from"]]
            if step.get("to") == old:
                step["to"] = new

    return change


def declare(state: str, **values: Any) -> Callable[[Tables], None]:
    return lambda tables: tables["state"][state].update(values)


def without(table: str, *keys: str) -> Callable[[Tables], None]:
    """Steps removed, with the scenarios that walk them: what is asked here is not what the check asks."""

    def change(tables: Tables) -> None:
        tables["scenario"] = {}
        for key in keys:
            del tables[table][key]

    return change


def add_a_state(tables: Tables) -> None:
    """The second line may try a change out before it says that it has worked."""
    tables["state"]["second_trying"] = {**tables["state"]["second_active"], "sv": "Provas", "en": "Being tried"}
    common = {"verb": "step", "who": ["anyone@second_line"], "needs": ["reason"]}
    steps = {
        "try_out": {**common, "from": ["second_active"], "to": "second_trying", "sv": "Prova", "en": "Try"},
        "tried_out": {**common, "from": ["second_trying"], "to": "second_active", "sv": "Provat", "en": "Tried"},
    }
    tables["transition"].update(steps)
    tables["scenario"]["solved_in_the_second_line"]["steps"][3:3] = ["try_out", "tried_out"]


def second_version() -> Definition:
    """One state renamed, one added; proven like any other."""
    return guarantees(changed(rename("first_active", "first_working"), add_a_state)).definition


def put_in_force(desk: Desk, definition: Definition) -> Definition:
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    load_installation(desk, installation, [definition])
    return definition


def ticket_in(desk: Desk, state: str) -> TicketState:
    """A ticket that has come to a state of the shipped version by a shortest way."""
    return go(desk, new_ticket(desk), *guarantees(V1).ways_in[state])


def go(desk: Desk, ticket: TicketState, *steps: str) -> TicketState:
    """Each step taken by whoever of the four may take it."""
    for step in steps:
        ticket = _take(desk, ticket, step)
    return ticket


def _take(desk: Desk, ticket: TicketState, step: str) -> TicketState:
    with desk.reading() as connection:
        definition = desk.book(connection).definition(ticket.workflow_version)
    assert ticket.last_at is not None
    said = {**WRITTEN, "until": stamp(ticket.last_at + timedelta(days=30)), "team": "lulea-it"}
    given = {str(need): said[need] for need in definition.transitions[step].needs}
    for who in WHO:
        try:
            return perform(desk, ticket.number, step, actor=persona(desk, who), given=given)
        except Refusal as refusal:
            if refusal.code != "not_yours":
                raise
    raise AssertionError(f"nobody may {step}")


def now_of(desk: Desk, number: str) -> TicketState:
    with desk.reading() as connection:
        return state_of(connection, number)


def later(desk: Desk, **span: int) -> None:
    assert isinstance(desk.clock, ControlledClock)
    desk.clock.move_to(desk.clock.now() + timedelta(**span))


def differences(desk: Desk) -> list[str]:
    """What `servicedesk verify` would say."""
    with desk.reading() as connection:
        book = desk.book(connection)
        found = [x for each in ticket_ids(connection) for x in verify_ticket(connection, book, each)]
        return [str(x) for x in (*found, *verify_seal(connection))]


def by_version(desk: Desk) -> dict[str, int]:
    with desk.reading() as connection:
        found = list(connection.execute(select(Ticket.workflow_version)).scalars())
    return {version: found.count(version) for version in found}
