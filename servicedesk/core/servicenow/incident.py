"""One incident's rows as an ordered, repaired history: the ticket as it was logged, and the steps observed since.

Nothing here writes: a plan can be shown, compared with a journal, or carried out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from servicedesk.core.events import Payload, PriorityChanged, TicketAssigned
from servicedesk.core.facts import Team
from servicedesk.core.servicenow.account import Kind, Outcome, Remark
from servicedesk.core.servicenow.log_file import SourceRow
from servicedesk.core.servicenow.mapping import folded
from servicedesk.core.servicenow.order import in_order
from servicedesk.core.servicenow.steps import ENDED, moved_on, passed_on
from servicedesk.core.servicenow.times import civil_time, read_time
from servicedesk.core.servicenow.values import Ground, Reader, Urgency, last_said
from servicedesk.core.vocabulary import Category, Channel, Verb
from servicedesk.core.workflows.definition import State


@dataclass(frozen=True, slots=True)
class Step:
    """One observed event; `line` is the row that tells of it."""

    at: datetime
    line: int
    payload: Payload


@dataclass(frozen=True, slots=True)
class Logged:
    """How the ticket began. Which agreements that pins is for the action, which knows the versions."""

    at: datetime
    line: int
    state: str
    municipality: str
    service: str
    team: Team
    channel: Channel
    urgency: Urgency
    subject: str
    requester: str


@dataclass(slots=True)
class Plan:
    """`logged` is None when not one row can be used. `lines` are the rows that were read, in their order."""

    number: str
    logged: Logged | None = None
    steps: list[Step] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def outcomes(self) -> dict[int, Outcome]:
        """What became of each row; a row that gave rise to something and had to be repaired counts as repaired."""
        telling = {step.line for step in self.steps} | ({self.logged.line} if self.logged else set())
        found = {line: Outcome.IMPORTED if line in telling else Outcome.NO_CHANGE for line in self.lines}
        for remark in self.remarks:
            if remark.outcome is not Outcome.REPAIRED or remark.line in found:
                found[remark.line] = remark.outcome
        return found


def plan_incident(number: str, rows: Sequence[SourceRow], ground: Ground) -> Plan:
    """The history that the rows of one number tell."""
    reader = Reader(ground)
    kept = in_order(rows, ground.mapping, reader.remarks)
    opened_at = _opened_at(kept, reader)
    if opened_at is None:
        for row in kept:
            why = "Neither this row nor any other of its incident has a time that can be read."
            reader.say(row, Kind.NO_TIME, why, Outcome.REFUSED)
        return Plan(number, remarks=reader.remarks)
    history = _History(reader, kept, opened_at)
    history.tell()
    return Plan(number, history.logged, history.steps, [row.line for row in kept], reader.remarks)


def _opened_at(rows: list[SourceRow], reader: Reader) -> datetime | None:
    """When the incident was opened: not after its first row."""
    first = rows[0]
    updates = [at for row in rows if (at := reader.time(row, "updated_at").at) is not None]
    earliest = reader.time(first, "updated_at").at
    if "opened_at" not in first.cells:
        return next(iter(updates), None)
    said = _first_readable(rows, reader)
    _all_agree(rows, said, reader)
    opened = read_time(said, reader.ground.mapping, reader.ground.now, earliest)
    if opened.at is None:
        if updates:
            reader.say(first, Kind.OPENED_MISSING, f"opened_at: {opened.why}; the first time of a row was taken.")
        return next(iter(updates), None)
    if opened.kind:
        reader.say(first, opened.kind, f"opened_at: {opened.why}.")
    if earliest is not None and opened.at > earliest:
        why = f"opened_at {said!r} is after the first row, {first.cells['updated_at']!r}; the row's time was taken."
        reader.say(first, Kind.OPENED_LATE, why)
        return earliest
    return opened.at


def _first_readable(rows: list[SourceRow], reader: Reader) -> str:
    mapping = reader.ground.mapping
    cells = [row.cells["opened_at"] for row in rows]
    return next((text for text in cells if civil_time(text, mapping)), last_said(rows[::-1], "opened_at", mapping))


def _all_agree(rows: list[SourceRow], said: str, reader: Reader) -> None:
    for row in rows:
        other = row.cells["opened_at"]
        if other != said and not reader.ground.mapping.says_nothing(other):
            reader.say(row, Kind.OPENED_DIFFERS, f"opened_at is {other!r} here; {said!r} was kept.")


class _History:
    """Walks the rows and writes down what each of them changes."""

    def __init__(self, reader: Reader, rows: list[SourceRow], opened_at: datetime) -> None:
        self.reader, self.ground, self.rows = reader, reader.ground, rows
        mapping, first = reader.ground.mapping, rows[0]
        self.steps: list[Step] = []
        self.at = opened_at
        self.theirs = mapping.initial
        self.assignee = ""
        self.municipality = reader.place(first, "municipality", mapping.municipality)
        self.service = reader.place(first, "service", mapping.service)
        self.team = reader.team(first, self.municipality, self.service, None)
        self.urgency = reader.urgency(first, None)
        self.state = self.ground.state(self.theirs, self.team)
        self.has_question = False
        self.logged = self._logged(first)

    def _logged(self, first: SourceRow) -> Logged:
        mapping = self.ground.mapping
        said = [text for text in first.subject if not mapping.says_nothing(text)]
        requester = last_said(self.rows[::-1], "requester", mapping)
        return Logged(
            at=self.at,
            line=first.line,
            state=self.state.key,
            municipality=self.municipality,
            service=self.service,
            team=self.team,
            channel=self.reader.value(first, "channel", mapping.channel, None),
            urgency=self.urgency,
            subject=", ".join(said) or first.number,
            requester=requester,
        )

    def tell(self) -> None:
        for row in self.rows:
            self._row(row, is_first=row is self.rows[0])
        self._end()

    def _row(self, row: SourceRow, is_first: bool) -> None:
        before = self.at
        self.at = self._time(row)
        theirs = self.reader.state(row, self.theirs)
        self._skipped_resolution(row, theirs, before)
        if not is_first:
            self._keep_place(row)
            self._urgency(row)
            self._team(row)
        elif theirs != self.theirs:
            spelt = self.ground.mapping.spelt
            why = f"The first row is {spelt[theirs]}; that it was {spelt[self.theirs]} from opened_at on was taken."
            self.reader.say(row, Kind.STATE_SKIPPED, why)
        if theirs != self.theirs:
            self._enter(row, theirs, self.at)
        self._assignee(row)

    def _time(self, row: SourceRow) -> datetime:
        """The row's time, never before the row before it: the counter is right and the clock was wrong."""
        read = self.reader.time(row, "updated_at", self.at)
        if read.at is None:
            assert read.kind is not None
            self.reader.say(row, read.kind, f"{read.why}; that of the row before was taken.")
            return self.at
        if read.kind:
            self.reader.say(row, read.kind, f"{read.why}.")
        if read.at < self.at:
            zone = self.ground.mapping.zone
            taken = self.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
            why = f"The time {row.cells['updated_at']!r} is before that of the row before it; {taken} was taken."
            self.reader.say(row, Kind.TIME_BEFORE, why)
        return max(read.at, self.at)

    def _add(self, row: SourceRow, at: datetime, payload: Payload) -> None:
        self.steps.append(Step(at, row.line, payload))

    def _keep_place(self, row: SourceRow) -> None:
        """A ticket stays with the municipality and the service that it was logged with."""
        mapping = self.ground.mapping
        for column, values, kept in (
            ("municipality", mapping.municipality, self.municipality),
            ("service", mapping.service, self.service),
        ):
            found = self.reader.place(row, column, values)
            if found != kept:
                self.reader.say(row, Kind.PLACE_KEPT, f"The {column} is {found} here; the first row's {kept} was kept.")

    def _urgency(self, row: SourceRow) -> None:
        found = self.reader.urgency(row, self.urgency)
        if found != self.urgency:
            self.urgency = found
            self._add(row, self.at, PriorityChanged(found.impact, found.urgency, found.priority))

    def _team(self, row: SourceRow) -> None:
        team = self.reader.team(row, self.municipality, self.service, self.team)
        if team.key == self.team.key:
            return
        after = self.ground.state(self.theirs, team)
        self._add(row, self.at, passed_on(self.state, after, team))
        self.team, self.state, self.assignee = team, after, ""

    def _enter(self, row: SourceRow, theirs: str, at: datetime) -> None:
        before, after = self.state, self.ground.state(theirs, self.team)
        self.theirs, self.state = theirs, after
        if before.key == after.key:
            return
        moved = moved_on(before, after, self.assignee, self._resolution_code(row, before, after), self.has_question)
        self.has_question = moved.verb is Verb.ASK
        self._add(row, at, moved)

    def _resolution_code(self, row: SourceRow, before: State, after: State) -> str:
        if before.category in ENDED or after.category not in ENDED:
            return ""
        return str(self.reader.value(row, "resolution_code", self.ground.mapping.resolution_code, None))

    def _assignee(self, row: SourceRow) -> None:
        """Only people whom the mapping names are kept: a name in the journal could never be erased."""
        person = self.ground.mapping.assignee.get(_folded_cell(row, "assignee"), self.assignee)
        if person != self.assignee:
            self.assignee = person
            self._add(row, self.at, TicketAssigned(person))

    def _skipped_resolution(self, row: SourceRow, theirs: str, before: datetime) -> None:
        """Closed without a row that says resolved: resolved_at says when, if it lies between the rows. It comes before
        anything else that this row changes, since it came before this row."""
        after = self.ground.state(theirs, self.team)
        resolved = self._theirs_of(Category.RESOLVED)
        if after.category is not Category.CLOSED or self.state.category in ENDED or resolved is None:
            return
        text = row.cells.get("resolved_at", "")
        read = read_time(text, self.ground.mapping, self.ground.now, before)
        if read.at is not None and before <= read.at <= self.at:
            why = f"It goes straight to closed; resolved_at {text!r} says when it was resolved. {read.why}".strip()
            self.reader.say(row, Kind.ENDING_ADDED, why)
            self._enter(row, resolved, read.at)
        else:
            why = f"It was closed without having been resolved, and resolved_at {text!r} lies outside its rows."
            self.reader.say(row, Kind.STATE_SKIPPED, why)

    def _theirs_of(self, category: Category) -> str | None:
        """The first of their states that is of this category here."""
        return next((theirs for theirs in self.ground.mapping.states if self._category(theirs) is category), None)

    def _category(self, theirs: str) -> Category:
        return self.ground.state(theirs, self.team).category

    def _end(self) -> None:
        """What resolved_at and closed_at, which stand in every row, say of the end of the log."""
        for column, category in (("resolved_at", Category.RESOLVED), ("closed_at", Category.CLOSED)):
            text = last_said(self.rows, column, self.ground.mapping)
            if text:
                self._ending(column, category, text)

    def _ending(self, column: str, category: Category, text: str) -> None:
        last = self.rows[-1]
        rows = [row for row in self.rows if self._is_in(row, category)]
        civil = civil_time(text, self.ground.mapping)
        if civil is not None and any(civil_time(row.cells["updated_at"], self.ground.mapping) == civil for row in rows):
            return
        read = read_time(text, self.ground.mapping, self.ground.now, self.at)
        reached = self.state.category in (category, Category.CLOSED)
        theirs = self._theirs_of(category)
        if read.at is not None and read.at >= self.at and not reached and theirs is not None:
            why = f"No row says that it ended; {column} says {text!r}. {read.why}".strip()
            self.reader.say(last, Kind.ENDING_ADDED, why)
            self.at = read.at
            self._enter(last, theirs, read.at)
        elif rows or not reached:
            where = f"the rows say {rows[-1].cells['updated_at']!r}" if rows else "the rows go on after it"
            why = f"{column} {text!r} was not used: {read.why or where}."
            self.reader.say(rows[-1] if rows else last, Kind.ENDING_DIFFERS, why)

    def _is_in(self, row: SourceRow, category: Category) -> bool:
        theirs = _folded_cell(row, "state")
        return theirs in self.ground.mapping.states and self._category(theirs) is category


def _folded_cell(row: SourceRow, column: str) -> str:
    return folded(row.cells.get(column, ""))
