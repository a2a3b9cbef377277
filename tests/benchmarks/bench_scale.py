"""Pages, lists and the proof at two sizes: `python -m tests.benchmarks.bench_scale --tickets 450000 --beside 10000`.

Each installation is generated in the folder given, or taken from there if an earlier run left it; on SQLite and, where
its programs are installed, on a PostgreSQL that writes to the disk before it answers. Times are of whole requests at
the server, the database's part included: the 95th percentile of many. A far page is the hundredth, or the last where
there are fewer. Lists are asked for by every kind of viewer, in every scope, with filters that let through much,
little and nothing; search, triage, follow-up and metrics are told without a goal. `--record` adds the figures to
results.jsonl.
"""

import argparse
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, inspect, select

from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note
from servicedesk.actions.generate.making import Size, generate
from servicedesk.actions.signin import set_sample_passwords
from servicedesk.actions.tokens import create_token
from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.facts import OPERATOR
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow
from servicedesk.store.queries.lists import has_tickets
from servicedesk.store.schema import upgrade
from servicedesk.store.tickets import Ticket, Visibility
from tests.benchmarks.figures import Figure, options, record, tell, unable
from tests.benchmarks.proving import SECRET, proved
from tests.support.desk import PASSWORD, fill, persona
from tests.support.pages import signed_in
from tests.support.postgres import binaries, durable_cluster

ROUNDS, FEW_ROUNDS, HUNDREDTH, LONG_STORY = 60, 20, 100, 200
MOST_PAGE, MOST_TICKET, MOST_GROWTH = 30.0, 40.0, 1.3
LEAST_GENERATED = 600.0

# Who looks at which list: everybody at each scope, and filters that let through much, little and nothing, alone and
# together, since a closed list is long and none of them may make it slow.
VIEWERS = (
    "first_line_lulea",
    "second_line_lulea",
    "it_service_manager",
    "supplier_technician",
    "developer_kalix_haparanda",
)
SCOPES = ("mine", "team", "open", "closed")
FILTERS = (
    "priority=1",
    "priority=4",
    "municipality=pajala",
    "service=e-arkiv",
    "service=e-tjansteplattform",
    "tier=first_line",
    "tier=supplier",
    "unassigned=1",
    "priority=4&tier=second_line",
    "municipality=lulea&service=e-tjansteplattform&priority=4",
    "municipality=overtornea&service=elevhalsa&priority=1",
    "municipality=arjeplog&service=datahall&priority=2&tier=supplier&unassigned=1",
)
FILTERED = (("it_service_manager", FILTERS), ("supplier_technician", FILTERS), ("first_line_lulea", FILTERS[:9]))
# Beside the lists: what is opened now and then, told without a goal.
OTHERS = (
    ("it_service_manager", "/triage"),
    ("second_line_lulea", "/triage"),
    ("second_line_lulea", "/search?q=inloggning"),
    ("it_service_manager", "/search?q=inloggningen+fel"),
    ("supplier_technician", "/search?q=inloggning"),
    ("first_line_lulea", "/search?q=42"),
    ("it_service_manager", "/management"),
    ("second_line_lulea", "/management"),
    ("supplier_technician", "/management"),
    ("it_service_manager", "/workflows"),
)
NEXT = re.compile(r'href="(/queue[^"]*after=[^"]*)"')
Times = dict[str, float]


def main() -> None:
    asked = parse()
    with ExitStack() as until_done:
        folder = asked.folder or Path(until_done.enter_context(TemporaryDirectory(prefix="desk-benchmark-")))
        folder.chmod(folder.stat().st_mode | 0o011)  # PostgreSQL is another user
        for kind in asked.database:
            found: dict[int, Times] = {}
            for size in sorted({asked.beside, asked.tickets}):
                with place(kind, folder, size) as url:
                    if url is None:
                        tell(unable("scale", kind), keep_it=False)
                        break
                    figures, found[size] = measured(url, size, folder)
                    figures += [growth(name, found) for name in found[size] if size != asked.beside]
                tell(record("scale", kind, size, figures), keep_it=asked.record)


def parse() -> argparse.Namespace:
    parser = options(__doc__)
    parser.add_argument("--tickets", type=int, help="450000 unless given")
    parser.add_argument("--beside", type=int, help="10000 unless given")
    parser.add_argument("--folder", type=Path, help="where installations are kept between runs; nowhere unless given")
    asked = parser.parse_args()
    asked.tickets = asked.tickets or (400 if asked.quick else 450_000)
    asked.beside = asked.beside or (200 if asked.quick else 10_000)
    return asked


@contextmanager
def place(kind: str, folder: Path, size: int) -> Iterator[str | None]:
    """The address of a database for so many tickets, kept between runs."""
    home = folder / f"{kind}-{size}"
    home.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield f"sqlite:///{home / 'servicedesk.sqlite'}"
        return
    programs = binaries()
    if programs is None:
        yield None
        return
    with durable_cluster(programs, home) as cluster:
        yield cluster.url("postgres")


def measured(url: str, size: int, folder: Path) -> tuple[list[Figure], Times]:
    figures = made(url, size)
    app = create_app(Settings(instance=folder, database_url=url, secret_key=SECRET))
    app.config["CLIENT_RATE"] = 1_000_000  # a client that asks as often as a benchmark is told to wait
    desk: Desk = app.extensions["desk"]
    with desk.reading() as connection:
        events = connection.execute(select(func.count()).select_from(JournalRow)).scalar_one()
        still_open = connection.execute(select(func.count()).where(Ticket.is_open)).scalar_one()
    figures += [Figure("events", events, ""), Figure("open tickets", still_open, "")]
    shown = list(pages(app, desk))
    desk.engine.dispose()
    times = {one.what: one.value for one in shown if one.goal is not None}
    return figures + shown + proved(url, folder), times


def made(url: str, size: int) -> list[Figure]:
    desk = Desk(make_engine(url))
    try:
        with desk.reading() as connection:
            is_kept = inspect(connection).has_table("ticket") and has_tickets(connection)
        if is_kept:
            upgrade(desk.engine)  # an earlier run's may be of an earlier version
            return []
    finally:
        desk.engine.dispose()
    fill(desk)
    began = time.perf_counter()
    generate(desk, Size.of(size), seed=1, processes=2)
    took = time.perf_counter() - began
    set_sample_passwords(desk, PASSWORD)
    desk.engine.dispose()
    return [Figure("generated", size / took, "tickets/s", LEAST_GENERATED, at_most=False)]


def pages(app: Flask, desk: Desk) -> Iterator[Figure]:
    """Lists first; what is told without a goal last."""
    for viewer, address in lists():
        visitor = signed_in(app, viewer)
        yield timed(f"{address} of {viewer}, first page", visitor.client, address)
        yield timed(f"{address} of {viewer}, far page", visitor.client, _hundredth(visitor.client, address))
    for organisation in ("leverantor-plattform", "lulea"):
        yield from _in_api(app, desk, organisation)
    number, viewer = _long_story(desk)
    story = f"ticket with {LONG_STORY} events"
    yield timed(story, signed_in(app, viewer).client, f"/tickets/{number}", MOST_TICKET)
    for viewer, address in OTHERS:
        yield timed(f"{address} of {viewer}", signed_in(app, viewer).client, address, None, FEW_ROUNDS)
    yield timed("/metrics", app.test_client(), "/metrics", None, FEW_ROUNDS)


def lists() -> Iterator[tuple[str, str]]:
    for viewer in VIEWERS:
        yield from ((viewer, f"/queue?scope={scope}") for scope in SCOPES)
    for viewer, filters in FILTERED:
        yield from ((viewer, f"/queue?scope={scope}&{asked}") for scope in ("open", "closed") for asked in filters)


def _in_api(app: Flask, desk: Desk, organisation: str) -> Iterator[Figure]:
    client = app.test_client()
    headers = {"Authorization": f"Bearer {create_token(desk, organisation, 'benchmark', actor=OPERATOR).text}"}
    for scope in ("open", "closed"):
        address = f"/api/v1/tickets?scope={scope}"
        yield timed(f"{address} of {organisation}, first page", client, address, headers=headers)
        far = _far_in_api(client, address, headers)
        yield timed(f"{address} of {organisation}, far page", client, far, headers=headers)


def timed(
    what: str,
    client: FlaskClient,
    address: str,
    goal: float | None = MOST_PAGE,
    rounds: int = ROUNDS,
    headers: Mapping[str, str] | None = None,
) -> Figure:
    return Figure(what, p95(client, address, headers, rounds), "ms p95", goal)


def p95(client: FlaskClient, address: str, headers: Mapping[str, str] | None, rounds: int) -> float:
    times = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        response = client.get(address, headers=headers)
        response.get_data()
        times.append((time.perf_counter() - began) * 1000)
        assert response.status_code == 200, (address, response.status_code)
    return sorted(times[1:])[round(rounds * 0.95) - 1]


def _hundredth(client: FlaskClient, address: str) -> str:
    """The address of the hundredth page, or of the last if there are fewer."""
    for _ in range(HUNDREDTH - 1):
        found = NEXT.search(client.get(address).get_data(as_text=True))
        if found is None:
            break
        address = found[1].replace("&amp;", "&")
    return address


def _far_in_api(client: FlaskClient, address: str, headers: dict[str, str]) -> str:
    for _ in range(HUNDREDTH - 1):
        link = client.get(address, headers=headers).headers.get("Link", "")
        if not link:
            break
        address = link.partition("<")[2].partition(">")[0]
    return address


def _long_story(desk: Desk) -> tuple[str, str]:
    """An open ticket of Luleå's, told on until it has so many events."""
    clerk = persona(desk, "first_line_lulea")
    with desk.reading() as connection:
        query = select(Ticket.number, Ticket.seq).join(Visibility, Visibility.ticket_id == Ticket.id)
        mine = query.where(Visibility.organisation == "lulea", Ticket.is_open).order_by(Ticket.seq.desc())
        number, events = connection.execute(mine.limit(1)).one()
    for n in range(events, LONG_STORY):
        note(desk, number, f"Anteckning {n}: vi har sett samma fel i dag igen.", actor=clerk)
    return number, "first_line_lulea"


def growth(name: str, found: dict[int, Times]) -> Figure:
    small, large = (found[size][name] for size in sorted(found))
    return Figure(f"{name}: times as long", large / small, "x", MOST_GROWTH)


if __name__ == "__main__":
    main()
