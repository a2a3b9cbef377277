"""One line of a list as people read it: the same in queue, search, triage and follow-up."""

from dataclasses import dataclass
from datetime import datetime

from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Tier
from servicedesk.store.queries.lines import Line
from servicedesk.store.queries.supplier import shown_line
from servicedesk.web import identity, language, names, times
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import PRIORITIES

SOON = 3600


@dataclass(frozen=True, slots=True)
class Row:
    number: str
    title: str
    priority: int
    priority_word: str
    municipality: str
    service: str
    state: str
    holder: str
    assignee: str
    opened_at: datetime
    age: str
    due_at: datetime | None
    due: str
    left: str
    tone: str


def row_of(line: Line, reading: Reading) -> Row:
    installation = reading.installation
    state, holder = _where(line, reading)
    return Row(
        number=line.number,
        title=line.title,
        priority=line.priority,
        priority_word=str(PRIORITIES[line.priority]),
        municipality=names.organisation(installation, line.municipality),
        service=names.service(installation, line.service),
        state=state,
        holder=holder,
        assignee=names.person(installation, line.assignee) if line.assignee else "",
        opened_at=line.opened_at,
        age=times.span((reading.now - line.opened_at).total_seconds()),
        due_at=line.due_at,
        due=times.near(line.due_at, reading.now) if line.due_at else "",
        left=times.left(line.due_at, reading.now) if line.due_at else "",
        tone=_tone(line.due_at, reading.now),
    )


def _where(line: Line, reading: Reading) -> tuple[str, str]:
    """State and holder. To a supplier those of the API: its own team, the joint organisation, or the customer."""
    spoken, team = language.current(), names.team(reading.installation, line.holder_team)
    if line.access is not Access.SUPPLIER:
        return reading.book.definition(line.workflow_version).states[line.state].labels[spoken], team
    shown = shown_line(line, reading.book, identity.viewer())
    if shown.holder is None:
        return shown.state.label[spoken], _("The customer")
    return shown.state.label[spoken], team if shown.holder.tier is Tier.SUPPLIER else shown.holder.organisation.name


def _tone(due: datetime | None, now: datetime) -> str:
    if due is None:
        return "still"
    if due < now:
        return "overdue"
    return "risk" if (due - now).total_seconds() < SOON else "calm"
