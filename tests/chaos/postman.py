"""A scheduler's process that tells and delivers as fast as it can, until it is killed."""

import sys
import time

from servicedesk.actions.desk import Desk
from servicedesk.actions.sequencing import sequence
from servicedesk.core.clock import ControlledClock
from servicedesk.core.codec import moment
from servicedesk.scheduler.deliveries import PostOffice
from servicedesk.store.engine import make_engine

if __name__ == "__main__":
    url, now, place = sys.argv[1:]
    desk = Desk(
        make_engine(url),
        ControlledClock(moment(now)),
        secret="a-key-for-tests-only",
        callable_inside=frozenset({place}),
    )
    office = PostOffice(desk)
    print("ready", flush=True)
    while True:
        sequence(desk)
        office.run()
        time.sleep(0.01)
