"""What other agreements or opening hours would have meant: promises before and after, in pictures and as a table."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from babel.numbers import format_decimal

from servicedesk.core.follow_up import Reach
from servicedesk.core.outcomes import Outcome
from servicedesk.core.replay.comparison import Side
from servicedesk.core.replay.rules import WhatIf
from servicedesk.core.replay.tally import Changed, Figure, Line, Tally
from servicedesk.core.sla import whose
from servicedesk.core.vocabulary import Metric, Tier
from servicedesk.store.queries.follow_up.counted import SPREAD_FROM
from servicedesk.store.queries.replay import Replayed, count_lived, lines_of, replay
from servicedesk.web import language, names, numbers, times
from servicedesk.web.follow_up import words
from servicedesk.web.follow_up.asking import Asking
from servicedesk.web.follow_up.attempt import Attempt
from servicedesk.web.follow_up.pictures import Piece, bar
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l, ngettext

# More than this takes longer than anybody waits for a page; the command has no such bound.
MOST_TICKETS = 1500
# So many changed promises are listed; how many there are is told of all.
MOST_LISTED = 50
# One at a time in each process: what takes seconds of a processor must not take them all.
ONE_AT_A_TIME = Lock()

OUTCOMES: dict[Outcome, Words] = {
    Outcome.KEPT: _l("kept"),
    Outcome.BROKEN: _l("broken"),
    Outcome.RUNNING: _l("not decided"),
    Outcome.LAPSED: _l("lapsed"),
    Outcome.NONE: _l("no promise"),
}
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Half:
    """Before or after: the share kept, and of how many."""

    share: str
    of: str
    median: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Comparison:
    label: str
    before: Half
    after: Half
    change: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The table has every line, the picture those that change."""

    heading: str
    lines: list[Comparison]

    @property
    def changed(self) -> list[Comparison]:
        return [line for line in self.lines if line.is_changed]

    @property
    def same(self) -> str:
        count = len(self.lines) - len(self.changed)
        if not count:
            return ""
        return ngettext(
            "For one more nothing changes. It stands in the table.",
            "For %(count)s more nothing changes. They stand in the table.",
            count,
            count=count,
        )


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A promise that comes out otherwise, on a ticket that one may open. Each pair is before and after."""

    number: str
    title: str
    promise: str
    outcome: tuple[str, str]
    spent: tuple[str, str]
    target: tuple[str, str]
    due: tuple[str, str]


@dataclass(frozen=True, slots=True)
class WhatIfPage:
    """`others`: how many promises that come out otherwise are on tickets that the viewer may not open; `more`: how many
    of the others are not listed."""

    days: str
    what: list[str]
    took: str
    heads: list[Comparison]
    groups: list[Group]
    changed: int
    ways: list[str]
    rows: list[ChangedRow]
    legend: list[tuple[Piece, str]]
    others: int
    more: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was reckoned, and what one can do; `status` is HTTP's."""

    sentence: str
    status: int


def what_if_page(asking: Asking, attempt: Attempt, reading: Reading) -> WhatIfPage | Refused | None:
    """None while there is nothing to try."""
    if asking.asked is None or attempt.substitutes is None:
        return None
    if count_lived(reading.connection, asking.asked, MOST_TICKETS) > MOST_TICKETS:
        sentence = _(
            "The period has more than %(most)s tickets, which is more than a page can reckon with. Choose a shorter "
            "period, one municipality or one service, or run `servicedesk replay`.",
            most=numbers.whole(MOST_TICKETS),
        )
        return Refused(sentence, 422)
    with _alone() as is_alone:
        if not is_alone:
            return Refused(_("Somebody else is reckoning right now. Try again in a moment."), 503)
        began = monotonic()
        tally = Tally(spread_from=SPREAD_FROM, most=1_000_000)
        done = replay(reading.connection, asking.asked, reading.book, WhatIf(reading.book, attempt.substitutes), tally)
        return _page(asking, attempt, done, monotonic() - began, reading)


@contextmanager
def _alone() -> Iterator[bool]:
    found = ONE_AT_A_TIME.acquire(blocking=False)
    try:
        yield found
    finally:
        if found:
            ONE_AT_A_TIME.release()


def _page(asking: Asking, attempt: Attempt, done: Replayed, seconds: float, reading: Reading) -> WhatIfPage:
    assert asking.asked is not None and attempt.substitutes is not None
    changed = {line.of for line in done.tally.lines("metric", "tier") if line.is_changed}
    rows, others, more = _rows(asking, done, reading)
    took = ngettext(
        "1 ticket was reckoned again in %(seconds)s seconds.",
        "%(tickets)s tickets were reckoned again in %(seconds)s seconds.",
        done.tickets,
        tickets=numbers.whole(done.tickets),
        seconds=format_decimal(seconds, "0.0", locale=str(language.current())),
    )
    return WhatIfPage(
        days=words.days(asking.asked.period),
        what=_what(attempt, reading),
        took=took,
        heads=[_compared(_named(line, reading), line) for line in _promises(done) if line.is_changed],
        groups=[group for group in _groups(asking, done, changed, reading) if group.lines],
        changed=done.tally.changed,
        ways=_ways(done),
        rows=rows,
        legend=[(Piece("kept"), _("Kept")), (Piece("broken"), _("Broken"))],
        others=others,
        more=more,
    )


def _what(attempt: Attempt, reading: Reading) -> list[str]:
    assert attempt.substitutes is not None
    installation = reading.installation
    agreements = [
        each.name or names.organisation(installation, each.party) for each in attempt.substitutes.agreements.values()
    ]
    return [*agreements, *(each.name for each in attempt.substitutes.calendars.values())]


def _promises(done: Replayed) -> list[Line]:
    """Of (metric, tier, supplier), in the order of the chain."""
    order = {tier: place for place, tier in enumerate(("", *Tier))}
    metrics = {metric: place for place, metric in enumerate(Metric)}
    lines = done.tally.lines("metric", "tier", "supplier")
    return sorted(lines, key=lambda line: (order[line.of[1]], line.of[2], metrics[Metric(line.of[0])]))


def _named(line: Line, reading: Reading) -> str:
    metric, tier, supplier = line.of
    return words.promise(reading.installation, metric, tier, supplier)


def _groups(asking: Asking, done: Replayed, changed: set[tuple[str, ...]], reading: Reading) -> Iterator[Group]:
    lines = _promises(done)
    named: Callable[[Line], Comparison] = lambda line: _compared(_named(line, reading), line)  # noqa: E731
    if asking.reach is not Reach.CONTRACT:
        yield Group(_("To the requester and between the tiers"), [named(line) for line in lines if not line.of[2]])
    yield Group(_("The suppliers' contracts"), [named(line) for line in lines if line.of[2]])
    # What nothing changes for would only hide in these what it does.
    of_changed = [line for line in done.tally.lines("metric", "tier", "municipality") if line.of[:2] in changed]
    if asking.reach is not Reach.MUNICIPALITY:
        yield _summed(_("The promises that change, by municipality"), of_changed, names.organisation, reading)
    of_changed = [line for line in done.tally.lines("metric", "tier", "service") if line.of[:2] in changed]
    yield _summed(_("The promises that change, by service"), of_changed, names.service, reading)


def _summed(heading: str, lines: Iterable[Line], named: Callable[..., str], reading: Reading) -> Group:
    """One line for each value of the last dimension; of several promises together no time is told."""
    sums: dict[str, list[Line]] = {}
    for line in lines:
        sums.setdefault(line.of[2], []).append(line)
    whole = [
        (named(reading.installation, key), Line((key,), _sum(x.before for x in group), _sum(x.after for x in group)))
        for key, group in sums.items()
    ]
    found = [_compared(label, line) for label, line in sorted(whole, key=lambda item: item[0])]
    return Group(heading, found if len(found) > 1 else [])


def _sum(figures: Iterable[Figure]) -> Figure:
    kept = broken = 0
    for figure in figures:
        kept, broken = kept + figure.kept, broken + figure.broken
    return Figure(kept, broken)


def _compared(label: str, line: Line) -> Comparison:
    before, after = line.before, line.after
    return Comparison(label, _half(before), _half(after), _change(before, after), line.is_changed)


def _half(figure: Figure) -> Half:
    return Half(
        share=numbers.percent(figure.kept, figure.decided),
        of=_("%(kept)s of %(decided)s", kept=numbers.whole(figure.kept), decided=numbers.whole(figure.decided))
        if figure.decided
        else _("nothing decided"),
        median="" if figure.median is None else times.span(figure.median),
        pieces=bar([("kept", figure.kept), ("broken", figure.broken)], figure.decided),
    )


def _change(before: Figure, after: Figure) -> str:
    if before.percent is None or after.percent is None or before == after:
        return ""
    points = format_decimal(after.percent - before.percent, "+0.0;\u22120.0", locale=str(language.current()))
    return _("%(points)s percentage points", points=points)


def _ways(done: Replayed) -> list[str]:
    """'116: hållet → brutet', the most first."""
    return [
        f"{numbers.whole(n)}: {OUTCOMES[one]} → {OUTCOMES[other]}" for (one, other), n in done.tally.ways.most_common()
    ]


def _rows(asking: Asking, done: Replayed, reading: Reading) -> tuple[list[ChangedRow], int, int]:
    """The weightiest on tickets that one may open, how many are on others, and how many are not listed."""
    assert asking.asked is not None
    heavy = done.tally.heaviest()
    lines = lines_of(reading.connection, asking.asked.scope.viewer, {each.ticket_id for each in heavy})
    mine = [each for each in heavy if each.ticket_id in lines]
    rows = [_row(each, lines[each.ticket_id].title, reading) for each in mine[:MOST_LISTED]]
    return rows, len(heavy) - len(mine), len(mine) - len(rows)


def _row(changed: Changed, title: str, reading: Reading) -> ChangedRow:
    pair = changed.pair
    sides = pair.before, pair.after
    both: Callable[[Callable[[Side], str]], tuple[str, str]] = lambda told: (told(sides[0]), told(sides[1]))  # noqa: E731
    return ChangedRow(
        number=changed.number,
        title=title or _("(no description yet)"),
        promise=words.promise(
            reading.installation, pair.metric, pair.tier, whose(pair.clock)[1] if changed.supplier else ""
        ),
        outcome=both(lambda side: str(OUTCOMES[side.verdict.outcome])),
        spent=both(lambda side: times.hours(side.spent) if side.target else "–"),
        target=both(lambda side: times.hours(side.target) if side.target else "–"),
        due=both(lambda side: times.short(side.due_at) if side.due_at else "–"),
    )
