"""The demonstration at its full size, built once a run and copied: what pages, figures and searches are tried on."""

import fcntl
from datetime import UTC, datetime
from pathlib import Path

from servicedesk.actions.demo.year import build_demo
from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from servicedesk.store.engine import make_engine
from tests.support.desk import Template, fill

TICKETS = 600
# A Friday afternoon: 14.00 in Sweden.
UNTIL = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)


def make_demo(folder: Path) -> Template:
    """Built by whoever comes first; the others wait for it. Several test processes share the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "demo.sqlite"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            building = folder / "building.sqlite"
            desk = Desk(make_engine(f"sqlite:///{building}"), ControlledClock(UNTIL))
            fill(desk)
            build_demo(desk, TICKETS, UNTIL)
            desk.engine.dispose()
            building.rename(file)
    return Template(file)
