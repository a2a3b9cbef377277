"""Sample lives learnt from a demonstration: who did what, how long after the ticket was logged, and in what words."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servicedesk.actions.demo.year import build_demo
from servicedesk.actions.desk import Desk
from servicedesk.actions.playground import playground
from servicedesk.core.actors import actor_of
from servicedesk.core.events import Event, Payload, TextErased, TicketLinked, TicketLogged, TicketMerged
from servicedesk.core.facts import Actor, Installation
from servicedesk.core.fold import lived
from servicedesk.core.workflows.definition import Definition
from servicedesk.store.queries.journal import events_of, texts_of
from servicedesk.store.queries.verification import ticket_ids
from servicedesk.store.rulebook import RuleBook

# What speaks of another ticket, or of texts that are gone, means nothing in another life.
ELSEWHERE = (TicketLinked, TextErased)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something a person did after so many seconds of the ticket's life. `is_open`: whether the ticket still was, then.
    What timers did is no deed: the clocks of each life do it anew."""

    after: int
    payload: Payload
    texts: Mapping[str, str]
    actor: Actor
    is_open: bool


@dataclass(frozen=True, slots=True)
class Life:
    """`deeds` begin with the logging; `events` is how many the journal had in all."""

    opened_at: datetime
    deeds: tuple[Deed, ...]
    events: int

    @property
    def first(self) -> TicketLogged:
        first = self.deeds[0].payload
        assert isinstance(first, TicketLogged)
        return first

    @property
    def lasts(self) -> int:
        return self.deeds[-1].after

    @property
    def is_whole(self) -> bool:
        """Whether the matter was settled by the last deed."""
        return not self.deeds[-1].is_open


def learn(
    installation: Installation,
    definitions: Iterable[Definition],
    tickets: int,
    until: datetime,
    seed: int,
    tick: Callable[[], object] = lambda: None,
) -> list[Life]:
    """The lives of a demonstration of so many tickets, played in a database of its own. Those that were merged into
    others, or whose texts are gone, are left out."""
    with playground(installation, definitions, until) as (desk, _):
        build_demo(desk, tickets, until, seed=seed, tick=tick)
        return list(_lives(desk))


def _lives(desk: Desk) -> Iterator[Life]:
    with desk.reading() as connection:
        book = desk.book(connection)
        people = {key: actor_of(person, book.installation) for key, person in book.installation.people.items()}
        for ticket_id in ticket_ids(connection):
            events = events_of(connection, ticket_id)
            if not any(isinstance(event.payload, TicketMerged | TextErased) for event in events):
                yield Life(
                    events[0].occurred_at, tuple(_deeds(connection, book, ticket_id, events, people)), len(events)
                )


def _deeds(
    connection: Connection, book: RuleBook, ticket_id: int, events: list[Event], people: Mapping[str, Actor]
) -> Iterator[Deed]:
    texts = texts_of(connection, ticket_id)
    for event, ticket in lived(events, book):
        kind, _, key = event.actor.partition(":")
        if kind == "person" and not isinstance(event.payload, ELSEWHERE):
            after = int((event.occurred_at - events[0].occurred_at).total_seconds())
            said = {field: texts[event.seq, field] or "" for field in event.texts}
            yield Deed(after, event.payload, said, people[key], ticket.is_open)
