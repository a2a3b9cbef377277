"""One line of a list as people read it: the same in queue, search, triage and follow-up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache

from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Category, Tier, Verb
from servicedesk.core.workflows.definition import Definition
from servicedesk.store.queries.lines import Line, is_at_risk, share_left
from servicedesk.store.queries.systems.lists import shown_line
from servicedesk.web import identity, language, names, times
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l
from servicedesk.web.words import PRIORITIES, STAGES, TIERS

ENDED = (Category.RESOLVED, Category.CLOSED)
HOUR, DAY = 3600, 86_400
LONG = 10 * HOUR


@dataclass(frozen=True, slots=True)
class Row:
    """`share` is how much is left of the time from the promise to its end, in percent. `stage` is the state without the
    tier, which a list shows beside it. `tier`, and `tier_word` in words, is where in the chain the ticket is, '' where
    the reader may not know and when it is over."""

    number: str
    title: str
    priority: int
    priority_word: str
    municipality: str
    service: str
    state: str
    stage: str
    holder: str
    tier: str
    tier_word: str
    assignee: str
    opened_at: datetime
    last_at: datetime
    age: str
    due_at: datetime | None
    due: str
    left: str
    share: int
    tone: str


@dataclass(frozen=True, slots=True)
class Where:
    """Of a Row what it has in common with all others in the same state with the same holder."""

    state: str
    stage: str
    holder: str
    tier: str
    tier_word: str


class Saying:
    """How the lines of one page are said: what many of them have in common is put into words once."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.now = reading.now
        self.priority = cache(lambda number: str(PRIORITIES[number]))
        self.age = cache(times.age)
        self.left = cache(lambda seconds: times.left(self.now + timedelta(seconds=seconds), self.now))
        self._wheres: dict[tuple[str, ...], Where] = {}

    def row(self, line: Line) -> Row:
        installation, now, where = self.reading.installation, self.now, self.where(line)
        due_at = line.due_at
        return Row(
            number=line.number,
            title=line.title,
            priority=line.priority,
            priority_word=self.priority(line.priority),
            municipality=names.organisation(installation, line.municipality),
            service=names.service(installation, line.service),
            state=where.state,
            stage=where.stage,
            holder=where.holder,
            tier=where.tier,
            tier_word=where.tier_word,
            assignee=names.person(installation, line.assignee) if line.assignee else "",
            opened_at=line.opened_at,
            last_at=line.last_at,
            age=self.age(_rounded((now - line.opened_at).total_seconds(), HOUR)),
            due_at=due_at,
            due=times.near(due_at, now) if due_at else "",
            left=self.left(_until(due_at, now)) if due_at else "",
            share=share_left(line, now),
            tone=_tone(line, now),
        )

    def where(self, line: Line) -> Where:
        key = (line.access, line.workflow_version, line.state, line.category, line.holder_team, line.holder_tier)
        found = self._wheres.get(key)
        if found is None:
            state, stage, holder, tier = _where(line, self.reading)
            tier = tier if line.category not in ENDED else ""
            found = self._wheres[key] = Where(state, stage, holder, tier, str(TIERS[tier]) if tier else "")
        return found


def rows_of(lines: Iterable[Line], reading: Reading) -> list[Row]:
    said = Saying(reading)
    return [said.row(line) for line in lines]


def row_of(line: Line, reading: Reading) -> Row:
    return Saying(reading).row(line)


def _where(line: Line, reading: Reading) -> tuple[str, str, str, str]:
    """State, stage, holder and tier. To a supplier those of the API: its own team, the joint organisation, or the
    customer."""
    spoken, team = language.current(), names.team(reading.installation, line.holder_team)
    if line.access is not Access.SUPPLIER:
        definition = reading.book.definition(line.workflow_version)
        label = definition.states[line.state].labels[spoken]
        return label, str(_stage(definition, line.state)) or label, team, line.holder_tier
    shown = shown_line(line, reading.book, identity.viewer())
    label = shown.state.label[spoken]
    if shown.holder is None:
        return label, label, _("The customer"), ""
    holder = team if shown.holder.tier is Tier.SUPPLIER else shown.holder.organisation.name
    return label, label, holder, str(shown.holder.tier)


@lru_cache(maxsize=1_000)
def _stage(definition: Definition, key: str) -> Words:
    """What a state declares, in a few words; '' of one that is over, which is called the same wherever it is."""
    state = definition.states[key]
    if state.waits_on:
        return STAGES[state.waits_on]
    if state.received:
        return _l("To be accepted")
    if any(step.verb is Verb.VERIFY for step in definition.steps_from(key)):
        return _l("Solution to verify")
    return STAGES.get(state.category, "")


def _until(due: datetime, now: datetime) -> float:
    """Seconds, to the minute only where minutes matter: in the last hours before it, and the first after."""
    seconds = (due - now).total_seconds()
    rounded = _rounded(abs(seconds), LONG)
    return rounded if seconds >= 0 else -rounded


def _rounded(seconds: float, long: int) -> float:
    """Down to whole days from two of them on, and to whole hours from `long` on."""
    unit = DAY if seconds >= 2 * DAY else HOUR if seconds >= long else 1
    return seconds // unit * unit


def _tone(line: Line, now: datetime) -> str:
    if line.due_at is None:
        return "still"
    if line.due_at < now:
        return "overdue"
    return "risk" if is_at_risk(line, now) else "calm"
