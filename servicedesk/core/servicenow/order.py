"""The rows of one incident in the order in which its own counter says that they happened."""

import re
from collections.abc import Sequence
from datetime import datetime

from servicedesk.core.servicenow.account import Kind, Outcome, Remark
from servicedesk.core.servicenow.log_file import SourceRow
from servicedesk.core.servicenow.mapping import ImportMap
from servicedesk.core.servicenow.times import civil_time

COUNTER = re.compile(r"\d{1,9}(\.0+)?")


def in_order(rows: Sequence[SourceRow], mapping: ImportMap, remarks: list[Remark]) -> list[SourceRow]:
    """Each row once, by the counter. Rows that share a number of it stand by their times, then as in the file; a row
    without one stays behind the row before it. Without a counter the file's own order holds."""
    found: dict[tuple[int, bytes], SourceRow] = {}
    first_with: dict[int, SourceRow] = {}
    counter = 0
    for row in rows:
        if row.stray:
            why = "A quotation mark is not closed; it was taken for a letter."
            remarks.append(Remark(row.line, row.number, Outcome.REPAIRED, Kind.QUOTE_STRAY, why))
        counter = _counter(row, counter, remarks)
        same = found.get((counter, row.whole))
        if same is not None:
            why = f"It says the same as line {same.line}."
            remarks.append(Remark(row.line, row.number, Outcome.DUPLICATE, Kind.DUPLICATE, why))
            continue
        found[counter, row.whole] = row
        other = first_with.setdefault(counter, row)
        if other is not row and "order" in row.cells:
            why = f"Line {other.line} has the counter {row.cells['order']} too; both are kept, by their times."
            remarks.append(Remark(row.line, row.number, Outcome.REPAIRED, Kind.ORDER_TWICE, why))
    if not any("order" in row.cells for row in rows):
        return list(found.values())
    return _sorted(found, mapping)


def _counter(row: SourceRow, before: int, remarks: list[Remark]) -> int:
    text = row.cells.get("order")
    if text is None:
        return before
    if COUNTER.fullmatch(text):
        return int(float(text))
    why = f"{text[:40]!r} is no counter; the row stays behind the one before it in the file."
    remarks.append(Remark(row.line, row.number, Outcome.REPAIRED, Kind.ORDER_UNREADABLE, why))
    return before


def _sorted(found: dict[tuple[int, bytes], SourceRow], mapping: ImportMap) -> list[SourceRow]:
    """Times decide only among rows that share a counter, and only when every one of them has one."""
    groups: dict[int, list[SourceRow]] = {}
    for (counter, _), row in found.items():
        groups.setdefault(counter, []).append(row)
    return [row for counter in sorted(groups) for row in _by_time(groups[counter], mapping)]


def _by_time(rows: list[SourceRow], mapping: ImportMap) -> list[SourceRow]:
    if len(rows) == 1:
        return rows
    times = [civil_time(row.cells["updated_at"], mapping) for row in rows]
    known: list[datetime] = [time for time in times if time is not None]
    if len(known) < len(rows) or len({time.tzinfo is None for time in known}) > 1:
        return rows
    return [row for _, _, row in sorted(zip(known, range(len(rows)), rows, strict=True))]
