"""What the IT service manager sees in the menu before a system is left standing: that something it shows ends soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from servicedesk.core.administration import Duty, has_duty
from servicedesk.core.clients import WARN_BEFORE
from servicedesk.core.facts import Actor
from servicedesk.store.queries.clients import ending_before
from servicedesk.web.reading import Reading

# How long each process goes by what it has read.
HOLDS = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Read:
    """How many, and when it was asked."""

    count: int
    at: datetime


def count_ending(reading: Reading, viewer: Actor) -> int:
    """Tokens and secrets that end within two weeks and that nothing has taken the place of. 0 to everybody else; a copy
    of the database may not know of it yet."""
    if reading.is_copy or not has_duty(Duty.MANAGE_CLIENTS, viewer):
        return 0
    known: Read | None = current_app.extensions.get("tokens_ending")
    if known is None or not timedelta(0) <= reading.now - known.at < HOLDS:
        found = ending_before(reading.connection, reading.now, reading.now + WARN_BEFORE)
        known = current_app.extensions["tokens_ending"] = Read(len(found), reading.now)
    return known.count


def forget_ending() -> None:
    """Something has just been made or taken away: it is asked for anew."""
    current_app.extensions.pop("tokens_ending", None)
