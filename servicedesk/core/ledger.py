"""The custody ledger: who held a ticket from when to when, for whose account, and that it all adds up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from servicedesk.core import sla
from servicedesk.core.ticket import Custody, Holder, TicketState


@dataclass(frozen=True, slots=True)
class Line:
    """One stretch. Seconds: by the wall clock, in the holder's own opening hours, and in the promise's hours."""

    stretch: Custody
    ended_at: datetime
    seconds: int
    working: int
    promised: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one holder, or one account, had in all."""

    of: str
    seconds: int
    working: int
    promised: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """`whole` runs from opening to the last closing, or to `as_of` while open. The shares of `holders`, and those of
    `accounts`, each add up to it to the second; time spent closed before a reopening stands as its own line, nobody's.
    """

    number: str
    as_of: datetime
    lines: list[Line]
    holders: list[Share]
    accounts: list[Share]
    closed: Share
    whole: Share


def ledger(ticket: TicketState, as_of: datetime, hours: sla.Calendars) -> Ledger:
    """The ledger of a ticket at a moment. The promise's hours are those of the resolution clock, if there is one."""
    promise = ticket.clocks.get("resolution")
    calendar = hours.calendar(promise.calendar) if promise else None
    end = ticket.closed_at or as_of
    lines = [_line(stretch, end, hours, calendar) for stretch in ticket.custody if stretch.started_at < end]
    counted = [line for line in lines if line.stretch.counted]
    closed = [line for line in lines if not line.stretch.counted]
    return Ledger(
        number=ticket.number,
        as_of=end,
        lines=lines,
        holders=_shares((holder_name(line.stretch.holder), line) for line in counted),
        accounts=_shares((line.stretch.account, line) for line in counted),
        closed=_sum("nobody", closed),
        whole=_whole(ticket, end, lines, calendar),
    )


def holder_name(holder: Holder) -> str:
    return f"{holder.tier}/{holder.organisation}/{holder.team}"


def _line(stretch: Custody, end: datetime, hours: sla.Calendars, promise: sla.WorkingTime | None) -> Line:
    ended = min(stretch.ended_at or end, end)
    started = stretch.started_at
    own = hours.calendar(stretch.holder.calendar)
    return Line(
        stretch=stretch,
        ended_at=ended,
        seconds=seconds_between(started, ended),
        working=own.elapsed(started, ended),
        promised=promise.elapsed(started, ended) if promise else 0,
    )


def _whole(ticket: TicketState, end: datetime, lines: list[Line], promise: sla.WorkingTime | None) -> Share:
    """Measured apart from the lines, so that adding up proves something; working time has no other sum."""
    return Share(
        of="whole",
        seconds=seconds_between(ticket.opened_at, end),
        working=sum(line.working for line in lines),
        promised=promise.elapsed(ticket.opened_at, end) if promise else 0,
    )


def _shares(named: Iterable[tuple[str, Line]]) -> list[Share]:
    groups: dict[str, list[Line]] = {}
    for name, line in named:
        groups.setdefault(name, []).append(line)
    return [_sum(name, lines) for name, lines in groups.items()]


def _sum(name: str, lines: list[Line]) -> Share:
    return Share(name, sum(x.seconds for x in lines), sum(x.working for x in lines), sum(x.promised for x in lines))


def seconds_between(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds())


def adds_up(book: Ledger) -> bool:
    """Holders' and accounts' shares, with the time spent closed, are the whole, by wall clock and by promise."""
    for shares in (book.holders, book.accounts):
        if sum(s.seconds for s in shares) + book.closed.seconds != book.whole.seconds:
            return False
        if sum(s.promised for s in shares) + book.closed.promised != book.whole.promised:
            return False
    return True


def does_not_add_up(ticket: TicketState) -> Iterator[str]:
    """Every break in the tiling of a ticket's life: a gap, an overlap, a stretch open before the last."""
    expected = ticket.opened_at
    for stretch in ticket.custody:
        if stretch.started_at != expected:
            yield f"the stretch from {stretch.started_at} should begin at {expected}"
        expected = stretch.ended_at or stretch.started_at
    for stretch in ticket.custody[:-1]:
        if stretch.ended_at is None:
            yield f"the stretch from {stretch.started_at} does not end"
    if ticket.custody[-1].ended_at is not None:
        yield "nobody holds the ticket now"
