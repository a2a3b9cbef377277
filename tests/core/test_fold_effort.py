"""How often the fold asks what it could know: counted, since it is asked of every event of every ticket."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from servicedesk.core.events import Event
from servicedesk.core.fold import apply, fold
from servicedesk.core.ticket import TicketState
from tests.core.replay_stories import BOOK, TO_SUPPLIER, TO_THE_END, Book, Story


@dataclass
class Counting(Book):
    """The sample's rules, counting how many deadlines are reckoned."""

    deadlines: int = 0

    def calendar(self, key: str) -> Any:
        return CountingHours(self, key)


@dataclass
class CountingHours:
    book: Counting
    key: str

    def elapsed(self, start: datetime, end: datetime) -> int:
        return BOOK.calendar(self.key).elapsed(start, end)

    def deadline(self, start: datetime, seconds: int) -> datetime:
        self.book.deadlines += 1
        return BOOK.calendar(self.key).deadline(start, seconds)


def begun(events: list[Event]) -> int:
    """How many times a clock with a promise began to run, or did so on other opening hours."""
    count, before, ticket = 0, dict[str, str](), None
    for event in events:
        ticket = apply(ticket, event, BOOK)
        now = running(ticket)
        count += sum(before.get(key) != calendar for key, calendar in now.items())
        before = now
    return count


def running(ticket: TicketState) -> dict[str, str]:
    clocks = ticket.clocks.items()
    return {key: clock.calendar for key, clock in clocks if clock.running_since is not None and clock.target}


def test_a_deadline_is_reckoned_when_a_clock_begins_to_run_and_not_while_it_runs_on() -> None:
    """Of a clock that is broken none is reckoned at all: here everything is done in time."""
    story = Story().opened("2026-03-02 10:00").steps("2026-03-02 10:20", *TO_SUPPLIER[:3])
    story.steps("2026-03-02 10:40", *TO_SUPPLIER[3:]).steps("2026-03-02 11:00", *TO_THE_END)
    book = Counting()
    assert fold(story.events, book) == fold(story.events, BOOK)
    assert book.deadlines == begun(story.events)
    assert begun(story.events) < len(story.events)
