"""How many tickets a second can be logged through the API: `python -m tests.benchmarks.bench_api_logging`.

Two web processes as `servicedesk serve --workers 2` runs them, on SQLite and, where its programs are installed, on
PostgreSQL; the clients, in threads of this process, on the same machine and counted. Rates are medians of several
rounds. Beside them stands the processor time of a ticket, servers and clients together, and how many tickets that makes
of the time of two processors: what others do to the machine meanwhile lowers the first figure and not the second.
"""

import http.client
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import create_token
from servicedesk.api.examples import NEW_TICKET
from servicedesk.core.facts import OPERATOR
from servicedesk.store.engine import make_engine
from tests.benchmarks.serving import Served, processor_seconds, served
from tests.support.desk import fill
from tests.support.postgres import binaries, durable_cluster

GOAL = 80
WORKERS, CLIENTS, PROCESSORS = 2, 4, 2
ROUNDS, TICKETS = 5, 300


@dataclass(frozen=True)
class Round:
    seconds: float
    server: float
    client: float

    @property
    def rate(self) -> float:
        return TICKETS / self.seconds


def main() -> None:
    for name, place in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
        with place() as found:
            if found is None:
                print(f"{name:12} is not installed")
                continue
            folder, url = found
            rounds = measured(folder, url)
        print(told(name, rounds))


def told(name: str, rounds: Sequence[Round]) -> str:
    rates = sorted(each.rate for each in rounds)
    cost = statistics.median(each.server + each.client for each in rounds) / TICKETS
    return (
        f"{name:12}{statistics.median(rates):5.0f} tickets/s (goal {GOAL}; {ROUNDS} rounds from {rates[0]:.0f} to "
        f"{rates[-1]:.0f}); {cost * 1000:.1f} ms of processor each, {PROCESSORS / cost:.0f}/s of {PROCESSORS} at work"
    )


@contextmanager
def on_sqlite() -> Iterator[tuple[Path, str] | None]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder), ""


@contextmanager
def on_postgres() -> Iterator[tuple[Path, str] | None]:
    programs = binaries()
    if programs is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder, durable_cluster(programs) as cluster, cluster.fresh() as url:
        yield Path(folder), url


def measured(folder: Path, url: str) -> list[Round]:
    desk = Desk(make_engine(url or f"sqlite:///{folder / 'servicedesk.sqlite'}"))
    fill(desk)
    token = create_token(desk, "lulea", "benchmark", actor=OPERATOR).text
    desk.engine.dispose()
    with served(folder, WORKERS, url) as server:
        one_round(server, token)  # what is learnt once is not measured
        return [one_round(server, token) for _ in range(ROUNDS)]


def one_round(server: Served, token: str) -> Round:
    pids = server.workers()
    began, server_before, client_before = time.perf_counter(), processor_seconds(pids), own_seconds()
    with ThreadPoolExecutor(CLIENTS) as clients:
        sent = [clients.submit(log_tickets, server.port, token, TICKETS // CLIENTS) for _ in range(CLIENTS)]
    for each in sent:
        each.result()  # a client that was refused stops the benchmark: a rate of refusals means nothing
    seconds = time.perf_counter() - began
    return Round(seconds, processor_seconds(pids) - server_before, own_seconds() - client_before)


def own_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def log_tickets(port: int, token: str, tickets: int) -> None:
    """One after another over one connection, as a system does."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for _ in range(tickets):
        connection.request("POST", "/api/v1/tickets", json.dumps(NEW_TICKET), headers)
        response = connection.getresponse()
        body = response.read()
        if response.status != 201:
            raise RuntimeError(f"{response.status}: {body.decode()}")
    connection.close()


if __name__ == "__main__":
    main()
