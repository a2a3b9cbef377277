"""A scenario read from TOML: every fault named by file, key and remedy, or a scenario that can be played.

servicedesk/samples/scenarios/README.md explains the format. Names are checked against the installation that the
scenario is played in and the workflows its tickets follow.
"""

import tomllib
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from servicedesk.core.errors import FileFaults
from servicedesk.core.facts import Installation
from servicedesk.core.installations.entry import Entry, Reading, numbered, suggestion
from servicedesk.core.scenarios.given import Context
from servicedesk.core.scenarios.scenario import Scenario, ScenarioStep
from servicedesk.core.scenarios.steps import StepReader
from servicedesk.core.workflows.definition import Definition

TABLES = ("scenario", "step")
USUAL_INSTALLATION = "norrbotten"
USUAL_WORKFLOW = "citizen_incident"


def installation_named(text: str, file: str) -> str:
    """The installation that a scenario asks for: a shipped sample's name, or a folder. FileFaults."""
    reading = Reading()
    _require_scenario(reading, file, text)
    name = _head(reading, file, _tables(reading, file, text)).text("installation", USUAL_INSTALLATION)
    if reading.faults:
        raise FileFaults(reading.faults)
    return name


def _require_scenario(reading: Reading, file: str, text: str) -> None:
    """FileFaults for what is no scenario at all, instead of one for each of its tables."""
    tables = _tables(reading, file, text)
    if "step" not in tables and ("scenario" not in tables or len(tables) > 1):
        problem = "is empty." if not text.strip() else "is no scenario: it has not a single [[step]]."
        reading.fault(file, "-", problem, "Name a scenario; those that come with the program show how.")
        raise FileFaults(reading.faults)


def parse_scenario(text: str, file: str, installation: Installation, workflows: Mapping[str, Definition]) -> Scenario:
    """The scenario. FileFaults with every fault: what is misspelt, missing, unknown or out of order."""
    reading = _reading(installation)
    tables = _tables(reading, file, text)
    for name in tables:
        if name not in TABLES:
            reading.fault(file, name, "is not a table of a scenario.", suggestion(name, TABLES))
    head = _head(reading, file, tables)
    key, title, workflow = _titles(head, workflows)
    if workflow not in workflows:
        raise FileFaults(reading.faults)  # nothing can be said of steps in a workflow that is not there
    context = Context(ZoneInfo(installation.zone), workflows, workflow)
    steps = _steps(reading, file, tables, StepReader(installation, context))
    if reading.faults:
        raise FileFaults(reading.faults)
    return Scenario(key, title, file, installation.zone, tuple(steps))


def _titles(head: Entry, workflows: Mapping[str, Definition]) -> tuple[str, str, str]:
    """(key, what happens in it, the workflow of its tickets)."""
    key = head.text("key")
    title = head.text("sv", remedy='Write sv = "…", what happens in it.')
    workflow = head.text("workflow", USUAL_WORKFLOW)
    if workflow and workflow not in workflows:
        head.fault("workflow", f'"{workflow}" is no workflow.', suggestion(workflow, workflows))
    for other in ("en", "installation"):
        head.text(other, "")
    head.finish()
    return key, title, workflow


def _reading(installation: Installation) -> Reading:
    return Reading(
        {
            "organisation": installation.organisations,
            "team": installation.teams,
            "person": installation.people,
            "service": installation.services,
            "e_service": installation.e_services,
            "agreement": installation.agreements,
        }
    )


def _steps(reading: Reading, file: str, tables: Mapping[str, Any], reader: StepReader) -> list[ScenarioStep]:
    values = tables.get("step")
    if not isinstance(values, list) or not values:
        reading.fault(file, "step", "there are no steps.", "Write [[step]] tables, in the order of time.")
        return []
    return [reader.read(n, entry) for n, entry in enumerate(numbered(reading, file, "step", values), start=1)]


def _tables(reading: Reading, file: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        remedy = "Mend the line: text stands in quotes, tables in [brackets], and each key only once."
        if not file.endswith(".toml"):
            remedy = "Is this the file you meant? A scenario is a .toml file."
        reading.fault(file, "-", f"is not TOML: {error}.", remedy)
        raise FileFaults(reading.faults) from None


def _head(reading: Reading, file: str, tables: Mapping[str, Any]) -> Entry:
    value = tables.get("scenario")
    if not isinstance(value, dict):
        problem = "is not a table." if "scenario" in tables else "is missing."
        reading.fault(file, "scenario", problem, 'Write a table [scenario] with key = "…" and sv = "…".')
        raise FileFaults(reading.faults)
    return Entry(reading, file, "scenario", value)
