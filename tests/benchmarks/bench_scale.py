"""Pages, lists and the proof at two sizes: `python -m tests.benchmarks.bench_scale --tickets 450000 --beside 10000`.

Each installation is generated in the folder given, or taken from there if an earlier run left it; on SQLite and, where
its programs are installed, on a PostgreSQL that writes to the disk before it answers. Times are of whole requests at
the server, the database's part included: the 95th percentile of many, asked for by turns at both sizes. How many times
as long one takes among many is of medians, and of pages with as many rows (by_turns.py). Lists are asked for by every
kind of viewer, in every scope, with filters that let through much, little and nothing; search, triage, follow-up,
metrics, and what a system does through the API besides lists are told without a goal. `--record` adds the figures to
results.jsonl.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import func, insert, inspect, select

from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note
from servicedesk.actions.generate.making import Size, generate
from servicedesk.actions.reactions import SEQUENCE
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.signin import set_sample_passwords
from servicedesk.actions.tokens import create_token
from servicedesk.api.v1.examples import NEW_TICKET
from servicedesk.app import create_app, made_to_last
from servicedesk.config import Settings
from servicedesk.core.facts import OPERATOR
from servicedesk.store.changes import Sequencer
from servicedesk.store.engine import make_engine
from servicedesk.store.journal import JournalRow
from servicedesk.store.outbox import OutboxRow
from servicedesk.store.queries.changes import positions
from servicedesk.store.queries.lists import has_tickets
from servicedesk.store.schema import upgrade
from servicedesk.store.tickets import Ticket, Visibility
from servicedesk.store.upsert import upsert
from tests.benchmarks.by_turns import Asked, Headers, by_turns, page_in_api, page_of
from tests.benchmarks.figures import Figure, options, record, tell, unable
from tests.benchmarks.proving import SECRET, proved
from tests.support.desk import PASSWORD, fill, new_ticket, persona
from tests.support.pages import signed_in
from tests.support.postgres import binaries, durable_cluster

ROUNDS, FEW_ROUNDS, LONG_STORY = 60, 20, 200
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
STORYTELLER = "first_line_lulea"
# So many of the newest tickets are told in the change feed: of all of them it would take hours.
TOLD = 500


def main() -> None:
    asked = parse()
    with ExitStack() as until_done:
        folder = asked.folder or Path(until_done.enter_context(TemporaryDirectory(prefix="desk-benchmark-")))
        folder.chmod(folder.stat().st_mode | 0o011)  # PostgreSQL is another user
        for kind in asked.database:
            for line in measured(kind, folder, sorted({asked.beside, asked.tickets}), 2 if asked.quick else ROUNDS):
                tell(line, keep_it=asked.record)


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


@dataclass
class Site:
    """One installation, and what has been found of it."""

    size: int
    url: str
    folder: Path
    rounds: int
    figures: list[Figure] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.figures += made(self.url, self.size)
        self.app = create_app(Settings(instance=self.folder, database_url=self.url, secret_key=SECRET))
        self.app.config["CLIENT_RATE"] = 1_000_000  # a client that asks as often as a benchmark is told to wait
        self.desk: Desk = self.app.extensions["desk"]
        with self.desk.reading() as connection:
            events = connection.execute(select(func.count()).select_from(JournalRow)).scalar_one()
            still_open = connection.execute(select(func.count()).where(Ticket.is_open)).scalar_one()
        self.figures += [Figure("events", events, ""), Figure("open tickets", still_open, "")]
        self._clients: dict[str, FlaskClient] = {}
        self._systems: dict[str, Headers] = {}

    def client(self, viewer: str) -> FlaskClient:
        if viewer not in self._clients:
            self._clients[viewer] = signed_in(self.app, viewer).client
        return self._clients[viewer]

    def system(self, organisation: str) -> Headers:
        if organisation not in self._systems:
            token = create_token(self.desk, organisation, f"benchmark {uuid4().hex[:8]}", actor=OPERATOR).text
            self._systems[organisation] = {"Authorization": f"Bearer {token}"}
        return self._systems[organisation]


def measured(kind: str, folder: Path, sizes: Sequence[int], rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """A line for each size, the smallest first."""
    with ExitStack() as until_done:
        urls = [until_done.enter_context(place(kind, folder, size)) for size in sizes]
        sites = [Site(size, url, folder, rounds) for size, url in zip(sizes, urls, strict=True) if url]
        if not sites:
            return [unable("scale", kind)]
        made_to_last(sites[0].app)
        side_by_side(sites)
        for site in sites:
            site.desk.engine.dispose()
            site.figures += proved(site.url, folder)
        return [record("scale", kind, site.size, site.figures) for site in sites]


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


Find = Callable[..., tuple[Asked, int]]


def side_by_side(sites: Sequence[Site]) -> None:
    """Lists first; what is told without a goal last."""
    for viewer, address in islice(lists(), None, None, 1 if sites[0].rounds == ROUNDS else 10):
        for far in (False, True):
            compared(sites, f"{address} of {viewer}", far, of_viewer(viewer, address))
    for organisation in ("leverantor-plattform", "lulea"):
        for address in ("/api/v1/tickets?scope=open", "/api/v1/tickets?scope=closed"):
            for far in (False, True):
                compared(sites, f"{address} of {organisation}", far, of_system(organisation, address))
    numbers = [_long_story(site.desk) for site in sites]
    for viewer, address, goal, rounds in (
        (STORYTELLER, "/tickets/{number}", MOST_TICKET, ROUNDS),
        *((viewer, address, None, FEW_ROUNDS) for viewer, address in OTHERS),
    ):
        asked = [
            Asked(site.client(viewer), address.format(number=number))
            for site, number in zip(sites, numbers, strict=True)
        ]
        what = f"{address} of {viewer}" if goal is None else f"ticket with {LONG_STORY} events"
        timed(sites, what, asked, goal, rounds)
        if goal is not None:
            told_of_growth(sites, what, asked)
    timed(sites, "/metrics", [Asked(site.app.test_client(), "/metrics") for site in sites], None, FEW_ROUNDS)
    for site, number in zip(sites, numbers, strict=True):
        for what, one in as_a_system(site, number):
            timed([site], what, [one], None)


def of_viewer(viewer: str, address: str) -> Find:
    return lambda site, **which: page_of(site.client(viewer), address, **which)


def of_system(organisation: str, address: str) -> Find:
    return lambda site, **which: page_in_api(site.app.test_client(), address, site.system(organisation), **which)


def compared(sites: Sequence[Site], what: str, far: bool, find: Find) -> None:
    """A page of a list at each site; and how many times as long it takes among many, row for row."""
    what = f"{what}, {'far' if far else 'first'} page"
    found = [find(site, far=far) for site in sites]
    fewest = min(rows for _, rows in found)
    # Where there is none to show there is nothing to compare.
    alike = (
        [
            asked if rows == fewest else find(site, far=far, rows=fewest)[0]
            for site, (asked, rows) in zip(sites, found, strict=True)
        ]
        if fewest
        else []
    )
    pages = [asked for asked, _ in found]
    timed(sites, what, pages, MOST_PAGE, others=[one for one in alike if all(one is not page for page in pages)])
    if alike:
        told_of_growth(sites, f"{what}, {fewest} rows", alike)


def timed(
    sites: Sequence[Site],
    what: str,
    asked: Sequence[Asked],
    goal: float | None,
    rounds: int = ROUNDS,
    others: Sequence[Asked] = (),
) -> None:
    by_turns([*asked, *others], min(rounds, sites[0].rounds))
    for site, one in zip(sites, asked, strict=True):
        site.figures.append(Figure(what, one.p95, "ms p95", goal))


def told_of_growth(sites: Sequence[Site], what: str, alike: Sequence[Asked]) -> None:
    if len(sites) > 1:
        times = alike[-1].median / alike[0].median
        sites[-1].figures.append(Figure(f"{what}: times as long", times, "x", MOST_GROWTH))


def lists() -> Iterator[tuple[str, str]]:
    for viewer in VIEWERS:
        yield from ((viewer, f"/queue?scope={scope}") for scope in SCOPES)
    for viewer, filters in FILTERED:
        yield from ((viewer, f"/queue?scope={scope}&{asked}") for scope in ("open", "closed") for asked in filters)


def as_a_system(site: Site, number: str) -> Iterator[tuple[str, Asked]]:
    """What Luleå's own system does besides lists: read a ticket, follow the feed, log and write."""
    client, headers = site.app.test_client(), site.system("lulea")
    last = fed(site.desk, "lulea")
    for what, address in (
        (f"API: a ticket with {LONG_STORY} events", f"/api/v1/tickets/{number}"),
        (f"API: its timeline of {LONG_STORY} events", f"/api/v1/tickets/{number}/timeline"),
        ("API: what can be done with it", f"/api/v1/tickets/{number}/actions"),
        ("API: feed, the first 200 changes", "/api/v1/changes?after=0"),
        ("API: feed, the last 200 changes", f"/api/v1/changes?after={max(0, last - 200)}"),
        ("API: feed, nothing new", f"/api/v1/changes?after={last}"),
    ):
        yield what, Asked(client, address, headers)
    yield "API: log a ticket", Asked(client, "/api/v1/tickets", headers, send=lambda: _keyed(headers, NEW_TICKET))
    logged = client.post("/api/v1/tickets", **_keyed(headers, NEW_TICKET)).get_json()["number"]
    note = {"body": "Vi har sett samma fel i dag igen.", "audience": "municipality"}
    yield (
        "API: write a note",
        Asked(client, f"/api/v1/tickets/{logged}/notes", headers, send=lambda: _keyed(headers, note)),
    )


def _keyed(headers: Headers, given: Mapping[str, str]) -> dict[str, Any]:
    return {"json": given, "headers": {**headers, "Idempotency-Key": str(uuid4())}}


def fed(desk: Desk, organisation: str) -> int:
    """The last position of a feed that tells of the newest tickets: a generated installation has told nobody yet."""
    with desk.transaction() as connection:
        if not positions(connection, organisation)[1]:
            # Rested just now, the sequencer tells what is handed in and does not walk past all there is.
            upsert(connection, Sequencer, [{"id": 1, "walked": 0, "rested_at": desk.moment(connection)}])
            newest = select(Ticket.id, Ticket.seq).where(Ticket.id.not_in(select(OutboxRow.ticket_id)))
            newest = newest.order_by(Ticket.id.desc()).limit(TOLD)
            for ticket_id, seq in connection.execute(newest).all():
                handed_in = {
                    "ticket_id": ticket_id,
                    "seq": seq,
                    "reaction": SEQUENCE,
                    "created_at": desk.now(connection),
                }
                connection.execute(insert(OutboxRow).values(handed_in))
    sequence(desk)
    with desk.reading() as connection:
        return positions(connection, organisation)[1]


def _long_story(desk: Desk) -> str:
    """An open ticket of Luleå's, told on until it has so many events."""
    clerk = persona(desk, STORYTELLER)
    with desk.reading() as connection:
        query = select(Ticket.number, Ticket.seq).join(Visibility, Visibility.ticket_id == Ticket.id)
        mine = query.where(Visibility.organisation == "lulea", Ticket.is_open).order_by(Ticket.seq.desc())
        found = connection.execute(mine.limit(1)).first()
    # Of few there may be none open.
    number, events = found or (new_ticket(desk).number, 1)
    for n in range(events, LONG_STORY):
        note(desk, number, f"Anteckning {n}: vi har sett samma fel i dag igen.", actor=clerk)
    return str(number)


if __name__ == "__main__":
    main()
