import ast
import tomllib
from enum import StrEnum

import pytest

from servicedesk import paths
from servicedesk.core import vocabulary
from tests.architecture.source import TOP, at, docstrings, dotted, modules, outside, size

ACTIONS = "servicedesk/actions/"
CLOCK = "servicedesk/core/clock.py"
STARTS_OR_ENDS_A_TRANSACTION = {"commit", "begin", "begin_nested"}
READS_THE_CLOCK = {"now", "utcnow", "today"}
CLOCKS = {"datetime", "datetime.datetime", "date", "datetime.date"}
TIME_FUNCTIONS = {"time", "time_ns", "localtime", "gmtime"}
CLIENT = "servicedesk/client/"
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60


def test_only_actions_write() -> None:
    found = [
        at(name, node)
        for name, node in outside(ACTIONS)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in STARTS_OR_ENDS_A_TRANSACTION
    ]
    assert found == []


def test_only_the_clock_reads_the_time() -> None:
    """A vendor's own programs have the vendor's clock."""
    found = [at(name, node) for name, node in outside(CLOCK) if reads_the_time(node) and not name.startswith(CLIENT)]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "time.time()",
        "from time import time",
        "func.now()",
        "from datetime import datetime as other",
        "import time as other",
    ],
)
def test_the_rule_of_the_clock_sees(code: str) -> None:
    assert any(reads_the_time(node) for node in ast.walk(ast.parse(code)))


@pytest.mark.parametrize("code", ["clock.now()", "desk.clock.now()", "from time import monotonic", "import datetime"])
def test_the_rule_of_the_clock_lets_pass(code: str) -> None:
    assert not any(reads_the_time(node) for node in ast.walk(ast.parse(code)))


def reads_the_time(node: ast.AST) -> bool:
    """datetime.now and its kin, time.time, SQL's now(), which stands still, and any other name for these modules."""
    if isinstance(node, ast.Import):
        return any(alias.name in {"time", "datetime"} and alias.asname for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        renamed = any(alias.asname for alias in node.names) and node.module in {"time", "datetime"}
        return renamed or (node.module == "time" and any(alias.name in TIME_FUNCTIONS for alias in node.names))
    if not isinstance(node, ast.Attribute):
        return False
    owner, last = dotted(node.value), node.attr
    return (
        (owner in CLOCKS and last in READS_THE_CLOCK)
        or (owner == "time" and last in TIME_FUNCTIONS)
        or (owner == "func" and last in {"now", "current_timestamp"})
    )


def state_names() -> set[str]:
    """The states of every shipped workflow, without words that are also values of the closed vocabularies."""
    files = sorted(paths.workflows().glob("*.toml"))
    assert files
    names = {name for file in files for name in tomllib.loads(file.read_text(encoding="utf-8"))["state"]}
    enums = [kind for kind in vars(vocabulary).values() if isinstance(kind, type) and issubclass(kind, StrEnum)]
    return names - {str(value) for kind in enums for value in kind}


def test_state_names_stand_only_in_workflow_files() -> None:
    names = state_names()
    found = [
        f"{at(name, node)} {node.value!r}"
        for name, tree in modules().items()
        if not name.startswith("servicedesk/samples/")
        for ignored in [docstrings(tree)]
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in names and id(node) not in ignored
    ]
    assert names
    assert found == []


def test_no_module_outgrows_its_noun() -> None:
    """Save those that nobody writes by hand."""
    by_hand = modules().keys() - {f"{CLIENT}shapes.py", f"{CLIENT}operations.py"}
    assert [name for name in by_hand if size(TOP / name) > LONGEST_MODULE] == []


def test_no_function_outgrows_a_screen() -> None:
    found = [
        f"{at(name, node)} {node.name}"
        for name, node in outside()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert found == []
