"""Opening hours as people write them in a field: `8–12, 13.00–16.30`, and nothing for closed."""

import re
from datetime import time

from servicedesk.core.facts import Interval

SPAN = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[.:](\d{2}))?")
WRONG_HOURS = "Write the hours as 8.00–12.00, 13.00–16.30, or closed. They may not overlap."
CLOSED = frozenset({"", "stängt", "stangt", "closed", "-", "–"})


def hours_written(text: str) -> tuple[Interval, ...] | None:
    """The hours in order; none of them for a closed day, None for what is no hours: not spans of a day, one that ends
    before it begins, or two that overlap."""
    wanted = " ".join(text.split()).casefold()
    if wanted in CLOSED:
        return ()
    spans = [_span(part.strip()) for part in re.split(r"[,;]|\boch\b|\band\b", wanted) if part.strip()]
    known = sorted(span for span in spans if span)
    if len(known) < len(spans) or any(later < end for (_, end), (later, _) in zip(known, known[1:], strict=False)):
        return None
    return tuple(Interval(_time(start), _time(end)) for start, end in known)


def _span(text: str) -> tuple[int, int] | None:
    """Minutes of the day."""
    found = SPAN.fullmatch(text)
    if not found:
        return None
    start, end = (int(found[n]) * 60 + int(found[n + 1] or 0) for n in (1, 3))
    right = all(int(found[n] or 0) < 60 for n in (2, 4))
    return (start, end) if right and start < end <= 24 * 60 else None


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def as_written(hours: tuple[Interval, ...]) -> str:
    """What `hours_written` reads."""
    return ", ".join(f"{span.start:%H.%M}–{_end(span)}" for span in hours)


def _end(span: Interval) -> str:
    return "24.00" if span.end == time(0) else f"{span.end:%H.%M}"
