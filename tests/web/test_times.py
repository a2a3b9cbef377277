"""Moments as people read them: by Babel's own words, in the order that its patterns give them."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from babel.dates import format_datetime
from flask import Flask, g

from servicedesk.core.vocabulary import Language
from servicedesk.web import times
from servicedesk.web.preferences import Preferences

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PATTERNS = {
    Language.SWEDISH: ("d MMMM y 'kl.' HH.mm", "EEE d MMM HH.mm", "EEEE d MMMM HH.mm", "HH.mm", "d MMMM"),
    Language.ENGLISH: ("d MMMM y, HH:mm", "EEE d MMM HH:mm", "EEEE d MMMM HH:mm", "HH:mm", "d MMMM"),
}


@pytest.mark.parametrize("spoken", Language)
def test_a_moment_is_said_as_the_librarys_patterns_say_it(spoken: Language) -> None:
    """Of the same year and some days away, where every part is said; by day and night, in summer and winter time."""
    chance = random.Random(7)
    with Flask("servicedesk").test_request_context("/"):
        g.preferences = Preferences(language=spoken)
        for _ in range(300):
            moment = datetime(2026, 3, 5, tzinfo=UTC) + timedelta(minutes=chance.randrange(300 * 24 * 60))
            local = times.local(moment)
            long, near, told, clock, day = (format_datetime(local, one, locale=str(spoken)) for one in PATTERNS[spoken])
            assert times.long(moment) == long
            assert times.near(moment, NOW) == near
            assert times.spoken(moment, NOW) == told
            assert times.clock(moment) == clock
            assert times.day(local.date(), NOW) == day
