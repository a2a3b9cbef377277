"""A process that logs tickets, moves them and fires timers as fast as it can, until it is killed.

Prints one JSON line for each thing that was acknowledged to it, flushed at once: what it has printed must survive.
"""

import json
import random
import sys
from datetime import timedelta

from servicedesk.actions.desk import Desk
from servicedesk.actions.log import NewTicket, log_ticket
from servicedesk.actions.outbox import drain
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.sweep import sweep
from servicedesk.core.actors import actor_of
from servicedesk.core.clock import ControlledClock
from servicedesk.core.codec import moment, stamp
from servicedesk.core.errors import DeskError
from servicedesk.core.facts import Actor
from servicedesk.core.vocabulary import Fault, Role
from servicedesk.store.engine import make_engine
from tests.chaos.people import somebody_acts


def say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def main(url: str, start: str, seed: int) -> None:
    chance = random.Random(seed)
    clock = ControlledClock(moment(start))
    desk = Desk(make_engine(url), clock)
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    people = [actor_of(person, installation) for _, person in sorted(installation.people.items())]
    staff = [actor for actor in people if Role.FIRST_LINE_STAFF in actor.roles]
    numbers: list[str] = []
    say(ready=True)
    while True:
        clock.move_to(clock.now() + timedelta(minutes=chance.randrange(5, 90)))
        say(now=stamp(clock.now()))
        if chance.random() < 0.4 or not numbers:
            numbers.append(log_one(desk, chance.choice(staff)))
        elif chance.random() < 0.7:
            move_one(desk, chance.choice(numbers), people, chance)
        else:
            say(fired=sweep(desk).fired)
            drain(desk)
            sequence(desk)


def log_one(desk: Desk, actor: Actor) -> str:
    place = actor.seats[0].organisation
    new = NewTicket(place, "e-tjansteplattform", "Kan inte logga in", "Sidan snurrar.", fault=Fault.PLATFORM)
    ticket = log_ticket(desk, new, actor=actor)
    say(number=ticket.number, seq=ticket.seq)
    return ticket.number


def move_one(desk: Desk, number: str, people: list[Actor], chance: random.Random) -> None:
    try:
        ticket = somebody_acts(desk, number, people, chance)
    except DeskError as refusal:
        say(refused=refusal.code)
        return
    if ticket is not None:
        say(number=number, seq=ticket.seq)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
