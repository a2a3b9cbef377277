"""Whatever a file says, it is read or refused, and checked to the end: no definition makes the check itself fail."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicedesk.core.errors import FileFaults
from servicedesk.core.proof.check import check
from servicedesk.core.workflows.file import definition_from_json, definition_to_json
from tests.workflows.cast import SHIPPED, shipped

ODD_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=8),
    st.lists(st.text(max_size=4), max_size=3),
    st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
)
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def places(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every key in nested tables."""
    if not isinstance(value, dict):
        return []
    return [p for key, item in value.items() for p in ((*path, key), *places(item, (*path, key)))]


def replace_at(tables: dict[str, Any], path: tuple[str, ...], value: Any, *, remove: bool) -> None:
    for key in path[:-1]:
        tables = tables[key]
    if remove:
        del tables[path[-1]]
    else:
        tables[path[-1]] = value


@MANY
@given(st.data(), st.sampled_from(SHIPPED))
def test_odd_values_anywhere_are_refused_or_checked(data: st.DataObject, key: str) -> None:
    tables = json.loads(definition_to_json(shipped(key)))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(tables)))
        replace_at(tables, path, data.draw(ODD_VALUES), remove=data.draw(st.booleans()))
    try:
        definition = definition_from_json(json.dumps(tables), "odd.toml")
    except FileFaults as error:
        assert all(fault.file == "odd.toml" and fault.key and fault.problem for fault in error.faults)
    else:
        assert all(fault.rule and fault.remedy for fault in check(definition))


@MANY
@given(st.data(), st.sampled_from(SHIPPED))
def test_steps_bent_at_random_are_checked_to_the_end(data: st.DataObject, key: str) -> None:
    """Every value is one the grammar knows, so that the model check gets to judge it."""
    tables = json.loads(definition_to_json(shipped(key)))
    states, steps = list(tables["state"]), list(tables["transition"].values())
    for _ in range(data.draw(st.integers(1, 6))):
        step, other = data.draw(st.sampled_from(steps)), data.draw(st.sampled_from(steps))
        field = data.draw(st.sampled_from(["to", "from", "who", "verb", "effects", "needs", "guards"]))
        if field == "to":
            step["to"] = data.draw(st.sampled_from(states))
        elif field == "from":
            step["from"] = data.draw(st.lists(st.sampled_from(states), min_size=1, max_size=3, unique=True))
        else:
            step[field] = other.get(field, [])
    definition = definition_from_json(json.dumps(tables), "bent.toml")
    faults = check(definition)
    assert all(fault.rule and fault.remedy for fault in faults)
    assert len(faults) == len(set(faults))
