"""How many tickets a second can be logged through the API: `python -m tests.benchmarks.bench_api_logging`.

Two web processes as `servicedesk serve --workers 2` runs them; the clients, in threads of this process, on the same
machine and counted. Right after each round the same rows are written to another database by the bare driver, so that
whatever else the machine does strikes both alike: the ratio is of one moment, rates are medians of several rounds.
Beside them stands the processor time of a ticket, servers, clients and database together, and how many tickets that
makes of the time of two processors: what others do to the machine lowers the rates and not this.
"""

import http.client
import json
import resource
import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import create_token
from servicedesk.api.v1.examples import NEW_TICKET
from servicedesk.core.facts import OPERATOR
from servicedesk.store.engine import make_engine
from tests.benchmarks.bare import Bare
from tests.benchmarks.figures import Figure, Place, options, place, record, tell, unable
from tests.benchmarks.serving import Served, processor_seconds, served
from tests.support.desk import fill

RATE_GOAL, RATIO_GOAL = 120.0, 1 / 3
WORKERS, CLIENTS, PROCESSORS = 2, 4, 2
ROUNDS, TICKETS = 5, 300


@dataclass(frozen=True)
class Round:
    """Tickets a second, by the API and by the bare driver; seconds of processor that the API took for each."""

    rate: float
    bare: float
    cost: float

    @property
    def ratio(self) -> float:
        return self.rate / self.bare


def main() -> None:
    asked = options(__doc__).parse_args()
    rounds, tickets = (1, 40) if asked.quick else (ROUNDS, TICKETS)
    for kind in asked.database:
        with place(kind) as found:
            if found is None:
                line = unable("api_logging", kind)
            else:
                line = record("api_logging", kind, rounds * tickets, told(measured(found, rounds, tickets)))
        tell(line, keep_it=asked.record)


def told(rounds: Sequence[Round]) -> list[Figure]:
    rates = sorted(each.rate for each in rounds)
    cost, bare = (statistics.median(each) for each in zip(*((one.cost, one.bare) for one in rounds), strict=True))
    return [
        Figure("logged through the API, median", statistics.median(rates), "tickets/s", RATE_GOAL, at_most=False),
        Figure("logged through the API, slowest round", rates[0], "tickets/s"),
        Figure("logged through the API, fastest round", rates[-1], "tickets/s"),
        Figure("the same rows by the bare driver, median", bare, "tickets/s"),
        Figure("ratio, median", statistics.median(each.ratio for each in rounds), "x", RATIO_GOAL, at_most=False),
        Figure("processor of a ticket: servers, clients and database", cost * 1000, "ms"),
        Figure(f"which is, of {PROCESSORS} processors at work", PROCESSORS / cost, "tickets/s"),
    ]


def measured(found: Place, rounds: int, tickets: int) -> list[Round]:
    desk = Desk(make_engine(found.url))
    fill(desk)
    token = create_token(desk, "lulea", "benchmark", actor=OPERATOR).text
    desk.engine.dispose()
    with alike(found) as other, served(found.folder, WORKERS, found.url) as server:
        bare = Bare(found.url, other, WORKERS)
        try:
            one_round(found, server, token, tickets, bare)  # what is learnt once is not measured
            return [one_round(found, server, token, tickets, bare) for _ in range(rounds)]
        finally:
            bare.close()


@contextmanager
def alike(found: Place) -> Iterator[str]:
    """The address of another database with the same in it, on the same disk and under the same settings."""
    if found.cluster is None:
        target = found.folder / "bare.sqlite"
        shutil.copyfile(found.url.removeprefix("sqlite:///"), target)
        yield f"sqlite:///{target}"
        return
    with found.cluster.fresh(template=found.url.rpartition("/")[2]) as url:
        yield url


def one_round(found: Place, server: Served, token: str, tickets: int, bare: Bare) -> Round:
    began, cost_before = time.perf_counter(), used(found, server)
    with ThreadPoolExecutor(CLIENTS) as clients:
        sent = [clients.submit(log_tickets, server.port, token, tickets // CLIENTS) for _ in range(CLIENTS)]
    for each in sent:
        each.result()  # a client that was refused stops the benchmark: a rate of refusals means nothing
    seconds = time.perf_counter() - began
    cost = used(found, server) - cost_before
    return Round(tickets / seconds, tickets / bare.written_again(), cost / tickets)


def used(found: Place, server: Served) -> float:
    """Seconds of processor until now."""
    mine = resource.getrusage(resource.RUSAGE_SELF)
    database = found.cluster.server.pids() if found.cluster and found.cluster.server else []
    return mine.ru_utime + mine.ru_stime + processor_seconds([*server.workers(), *database])


def log_tickets(port: int, token: str, tickets: int) -> None:
    """One after another over one connection, as a system does."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for _ in range(tickets):
        keyed = {**headers, "Idempotency-Key": str(uuid4())}
        connection.request("POST", "/api/v1/tickets", json.dumps(NEW_TICKET), keyed)
        response = connection.getresponse()
        body = response.read()
        if response.status != 201:
            raise RuntimeError(f"{response.status}: {body.decode()}")
    connection.close()


if __name__ == "__main__":
    main()
