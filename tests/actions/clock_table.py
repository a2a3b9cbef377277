"""The clock table of the README: how it is read, and what each phrase means of clocks looked at before and after.

For every clock of a kind there is one true phrase, or none: whatever else a cell says is wrong.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from servicedesk.core.sla import spent_at, whose
from servicedesk.core.ticket import Clock, TicketState
from servicedesk.core.vocabulary import ClockEffect, Metric
from servicedesk.store.rulebook import RuleBook

README = Path(__file__).parents[2] / "README.md"
HEADING = "### What stops, starts and moves a clock"
# Each column's clocks, by how their keys begin; between the tiers a key goes on with the tier that promises.
COLUMNS = {
    "response": (Metric.RESPONSE, False),
    "resolution": (Metric.RESOLUTION, False),
    "update": (Metric.UPDATE, False),
    "acknowledgement": (Metric.ACKNOWLEDGEMENT, True),
    "holding": (Metric.HOLDING, True),
    "contract": (Metric.CONTRACT, True),
    "update by a tier": (Metric.UPDATE, True),
}
LATER = timedelta(hours=1)
RUN, PAUSE, STOP = ClockEffect.RUN, ClockEffect.PAUSE, ClockEffect.STOP

Table = dict[str, dict[str, str]]


def section() -> list[str]:
    """The lines of the README's clock section."""
    text = README.read_text(encoding="utf-8").split(f"{HEADING}\n", 1)[1]
    lines = []
    for line in text.splitlines():
        if line.startswith("#"):
            break
        lines.append(line)
    return lines


def read_table(lines: Iterable[str]) -> Table:
    """What happens -> column -> phrase."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    head, _rule, *body = [row for row in rows if len(row) > 2]
    found = {}
    for happening, *cells in body:
        assert happening not in found, f"{happening} stands twice"
        found[happening] = dict(zip(head[1:], cells, strict=True))
    return found


def read_phrases(lines: Iterable[str]) -> list[str]:
    """The closed vocabulary that is explained under the table: one line each, the phrase in bold."""
    return [line.split("**")[1] for line in lines if line.startswith("- **")]


@dataclass(frozen=True)
class Look:
    """A clock at the moment of a happening, and an hour of everybody's opening hours later."""

    state: ClockEffect
    spent: int
    later: int
    target: int
    agreement: str
    due_at: datetime | None
    broken_at: datetime | None

    @property
    def hour(self) -> int:
        return self.later - self.spent


Looks = Mapping[str, Mapping[str, Look]]


@dataclass(frozen=True)
class Case:
    """One ticket's clocks right before and right after something happened to it."""

    before: Looks
    after: Looks


def looks(ticket: TicketState, at: datetime, book: RuleBook) -> Looks:
    found: dict[str, dict[str, Look]] = {column: {} for column in COLUMNS}
    for key, clock in ticket.clocks.items():
        found[_column(clock)][key] = _look(clock, at, book)
    return found


def _column(clock: Clock) -> str:
    [column] = [column for column, kind in COLUMNS.items() if kind == (clock.metric, bool(whose(clock.key)[1]))]
    return column


def _look(clock: Clock, at: datetime, book: RuleBook) -> Look:
    spent, later = spent_at(clock, at, book), spent_at(clock, at + LATER, book)
    return Look(clock.state, spent, later, clock.target, clock.agreement, clock.due_at, clock.broken_at)


def happened_to(column: str, case: Case) -> str:
    """The one phrase that is true of all clocks of a kind. What stood still or was over, and is so still, says
    something only where nothing else of the kind does. ValueError when no phrase is."""
    kinds = {_kind(case.before[column].get(key), look) for key, look in case.after[column].items()}
    loud = kinds - {"stands still", "keeps its outcome"}
    if loud in (PASSED_ON, PASSED_BACK):
        return "passes on"
    if loud == ANEW:
        return "begins anew"
    if len(loud) == 1:
        return loud.pop()
    if loud:
        raise ValueError(f"{column}: {sorted(loud)}")
    if not kinds:
        return "–"
    return "stands still" if "stands still" in kinds else "keeps its outcome"


PASSED_ON, PASSED_BACK, ANEW = {"pauses", "starts"}, {"pauses", "goes on"}, {"stops", "starts"}


def _kind(before: Look | None, after: Look) -> str:
    """See README for what each means."""
    _require_sound(after)
    if before is None:
        assert after.spent == 0
        return "starts" if after.state is RUN else "is kept at once"
    if after.spent != before.spent:
        return "is counted again"
    if (after.target, after.agreement) != (before.target, before.agreement):
        return "gets a new target"
    ways = {
        (RUN, RUN): "runs on",
        (RUN, PAUSE): "pauses",
        (RUN, STOP): "stops",
        (PAUSE, RUN): "goes on",
        (PAUSE, PAUSE): "stands still",
        (PAUSE, STOP): "stops",
        (STOP, RUN): "goes on",
        (STOP, PAUSE): "stands still",
        (STOP, STOP): "keeps its outcome",
    }
    kind = ways[before.state, after.state]
    if kind in ("runs on", "keeps its outcome"):
        assert after == before
    return kind


def _require_sound(look: Look) -> None:
    """A clock that runs counts and is due; one that does not, does neither."""
    runs = look.state is RUN
    assert look.hour == (LATER.seconds if runs else 0)
    assert (look.due_at is not None) == (runs and look.target > 0)
