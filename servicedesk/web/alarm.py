"""What the IT service manager must know on every page: that no scheduler sweeps, so that nothing happens by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from servicedesk.core.facts import Actor
from servicedesk.core.vocabulary import Role
from servicedesk.store.queries.operations import SILENCE, last_sweep
from servicedesk.web import times
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _

# How long each process goes by what it has read.
HOLDS = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Read:
    """The last sweep, and when it was asked for."""

    swept_at: datetime | None
    at: datetime


def timers_stand_still(reading: Reading, viewer: Actor) -> str:
    """The sentence that says so, or ''. A copy of the database may not know of it yet: there nothing is said."""
    if Role.IT_SERVICE_MANAGER not in viewer.roles or reading.is_copy:
        return ""
    swept_at = _last_sweep(reading)
    if swept_at is None:
        return _("Nothing watches the times: no scheduler has ever run here.")
    if reading.now - swept_at <= SILENCE:
        return ""
    return _("Nothing has watched the times since %(moment)s: no scheduler is running.", moment=times.long(swept_at))


def _last_sweep(reading: Reading) -> datetime | None:
    known: Read | None = current_app.extensions.get("last_sweep")
    if known is None or not timedelta(0) <= reading.now - known.at < HOLDS:
        known = current_app.extensions["last_sweep"] = Read(last_sweep(reading.connection), reading.now)
    return known.swept_at
