"""Priority follows from impact and urgency by the installation's matrix."""

from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Installation
from servicedesk.core.vocabulary import Level

PRIORITIES = (1, 2, 3, 4)


def priority_of(installation: Installation, impact: Level, urgency: Level) -> int:
    """1 (critical) to 4 (low). A loaded installation has every combination."""
    try:
        return installation.priorities[impact, urgency]
    except KeyError:
        raise Refusal(
            "The priority matrix says nothing about impact %(impact)s with urgency %(urgency)s.",
            code="no_priority",
            impact=str(impact),
            urgency=str(urgency),
        ) from None
