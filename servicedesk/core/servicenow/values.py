"""What the rows of one incident say, word by word, and what is taken where they say nothing or the unknown."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from servicedesk.core.facts import Installation, Team
from servicedesk.core.priority import priority_of
from servicedesk.core.rules import Rules
from servicedesk.core.servicenow.account import Kind, Outcome, Remark
from servicedesk.core.servicenow.groups import Holders
from servicedesk.core.servicenow.log_file import SourceRow
from servicedesk.core.servicenow.mapping import ImportMap, Values, folded
from servicedesk.core.servicenow.times import ReadTime, read_time
from servicedesk.core.vocabulary import Level
from servicedesk.core.workflows.definition import Definition, State

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ground:
    """What the rows are read against. `now` bounds what can have happened; `rules` knows older versions."""

    mapping: ImportMap
    installation: Installation
    definition: Definition
    holders: Holders
    now: datetime
    rules: Rules

    def state(self, theirs: str, team: Team) -> State:
        """Our state for theirs (folded), with this team; the mapping has been checked to have one."""
        table = self.mapping.states[theirs]
        return self.definition.states[table.get(team.tier) or table["any"]]


@dataclass(frozen=True, slots=True)
class Urgency:
    impact: Level
    urgency: Level
    priority: int


@dataclass(slots=True)
class Reader:
    """Reads cells and remembers every remark on them."""

    ground: Ground
    remarks: list[Remark] = field(default_factory=list)

    def say(self, row: SourceRow, kind: Kind, why: str, outcome: Outcome = Outcome.REPAIRED) -> None:
        self.remarks.append(Remark(row.line, row.number, outcome, kind, why))

    def time(self, row: SourceRow, column: str, before: datetime | None = None) -> ReadTime:
        return read_time(row.cells[column], self.ground.mapping, self.ground.now, before)

    def value(self, row: SourceRow, column: str, values: Values[T], kept: T | None) -> T:
        """What the cell means; else what held before, else the mapping's default."""
        otherwise = values.default if kept is None else kept
        text = row.cells.get(column)
        if text is None:
            return otherwise
        found = values.of(text)
        if found is not None:
            return found
        taken = f"{otherwise} was {'taken' if kept is None else 'kept'}"
        if self.ground.mapping.says_nothing(text):
            self.say(row, Kind.VALUE_MISSING, f"{column} is missing; {taken}.")
        else:
            self.say(row, Kind.VALUE_UNKNOWN, f"The mapping has no {column} {text[:40]!r}; {taken}.")
        return otherwise

    def place(self, row: SourceRow, column: str, values: Values[str]) -> str:
        """Municipality or service: the default is meant for all that the table does not name."""
        return values.of(row.cells.get(column, "")) or values.default

    def urgency(self, row: SourceRow, kept: Urgency | None) -> Urgency:
        mapping = self.ground.mapping
        impact = self.value(row, "impact", mapping.impact, kept.impact if kept else None)
        urgency = self.value(row, "urgency", mapping.urgency, kept.urgency if kept else None)
        if "priority" not in row.cells:
            return Urgency(impact, urgency, priority_of(self.ground.installation, impact, urgency))
        return Urgency(impact, urgency, self.value(row, "priority", mapping.priority, kept.priority if kept else None))

    def state(self, row: SourceRow, kept: str) -> str:
        """Their state, folded; what the mapping does not know leaves the ticket where it was."""
        text, mapping = row.cells["state"], self.ground.mapping
        if mapping.says_nothing(text):
            self.say(row, Kind.STATE_MISSING, f"The state is missing; {mapping.spelt[kept]} was kept.")
        elif folded(text) in mapping.states:
            return folded(text)
        else:
            why = f"The mapping has no state {text[:40]!r}; {mapping.spelt[kept]} was kept."
            self.say(row, Kind.STATE_UNKNOWN, why)
        return kept

    def team(self, row: SourceRow, municipality: str, service: str, kept: Team | None) -> Team:
        """Whose group it is; a row without one leaves the ticket where it was."""
        holders, text = self.ground.holders, row.cells.get("group")
        missing = text is None or self.ground.mapping.says_nothing(text)
        found = None if text is None or missing else holders.of(text, municipality, service)
        if found is not None:
            return found
        team = kept or holders.unknown(municipality, service)
        if text is not None:
            taken = f"{team.key} was {'kept' if kept else 'taken'}"
            if missing:
                self.say(row, Kind.GROUP_MISSING, f"The group is missing; {taken}.")
            else:
                self.say(row, Kind.GROUP_UNKNOWN, f"The mapping has no group {text[:40]!r}; {taken}.")
        return team


def last_said(rows: list[SourceRow], column: str, mapping: ImportMap) -> str:
    """What the last row that says anything in a column says; '' when none does."""
    said = (row.cells.get(column, "") for row in reversed(rows))
    return next((text for text in said if not mapping.says_nothing(text)), "")
