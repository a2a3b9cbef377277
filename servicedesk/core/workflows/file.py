"""Read a workflow definition: TOML, or the canonical JSON a version is stored as. Every fault is found, not the first.

What is written is judged here (`rule` is "grammar"): keys, types, closed vocabularies, references. What follows from it
is judged by model_check.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from servicedesk.core.calendars.duration import DurationError, parse_duration
from servicedesk.core.canonical import content_hash
from servicedesk.core.errors import Fault, FileFaults
from servicedesk.core.installations.entry import LONGEST_KEY, Entry, Reading, suggestion
from servicedesk.core.vocabulary import (
    ROLE_TIERS,
    Category,
    ClockEffect,
    Language,
    Metric,
    Need,
    Role,
    Tier,
    TmfStatus,
    Verb,
    WaitsOn,
)
from servicedesk.core.workflows.definition import STATED, Definition, Scenario, State, Timed, Transition, Who
from servicedesk.core.workflows.effects import Effect
from servicedesk.core.workflows.guards import Guard

TABLES = ("workflow", "state", "transition", "timed", "scenario")
REQUIRED = TABLES[:3]
CALENDARS = ("municipality", "holder", "joint", "always")
KEY = re.compile(r"[a-z][a-z0-9_]*")
ANYONE = "anyone"
KEEPING_TIER = (Category.RESOLVED, Category.CLOSED)


class WorkflowReading(Reading):
    def fault(self, file: str, key: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(file, key, problem, remedy, rule="grammar"))


def parse_workflow(text: str, file: str) -> Definition:
    """The definition that a TOML text holds. FileFaults with every fault of the writing."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        remedy = "Mend the line: text stands in quotes, tables in [brackets], and each key only once."
        if not file.endswith(".toml"):
            remedy = "Is this the file you meant? A workflow is a .toml file."
        raise FileFaults([Fault(file, "-", f"is not TOML: {error}.", remedy, rule="grammar")]) from None
    if not any(name in tables for name in REQUIRED):
        problem = "is empty." if not text.strip() else "is no workflow: it has not even a table [workflow]."
        raise FileFaults([Fault(file, "-", problem, "Name a workflow; the shipped ones show how.", rule="grammar")])
    return _read(tables, text, file)


def definition_to_json(definition: Definition) -> str:
    """The canonical text of a version, which is stored under the hash of its bytes."""
    return definition.content


def definition_from_json(text: str, file: str = "") -> Definition:
    """Inverse of `definition_to_json`: a stored version compiled again, without its file."""
    return _read(json.loads(text), text, file)


def _read(tables: Mapping[str, Any], source: str, file: str) -> Definition:
    states = tables.get("state")
    reading = WorkflowReading({"state": list(states) if isinstance(states, dict) else []})
    _only_known_tables(reading, file, tables)
    workflow = Entry(reading, file, "workflow", _table(reading, file, tables, "workflow"))
    read = {name: _items(reading, file, tables, name) for name in TABLES[1:]}
    key, labels, initial = _key(workflow), _labels(workflow), workflow.reference("initial", "state")
    workflow.finish()
    found = (
        {name: _state(entry) for name, entry in read["state"].items()},
        {name: _transition(name, entry) for name, entry in read["transition"].items()},
        {name: _timed(name, entry) for name, entry in read["timed"].items()},
        {name: _scenario(name, entry) for name, entry in read["scenario"].items()},
    )
    if reading.faults:
        raise FileFaults(reading.faults)
    # The order of the tables is part of the content: steps are declared in order of likelihood.
    content = json.dumps(tables, ensure_ascii=False, separators=(",", ":"))
    return Definition(key, labels, initial, *found, content, content_hash(content), source, file)


def _only_known_tables(reading: Reading, file: str, tables: Mapping[str, Any]) -> None:
    for name in tables:
        if name not in TABLES:
            reading.fault(file, name, "is not a table of a workflow.", suggestion(name, TABLES))


def _table(reading: Reading, file: str, tables: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = tables.get(name)
    if isinstance(value, dict):
        return value
    if name in tables or name in REQUIRED:
        problem = "is not a table." if name in tables else "is missing."
        heading = f"[{name}]" if name == "workflow" else f"[{name}.some_key]"
        reading.fault(file, name, problem, f"Write a table {heading}.")
    return {}


def _items(reading: Reading, file: str, tables: Mapping[str, Any], name: str) -> dict[str, Entry]:
    items = {}
    for key, values in _table(reading, file, tables, name).items():
        where = f"{name}.{key}"
        if not isinstance(values, dict):
            reading.fault(
                file, where, "is not a table.", f"Write [{name}.some_key], and its keys on lines of their own."
            )
            continue
        for problem, remedy in _key_faults(key):
            reading.fault(file, where, problem, remedy)
        items[key] = Entry(reading, file, where, values)
    return items


def _key(workflow: Entry) -> str:
    key = workflow.text("key")
    for problem, remedy in _key_faults(key) if key else ():
        workflow.fault("key", problem, remedy)
    return key


def _key_faults(key: str) -> Iterator[tuple[str, str]]:
    if not KEY.fullmatch(key):
        yield "is not a key.", "Use small letters a–z, digits and _, a letter first."
    if len(key) > LONGEST_KEY:
        yield f"is a key of {len(key)} characters.", f"Give it one of at most {LONGEST_KEY}."


def _labels(entry: Entry) -> dict[Language, str]:
    remedies = {
        Language.SWEDISH: 'Write sv = "…", what it is called in Swedish.',
        Language.ENGLISH: 'Write en = "…", what it is called in English.',
    }
    return {language: entry.line(language, remedy=remedy) for language, remedy in remedies.items()}


def _state(entry: Entry) -> State:
    category = entry.choice("category", Category)
    state = State(
        key=entry.key.removeprefix("state."),
        labels=_labels(entry),
        category=category,
        tier=entry.optional("tier", Tier) if category in KEEPING_TIER else entry.choice("tier", Tier),
        tmf621=entry.choice("tmf621", TmfStatus),
        clocks=_clocks(entry),
        received=entry.flag("received"),
        waits_on=entry.optional("waits_on", WaitsOn),
    )
    entry.finish()
    return state


def _clocks(entry: Entry) -> dict[Metric, ClockEffect]:
    clocks = entry.entry("clocks")
    if clocks is None:
        example = ", ".join(f'{metric} = "run"' for metric in STATED)
        entry.fault("clocks", "is missing.", f"Write clocks = {{ {example} }}.")
        return {}
    effects: dict[Metric, ClockEffect] = {metric: clocks.choice(metric, ClockEffect) for metric in STATED}
    clocks.finish()
    return effects


def _transition(key: str, entry: Entry) -> Transition:
    transition = Transition(
        key=key,
        verb=entry.choice("verb", Verb),
        from_states=entry.references("from", "state"),
        to=entry.reference("to", "state"),
        labels=_labels(entry),
        who=_who(entry),
        needs=entry.choices("needs", Need),
        guards=entry.choices("guards", Guard),
        effects=entry.choices("effects", Effect),
    )
    entry.finish()
    return transition


def _timed(key: str, entry: Entry) -> Timed:
    verb = entry.choice("verb", Verb)
    timed = Timed(
        key=key,
        verb=verb,
        from_states=entry.references("from", "state"),
        to="" if verb is Verb.REMIND else entry.reference("to", "state"),
        labels=_labels(entry),
        effects=entry.choices("effects", Effect),
        **_moment(entry),
    )
    entry.finish()
    return timed


def _moment(entry: Entry) -> dict[str, Any]:
    """When a timed step is due: `at = "until"`, or `after` so much time on a `calendar`."""
    if "at" in entry:
        if entry.text("at") != "until":
            entry.fault("at", "is not a choice.", 'Write at = "until": the moment given when the waiting began.')
        return {"seconds": 0, "calendar": "", "until": True}
    text = entry.text("after", remedy='Write after = "40h", or at = "until".')
    calendar = entry.text("calendar", remedy=f"Choose whose hours count: {', '.join(CALENDARS)}.")
    if calendar and calendar not in CALENDARS:
        entry.fault("calendar", f'"{calendar}" is not a choice.', suggestion(calendar, CALENDARS))
    return {"seconds": _seconds(entry, text), "calendar": calendar, "until": False}


def _seconds(entry: Entry, text: str) -> int:
    if not text:
        return 0
    try:
        return parse_duration(text)
    except DurationError as error:
        entry.fault("after", str(error), error.remedy)
        return 0


def _who(entry: Entry) -> tuple[Who, ...]:
    """`role@tier`, `anyone@tier` for every role of a tier, `requester`, `scheduler`; each once, in declared order."""
    return tuple(dict.fromkeys(who for text in entry.texts("who") for who in _whos(entry, text)))


def _whos(entry: Entry, text: str) -> list[Who]:
    role, at, tier = text.partition("@")
    if at and tier not in list(Tier):
        entry.fault("who", f'"{tier}" is not a tier.', suggestion(tier, list(Tier)))
    elif role == ANYONE and at:
        return [Who(role, tier) for role, tier in ROLE_TIERS.items() if tier == text.partition("@")[2]]
    elif role not in list(Role):
        entry.fault("who", f'"{role}" is not a role.', suggestion(role, [*Role, ANYONE]))
    else:
        return [Who(Role(role), Tier(tier) if at else None)]
    return []


def _scenario(key: str, entry: Entry) -> Scenario:
    scenario = Scenario(key, _labels_or_swedish(entry), entry.texts("steps"))
    entry.finish()
    return scenario


def _labels_or_swedish(entry: Entry) -> dict[Language, str]:
    """A scenario is read by those who write workflows: one language is enough."""
    swedish = entry.line(Language.SWEDISH, remedy='Write sv = "…", what happens in it.')
    return {Language.SWEDISH: swedish, Language.ENGLISH: entry.line(Language.ENGLISH, "") or swedish}
