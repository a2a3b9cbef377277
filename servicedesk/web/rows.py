"""One line of a list as people read it: the same in queue, search, triage and follow-up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Tier
from servicedesk.store.queries.lines import Line
from servicedesk.store.queries.supplier import shown_line
from servicedesk.web import identity, language, names, times
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import PRIORITIES

SOON = 3600
# A promise is at risk when no more of it than this is left, in percent.
LITTLE = 25
HOUR, DAY = 3600, 86_400
LONG = 10 * HOUR


@dataclass(frozen=True, slots=True)
class Row:
    """`share` is how much is left of the time from the promise to its end, in percent. `tier` is where in the chain the
    ticket is, '' where the reader may not know."""

    number: str
    title: str
    priority: int
    priority_word: str
    municipality: str
    service: str
    state: str
    holder: str
    tier: str
    assignee: str
    opened_at: datetime
    age: str
    due_at: datetime | None
    due: str
    left: str
    share: int
    tone: str


def row_of(line: Line, reading: Reading) -> Row:
    installation = reading.installation
    state, holder, tier = _where(line, reading)
    share = _share(line, reading.now)
    return Row(
        number=line.number,
        title=line.title,
        priority=line.priority,
        priority_word=str(PRIORITIES[line.priority]),
        municipality=names.organisation(installation, line.municipality),
        service=names.service(installation, line.service),
        state=state,
        holder=holder,
        tier=tier,
        assignee=names.person(installation, line.assignee) if line.assignee else "",
        opened_at=line.opened_at,
        age=times.span(_rounded((reading.now - line.opened_at).total_seconds(), HOUR)),
        due_at=line.due_at,
        due=times.near(line.due_at, reading.now) if line.due_at else "",
        left=_left(line.due_at, reading.now) if line.due_at else "",
        share=share,
        tone=_tone(line.due_at, share, reading.now),
    )


def _where(line: Line, reading: Reading) -> tuple[str, str, str]:
    """State, holder and tier. To a supplier those of the API: its own team, the joint organisation, or the customer."""
    spoken, team = language.current(), names.team(reading.installation, line.holder_team)
    if line.access is not Access.SUPPLIER:
        state = reading.book.definition(line.workflow_version).states[line.state]
        return state.labels[spoken], team, line.holder_tier
    shown = shown_line(line, reading.book, identity.viewer())
    if shown.holder is None:
        return shown.state.label[spoken], _("The customer"), ""
    holder = team if shown.holder.tier is Tier.SUPPLIER else shown.holder.organisation.name
    return shown.state.label[spoken], holder, str(shown.holder.tier)


def _left(due: datetime, now: datetime) -> str:
    """To the minute only where minutes matter: in the last hours before it, and the first after."""
    seconds = (due - now).total_seconds()
    rounded = _rounded(abs(seconds), LONG)
    return times.left(now + timedelta(seconds=rounded if seconds >= 0 else -rounded), now)


def _rounded(seconds: float, long: int) -> float:
    """Down to whole days from two of them on, and to whole hours from `long` on."""
    unit = DAY if seconds >= 2 * DAY else HOUR if seconds >= long else 1
    return seconds // unit * unit


def _share(line: Line, now: datetime) -> int:
    """By the wall clock, as the words beside it."""
    if line.due_at is None or line.promised_at is None or line.due_at <= line.promised_at:
        return 0
    return max(0, min(100, int((line.due_at - now) * 100 / (line.due_at - line.promised_at))))


def _tone(due: datetime | None, share: int, now: datetime) -> str:
    if due is None:
        return "still"
    if due < now:
        return "overdue"
    return "risk" if share <= LITTLE or (due - now).total_seconds() < SOON else "calm"
