"""What stands in place of what was in force, and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from servicedesk.core.facts import Agreement, CalendarFacts
from servicedesk.core.workflows.definition import Definition


@dataclass(frozen=True, slots=True)
class Substitutes:
    """By key. An agreement stands in for whatever bound a ticket of its kind, party and services on the days of its own
    validity; a calendar for the one of its key, all of the past included; a workflow for every version of its key.

    `states`: what becomes of a state that the changed workflow has not, or has as another kind of state.
    """

    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    calendars: Mapping[str, CalendarFacts] = field(default_factory=dict)
    workflows: Mapping[str, Definition] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
