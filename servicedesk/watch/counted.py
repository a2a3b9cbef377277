"""What is counted: requests in the processes that serve them, everything else in the database when it is asked for.

Of several web processes any can be asked: with PROMETHEUS_MULTIPROC_DIR they count in files of one folder. Schedulers
have no port; what they do stands in their heartbeats.
"""

import os
from collections.abc import Iterable, Iterator

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import QueuePool

from servicedesk import __version__
from servicedesk.actions.desk import Desk
from servicedesk.core.errors import DeskError
from servicedesk.store.queries.operations import Clocks, Counts, Scheduler, counts

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
SHARED = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)

REQUESTS = Histogram(
    "servicedesk_request_seconds",
    "Requests by route template, method and status class, and how long they took.",
    ("method", "route", "status"),
    buckets=SECONDS,
    registry=None,
)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    REQUESTS.labels(method, route, f"{status // 100}xx").observe(seconds)


def counted(desk: Desk) -> bytes:
    """The whole exposition. With the database away, that alone is said, and the requests."""
    registry = CollectorRegistry()
    if os.environ.get(SHARED):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REQUESTS)
    registry.register(InTheDatabase(desk))
    return generate_latest(registry)


class InTheDatabase(Collector):
    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def collect(self) -> Iterable[Metric]:
        yield _gauge("build", "1, with the version of the program.", {"version": __version__}, 1)
        yield from _pool(self.desk)
        try:
            with self.desk.reading() as connection:
                found = counts(connection, self.desk.now(connection))
        except DeskError:
            yield _gauge("database_up", "Whether the database answers.", {}, 0)
            return
        yield _gauge("database_up", "Whether the database answers.", {}, 1)
        yield from _of_installation(found)
        yield from _of_schedulers(found.schedulers)
        yield from _of_clocks(found.clocks)


def _of_installation(found: Counts) -> Iterator[Metric]:
    yield _gauge("schedulers_alive", "Schedulers that have swept within two minutes.", {}, found.alive)
    if found.swept_ago is not None:
        yield _gauge("last_sweep_age_seconds", "Since any scheduler last swept.", {}, found.swept_ago)
    timers = GaugeMetricFamily("servicedesk_timers", "Timers armed for later, due now, and set aside.", labels=("is",))
    for name, number in (("armed", found.armed), ("due", found.due), ("set_aside", found.set_aside)):
        timers.add_metric((name,), number)
    yield timers
    yield _gauge("timers_late_seconds", "How long the first of the due timers has waited.", {}, found.late)
    outbox = GaugeMetricFamily("servicedesk_outbox", "What must be told: waiting, and given up.", labels=("is",))
    for name, number in (("waiting", found.waiting), ("given_up", found.given_up)):
        outbox.add_metric((name,), number)
    yield outbox
    yield _gauge("outbox_age_seconds", "How long the first of what must be told has waited.", {}, found.waited)
    mails = GaugeMetricFamily("servicedesk_mails", "Mails to requesters: waiting, and failed for good.", labels=("is",))
    for name, number in (("waiting", found.mails), ("failed", found.mails_failed)):
        mails.add_metric((name,), number)
    yield mails
    yield _gauge("mails_age_seconds", "How long the first of the mails that wait has waited.", {}, found.mails_waited)


def _of_schedulers(schedulers: list[Scheduler]) -> Iterator[Metric]:
    """Each with its own name: when one is forgotten its counters end, none goes back."""
    labels = ("scheduler",)
    sweeps = CounterMetricFamily("servicedesk_sweeps", "Sweeps since the scheduler started.", labels=labels)
    fired = CounterMetricFamily("servicedesk_timers_fired", "Timers fired since it started.", labels=labels)
    aside = CounterMetricFamily("servicedesk_timers_set_aside", "Timers set aside since it started.", labels=labels)
    late = GaugeMetricFamily(
        "servicedesk_lateness_seconds", "From due to fired, of what fired last.", labels=("scheduler", "of")
    )
    for each in schedulers:
        sweeps.add_metric((each.name,), each.sweeps)
        fired.add_metric((each.name,), each.fired)
        aside.add_metric((each.name,), each.set_aside)
        late.add_metric((each.name, "p99"), each.late_p99)
        late.add_metric((each.name, "max"), each.late_max)
    yield from (sweeps, fired, aside, late)


def _of_clocks(clocks: list[Clocks]) -> Iterator[Metric]:
    shown = GaugeMetricFamily(
        "servicedesk_clocks", "Promises whose clock runs, by how they stand.", labels=("metric", "tier", "is")
    )
    for each in clocks:
        for name, number in (("calm", each.calm), ("at_risk", each.at_risk), ("overdue", each.overdue)):
            shown.add_metric((each.metric, each.tier, name), number)
    yield shown


def _pool(desk: Desk) -> Iterator[Metric]:
    """Of the process that answers."""
    pool = desk.engine.pool
    if isinstance(pool, QueuePool):
        yield _gauge("database_connections_in_use", "In the process that answers.", {}, pool.checkedout())
        yield _gauge("database_connections_idle", "In the process that answers.", {}, pool.checkedin())


def _gauge(name: str, told: str, labels: dict[str, str], value: float) -> Metric:
    family = GaugeMetricFamily(f"servicedesk_{name}", told, labels=tuple(labels))
    family.add_metric(tuple(labels.values()), value)
    return family
