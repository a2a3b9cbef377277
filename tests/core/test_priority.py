"""Priority from impact and urgency."""

import pytest

from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Installation
from servicedesk.core.priority import priority_of
from servicedesk.core.vocabulary import Level
from tests.core.installation_small import small_installation


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [
        (Level.HIGH, Level.HIGH, 1),
        (Level.HIGH, Level.LOW, 3),
        (Level.LOW, Level.HIGH, 3),
        (Level.MEDIUM, Level.HIGH, 2),
        (Level.LOW, Level.LOW, 4),
    ],
)
def test_priority_follows_the_matrix(impact: Level, urgency: Level, priority: int) -> None:
    assert priority_of(small_installation(), impact, urgency) == priority


def test_impact_is_the_row_and_urgency_the_column() -> None:
    installation = small_installation(priorities=("high = 1, medium = 2, low = 3", "high = 1, medium = 2, low = 4"))
    assert priority_of(installation, Level.HIGH, Level.LOW) == 4
    assert priority_of(installation, Level.LOW, Level.HIGH) == 3


def test_a_hole_in_the_matrix_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match="impact high with urgency low") as refused:
        priority_of(Installation(), Level.HIGH, Level.LOW)
    assert refused.value.code == "no_priority"
