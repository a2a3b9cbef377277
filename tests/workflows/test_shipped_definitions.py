import re

import pytest

from servicedesk.core.facts import SCHEDULER
from servicedesk.core.proof.check import RULES, check, guarantees
from servicedesk.core.vocabulary import Category, ClockEffect, Metric, Need, Tier, Verb, WaitsOn
from servicedesk.core.workflows.effects import Effect
from servicedesk.core.workflows.engine import options
from servicedesk.core.workflows.file import parse_workflow
from servicedesk.core.workflows.guards import Guard
from tests.workflows.cast import FOLDER, PARTIES, SHIPPED, a_ticket, shipped, walk, whoever_may

EVERY_SHIPPED = pytest.mark.parametrize("key", SHIPPED)


def test_these_are_all_the_shipped_definitions() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == sorted(SHIPPED)


@EVERY_SHIPPED
def test_a_shipped_definition_has_no_fault(key: str) -> None:
    assert check(shipped(key)) == []


@EVERY_SHIPPED
def test_a_clean_definition_says_what_is_proven_and_by_which_ways(key: str) -> None:
    proven = guarantees(shipped(key))
    assert len(proven.proven) == len(RULES)
    assert set(proven.ways_in) == set(proven.ways_out) == set(shipped(key).states)
    assert proven.ways_out["closed"] == ()


@pytest.mark.parametrize(("key", "scenario"), [(key, name) for key in SHIPPED for name in shipped(key).scenarios])
def test_a_golden_path_can_be_walked_by_the_people_it_is_about(key: str, scenario: str) -> None:
    definition = shipped(key)
    ticket = walk(definition, a_ticket(definition), *definition.scenarios[scenario].steps)
    assert ticket.category is Category.CLOSED


@EVERY_SHIPPED
def test_every_transition_is_walked_in_some_scenario_or_is_a_plain_alternative(key: str) -> None:
    definition = shipped(key)
    walked = {step for scenario in definition.scenarios.values() for step in scenario.steps}
    unwalked = {step.verb for step in definition.steps() if step.step not in walked}
    assert unwalked <= {Verb.TAKE, Verb.RESUME, Verb.CANCEL, Verb.STEP, Verb.CLOSE}


@EVERY_SHIPPED
def test_resolution_stands_still_only_while_the_requester_is_awaited(key: str) -> None:
    for state in shipped(key).states.values():
        ended = state.category in (Category.RESOLVED, Category.CLOSED)
        expected = (
            ClockEffect.STOP if ended else ClockEffect.PAUSE if state.waits_on is WaitsOn.REQUESTER else ClockEffect.RUN
        )
        assert state.clocks[Metric.RESOLUTION] is expected, state.key


@EVERY_SHIPPED
def test_the_contract_runs_exactly_while_the_supplier_works(key: str) -> None:
    for state in shipped(key).states.values():
        works = state.tier is Tier.SUPPLIER and state.waits_on is None
        assert (state.clocks[Metric.CONTRACT] is ClockEffect.RUN) == works, state.key


@EVERY_SHIPPED
def test_nobody_stops_the_clock_of_their_own_contract_without_asking(key: str) -> None:
    """The supplier alone can stop its clock only by a question, whose answer is on the joint tier's account."""
    definition = shipped(key)
    for step in definition.transitions.values():
        if {who.tier for who in step.who} == {Tier.SUPPLIER} and step.verb is not Verb.RETURN:
            state = definition.states[step.to]
            if state.tier is Tier.SUPPLIER and state.clocks[Metric.CONTRACT] is not ClockEffect.RUN:
                assert step.verb is Verb.ASK, step.key


def test_the_internal_incident_and_the_service_request_have_no_first_line() -> None:
    for key in ("internal_incident", "service_request"):
        assert all(state.tier is not Tier.FIRST_LINE for state in shipped(key).states.values())
        assert all(who.tier is not Tier.FIRST_LINE for step in shipped(key).steps() for who in step.who)


@EVERY_SHIPPED
def test_time_has_nothing_to_do_with_a_new_ticket(key: str) -> None:
    assert options(shipped(key), a_ticket(shipped(key)), SCHEDULER, PARTIES) == []


@EVERY_SHIPPED
def test_the_first_thing_offered_is_to_take_the_ticket(key: str) -> None:
    definition = shipped(key)
    ticket = a_ticket(definition)
    offered = options(definition, ticket, whoever_may(definition, "take", ticket), PARTIES)
    assert offered[0].step.verb is Verb.TAKE


def test_the_readme_explains_every_word_a_definition_may_use() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`([a-z_]+)`", text))
    words = {*Guard, *Effect, *Need, *Verb, *Category, *WaitsOn, *Metric, *ClockEffect}
    assert words - explained == set()


def test_the_example_of_the_readme_is_a_sound_definition() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert check(parse_workflow(examples[0], "README.md")) == []
