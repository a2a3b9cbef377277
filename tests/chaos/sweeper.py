"""A scheduler's process that sweeps once, when it is told to, and says how many timers it fired."""

import json
import os
import sys

from servicedesk.actions.desk import Desk
from servicedesk.actions.pulse import Pulse
from servicedesk.actions.sweep import sweep
from servicedesk.store.engine import make_engine

if __name__ == "__main__":
    desk = Desk(make_engine(sys.argv[1]))
    with desk.reading() as connection:
        desk.book(connection)
    print("ready", flush=True)
    sys.stdin.read()
    print(json.dumps({"fired": sweep(desk, pulse=Pulse(f"sweeper:{os.getpid()}")).fired}))
