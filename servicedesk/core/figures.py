"""What a correction changed: what each promise and each share of the time said before it, and says after."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from servicedesk.core import sla
from servicedesk.core.events import Event
from servicedesk.core.fold import fold
from servicedesk.core.ledger import ledger
from servicedesk.core.outcomes import Outcome
from servicedesk.core.rules import Rules
from servicedesk.core.ticket import Clock, TicketState
from servicedesk.core.visibility import Access, visible_clocks
from servicedesk.core.vocabulary import ClockEffect, Metric, Tier


@dataclass(frozen=True, slots=True)
class Promise:
    """Seconds used and promised (0: nothing is promised), and how it stands."""

    spent: int
    target: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Change:
    """Of one promise, None where there was none."""

    clock: str
    before: Promise | None
    after: Promise | None

    @property
    def is_turned(self) -> bool:
        """Whether what was broken is kept now, or the reverse."""
        outcomes = [each.outcome for each in (self.before, self.after) if each]
        return len(set(outcomes)) == 2 and Outcome.BROKEN in outcomes


@dataclass(frozen=True, slots=True)
class Shifted:
    """Of the time that counts, in seconds: what `of` had, whether as holder (`tier/organisation`) or as the account
    that it went on."""

    of: str
    is_account: bool
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Effect:
    """`at` is the moment that both are measured at: when the correction was made."""

    at: datetime
    promises: tuple[Change, ...]
    shares: tuple[Shifted, ...]

    @property
    def turned(self) -> list[Change]:
        return [change for change in self.promises if change.is_turned]


def effects(events: Sequence[Event], rules: Rules) -> dict[int, Effect]:
    """The last seq of every correction -> what it changed, computed from the journal as it was known then."""
    found = {}
    for last, before, after in _corrections(events):
        at = events[last - 1].recorded_at
        found[last] = effect(fold(before, rules), fold(after, rules), at, rules)
    return found


def _corrections(events: Sequence[Event]) -> Iterator[tuple[int, Sequence[Event], Sequence[Event]]]:
    """(last seq, what was known before, and with it): a wait and its end are one correction."""
    start = 0
    for key, together in groupby(events, key=_batch):
        end = start + len(list(together))
        if key[0]:
            yield events[end - 1].seq, events[:start], events[:end]
        start = end


def _batch(event: Event) -> tuple[object, ...]:
    """Told by the same person in the same breath; one that amends an event stands alone."""
    if event.amends is None:
        return (False,)
    return (True, event.recorded_at, event.actor, 0 if event.amends == 0 else event.seq)


def effect(before: TicketState, after: TicketState, at: datetime, rules: Rules) -> Effect:
    was, now = _promises(before, at, rules), _promises(after, at, rules)
    keys = sorted(was.keys() | now.keys(), key=lambda key: (list(Metric).index(Metric(key.split("/")[0])), key))
    changes = (Change(key, was.get(key), now.get(key)) for key in keys)
    return Effect(
        at,
        tuple(change for change in changes if change.before != change.after),
        tuple(_shifted(before, after, at, rules)),
    )


def _promises(ticket: TicketState, at: datetime, rules: Rules) -> dict[str, Promise]:
    return {key: _promise(clock, at, rules) for key, clock in ticket.clocks.items()}


def _promise(clock: Clock, at: datetime, rules: Rules) -> Promise:
    return Promise(sla.spent_at(clock, at, rules), clock.target, outcome(clock, at))


def outcome(clock: Clock, at: datetime) -> Outcome:
    if sla.is_broken(clock, at):
        return Outcome.BROKEN
    if not clock.target:
        return Outcome.NONE
    return Outcome.KEPT if clock.state is ClockEffect.STOP else Outcome.RUNNING


def _shifted(before: TicketState, after: TicketState, at: datetime, rules: Rules) -> Iterator[Shifted]:
    was, now = ledger(before, at, rules), ledger(after, at, rules)
    for is_account in (False, True):
        first, second = (
            _sums((share.of, share.seconds) for share in (book.accounts if is_account else book.holders))
            for book in (was, now)
        )
        for of in [*first, *(of for of in second if of not in first)]:
            if first.get(of, 0) != second.get(of, 0):
                yield Shifted(of, is_account, first.get(of, 0), second.get(of, 0))


def _sums(shares: Iterator[tuple[str, int]]) -> dict[str, int]:
    """By tier and organisation: which of its teams had the ticket is its own business."""
    found: dict[str, int] = {}
    for name, seconds in shares:
        of = "/".join(name.split("/")[:2])
        found[of] = found.get(of, 0) + seconds
    return found


def seen(found: Effect, ticket: TicketState, access: Access, organisation: str) -> Effect:
    """What of it somebody with this access may see: a supplier its own contract and its own custody."""
    if access is not Access.SUPPLIER:
        return found
    clocks = {clock.key for clock in visible_clocks(ticket, access, organisation)}
    mine = f"{Tier.SUPPLIER}/{organisation}"
    return Effect(
        found.at,
        tuple(change for change in found.promises if change.clock in clocks),
        tuple(share for share in found.shares if not share.is_account and share.of == mine),
    )
