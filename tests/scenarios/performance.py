"""Each shipped scenario played once for all the tests that look at it."""

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from servicedesk import paths
from servicedesk.actions.play import Ended, Play, Played
from servicedesk.actions.playground import playground
from servicedesk.cli.play import Script, read
from servicedesk.store.journal import JournalRow
from servicedesk.store.queries.verification import ticket_ids

SHIPPED = sorted(path.stem for path in paths.scenarios().glob("*.toml"))


@dataclass(frozen=True)
class Performance:
    """`journals`: label -> the journal's stored bodies as they stand, in the order in which things happened."""

    script: Script
    steps: list[Played]
    ended: Ended
    journals: dict[str, list[dict[str, Any]]]


def file_of(name: str) -> Path:
    return paths.scenarios() / f"{name}.toml"


def labels_of(name: str) -> list[str]:
    """What a scenario calls the tickets it logs, without playing it."""
    steps = tomllib.loads(file_of(name).read_text(encoding="utf-8"))["step"]
    return [step.get("ticket", "A") for step in steps if step.get("do") == "log"]


@cache
def perform(name: str) -> Performance:
    script = read(file_of(name))
    scenario = script.scenario
    with playground(script.installation, script.definitions.values(), scenario.steps[0].at) as (desk, clock):
        play = Play(desk, clock, scenario)
        steps = list(play.steps())
        return Performance(script, steps, play.end(), journals_of(play))


def journals_of(play: Play) -> dict[str, list[dict[str, Any]]]:
    journals = {}
    with play.desk.reading() as connection:
        for label, number in play.numbers.items():
            [ticket_id] = ticket_ids(connection, [number])
            query = select(JournalRow.body).where(JournalRow.ticket_id == ticket_id)
            bodies = [json.loads(body) for body in connection.execute(query).scalars()]
            journals[label] = sorted(bodies, key=lambda body: (body["occurred_at"], body["seq"]))
    return journals
