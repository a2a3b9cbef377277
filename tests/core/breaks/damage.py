"""The tools: a shipped definition, and what is done to its tables."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.file import definition_from_json, definition_to_json
from tests.workflows.cast import shipped

Tables = dict[str, Any]
Break = Callable[[Tables], object]
# What is broken, the rule that finds it, the key it names, and its proof, or None where a path proves nothing.
Case = tuple[Break, str, str, tuple[str, ...] | None]
FILE = "broken.toml"
TO_SUPPLIER = (
    "take",
    "escalate_to_second_line",
    "accept_in_second_line",
    "escalate_to_joint",
    "accept_in_joint",
    "order_from_supplier",
)
TO_JOINT = TO_SUPPLIER[:4]


def broken(damage: Break, key: str = "citizen_incident") -> Definition:
    tables = deepcopy(json.loads(definition_to_json(shipped(key))))
    damage(tables)
    return definition_from_json(json.dumps(tables), FILE)


def step(tables: Tables, key: str, **changes: Any) -> None:
    tables["transition"][key].update(changes)


def drop(tables: Tables, *keys: str) -> None:
    for key in keys:
        del tables["transition"][key]


def clock(tables: Tables, state: str, **changes: str) -> None:
    tables["state"][state]["clocks"].update(changes)


def add_state(tables: Tables, key: str, like: str) -> None:
    tables["state"][key] = deepcopy(tables["state"][like]) | {"sv": f"Prov {key}", "en": f"Sample {key}"}


def add_step(tables: Tables, key: str, like: str, **changes: Any) -> None:
    labels = {"sv": f"Prov {key}", "en": f"Sample {key}"}
    tables["transition"][key] = deepcopy(tables["transition"][like]) | labels | changes
