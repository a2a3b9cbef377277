"""How fast timers fire, and how late: `python -m tests.benchmarks.bench_sweep`.

Timers: one for each of N tickets, due in the same minute, swept by S processes at once; every one is an event in the
journal, sealed. Lateness: 50,000 clocks armed, of which some fall due every second, and schedulers as `servicedesk
scheduler` runs them; what their heartbeats say. PostgreSQL writes durably (fsync and synchronous_commit on).
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from servicedesk.actions.desk import Desk
from servicedesk.actions.pulse import BEAT_SECONDS, Pulse
from servicedesk.actions.sweep import sweep
from servicedesk.core.clock import SystemClock
from servicedesk.core.vocabulary import Metric
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow
from servicedesk.store.tickets import TicketClock
from servicedesk.store.timers import Heartbeat
from tests.benchmarks.figures import SQLITE, Figure, Place, options, place, record, tell, unable
from tests.benchmarks.serving import COMMAND
from tests.support.armed import log_many, promise_round_the_clock

RATE_GOAL, LATE_GOAL = 600, 2.0
PROMISED = timedelta(hours=4)
# So many tickets, each with three clocks, reach the first share of their promises every second for so long.
EVERY_SECOND, FOR_SECONDS = 20, 60


def main() -> None:
    asked = parse()
    for kind in asked.database:
        figures: list[Figure] = []
        try:
            for schedulers in (1, 2, 4) if asked.timers else ():
                figures += rate(kind, schedulers, asked.timers)
            if asked.armed:
                figures += late(kind, 1 if kind == SQLITE else 2, asked.armed)
        except NotInstalled:
            line = unable("sweep", kind)
        else:
            line = record("sweep", kind, asked.timers, figures)
        tell(line, keep_it=asked.record)


def parse() -> argparse.Namespace:
    parser = options(__doc__)
    parser.add_argument("--timers", type=int, help="6000 unless given; 0: the rate is not measured")
    parser.add_argument("--armed", type=int, help="50000 unless given; 0: lateness is not measured")
    asked = parser.parse_args()
    few = (120, 0) if asked.quick else (6_000, 50_000)
    asked.timers, asked.armed = (
        given if given is not None else usual for given, usual in zip((asked.timers, asked.armed), few, strict=True)
    )
    return asked


class NotInstalled(Exception):
    """The database is not on this machine."""


@contextmanager
def installed(kind: str) -> Iterator[Place]:
    with place(kind) as found:
        if found is None:
            raise NotInstalled
        yield found


def rate(kind: str, schedulers: int, timers: int) -> list[Figure]:
    with installed(kind) as found:
        url = found.url
        desk = Desk(make_engine(url))
        promise_round_the_clock(desk, PROMISED, [Metric.RESOLUTION])
        half = SystemClock().now() - PROMISED / 2 - timedelta(minutes=1)
        log_many(desk, (half + timedelta(seconds=n % 30) for n in range(timers)))
        mine = [sys.executable, "-m", "tests.benchmarks.bench_sweep", "--sweep", url]
        processes = [
            subprocess.Popen(mine, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(schedulers)
        ]
        for process in processes:
            assert process.stdout and process.stdout.readline() == "ready\n"
        began = time.perf_counter()
        for process in processes:
            assert process.stdin
            process.stdin.close()
        used = [json.loads(process.stdout.read()) for process in processes if process.stdout]
        seconds = time.perf_counter() - began
        for process in processes:
            process.wait()
        assert sum(one["fired"] for one in used) == fired(desk) == timers
        desk.engine.dispose()
        cost = sum(one["processor"] for one in used) / timers * 1000
        return [
            Figure(f"fired by {schedulers} schedulers", timers / seconds, "a second", RATE_GOAL, at_most=False),
            Figure(f"processor of {schedulers} schedulers, the database's apart", cost, "ms a timer"),
        ]


def one_scheduler(url: str) -> None:
    """A process that sweeps once when it is told to, with everything loaded and its connection open."""
    desk = Desk(make_engine(url))
    with desk.reading() as connection:
        desk.book(connection)
    print("ready", flush=True)
    sys.stdin.read()
    began = time.process_time()
    done = sweep(desk, pulse=Pulse(f"bench:{os.getpid()}"))
    print(json.dumps({"fired": done.fired, "processor": time.process_time() - began}))


def late(kind: str, schedulers: int, armed: int) -> list[Figure]:
    with installed(kind) as found:
        folder, url = found.folder, found.url
        desk = Desk(make_engine(url))
        promise_round_the_clock(desk, PROMISED)
        soon, clocks = EVERY_SECOND * FOR_SECONDS, 3
        # Most are far from due; as many as are logged in a moment's time will be, second by second.
        now = SystemClock().now().replace(microsecond=0)
        log_many(desk, (now for _ in range(armed // clocks - soon)))
        begins = SystemClock().now().replace(microsecond=0) - PROMISED / 2 + timedelta(seconds=30 + soon // 100)
        log_many(desk, (begins + timedelta(seconds=n // EVERY_SECOND) for n in range(soon)))
        with desk.reading() as connection:
            running = connection.execute(
                select(func.count()).select_from(TicketClock).where(TicketClock.due_at.is_not(None))
            ).scalar_one()
        environ = {**os.environ, "SERVICEDESK_INSTANCE": str(folder), "SERVICEDESK_DATABASE_URL": url}
        environ["SERVICEDESK_SECRET_KEY"] = "only-for-benchmarks-0123"
        processes = [subprocess.Popen([*COMMAND, "scheduler"], env=environ) for _ in range(schedulers)]
        beats: set[Any] = set()
        while fired(desk) < soon * clocks:
            time.sleep(BEAT_SECONDS / 4)
            beats |= beats_of(desk)
        time.sleep(BEAT_SECONDS + 1)
        beats |= beats_of(desk)
        # The worst of all spells between two beats, rather than of the whole: no spell hides behind the others.
        worst, longest = max(beat.late_p99 for beat in beats), max(beat.late_max for beat in beats)
        for process in processes:
            process.terminate()
            process.wait()
        desk.engine.dispose()
        return [
            Figure("clocks armed", running, ""),
            Figure(f"lateness with {schedulers} schedulers, 99th percentile", worst, "s", LATE_GOAL),
            Figure(f"lateness with {schedulers} schedulers, longest", longest, "s"),
        ]


def beats_of(desk: Desk) -> set[Any]:
    with desk.reading() as connection:
        return set(connection.execute(select(Heartbeat.scheduler, Heartbeat.late_p99, Heartbeat.late_max)).all())


def fired(desk: Desk) -> int:
    with desk.reading() as connection:
        timers = select(func.count()).select_from(JournalRow).where(JournalRow.timer_rule.is_not(None))
        count: int = connection.execute(timers).scalar_one()
        return count


if __name__ == "__main__":
    if sys.argv[1:2] == ["--sweep"]:
        one_scheduler(sys.argv[2])
    else:
        main()
