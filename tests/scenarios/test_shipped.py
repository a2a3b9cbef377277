from collections import Counter

import pytest

from servicedesk.core.events import Moved
from servicedesk.core.sla import is_broken
from servicedesk.core.vocabulary import Category, Metric, Tier, Verb
from tests.scenarios.performance import SHIPPED, file_of, perform


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_goes_as_written_and_leaves_a_true_database(name: str) -> None:
    performance = perform(name)
    assert [(played.step.number, played.unmet) for played in performance.steps if played.unmet] == []
    assert performance.ended.faults == []


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_is_named_as_its_file_and_expects_something_of_every_step(name: str) -> None:
    scenario = perform(name).script.scenario
    assert scenario.key == name
    assert [step.number for step in scenario.steps if not step.expect and not step.refused] == []


def test_the_readme_tells_of_every_shipped_scenario() -> None:
    text = (file_of("any").parent / "README.md").read_text(encoding="utf-8")
    assert [name for name in SHIPPED if f"`{name}`" not in text] == []


def returns_by_tier() -> Counter[Tier]:
    """Who gave a ticket back: the tier that had it before."""
    found: Counter[Tier] = Counter()
    for name in SHIPPED:
        before = None
        for played in perform(name).steps:
            if before and played.ticket and played.ticket.returns > before.returns:
                found[before.holder.tier] += 1
            before = played.ticket
    return found


def test_a_ticket_is_returned_by_every_tier() -> None:
    assert returns_by_tier().keys() == set(Tier)


@pytest.mark.parametrize("workflow", ["citizen_incident", "internal_incident", "service_request"])
def test_each_chain_reaches_the_supplier_and_comes_back_closed(workflow: str) -> None:
    tickets = [ticket for name in SHIPPED for ticket in perform(name).ended.tickets.values()]
    assert any(t.workflow == workflow and t.suppliers and t.category is Category.CLOSED for t in tickets)


def test_every_kind_of_promise_is_broken_at_every_tier_that_makes_it() -> None:
    ended = perform("breach_at_each_tier").ended
    broken = {(c.metric, c.tier) for c in ended.tickets["A"].clocks.values() if is_broken(c, ended.at)}
    inside = {(metric, tier) for metric in (Metric.HOLDING, Metric.ACKNOWLEDGEMENT) for tier in list(Tier)[:3]}
    outside = {(Metric.ACKNOWLEDGEMENT, None), (Metric.CONTRACT, None)}
    assert broken == inside | outside | {(Metric.RESPONSE, None), (Metric.RESOLUTION, None)}


def test_no_warning_is_given_twice_in_any_scenario() -> None:
    for name in SHIPPED:
        for journal in perform(name).journals.values():
            warned = [(b["data"]["clock"], b["data"]["share"]) for b in journal if b["kind"] == "PromiseWarned"]
            assert len(warned) == len(set(warned))


def test_what_time_does_is_dated_when_it_was_due() -> None:
    """However far apart the steps are: a warning stands between two steps, never at the later one's time by default."""
    fired = [event for name in SHIPPED for played in perform(name).steps for _, event in played.fired]
    at_step = [e for name in SHIPPED for p in perform(name).steps for _, e in p.fired if e.occurred_at == p.step.at]
    assert fired
    assert len(at_step) < len(fired) / 2


def test_the_scenarios_take_steps_of_every_verb() -> None:
    taken = {
        body["data"]["verb"]
        for name in SHIPPED
        for journal in perform(name).journals.values()
        for body in journal
        if "verb" in body["data"]
    }
    assert taken == set(Verb)


def test_timed_steps_are_moves_of_the_scheduler() -> None:
    fired = [event for name in SHIPPED for played in perform(name).steps for _, event in played.fired]
    assert {event.actor for event in fired} == {"scheduler:scheduler"}
    assert any(isinstance(event.payload, Moved) for event in fired)
