"""The worst start for a chain of promises: found exactly, over every second of a stretch of time.

With the deadlines d1, d2, … of a chain, a ticket begun at t may be done only at f(t) = … d2(d1(t)), and the requester's
clock has then run elapsed(t, f(t)). That is the difference of two curves, so it is highest at a corner of one of them.

There and back, all but the last are visited twice, and each divides its time between the two as is worst: see `split`.
As nobody is done sooner for having begun later, the worst of the inner part is worst for the whole.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce

from servicedesk.core.calendars.calendar import Calendar, CalendarError
from servicedesk.core.calendars.civil import DAY, LAST_YEAR, Span, year_starts
from servicedesk.core.promises.curve import Curve, highest_above, moment_of, open_time
from servicedesk.core.promises.split import higher, highest_ahead

FIRST_MARGIN = 100 * DAY
LAST_SECOND = year_starts(LAST_YEAR + 1) - 1

Step = tuple[str, int]
Steps = tuple[Step, ...]
Taken = tuple[int, int, int]  # the number of the step, open seconds, and until when


@dataclass(frozen=True, slots=True)
class Visit:
    """The step of the chain by number, how many open seconds it takes, and when they have passed."""

    step: int
    seconds: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Worst:
    """Begun at `start`, the requester's clock has run `seconds` when everybody has taken all their time."""

    start: datetime
    seconds: int
    visits: tuple[Visit, ...]

    @property
    def until(self) -> tuple[datetime, ...]:
        return tuple(visit.until for visit in self.visits)


class Search:
    """Chains begun in [start, end), whole seconds. A step is a calendar's key and open seconds on it, at least one."""

    def __init__(self, calendar: Callable[[str], Calendar], start: datetime, end: datetime) -> None:
        self._calendar = calendar
        self._start, self._end = int(start.timestamp()), int(end.timestamp())
        self._draw(min(self._end + FIRST_MARGIN, LAST_SECOND))

    def worst(self, steps: Steps, promised_on: str, start: datetime, end: datetime) -> Worst:
        """Each step once, one after the other. Among starts in [start, end), the earliest of the worst. CalendarError
        when one of them may take longer than calendars answer."""
        return self._worst(self._done, self._visits_up, steps, promised_on, start, end)

    def worst_with_return(self, steps: Steps, promised_on: str, start: datetime, end: datetime) -> Worst:
        """Up to the last step and down again, each dividing its time between both ways; otherwise as `worst`."""
        return self._worst(self._done_with_return, self._visits_and_back, steps, promised_on, start, end)

    def _worst(
        self,
        done_by: Callable[[Steps, int, int], list[Curve]],
        visits: Callable[[Steps, int, int], list[Taken]],
        steps: Steps,
        promised_on: str,
        start: datetime,
        end: datetime,
    ) -> Worst:
        first, last = int(start.timestamp()), int(end.timestamp()) - 1
        curves = done_by(steps, first, last)
        while not all(done.covers(last) for done in curves):
            self._draw_further(steps)
            curves = done_by(steps, first, last)
        running = self._running(promised_on)
        highest = (highest_above(done.then(running), running) for done in curves)
        at, seconds = max(highest, key=lambda found: (found[1], -found[0]))
        taken = visits(steps, at, max(done(at) for done in curves))
        return Worst(_moment(at), seconds, tuple(Visit(step, part, _moment(until)) for step, part, until in taken))

    def _visits_up(self, steps: Steps, at: int, _: int) -> list[Taken]:
        until = at
        return [(n, step[1], until := self._deadline(step)(until)) for n, step in enumerate(steps)]

    def _visits_and_back(self, steps: Steps, at: int, worst: int) -> list[Taken]:
        """Begun at `at`, done at `worst`. Of splits that are as bad, all on the way up goes first, then nothing."""
        (calendar, seconds), rest = steps[0], steps[1:]
        if not rest:
            return [(0, seconds, worst)]
        up = next(taken for taken in self._splits(steps, at) if self._returned(steps, at, taken) == worst)
        begun = self._after(calendar, at, up)
        inner = self._visits_and_back(rest, begun, self._with_return(rest)(begun))
        between = [(n + 1, taken, until) for n, taken, until in inner]
        way_up = [(0, up, begun)] if up else []
        way_down = [(0, seconds - up, worst)] if up < seconds else []
        return [*way_up, *between, *way_down]

    def _splits(self, steps: Steps, at: int) -> Iterator[int]:
        """How much may go on the way up where it can be worst: all, nothing, a second, or until a corner."""
        (calendar, seconds), rest = steps[0], steps[1:]
        yield from (seconds, 0, 1)
        passed = self._running(calendar)(at)
        corners = self._inside(calendar, rest).xs
        yield from (corner - passed for corner in corners if passed < corner < passed + seconds)

    def _returned(self, steps: Steps, at: int, up: int) -> int:
        (calendar, seconds), rest = steps[0], steps[1:]
        return self._after(calendar, self._with_return(rest)(self._after(calendar, at, up)), seconds - up)

    def _after(self, calendar: str, at: int, seconds: int) -> int:
        return self._moments(calendar)(self._running(calendar)(at) + seconds) if seconds else at

    def _done(self, steps: Steps, first: int, last: int) -> list[Curve]:
        """When all steps are done, by when the first begins, over [first, last] as far as is drawn."""
        deadline, rest = self._deadline(steps[0]), steps[1:]
        begun = deadline.within(first, last) if deadline.covers(last) else deadline
        return [begun.then(self._all(rest)) if rest else begun]

    def _all(self, steps: Steps) -> Curve:
        """The same over all that is drawn. What chains share at their far end is kept."""
        if steps not in self._shared:
            deadline = self._deadline(steps[0])
            self._shared[steps] = deadline.then(self._all(steps[1:])) if steps[1:] else deadline
        return self._shared[steps]

    def _done_with_return(self, steps: Steps, first: int, last: int) -> list[Curve]:
        """When the first is done the second time, by when it begins: the highest of these."""
        return [done.within(first, last) if done.covers(last) else done for done in self._ways_back(steps)]

    def _with_return(self, steps: Steps) -> Curve:
        """The same as one curve, over all that is drawn. What chains share at their far end is kept."""
        if steps not in self._returns:
            self._returns[steps] = reduce(higher, self._ways_back(steps))
        return self._returns[steps]

    def _ways_back(self, steps: Steps) -> list[Curve]:
        """All of the first step's time on the way up, all on the way down, and the worst part on each."""
        deadline = self._deadline(steps[0])
        if not steps[1:]:
            return [deadline]
        (calendar, seconds), between = steps[0], self._with_return(steps[1:])
        ways = [deadline.then(between), between.then(deadline)]
        if seconds > 1:
            ahead = highest_ahead(self._inside(calendar, steps[1:]), seconds)
            ways.append(self._running(calendar).then(ahead).then(self._moments(calendar)))
        return ways

    def _inside(self, calendar: str, steps: Steps) -> Curve:
        """From open time on this calendar to open time on it when the others are done."""
        return self._moments(calendar).then(self._with_return(steps)).then(self._running(calendar))

    def _moments(self, calendar: str) -> Curve:
        if calendar not in self._moment_curves:
            self._moment_curves[calendar] = moment_of(self._spans(calendar))
        return self._moment_curves[calendar]

    def _deadline(self, step: Step) -> Curve:
        if step not in self._deadlines:
            calendar, seconds = step
            passed = self._running(calendar).raised(seconds)
            self._deadlines[step] = passed.then(self._moments(calendar))
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
        self._moment_curves: dict[str, Curve] = {}
        self._returns: dict[Steps, Curve] = {}
        self._shared: dict[Steps, Curve] = {}

    def _draw_further(self, steps: Steps) -> None:
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
