"""How many webhook deliveries a minute a scheduler makes: `python -m tests.benchmarks.bench_deliveries`.

Tickets of one municipality with several events each, of which its webhook is told: `servicedesk scheduler` gives the
changes their positions and posts them, signed, to a receiver in a process of its own on the same machine. Of every
message the receiver checks the signature, and that it comes once and after what came before it on its ticket. Measured
from the first to arrive until the last; beside it stands the processor time of a delivery, scheduler, receiver and
database together.
"""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

from servicedesk.actions.callers import client_of_token
from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import add_entry
from servicedesk.actions.log import NewTicket, log
from servicedesk.actions.tokens import create_token
from servicedesk.actions.webhooks import create_webhook
from servicedesk.actions.work import unit_of_work
from servicedesk.client.webhooks import verify_webhook
from servicedesk.core.facts import OPERATOR, Actor
from servicedesk.core.vocabulary import Audience, Channel
from servicedesk.store.engine import make_engine
from tests.benchmarks.figures import Figure, Place, options, place, record, tell, unable
from tests.benchmarks.serving import COMMAND, processor_seconds
from tests.support.desk import PLATFORM, fill

A_MINUTE_GOAL = 5_000.0
DELIVERIES, EVENTS = 3_000, 5
SECRET_KEY = "only-for-benchmarks-0123"
MUNICIPALITY = "lulea"
LONGEST_SECONDS = 300


def main() -> None:
    asked = options(__doc__).parse_args()
    deliveries = 100 if asked.quick else DELIVERIES
    for kind in asked.database:
        with place(kind) as found:
            if found is None:
                line = unable("deliveries", kind)
            else:
                line = record("deliveries", kind, deliveries // EVENTS, measured(found, deliveries))
        tell(line, keep_it=asked.record)


def measured(found: Place, deliveries: int) -> list[Figure]:
    with receiver(deliveries) as (address, process):
        secret = happened(found.url, address, deliveries)
        process.stdin.write(f"{secret}\n")
        process.stdin.flush()
        before = database_seconds(found)
        with scheduler(found, address) as scheduling:
            came = json.loads(process.stdout.readline())
            cost = processor_seconds([scheduling, process.pid]) + database_seconds(found) - before
    if came["wrong"]:
        raise RuntimeError(f"{came['wrong']} messages were not genuine, came twice or out of order")
    return [
        Figure("delivered", came["arrived"] / came["seconds"] * 60, "a minute", A_MINUTE_GOAL, at_most=False),
        Figure("processor of a delivery: scheduler, receiver and database", cost / deliveries * 1000, "ms"),
    ]


def happened(url: str, address: str, deliveries: int) -> str:
    """Tickets with as many events as are to be told, made after the webhook; its secret."""
    desk = Desk(make_engine(url), secret=SECRET_KEY, callable_inside=frozenset({address}))
    fill(desk)
    system = client_of_token(desk, create_token(desk, MUNICIPALITY, "benchmark", actor=OPERATOR).text)
    hook = create_webhook(desk, f"http://{address}/", actor=system)
    for _ in range(deliveries // EVENTS):
        write_one(desk, system)
    desk.engine.dispose()
    return hook.secret


def write_one(desk: Desk, system: Actor) -> None:
    new = NewTicket(MUNICIPALITY, PLATFORM, "Det går inte att logga in", channel=Channel.API)
    with unit_of_work(desk) as work:
        held = log(work, new, actor=system, at=work.began)
        for number in range(1, EVENTS):
            add_entry(work, held, "note", Audience.MUNICIPALITY, f"Anteckning {number}.", actor=system)


@contextmanager
def scheduler(found: Place, address: str) -> Iterator[int]:
    """`servicedesk scheduler` until the block ends: its process."""
    told = {"INSTANCE": str(found.folder), "DATABASE_URL": found.url, "SECRET_KEY": SECRET_KEY}
    environ = {**os.environ, **{f"SERVICEDESK_{name}": text for name, text in told.items()}}
    environ["SERVICEDESK_WEBHOOKS_INSECURE"] = address
    with (found.folder / "log").open("wb") as log_file:
        process = subprocess.Popen([*COMMAND, "scheduler"], env=environ, stdout=log_file, stderr=log_file)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def database_seconds(found: Place) -> float:
    return processor_seconds(found.cluster.server.pids()) if found.cluster and found.cluster.server else 0.0


@contextmanager
def receiver(deliveries: int) -> Iterator[tuple[str, Any]]:
    """(host and port, the process that listens there)."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_deliveries", "--receive", str(deliveries)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"127.0.0.1:{process.stdout.readline().strip()}", process
        finally:
            process.kill()


@dataclass
class Arrivals:
    """What has come, in the order in which it came."""

    expected: int
    secret: str = ""
    arrived: int = 0
    wrong: int = 0
    first: float = 0.0
    last: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lock: Lock = field(default_factory=Lock)
    complete: Event = field(default_factory=Event)

    def take(self, body: bytes, headers: dict[str, str]) -> None:
        with self.lock:
            self.first = self.first or time.perf_counter()
            self.arrived += 1
            try:
                said = verify_webhook(body, headers, [self.secret]).data
                number, position = said["ticket"], said["position"]
                self.wrong += position <= self.last[number]
                self.last[number] = position
            except Exception:
                self.wrong += 1
            if self.arrived == self.expected:
                self.complete.set()


def receive(expected: int) -> None:
    """Tells its port, is told the secret, and tells what has come once all has."""
    arrivals = Arrivals(expected)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            arrivals.take(body, dict(self.headers))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    arrivals.secret = sys.stdin.readline().strip()
    Thread(target=server.serve_forever, daemon=True).start()
    arrivals.complete.wait(LONGEST_SECONDS)
    seconds = time.perf_counter() - arrivals.first
    print(json.dumps({"arrived": arrivals.arrived, "wrong": arrivals.wrong, "seconds": seconds}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--receive"]:
        receive(int(sys.argv[2]))
    else:
        main()
