"""The timeline: days, newest first, and in each what was done and written; what only went by is folded together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import ClassVar

from servicedesk.web import times
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l
from servicedesk.web.ticket.clocks import promise_name
from servicedesk.web.ticket.telling import Badge, Kind, Told

# So much stands open; the days before are folded together.
RECENT = 30


class Show(StrEnum):
    """What of it a reader wants to see."""

    ALL = "all"
    WRITTEN = "written"
    STEPS = "steps"


SHOWS: dict[Show, Words] = {Show.ALL: _l("Everything"), Show.WRITTEN: _l("What was written"), Show.STEPS: _l("Steps")}


@dataclass(frozen=True, slots=True)
class Passing:
    """One promise in a run: which shares of its time went by, from when to when, and whether it broke."""

    position: int
    since: datetime
    until: datetime
    words: str
    is_broken: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive happenings that nobody wrote, alike in who sees them: one line, folded where there are several."""

    is_run: ClassVar[bool] = True

    since: datetime
    until: datetime
    words: str
    badge: Badge
    lines: list[Passing]
    is_broken: bool


@dataclass(frozen=True, slots=True)
class Day:
    """`items` newest first. `date` is said on paper, where "today" means nothing."""

    date: str
    label: str
    items: list[Told | Run]


@dataclass(frozen=True, slots=True)
class Filter:
    show: Show
    label: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """`older`: the days before those that stand open, with `older_count` lines on them. `icons`: those in use."""

    days: list[Day]
    older: list[Day]
    older_count: int
    icons: list[str]
    filters: list[Filter]
    show: Show


def shown(asked: str) -> Show:
    """A filter that is none of ours shows everything."""
    return Show(asked) if asked in list(Show) else Show.ALL


def timeline(happened: list[Told], show: Show, reading: Reading) -> Timeline:
    """Of what happened, oldest first."""
    days = days_of([told for told in happened if _belongs(told, show)], reading)
    cut = _cut(days)
    return Timeline(
        days=days[:cut],
        older=days[cut:],
        older_count=sum(len(day.items) for day in days[cut:]),
        icons=icons_of(happened),
        filters=[_filter(each, happened, show) for each in Show],
        show=show,
    )


def icons_of(happened: list[Told]) -> list[str]:
    """Each is drawn once and pointed to by every line that has it."""
    return sorted({"alert", "clock", "lock"} | {t.icon for t in happened} | {str(t.badge.audience) for t in happened})


def days_of(happened: Iterable[Told], reading: Reading) -> list[Day]:
    """Newest first, of what happened, oldest first."""
    by_day = groupby(reversed(list(happened)), key=lambda told: times.local(told.at).date())
    return [Day(date.isoformat(), times.day(date, reading.now), list(_items(told, reading))) for date, told in by_day]


def _cut(days: list[Day]) -> int:
    """How many days stand open: as many as it takes to show what is recent, the last of them whole."""
    lines = 0
    for index, day in enumerate(days):
        if lines >= RECENT:
            return index
        lines += len(day.items)
    return len(days)


def _items(day: Iterable[Told], reading: Reading) -> Iterator[Told | Run]:
    for kind, together in groupby(day, key=lambda told: told.kind):
        if kind is Kind.NOTICED:
            yield from _runs(list(together), reading)
        else:
            yield from together


def _runs(noticed: list[Told], reading: Reading) -> Iterator[Run]:
    """One for each circle of readers."""
    for badge in dict.fromkeys(told.badge for told in noticed):
        yield _run(badge, [told for told in noticed if told.badge == badge], reading)


def _run(badge: Badge, noticed: list[Told], reading: Reading) -> Run:
    clocks = dict.fromkeys(told.warning[0] for told in noticed if told.warning)
    lines = [_passing(clock, noticed) for clock in clocks]
    broken = [
        promise_name(clock, reading.installation) for clock, line in zip(clocks, lines, strict=True) if line.is_broken
    ]
    if len(lines) == 1:
        words = lines[0].words
    elif broken:
        words = _("Broken: %(promises)s", promises=", ".join(broken))
    else:
        words = _("Time has gone by on %(count)s promises", count=len(lines))
    return Run(noticed[-1].at, noticed[0].at, words, badge, lines, bool(broken))


def _passing(clock: str, noticed: list[Told]) -> Passing:
    """Of one clock, newest first."""
    mine = [(told, told.warning[1]) for told in reversed(noticed) if told.warning and told.warning[0] == clock]
    shares = ", ".join(str(share) for told, share in mine if not told.breaks)
    is_broken = any(told.breaks for told, _share in mine)
    first, last = mine[0][0], mine[-1][0]
    return Passing(last.position, first.at, last.at, _passed(last.what, shares, is_broken), is_broken)


def _passed(promise: str, shares: str, is_broken: bool) -> str:
    if not is_broken:
        return _("%(promise)s: %(shares)s %% of the time used", promise=promise, shares=shares)
    if not shares:
        return _("%(promise)s: broken", promise=promise)
    return _("%(promise)s: %(shares)s %% of the time used, then broken", promise=promise, shares=shares)


def _belongs(told: Told, show: Show) -> bool:
    if show is Show.WRITTEN:
        return bool(told.texts or told.file)
    return show is Show.ALL or told.kind is Kind.STEP


def _filter(each: Show, happened: list[Told], show: Show) -> Filter:
    return Filter(each, str(SHOWS[each]), sum(_belongs(told, each) for told in happened), each is show)
