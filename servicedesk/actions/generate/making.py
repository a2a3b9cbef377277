"""`generate`: an installation of any size, its tickets lived in several processes and written by one."""

import gc
import multiprocessing
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from servicedesk.actions.demo.cast import Cast
from servicedesk.actions.desk import Desk
from servicedesk.actions.generate.again import Stage, chance_of
from servicedesk.actions.generate.lives import Life, learn
from servicedesk.actions.generate.plan import Again, plan
from servicedesk.actions.generate.writing import Batch, batch_of, keep_counting, sized, write_batch
from servicedesk.actions.log import day_of
from servicedesk.actions.work import Work
from servicedesk.core.errors import Refusal
from servicedesk.store.queries.lists import has_tickets
from servicedesk.store.rulebook import RuleBook

BATCH = 200
# Enough lives for variety; few tickets need fewer, since a life takes as long to learn as twenty to live again.
FEWEST_LIVES, MOST_LIVES, TICKETS_PER_LIFE = 30, 600, 50
# As in a desk in use: so many of all tickets are being worked on.
OPEN_SHARE = 1 / 45
EVENTS = 11.0

Numbered = tuple[int, str, Again]


@dataclass(frozen=True, slots=True)
class Size:
    """How much to make. `events` is the mean number of a ticket's events that is aimed at."""

    tickets: int
    still_open: int
    events: float = EVENTS

    @staticmethod
    def of(tickets: int, still_open: int | None = None, events: float = EVENTS) -> "Size":
        return Size(tickets, round(tickets * OPEN_SHARE) if still_open is None else still_open, events)

    @property
    def lives(self) -> int:
        return min(MOST_LIVES, max(FEWEST_LIVES, self.tickets // TICKETS_PER_LIFE))


@dataclass
class Made:
    tickets: int = 0
    events: int = 0


def generate(
    desk: Desk, size: Size, *, seed: int, processes: int = 1, tick: Callable[[int], object] = lambda done: None
) -> Made:
    """Fill an installation that holds no tickets yet. The same seed gives the same lives; `tick` is told of each batch.

    Refusal `has_tickets` when it holds any: a generated past cannot be laid among real tickets.
    """
    with desk.reading() as connection:
        if has_tickets(connection):
            raise Refusal("The database holds tickets already. Generate into a new one.", code="has_tickets")
        book, until = desk.book(connection), desk.now(connection)
    lives = learn(book.installation, book.workflows(), size.lives, until, seed)
    chance = random.Random(seed)
    again = plan(lives, size.tickets, size.still_open, size.events, until, chance, book.installation.zone)
    numbered, last = _numbered(again, book)
    made = Made()
    troupe = Troupe(book, lives, until, seed, desk.engine.dialect.name)
    with _mapping(processes) as mapped:
        for batch in mapped(troupe, sized(numbered, BATCH)):
            with desk.transaction() as connection:
                desk.book_held(connection)
                write_batch(connection, batch)
            made.tickets += batch.tickets
            made.events += len(batch.events)
            tick(batch.tickets)
    with desk.transaction() as connection:
        keep_counting(connection, last)
    return made


def _numbered(again: Sequence[Again], book: RuleBook) -> tuple[list[Numbered], dict[int, int]]:
    """Each with its id and number, and the last number of each year."""
    last: defaultdict[int, int] = defaultdict(int)
    numbered = []
    for ticket_id, one in enumerate(again, start=1):
        year = day_of(one.opened_at, book.installation).year
        last[year] += 1
        numbered.append((ticket_id, f"{year}-{last[year]:05d}", one))
    return numbered, dict(last)


@dataclass
class Troupe:
    """What a process needs to live a batch of lives."""

    book: RuleBook
    lives: Sequence[Life]
    until: datetime
    seed: int
    dialect: str

    def batch(self, numbered: Sequence[Numbered]) -> Batch:
        return batch_of(self.dialect, self.stage.work, (self._live(*one) for one in numbered))

    @cached_property
    def stage(self) -> Stage:
        work: Any = Work(None, None, self.book, self.until)  # type: ignore[arg-type]  # nothing is asked of a database
        return Stage(work, Cast(self.book.installation, random.Random(self.seed)), self.until)

    def _live(self, ticket_id: int, number: str, again: Again) -> Any:
        self.stage.cast.chance = chance_of(self.seed, number)
        return self.stage.live(self.lives[again.life], ticket_id, number, again.opened_at, again.deeds)


Mapped = Callable[[Troupe, Any], Iterator[Batch]]
_troupe: Troupe | None = None


def _in_process(numbered: Sequence[Numbered]) -> Batch:
    assert _troupe is not None
    return _troupe.batch(numbered)


def _begin(troupe: Troupe) -> None:
    global _troupe
    _troupe = troupe
    gc.set_threshold(100_000)  # a batch is gone when it has been sent; until then all of it is in use


@contextmanager
def _mapping(processes: int) -> Iterator[Mapped]:
    """Batches in order, lived here or in so many processes beside."""
    if processes <= 1:
        yield lambda troupe, parts: map(troupe.batch, parts)
        return
    pools = []

    def mapped(troupe: Troupe, parts: Any) -> Iterator[Batch]:
        pool = multiprocessing.get_context("spawn").Pool(processes, partial(_begin, troupe))
        pools.append(pool)
        return pool.imap(_in_process, parts)

    try:
        yield mapped
    finally:
        for pool in pools:
            pool.terminate()
            pool.join()
