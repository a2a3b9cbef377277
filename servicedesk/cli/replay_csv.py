"""Every promise that comes out otherwise under other rules, as a table for a spreadsheet."""

import csv
from collections.abc import Callable
from datetime import datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from servicedesk.core.replay.comparison import Side
from servicedesk.core.replay.tally import Changed

SIDES = ("before", "after")
COLUMNS = ("ticket", "priority", "municipality", "service", "supplier", "promise", "clock") + tuple(
    f"{name}_{side}" for name in ("outcome", "spent_seconds", "target_seconds", "due") for side in SIDES
)


def rows_into(stream: TextIO, zone: ZoneInfo) -> Callable[[list[Changed]], None]:
    """Writes the head, and each row as it is found: by ticket, in the order in which they were logged."""
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    return lambda changed: writer.writerows(row_of(each, zone) for each in changed)


def row_of(changed: Changed, zone: ZoneInfo) -> list[Any]:
    """In the order of COLUMNS. Moments are civil time with its distance from UTC."""
    pair = changed.pair
    sides = (pair.before, pair.after)
    about = (changed.number, changed.priority, changed.municipality, changed.service, changed.supplier)
    return [
        *about,
        pair.metric,
        pair.clock,
        *(str(side.verdict.outcome) for side in sides),
        *(_seconds(side, side.spent) for side in sides),
        *(_seconds(side, side.target) for side in sides),
        *(_moment(side.due_at, zone) for side in sides),
    ]


def _seconds(side: Side, seconds: int) -> int | str:
    """Empty where nothing was promised, which is not the same as no time."""
    return seconds if side.target else ""


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat() if moment else ""
