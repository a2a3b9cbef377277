"""Every step that a workflow gives a supplier can be taken over the API, with whatever that step asks for."""

from dataclasses import replace

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.api.v1.resources import RESOURCES
from servicedesk.core.facts import RoutingRule
from servicedesk.core.vocabulary import Need, Tier
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.file import parse_workflow
from servicedesk.paths import workflows
from tests.api.conftest import SUPPLIER, Caller
from tests.api.test_refused_requests import assert_problem
from tests.support.desk import PLATFORM, ticket_after

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


# What a process of somebody else's may give a supplier's system: one step more of each kind that the shipped ones keep
# for people, and two of one kind at once.
MORE_STEPS = """
[transition.pass_on_at_supplier]
verb = "hand_over"
from = ["supplier_active"]
to = "supplier_received"
sv = "Lämna över inom leverantören"
en = "Hand over within the supplier"
who = ["supplier_agent@supplier"]
needs = ["team", "reason", "tried"]
effects = ["pass_to_team"]

[transition.wait_at_supplier]
verb = "wait"
from = ["supplier_active"]
to = "supplier_waiting_change"
sv = "Vänta på vår egen ändring"
en = "Wait for our own change"
who = ["supplier_agent@supplier"]
needs = ["reason", "until"]
effects = ["wait_until"]

[transition.take_over_at_supplier]
verb = "take"
from = ["supplier_active"]
to = "supplier_active"
sv = "Ta över hos leverantören"
en = "Take over at the supplier"
who = ["supplier_agent@supplier"]

[transition.look_again_at_supplier]
verb = "step"
from = ["supplier_active"]
to = "supplier_active"
sv = "Titta igen"
en = "Look again"
who = ["supplier_agent@supplier"]
needs = ["reason"]

[transition.look_aside_at_supplier]
verb = "step"
from = ["supplier_active"]
to = "supplier_active"
sv = "Titta på något annat"
en = "Look at something else"
who = ["supplier_agent@supplier"]
needs = ["tried"]
"""


@pytest.fixture
def with_more_steps(desk: Desk) -> None:
    text = (workflows() / "citizen_incident.toml").read_text(encoding="utf-8") + MORE_STEPS
    with desk.reading() as connection:
        book = desk.book(connection)
    rest = [each for each in book.workflows() if each.key != "citizen_incident"]
    first = next(team for team in book.installation.teams.values() if team.organisation == SUPPLIER)
    teams = {**book.installation.teams, "jour": replace(first, key="jour", name="Jouren")}
    rule = RoutingRule("to-the-supplier", 0, Tier.SUPPLIER, team=first.key, service=PLATFORM)
    routing = {**book.installation.routing, rule.key: rule}
    installation = replace(book.installation, teams=teams, routing=routing)
    load_installation(desk, installation, [*rest, definition_in(text, "citizen_incident.toml")])


@pytest.mark.usefixtures("with_more_steps")
def test_what_another_process_gives_a_system_it_is_offered_and_can_do(desk: Desk, supplier: Caller) -> None:
    written = {"reason": "Så är det.", "tried": "Allt.", "until": "2026-03-09T08:00:00+01:00", "team": "jour"}
    number = ticket_after(desk, "accept_at_supplier").number
    offered = supplier.get(f"/api/v1/tickets/{number}/actions").json["actions"]  # type: ignore[index]
    more = [action for action in offered if action["verb"] in ("hand_over", "wait", "take", "step")]
    assert [action["step"] for action in more] == [
        "pass_on_at_supplier", "wait_at_supplier", "take_over_at_supplier",
        "look_again_at_supplier", "look_aside_at_supplier",
    ]  # fmt: skip
    assert all(action["possible"] for action in more)
    assert [field["choices"] for field in more[0]["fields"] if field["name"] == "team"] == [["jour"]]
    for action in more[::-1]:
        asked_for = [field["name"] for field in action["fields"] if field["name"] != "step"]
        given = {name: written[name] for name in asked_for}
        given |= {field["name"]: field["choices"][0] for field in action["fields"] if field["name"] == "step"}
        number = ticket_after(desk, "accept_at_supplier").number
        href = action["href"].replace(action["href"].split("/")[4], number)
        done = supplier.post(href, given)
        assert done.status_code == 200, (action["step"], done.text)


@pytest.mark.usefixtures("with_more_steps")
def test_a_step_that_is_named_must_be_of_its_kind(desk: Desk, supplier: Caller) -> None:
    number = ticket_after(desk, "accept_at_supplier").number
    for step, code in (("ask_joint", "unknown_step"), ("nothing", "unknown_step"), ("keep_from_supplier", "not_yours")):
        assert_problem(supplier.post(f"/api/v1/tickets/{number}/steps", {"step": step, "reason": "x"}), 409, code)
