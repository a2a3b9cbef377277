"""A scenario as frozen values: dated steps by named roles, each with what must then be true."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from servicedesk.core.facts import Actor

LOG, PASS_TIME = "log", ""


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    """`do` is `log`, a transition of the ticket's workflow, another action, or '' when time alone passes.

    `given`: the action's own values; a field that names another ticket holds its label. `refused`: the code of the
    refusal that is expected, with the `fields` at fault. `expect`: see core.scenarios.expect.
    """

    number: int
    at: datetime
    who: str
    actor: Actor
    ticket: str
    do: str
    given: Mapping[str, Any] = field(default_factory=dict)
    refused: str = ""
    fields: tuple[str, ...] = ()
    expect: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    key: str
    title: str
    file: str
    zone: str
    steps: tuple[ScenarioStep, ...]
