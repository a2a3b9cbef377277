"""How many acts a second a supplier's system can do through the API: `python -m tests.benchmarks.bench_acting`.

Two web processes as `servicedesk serve --workers 2` runs them; the clients, in threads of this process, on the same
machine and counted. Each takes tickets that have been ordered from the supplier to their solution: acknowledged, told
of three times, solved, every act with If-Match and an Idempotency-Key. Rates are medians of several rounds; beside them
stands the processor time of an act, servers, clients and database together.
"""

import http.client
import json
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from servicedesk.actions.desk import Desk
from servicedesk.actions.tokens import create_token
from servicedesk.api.v1.examples import GIVEN
from servicedesk.core.facts import OPERATOR
from servicedesk.store.engine import make_engine
from tests.benchmarks.bench_api_logging import CLIENTS, PROCESSORS, WORKERS, used
from tests.benchmarks.figures import Figure, Place, options, place, record, tell, unable
from tests.benchmarks.serving import Served, served
from tests.support.desk import fill, ticket_after

RATE_GOAL = 120.0
ROUNDS, TICKETS = 5, 60
SUPPLIER = "leverantor-plattform"
LIFE = ("acknowledgements", "updates", "updates", "updates", "solutions")


@dataclass(frozen=True)
class Round:
    """Acts a second; seconds of processor that each took."""

    rate: float
    cost: float


@dataclass
class System:
    """A supplier's system: one connection, and the token it shows."""

    port: int
    token: str

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def asked(self, method: str, address: str, content: Any = None, **headers: str) -> str:
        """The ETag of the answer. Whoever is refused stops the benchmark: a rate of refusals means nothing."""
        told = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}
        body = None if content is None else json.dumps(content)
        self.connection.request(method, f"/api/v1{address}", body, told)
        response = self.connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {answer.decode()}")
        return response.headers["ETag"]

    def live(self, tags: dict[str, str]) -> None:
        """Number -> ETag: each ticket in turn goes one act further, as a day's work does."""
        for act in LIFE:
            for number, tag in tags.items():
                keyed = {"If-Match": tag, "Idempotency-Key": str(uuid4())}
                tags[number] = self.asked("POST", f"/tickets/{number}/{act}", GIVEN[act], **keyed)


def main() -> None:
    asked = options(__doc__).parse_args()
    rounds, tickets = (1, 2 * CLIENTS) if asked.quick else (ROUNDS, TICKETS)
    for kind in asked.database:
        with place(kind) as found:
            if found is None:
                line = unable("acting", kind)
            else:
                line = record("acting", kind, rounds * tickets, told(measured(found, rounds, tickets)))
        tell(line, keep_it=asked.record)


def told(rounds: Sequence[Round]) -> list[Figure]:
    rates, cost = sorted(each.rate for each in rounds), statistics.median(each.cost for each in rounds)
    return [
        Figure("acts through the API, median", statistics.median(rates), "acts/s", RATE_GOAL, at_most=False),
        Figure("acts through the API, slowest round", rates[0], "acts/s"),
        Figure("acts through the API, fastest round", rates[-1], "acts/s"),
        Figure("processor of an act: servers, clients and database", cost * 1000, "ms"),
        Figure(f"which is, of {PROCESSORS} processors at work", PROCESSORS / cost, "acts/s"),
    ]


def measured(found: Place, rounds: int, tickets: int) -> list[Round]:
    desk = Desk(make_engine(found.url))
    fill(desk)
    token = create_token(desk, SUPPLIER, "benchmark", actor=OPERATOR).text
    with served(found.folder, WORKERS, found.url) as server:
        one_round(found, server, token, ordered(desk, tickets))  # what is learnt once is not measured
        done = [one_round(found, server, token, ordered(desk, tickets)) for _ in range(rounds)]
    desk.engine.dispose()
    return done


def ordered(desk: Desk, tickets: int) -> list[str]:
    """The numbers of as many tickets that the supplier has just been given."""
    return [ticket_after(desk, "order_from_supplier").number for _ in range(tickets)]


def one_round(found: Place, server: Served, token: str, numbers: Sequence[str]) -> Round:
    systems = [System(server.port, token) for _ in range(CLIENTS)]
    shares: list[dict[str, str]] = [
        {number: system.asked("GET", f"/tickets/{number}") for number in numbers[n::CLIENTS]}
        for n, system in enumerate(systems)
    ]
    began, cost_before = time.perf_counter(), used(found, server)
    with ThreadPoolExecutor(CLIENTS) as clients:
        lives = [clients.submit(system.live, share) for system, share in zip(systems, shares, strict=True)]
    for each in lives:
        each.result()
    seconds, cost = time.perf_counter() - began, used(found, server) - cost_before
    for system in systems:
        system.connection.close()
    acts = len(numbers) * len(LIFE)
    return Round(acts / seconds, cost / acts)


if __name__ == "__main__":
    main()
