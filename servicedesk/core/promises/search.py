"""The worst start for a chain of promises: found exactly, over every second of a stretch of time.

With the deadlines d1, d2, … of a chain, a ticket begun at t may be done only at f(t) = … d2(d1(t)), and the requester's
clock has then run elapsed(t, f(t)). That is the difference of two curves, so it is highest at a corner of one of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from servicedesk.core.calendars.calendar import Calendar, CalendarError
from servicedesk.core.calendars.civil import DAY, LAST_YEAR, Span, year_starts
from servicedesk.core.promises.curve import Curve, highest_above, moment_of, open_time

FIRST_MARGIN = 100 * DAY
LAST_SECOND = year_starts(LAST_YEAR + 1) - 1

Step = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Worst:
    """Begun at `start`, the requester's clock has run `seconds` when every step has taken all its time: `until`."""

    start: datetime
    seconds: int
    until: tuple[datetime, ...]


class Search:
    """Chains begun in [start, end), whole seconds. A step is a calendar's key and open seconds on it, at least one."""

    def __init__(self, calendar: Callable[[str], Calendar], start: datetime, end: datetime) -> None:
        self._calendar = calendar
        self._start, self._end = int(start.timestamp()), int(end.timestamp())
        self._draw(min(self._end + FIRST_MARGIN, LAST_SECOND))

    def worst(self, steps: tuple[Step, ...], promised_on: str, start: datetime, end: datetime) -> Worst:
        """Among starts in [start, end), the earliest of the worst. CalendarError when one of them may take longer than
        calendars answer."""
        first, last = int(start.timestamp()), int(end.timestamp()) - 1
        while not (done := self._done(steps, first, last)).covers(last):
            self._draw_further(steps)
        running = self._running(promised_on)
        at, seconds = highest_above(done.then(running), running)
        until = at
        ends = [until := self._deadline(step)(until) for step in steps]
        return Worst(_moment(at), seconds, tuple(_moment(second) for second in ends))

    def _done(self, steps: tuple[Step, ...], first: int, last: int) -> Curve:
        """When all steps are done, by when the first begins, over [first, last] as far as is drawn."""
        deadline, rest = self._deadline(steps[0]), steps[1:]
        begun = deadline.within(first, last) if deadline.covers(last) else deadline
        return begun.then(self._all(rest)) if rest else begun

    def _all(self, steps: tuple[Step, ...]) -> Curve:
        """The same over all that is drawn. What chains share at their far end is kept."""
        if steps not in self._shared:
            deadline = self._deadline(steps[0])
            self._shared[steps] = deadline.then(self._all(steps[1:])) if steps[1:] else deadline
        return self._shared[steps]

    def _deadline(self, step: Step) -> Curve:
        if step not in self._deadlines:
            calendar, seconds = step
            passed = self._running(calendar).raised(seconds)
            self._deadlines[step] = passed.then(moment_of(self._spans(calendar)))
        return self._deadlines[step]

    def _running(self, calendar: str) -> Curve:
        if calendar not in self._clocks:
            self._clocks[calendar] = open_time(self._spans(calendar), self._start, self._drawn)
        return self._clocks[calendar]

    def _spans(self, calendar: str) -> list[Span]:
        return self._calendar(calendar).spans(self._start, self._drawn)

    def _draw(self, until: int) -> None:
        self._drawn = until
        self._clocks: dict[str, Curve] = {}
        self._deadlines: dict[Step, Curve] = {}
        self._shared: dict[tuple[Step, ...], Curve] = {}

    def _draw_further(self, steps: tuple[Step, ...]) -> None:
        if self._drawn == LAST_SECOND:
            raise CalendarError(
                "What may be taken on the calendars %(calendars)s leads beyond the year %(last)s.",
                code="outside_calendars",
                calendars=", ".join(calendar for calendar, _ in steps),
                last=LAST_YEAR,
            )
        self._draw(min(self._end + 4 * (self._drawn - self._end), LAST_SECOND))


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
