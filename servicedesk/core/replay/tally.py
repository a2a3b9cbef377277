"""Promises counted before and after, by what they are about; and those that come out otherwise, weightiest first."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from typing import NamedTuple

from servicedesk.core.outcomes import Outcome
from servicedesk.core.replay.comparison import Pair, Side
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Tier

DIMENSIONS = ("metric", "tier", "supplier", "municipality", "service")


class Cell(NamedTuple):
    """What a promise is about. `tier` is '' for one over the whole chain, `supplier` '' for one that none made."""

    metric: str
    tier: str
    supplier: str
    municipality: str
    service: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Promises of a period. `without`: nothing was promised here, what was decided is the other side's. Of the open
    time spent on the decided ones the median and the 90th percentile, by nearest rank; None of too few tickets."""

    kept: int = 0
    broken: int = 0
    running: int = 0
    lapsed: int = 0
    without: int = 0
    median: int | None = None
    ninetieth: int | None = None

    @property
    def decided(self) -> int:
        return self.kept + self.broken

    @property
    def percent(self) -> float | None:
        """Kept of those decided; None of nothing."""
        return 100 * self.kept / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class Line:
    """`of`: the values of the dimensions asked for, in their order."""

    of: tuple[str, ...]
    before: Figure
    after: Figure

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Changed:
    """A promise that comes out otherwise."""

    ticket_id: int
    number: str
    priority: int
    municipality: str
    service: str
    supplier: str
    pair: Pair

    @property
    def weight(self) -> tuple[int, int, int, str]:
        """What is broken instead of kept weighs most, then what is kept instead of broken; then the priority, then how
        far beside its target the promise is that was broken."""
        before, after = self.pair.before, self.pair.after
        worse = after.verdict.outcome is Outcome.BROKEN
        better = before.verdict.outcome is Outcome.BROKEN
        missed = after if worse else before
        return 2 * worse + better, -self.priority, missed.spent - missed.target, self.number


@dataclass(slots=True)
class _Sum:
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    spent: "array[int]" = field(default_factory=lambda: array("q"))
    tickets: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, ticket_id: int, side: Side, is_decided: bool) -> None:
        outcome, counts = side.verdict.outcome, side.verdict.counts
        if side.verdict.in_period or outcome is Outcome.RUNNING or (outcome is Outcome.NONE and is_decided):
            self.outcomes[outcome] += 1
        if counts:
            self.spent.append(side.spent)
            self.tickets.append(ticket_id)


class Tally:
    """Sixteen bytes a promise, and as many changed tickets as are asked for, whatever the size of the installation.

    `spread_from`: of how many tickets at least a spread is told. `most`: how many changed promises are kept.
    """

    def __init__(self, *, spread_from: int = 1, most: int = 1000) -> None:
        self._sums: dict[Cell, tuple[_Sum, _Sum]] = {}
        self._spread_from = spread_from
        self._most = most
        self._changed: list[Changed] = []
        self.changed = 0
        self.changed_tickets = 0
        self.ways: Counter[tuple[Outcome, Outcome]] = Counter()

    def add(self, ticket_id: int, ticket: TicketState, pairs: Iterable[Pair]) -> list[Changed]:
        """Count a ticket's promises; those of them that come out otherwise."""
        found = []
        for pair in pairs:
            for place, side in enumerate((pair.before, pair.after)):
                self._sum(ticket, pair, side)[place].add(ticket_id, side, pair.is_decided)
            if pair.is_changed:
                found.append(_changed(ticket_id, ticket, pair))
                self.ways[pair.before.verdict.outcome, pair.after.verdict.outcome] += 1
        self.changed += len(found)
        self.changed_tickets += bool(found)
        self._keep(found)
        return found

    def lines(self, *by: str) -> list[Line]:
        """Grouped by these dimensions, in the order of their values."""
        groups: dict[tuple[str, ...], list[tuple[_Sum, _Sum]]] = {}
        for cell, sums in self._sums.items():
            groups.setdefault(tuple(getattr(cell, name) for name in by), []).append(sums)
        return [
            Line(of, *(_figure([sums[side] for sums in group], self._spread_from) for side in (0, 1)))
            for of, group in sorted(groups.items())
        ]

    def whole(self) -> Line:
        return next(iter(self.lines()), Line((), Figure(), Figure()))

    def heaviest(self) -> list[Changed]:
        return nlargest(self._most, self._changed, key=lambda changed: changed.weight)

    def _sum(self, ticket: TicketState, pair: Pair, side: Side) -> tuple[_Sum, _Sum]:
        party = side.party or pair.before.party or pair.after.party
        supplier = party if pair.tier == Tier.SUPPLIER else ""
        cell = Cell(pair.metric, pair.tier, supplier, ticket.municipality, ticket.service)
        return self._sums.setdefault(cell, (_Sum(), _Sum()))

    def _keep(self, found: Sequence[Changed]) -> None:
        self._changed += found
        if len(self._changed) > 2 * self._most + 100:
            self._changed = self.heaviest()


def _changed(ticket_id: int, ticket: TicketState, pair: Pair) -> Changed:
    party = pair.after.party or pair.before.party
    supplier = party if pair.tier == Tier.SUPPLIER else ""
    return Changed(ticket_id, ticket.number, ticket.priority, ticket.municipality, ticket.service, supplier, pair)


def _figure(sums: Sequence[_Sum], spread_from: int) -> Figure:
    outcomes: Counter[Outcome] = Counter()
    spent, tickets = array("q"), set[int]()
    for each in sums:
        outcomes += each.outcomes
        spent += each.spent
        tickets.update(each.tickets)
    ordered = sorted(spent)
    tells = bool(ordered) and len(tickets) >= spread_from
    return Figure(
        kept=outcomes[Outcome.KEPT],
        broken=outcomes[Outcome.BROKEN],
        running=outcomes[Outcome.RUNNING],
        lapsed=outcomes[Outcome.LAPSED],
        without=outcomes[Outcome.NONE],
        median=_rank(ordered, 50) if tells else None,
        ninetieth=_rank(ordered, 90) if tells else None,
    )


def _rank(ordered: Sequence[int], percent: int) -> int:
    """By nearest rank: so many percent are at most this."""
    return ordered[-(-len(ordered) * percent // 100) - 1]
