from typing import Any

import pytest

from servicedesk.actions import play as playing
from servicedesk.actions.play import Play
from servicedesk.actions.playground import playground
from servicedesk.actions.sweep import Swept, sweep
from tests.scenarios.performance import journals_of, perform

Told = dict[str, list[tuple[int, str, str, Any]]]


def told(journals: dict[str, list[dict[str, Any]]]) -> Told:
    """What each journal says happened and when; not when it was noticed, and not the keys of texts."""
    return {
        label: [(body["seq"], body["kind"], body["occurred_at"], body["data"]) for body in journal]
        for label, journal in journals.items()
    }


@pytest.mark.parametrize(
    "name", ["breach_at_each_tier", "holiday_week", "reopened_after_closing", "waiting_and_questions"]
)
def test_a_scheduler_that_was_down_all_the_while_changes_nothing_that_happened(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    performance = perform(name)
    script, end = performance.script, performance.ended.at
    monkeypatch.setattr(playing, "sweep", lambda desk, as_of: Swept())
    with playground(script.installation, script.definitions.values(), script.scenario.steps[0].at) as (desk, clock):
        play = Play(desk, clock, script.scenario)
        fired = [event for played in play.steps() for event in played.fired]
        sweep(desk, as_of=end)
        assert fired == []
        assert told(journals_of(play)) == told(performance.journals)
        assert play.end().faults == []
