"""The lanes follow from what states declare: every shipped workflow, and the same one with every state renamed."""

import json

import pytest

from servicedesk.core.triage import Lane, lane_of, verbs_of
from servicedesk.core.vocabulary import Category, Role, Tier
from servicedesk.core.workflows.definition import Definition, State, Who
from servicedesk.core.workflows.file import definition_from_json, definition_to_json
from tests.workflows.cast import SHIPPED, shipped

MANAGER = frozenset({Who(Role.IT_SERVICE_MANAGER, Tier.JOINT)})
SECOND_LINE = frozenset({Who(Role.BUSINESS_SYSTEM_MANAGER, Tier.SECOND_LINE)})


def renamed(definition: Definition) -> Definition:
    """The same workflow in a house that calls every state something else."""
    new = {state: f"x{number}" for number, state in enumerate(definition.states)}

    def told(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {new.get(k, k) if key == "state" else k: told(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [told(each, key) for each in value]
        return new.get(value, value) if key in ("from", "to", "initial") and isinstance(value, str) else value

    tables = json.loads(definition_to_json(definition))
    return definition_from_json(json.dumps(told(tables)), "renamed.toml")


def lane(definition: Definition, state: State, who: frozenset[Who], **told: bool) -> Lane | None:
    tiers = {one.tier for one in who if one.tier}
    facts = {"holds": state.tier in tiers, "has_assignee": True, "at_risk": False} | told
    return lane_of(state, verbs_of(definition, state.key, who), tiers, **facts)


def lanes(definition: Definition, who: frozenset[Who], **told: bool) -> list[Lane | None]:
    return [lane(definition, state, who, **told) for state in definition.states.values()]


CHAIN = shipped("citizen_incident")


def where(found: Lane, who: frozenset[Who], **told: bool) -> set[str]:
    return {key for key, state in CHAIN.states.items() if lane(CHAIN, state, who, **told) is found}


def test_the_it_service_managers_lanes_of_a_citizens_incident() -> None:
    assert where(Lane.ACCEPT, MANAGER) == {"joint_received"}
    assert where(Lane.ANSWER, MANAGER) == {"supplier_waiting_joint"}
    assert where(Lane.VERIFY, MANAGER) == {"joint_verifying"}
    assert where(Lane.WORK, MANAGER) == {"joint_active"}
    assert where(Lane.ASSIGN, MANAGER, has_assignee=False) == {"joint_active"}
    waiting = {"joint_waiting_second_line", "joint_waiting_change", "joint_waiting_supplier"}
    at_the_supplier = {"supplier_received", "supplier_active", "supplier_waiting_change"}
    assert where(Lane.WAIT, MANAGER) == waiting | at_the_supplier
    assert where(Lane.AT_RISK, MANAGER, at_risk=True) == waiting | at_the_supplier


def test_the_second_line_answers_what_the_it_service_manager_asks() -> None:
    assert where(Lane.ANSWER, SECOND_LINE) == {"joint_waiting_second_line"}
    assert where(Lane.ACCEPT, SECOND_LINE) == {"second_received"}
    assert not {"joint_active", "supplier_active", "first_active"} & {
        key for key, state in CHAIN.states.items() if lane(CHAIN, state, SECOND_LINE)
    }


def test_what_is_late_and_ours_stays_where_it_is_to_be_done() -> None:
    assert where(Lane.ACCEPT, MANAGER, at_risk=True) == {"joint_received"}


@pytest.mark.parametrize("key", SHIPPED)
@pytest.mark.parametrize("who", [MANAGER, SECOND_LINE], ids=["manager", "second_line"])
def test_other_names_of_states_change_nothing(key: str, who: frozenset[Who]) -> None:
    definition = shipped(key)
    other = renamed(definition)
    assert not set(other.states) & set(definition.states)
    for told in ({}, {"has_assignee": False}, {"at_risk": True}):
        assert lanes(other, who, **told) == lanes(definition, who, **told)
    assert any(lanes(other, who))


@pytest.mark.parametrize("key", SHIPPED)
def test_whoever_holds_an_open_ticket_finds_it_in_a_lane(key: str) -> None:
    definition = shipped(key)
    for state in definition.states.values():
        if state.tier is Tier.JOINT and state.category in (Category.NEW, Category.ACTIVE, Category.WAITING):
            assert lane(definition, state, MANAGER) is not None, state.key
