"""Whatever a supplier reads, on pages or by API, names no team, person or state of the tiers below the joint one."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from servicedesk.actions.acting import act_on
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.actions.outbox import drain
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.steps import perform, step_of_verb
from servicedesk.actions.tokens import create_token
from servicedesk.api.v1.resources import RESOURCES
from servicedesk.app import create_app
from servicedesk.cli.load import read_workflows
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from servicedesk.core.errors import Refusal
from servicedesk.core.facts import OPERATOR
from servicedesk.core.vocabulary import Tier, Verb
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.file import parse_workflow
from servicedesk.store.queries.systems.ticket import BELOW
from servicedesk.store.queries.tickets import state_of
from tests.support.desk import START, WRITTEN, Template, new_ticket, persona, ticket_after
from tests.support.pages import Visitor, signed_in

SUPPLIER = "leverantor-plattform"
LOWER = (Tier.FIRST_LINE, Tier.SECOND_LINE)
UNTIL = {"until": "2026-03-09T08:00:00Z"}

# Every turn after the supplier has had it: who takes which step.
TURNS = (
    ("first_line_lulea", "take"),
    ("first_line_lulea", "escalate_to_second_line"),
    ("second_line_lulea", "accept_in_second_line"),
    ("second_line_lulea", "escalate_to_joint"),
    ("it_service_manager", "accept_in_joint"),
    ("it_service_manager", "order_from_supplier"),
    ("supplier_technician", "accept_at_supplier"),
    ("supplier_technician", "ask_joint"),
    ("it_service_manager", "answer_supplier"),
    ("supplier_technician", "return_from_supplier"),
    ("it_service_manager", "ask_second_line"),
    ("second_line_lulea", "answer_joint"),
    ("it_service_manager", "wait_for_change_in_joint"),
    ("it_service_manager", "end_wait_in_joint"),
    ("it_service_manager", "order_from_supplier"),
    ("supplier_technician", "accept_at_supplier"),
    ("supplier_technician", "propose_solution"),
    ("it_service_manager", "verify"),
    ("second_line_lulea", "accept_in_second_line"),
    ("second_line_lulea", "ask_first_line"),
    ("first_line_lulea", "answer_second_line_from_first_line"),
    ("second_line_lulea", "ask_requester_from_second_line"),
    ("first_line_lulea", "answer_second_line"),
    ("second_line_lulea", "hand_down_to_first_line"),
    ("first_line_lulea", "accept_in_first_line"),
    ("first_line_lulea", "resolve_in_first_line"),
    ("first_line_lulea", "confirm"),
    ("first_line_lulea", "reopen"),
)


@pytest.fixture
def app(desk_template: Template, tmp_path: Path) -> Iterator[Flask]:
    settings = Settings(instance=tmp_path, database_url=desk_template.copy_to(tmp_path), secret_key="x" * 32)
    made = create_app(settings, ControlledClock(START))
    yield made
    made.extensions["desk"].engine.dispose()


def take(desk: Desk, number: str, who: str, step: str) -> None:
    with desk.reading() as connection:
        version = state_of(connection, number).workflow_version
        needs = desk.book(connection).definition(version).transitions[step].needs
    given = {need: text for need, text in {**WRITTEN, **UNTIL}.items() if need in needs}
    perform(desk, number, step, actor=persona(desk, who), given=given)


def names_below(desk: Desk) -> set[str]:
    """Of every municipality's teams and people, and of the states in which one of them has the ticket or is asked."""
    with desk.reading() as connection:
        book = desk.book(connection)
        teams = {key: team for key, team in book.installation.teams.items() if team.tier in LOWER}
        people = [
            person for person in book.installation.people.values() if any(s.team in teams for s in person.memberships)
        ]
        states = [state for definition in book.workflows() for state in definition.states.values()]
    found = {text for team in teams.values() for text in (team.key, team.name)}
    found |= {text for person in people for text in (person.key, person.name, person.email)}
    below = [state for state in states if state.tier in LOWER or state.tier is None or state.waits_on in BELOW]
    # "Closed" is said of much else.
    return found | {label for state in below for label in state.labels.values() if " " in label}


def speaking_workflow() -> Definition:
    """The shipped one with an end that says whose it was."""
    definition = next(each for each in read_workflows() if each.key == "citizen_incident")
    text = definition.source.replace('sv = "Löst', 'sv = "Löst av andra linjen i Luleå')
    text = text.replace('sv = "Avslutat', 'sv = "Avslutat av första linjen i Luleå')
    assert text.count("linjen i Luleå") == 2
    return parse_workflow(text, "speaking.toml")


def everything_read(visitor: Visitor, token: str, number: str) -> str:
    step = f"/tickets/{number}/steps/return_from_supplier"
    heard = [
        visitor.get(path).html for path in (f"/tickets/{number}", step, "/queue", "/queue?scope=closed", "/notices")
    ]
    bearer = {"Authorization": f"Bearer {token}"}
    for path in ("", "?scope=closed", f"/{number}", f"/{number}/timeline", f"/{number}/actions"):
        heard.append(visitor.client.get(f"/api/v1/tickets{path}", headers=bearer).get_data(as_text=True))
    for each in RESOURCES:
        tried = visitor.client.post(
            f"/api/v1/tickets/{number}/{each.act.name}",
            headers={**bearer, "If-Match": '"0"', "Idempotency-Key": f"{number}-{each.act.name}"},
            json=dict(each.example),
        )
        heard.append(tried.get_data(as_text=True))
    return "\n".join(heard)


def test_nothing_that_a_supplier_reads_names_anybody_or_any_state_below(app: Flask) -> None:
    desk: Desk = app.extensions["desk"]
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    load_installation(desk, installation, [speaking_workflow()])
    number = new_ticket(desk).number
    visitor, token = signed_in(app, "supplier_technician"), create_token(desk, SUPPLIER, "prov", actor=OPERATOR).text
    below, seen = names_below(desk), 0
    for who, step in TURNS:
        take(desk, number, who, step)
        drain(desk)
        sequence(desk)
        heard = everything_read(visitor, token, number)
        assert [name for name in below if name in heard] == [], step
        seen += f'"number":"{number}"' in heard.replace(" ", "")
    assert seen == len(TURNS) - 5, "it reads of the ticket from the first order on"


def test_a_verb_that_a_workflow_has_not_tells_no_state_either(app: Flask) -> None:
    """The supplier asks for a step that there is none of, while the second line has the ticket."""
    desk: Desk = app.extensions["desk"]
    number = ticket_after(desk, "verify").number
    technician = persona(desk, "supplier_technician")
    with pytest.raises(Refusal) as refused:
        act_on(desk, number, partial(step_of_verb, verb=Verb.REMIND), {}, actor=technician)
    assert refused.value.code == "unknown_step" and "linjen" not in str(refused.value)
