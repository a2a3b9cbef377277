import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture.source import TOP, at, modules

CORE_MAY_IMPORT = sys.stdlib_module_names | {"transitions", "holidays", "msgspec"}
READS_THE_WORLD = {"os", "socket", "subprocess", "sqlite3", "urllib", "http", "logging", "random", "secrets", "time"}
EDGES = ("servicedesk.web", "servicedesk.api", "servicedesk.mail", "servicedesk.scheduler", "servicedesk.watch")
PROGRAM = {"core", "store", "actions", "web", "api", "mail", "scheduler", "watch", "cli", "samples", "translations"}
# What the other side runs.
BESIDE = {"client", "supplier_desk", "conformance"}
TOP_LEVEL = PROGRAM | BESIDE


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_the_contracts_in_pyproject_are_kept() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=TOP, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_core_imports_the_standard_library_three_libraries_and_itself() -> None:
    found = [
        f"{at(name, node)} imports {module}"
        for name, tree in modules().items()
        if name.startswith("servicedesk/core/")
        for node in ast.walk(tree)
        for module in imported(node)
        if not module.startswith("servicedesk.core")
        and module.partition(".")[0] not in CORE_MAY_IMPORT - READS_THE_WORLD
    ]
    assert found == []


def test_every_package_has_its_place_on_a_floor() -> None:
    packages = {folder.parent.name for folder in (TOP / "servicedesk").glob("*/__init__.py")}
    assert packages <= TOP_LEVEL


def test_the_command_line_reaches_the_other_edges_through_app() -> None:
    """Also edges that do not exist yet, which import-linter cannot name."""
    found = [
        f"{at(name, node)} imports {module}"
        for name, tree in modules().items()
        if name.startswith("servicedesk/cli/")
        for node in ast.walk(tree)
        for module in named(node)
        if f"{module}.".startswith(tuple(f"{edge}." for edge in EDGES))
    ]
    assert found == []


def named(node: ast.AST) -> list[str]:
    """Modules and names: `from servicedesk import web` imports servicedesk.web."""
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return imported(node)
