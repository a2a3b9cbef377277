"""A running demonstration keeps living: one thing at a time happens to the tickets that it has logged itself."""

import random
from collections.abc import Collection
from dataclasses import dataclass, field

from servicedesk.actions.demo.arrivals import log_one
from servicedesk.actions.demo.beside import beside, classify_if_unclear
from servicedesk.actions.demo.cast import Cast
from servicedesk.actions.demo.life import take_step
from servicedesk.actions.desk import Desk
from servicedesk.actions.opened import Open
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.events import Event
from servicedesk.core.facts import OPERATOR, Installation
from servicedesk.store.queries.journal import events_of

# So many of its own tickets are open at a time, at least and at most, and how often it is a new one in between.
FEW, MANY, NEW = 3, 12, 0.3


def next_deed(own: Collection[str], chance: random.Random) -> str:
    """Which of its own open tickets somebody does something to now; '' when a new one is logged."""
    if len(own) < FEW or (len(own) < MANY and chance.random() < NEW):
        return ""
    return chance.choice(sorted(own))


@dataclass
class Living:
    """What goes on. `seen` is the last event of each of its open tickets that it knows of; `left` the teams that leave
    a ticket alone, since somebody else, a person trying the demonstration, has acted for them. `but`: an organisation
    that acts for itself, by a system of its own."""

    desk: Desk
    chance: random.Random
    but: str = ""
    cast: Cast = field(init=False)
    others: set[str] = field(init=False)
    seen: dict[str, int] = field(default_factory=dict)
    left: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.desk.reading() as connection:
            installation = self.desk.book(connection).installation
        self.cast = Cast(installation, self.chance)
        self.others = {key for key, team in installation.teams.items() if team.organisation == self.but}

    def once(self) -> str:
        """Do one thing; the number of the ticket it was done to."""
        with unit_of_work(self.desk) as work:
            number = next_deed(self.seen, self.chance)
            held = self._advance(work, number) if number else self._log(work)
            ticket = held.ticket
            goes_on = ticket.is_open
        self.seen[ticket.number] = ticket.seq
        if not goes_on:
            del self.seen[ticket.number]
        return ticket.number

    def _log(self, work: Work) -> Open:
        return log_one(self.cast, work, self.cast.next_matter(), self.desk.now(work.connection))

    def _advance(self, work: Work, number: str) -> Open:
        held = work.open_ticket(number, actor=OPERATOR)
        left = self.left.setdefault(number, set())
        left |= teams_of(self._since(work, held), self.cast.installation)
        classify_if_unclear(self.cast, work, held)
        if held.ticket.is_open and held.ticket.holder.team not in left:
            take_step(self.cast, work, held, but=left | self.others)
            beside(self.cast, work, held)
        return held

    def _since(self, work: Work, held: Open) -> list[Event]:
        """What has happened to the ticket that was not its own doing."""
        return [event for event in events_of(work.connection, held.id) if event.seq > self.seen[held.ticket.number]]


def teams_of(events: Collection[Event], installation: Installation) -> set[str]:
    """The teams of the people who acted in these events."""
    keys = {event.actor.removeprefix("person:") for event in events if event.actor.startswith("person:")}
    return {seat.team for key in keys & installation.people.keys() for seat in installation.people[key].memberships}
