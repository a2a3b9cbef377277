"""A year behind a desk: the demonstration's sample lives, and among them tickets that live at random."""

import random
from datetime import datetime, timedelta

from sqlalchemy import Engine

from servicedesk.actions.demo.year import build_demo
from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from tests.actions.test_random_lives import CORRECTING, live, log
from tests.support.promises import promise_everything

DEEDS = 25


def live_a_year(engine: Engine, until: datetime, samples: int, wild: int) -> None:
    """From a fixed seed, on a database with the sample installation in it."""
    promise_everything(Desk(engine, ControlledClock(until)), seconds=4 * 3600, grace=900)
    chance = random.Random(11)
    for _ in range(wild):
        _begin_at_random(engine, until, chance)
    build_demo(Desk(engine, ControlledClock(until)), samples, until, seed=7)


def _begin_at_random(engine: Engine, until: datetime, chance: random.Random) -> None:
    """A ticket that goes back and forth, is closed, opened again, moved or cancelled, as chance has it."""
    begins = until - timedelta(days=chance.randrange(60, 300), minutes=chance.randrange(1440))
    desk = Desk(engine, ControlledClock(begins))
    choices = [
        (chance.randrange(1, 2400), chance.randrange(CORRECTING + 1), chance.randrange(10_000)) for _ in range(DEEDS)
    ]
    live(desk, log(desk, "mail").number, choices)
