"""Which lives are lived again, and when: so many settled and so many open tickets, spread over years."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from zoneinfo import ZoneInfo

from servicedesk.actions.generate.lives import Life

A_YEAR, A_WEEK = timedelta(days=365), timedelta(days=7)
# As many as the whole platform has cases a day: more tickets reach further back.
A_DAY = 410
# How long a settled ticket is left to close by its timers before the end.
MARGIN = timedelta(days=40)
STEEPEST = 2.0


@dataclass(frozen=True, slots=True)
class Again:
    """A life lived again from `opened_at` on, by its first `deeds` deeds."""

    life: int
    opened_at: datetime
    deeds: int


def plan(
    lives: Sequence[Life],
    tickets: int,
    still_open: int,
    events: float,
    until: datetime,
    chance: random.Random,
    zone: str,
) -> list[Again]:
    """In order of opening. `events` is how many a ticket is to have on average, as near as the lives allow."""
    settled = [n for n, life in enumerate(lives) if life.is_whole]
    weights = weights_for([lives[n].events for n in settled], events)
    span = max(A_YEAR, timedelta(days=tickets / A_DAY))
    made = [
        _settled(lives, n, until - span * chance.random(), until, zone)
        for n in chance.choices(settled, weights, k=tickets - still_open)
    ]
    choices = [(n, deeds) for n, life in enumerate(lives) for deeds in _open_after(life)]
    made += [_open(lives, *chance.choice(choices), until, zone, chance) for _ in range(still_open)]
    return sorted(made, key=lambda again: again.opened_at)


def weights_for(lengths: Sequence[int], mean: float) -> list[float]:
    """Weights by length alone that make `mean` the expected length; the nearest there is if none does."""
    low, high = -STEEPEST, STEEPEST
    for _ in range(60):
        tilt = (low + high) / 2
        weights = [exp(-tilt * (length - mean)) for length in lengths]
        expected = sum(w * length for w, length in zip(weights, lengths, strict=True)) / sum(weights)
        low, high = (tilt, high) if expected > mean else (low, tilt)
    return weights


def _settled(lives: Sequence[Life], n: int, wished: datetime, until: datetime, zone: str) -> Again:
    life = lives[n]
    latest = until - MARGIN - timedelta(seconds=life.lasts)
    return Again(n, weeks_from(life.opened_at, min(wished, latest), zone), len(life.deeds))


def _open_after(life: Life) -> list[int]:
    """After how many deeds the ticket was open, and had not been settled before."""
    until = next((n for n, deed in enumerate(life.deeds) if not deed.is_open), len(life.deeds))
    return list(range(1, until + 1))


def _open(lives: Sequence[Life], n: int, deeds: int, until: datetime, zone: str, chance: random.Random) -> Again:
    """Left lying since its last deed, for two weeks at most."""
    life = lives[n]
    idle = A_WEEK * chance.random()
    return Again(
        n, weeks_from(life.opened_at, until - idle - timedelta(seconds=life.deeds[deeds - 1].after), zone), deeds
    )


def weeks_from(moment: datetime, latest: datetime, zone: str) -> datetime:
    """The last time by `latest` that is whole weeks from `moment` by the zone's clock: the same weekday and hour."""
    civil = moment.astimezone(ZoneInfo(zone))
    weeks = (latest - moment) // A_WEEK
    shifted = (civil + weeks * A_WEEK).astimezone(moment.tzinfo)
    return shifted if shifted <= latest else (civil + (weeks - 1) * A_WEEK).astimezone(moment.tzinfo)
