"""Every step that a workflow gives a supplier can be taken over the API, with whatever that step asks for."""

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.api.v1.resources import RESOURCES
from servicedesk.core.vocabulary import Need, Tier
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.file import parse_workflow
from servicedesk.paths import workflows
from tests.api.conftest import Caller
from tests.api.test_refused_requests import assert_problem
from tests.support.desk import ticket_after

FILES = sorted(workflows().glob("*.toml"))
OFFERED = {resource.act.verb: resource for resource in RESOURCES if resource.act.verb}
NEEDS_OF_A_SOLUTION = 'needs = ["solution", "resolution_code"]\neffects = ["record_solution", "pass_back"]'


def definition_in(text: str, name: str) -> Definition:
    return parse_workflow(text, name)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_step_that_is_a_suppliers_has_a_resource(file: object) -> None:
    definition = definition_in(file.read_text(encoding="utf-8"), file.name)  # type: ignore[attr-defined]
    theirs = [step for step in definition.transitions.values() if any(who.tier is Tier.SUPPLIER for who in step.who)]
    assert theirs
    assert [step.key for step in theirs if step.verb not in OFFERED] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_described_is_what_the_shipped_steps_ask_for(file: object) -> None:
    definition = definition_in(file.read_text(encoding="utf-8"), file.name)  # type: ignore[attr-defined]
    for step in definition.transitions.values():
        if any(who.tier is Tier.SUPPLIER for who in step.who) and OFFERED[step.verb].schema().fields:
            assert set(step.needs) <= set(OFFERED[step.verb].schema().fields), step.key


def with_more_asked_of_the_supplier(desk: Desk) -> None:
    """The citizen's process, in a version that also wants to know what the supplier has tried."""
    text = (workflows() / "citizen_incident.toml").read_text(encoding="utf-8")
    assert NEEDS_OF_A_SOLUTION in text
    asking = text.replace(NEEDS_OF_A_SOLUTION, NEEDS_OF_A_SOLUTION.replace('"solution",', '"solution", "tried",'))
    with desk.reading() as connection:
        book = desk.book(connection)
        rest = [d for d in book.workflows() if d.key != "citizen_incident"]
    load_installation(desk, book.installation, [*rest, definition_in(asking, "citizen_incident.toml")])


def test_a_workflow_that_asks_for_more_is_given_more(desk: Desk, supplier: Caller) -> None:
    with_more_asked_of_the_supplier(desk)
    number = ticket_after(desk, "accept_at_supplier").number
    offered = supplier.get(f"/api/v1/tickets/{number}/actions").json["actions"]  # type: ignore[index]
    solutions = next(action for action in offered if action["verb"] == "resolve")
    assert {field["name"] for field in solutions["fields"] if field["required"]} == {
        Need.SOLUTION, Need.TRIED, Need.RESOLUTION_CODE,
    }  # fmt: skip
    given = {"solution": "Klart.", "resolution_code": "software_fix"}
    refused = assert_problem(supplier.post(solutions["href"], given), 422, "invalid")
    assert refused["errors"] == {"tried": ["Say what has been tried."]}
    assert supplier.post(solutions["href"], {**given, "tried": "Startat om."}).status_code == 200
