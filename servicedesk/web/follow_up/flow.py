"""What came and went, week by week; who returned to whom; what the first line solved by itself."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from servicedesk.core.period import Period, steps
from servicedesk.store.queries.follow_up.figures import Family, tally
from servicedesk.store.queries.follow_up.flow import QUARTER, Happening
from servicedesk.web import numbers
from servicedesk.web.follow_up.asking import Asking
from servicedesk.web.follow_up.figure import Figured, figured
from servicedesk.web.follow_up.pictures import Piece, columns
from servicedesk.web.follow_up.words import HAPPENINGS, step
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import TIERS


@dataclass(frozen=True, slots=True)
class Series:
    kind: str
    label: str
    total: Figured
    pieces: list[Piece]
    said: str


@dataclass(frozen=True, slots=True)
class Flow:
    """`rows`: a week or month with each happening's figure. `most` is the scale that all pictures share."""

    series: list[Series]
    rows: list[tuple[str, list[Figured]]]
    is_by_month: bool
    most: int
    returns: list[tuple[str, str, Figured]]
    first_line: Figured
    first_line_share: str
    began_there: Figured


def flow(asking: Asking, reading: Reading) -> Flow:
    assert asking.asked is not None
    rows = tally(reading.connection, asking.asked, Family.FLOW, "what", "quarter", "from_tier", "to_tier")
    # What has not begun yet has nothing to show.
    weeks = [
        each for each in steps(asking.asked.period, ZoneInfo(reading.installation.zone)) if each.start < reading.now
    ]
    begins = [int(week.start.timestamp()) for week in weeks]
    counts: Counter[tuple[str, int]] = Counter()
    returns: Counter[tuple[str, str]] = Counter()
    for what, quarter, before, after, n, _seconds in rows:
        counts[what, bisect_right(begins, quarter * QUARTER) - 1] += n
        if what == Happening.RETURNED:
            returns[before, after] += n
    is_by_month = len(weeks) > 1 and (weeks[1].last - weeks[1].first).days > 7
    most = max(counts.values(), default=0)
    there, began = _first_line(asking, reading)
    return Flow(
        series=[_series(asking, what, [counts[what, n] for n in range(len(weeks))], most) for what in Happening],
        rows=[(step(week, is_by_month), _of_step(asking, week, n, counts)) for n, week in enumerate(weeks)],
        is_by_month=is_by_month,
        most=most,
        returns=[_return(asking, before, after, n) for (before, after), n in returns.most_common()],
        first_line=figured(there, asking.behind(Family.FIRST_LINE, solved_there="yes")),
        first_line_share=numbers.percent(there, began),
        began_there=figured(began, asking.behind(Family.FIRST_LINE)),
    )


def _series(asking: Asking, what: Happening, amounts: list[int], most: int) -> Series:
    label, total = str(HAPPENINGS[what]), sum(amounts)
    said = _("%(label)s: %(total)s, at most %(most)s", label=label, total=total, most=max(amounts, default=0))
    return Series(
        str(what), label, figured(total, asking.behind(Family.FLOW, what=what)), columns(what, amounts, most), said
    )


def _of_step(asking: Asking, week: Period, place: int, counts: Counter[tuple[str, int]]) -> list[Figured]:
    return [figured(counts[what, place], asking.behind(Family.FLOW, week, what=what)) for what in Happening]


def _return(asking: Asking, before: str, after: str, n: int) -> tuple[str, str, Figured]:
    href = asking.behind(Family.FLOW, what=Happening.RETURNED, from_tier=before, to_tier=after)
    return str(TIERS[before]), str(TIERS[after]), figured(n, href)


def _first_line(asking: Asking, reading: Reading) -> tuple[int, int]:
    """(solved there, began there) of the tickets closed in the period."""
    assert asking.asked is not None
    found = {
        row.solved_there: row.n for row in tally(reading.connection, asking.asked, Family.FIRST_LINE, "solved_there")
    }
    return found.get("yes", 0), sum(found.values())
