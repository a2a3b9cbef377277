"""Both sides as real processes: the product, and a supplier's desk with a database of its own. Either may be killed at
any moment and is started again."""

import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from servicedesk.actions import entries
from servicedesk.actions.desk import Desk
from servicedesk.client import Client, Patience, Problem, Token
from servicedesk.client.shapes import NewTicketGiven
from servicedesk.core.errors import DeskError
from servicedesk.core.vocabulary import Verb
from servicedesk.store.engine import make_engine
from servicedesk.supplier_desk.book import Book
from tests.chaos.people import somebody_acts
from tests.chaos.site import MOST_SECONDS, PROGRAM, Site
from tests.support.desk import along_the_chain, persona
from tests.support.postgres import free_port

SUPPLIER_PEOPLE = ("it_service_manager", "it_service_manager_deputy", "second_line_lulea", "first_line_lulea")
# Seconds that an hour of the supplier's lasts while all goes on; and afterwards, so that nothing new falls due.
HOUR, NEVER = 0.1, 1_000_000.0
LONGEST = 30.0
HINDRANCES = frozenset({Verb.RECALL, Verb.WAIT, Verb.CANCEL})


@dataclass
class Sides:
    """`alone`: one process does everything, as on an embedded database."""

    site: Site
    alone: bool
    seed: int
    hook: int = field(default_factory=free_port)
    schedulers: int = 2
    desk: "subprocess.Popen[bytes] | None" = None
    chance: random.Random = field(init=False)
    kills: Counter[str] = field(default_factory=Counter)
    logged: list[str] = field(default_factory=list)
    handed: list[str] = field(default_factory=list)
    troubles: list[BaseException] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.site.more = {"SERVICEDESK_WEBHOOKS_INSECURE": f"127.0.0.1:{self.hook}"}

    @property
    def book(self) -> Path:
        folder = self.site.folder / "supplier"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.site.port}"

    def client(self, token: str) -> Client:
        """One that waits for the product as long as it takes."""
        return Client(
            self.url, Token(token), Patience(attempts=1_000, seconds=20, wait=lambda seconds: time.sleep(0.2))
        )

    def start_product(self) -> None:
        """What of it does not run."""
        site = self.site
        if site.web is None or site.web.poll() is not None:
            how = ("--workers", "1", "--with-scheduler") if self.alone else ("--workers", "2")
            site.web = site.start("serve", *how, "--port", str(site.port))
        if not self.alone:
            site.schedulers = [each for each in site.schedulers if each.poll() is None]
            site.schedulers += [site.start("scheduler") for _ in range(self.schedulers - len(site.schedulers))]

    def start_supplier(self, hour: float = HOUR, *more: str) -> None:
        arguments = [self.url, "--token", self.site.supplier, "--folder", str(self.book), "--port", str(self.hook)]
        with (self.site.folder / "supplier.log").open("ab") as log:
            command = [*PROGRAM, "supplier-desk", *arguments, "--hour", str(hour), *more]
            self.desk = subprocess.Popen(command, env=self.site.environ(), stdout=log, stderr=log)

    def get_on(self, book: Book) -> None:
        """Until both have done something; not for ever, since the supplier may be down."""
        deadline = time.monotonic() + LONGEST
        handed, done = len(self.handed) + self.chance.randrange(2), self.deeds(book) + self.chance.randrange(4)
        while (len(self.handed) < handed or self.deeds(book) < done) and time.monotonic() < deadline:
            time.sleep(0.05)

    def deeds(self, book: Book) -> int:
        return sum(deed.is_done for case in book.cases() for deed in book.deeds(case))

    def is_ahead(self) -> bool:
        """Whether the supplier has not heard of so many yet that more would only be more of the same."""
        return len(self.handed) - len(Book(self.book / "supplier-desk.sqlite").cases()) > 5

    def kill_one(self) -> None:
        """In turn: the supplier's desk; of the product a worker, a scheduler or the whole machine."""
        kinds = ("worker", "machine") if self.alone else ("worker", "machine", "scheduler")
        kind = self.chance.choice(kinds) if self.kills.total() % 2 else "supplier"
        site = self.site
        assert site.web is not None and self.desk is not None
        with suppress(ProcessLookupError, IndexError, FileNotFoundError):
            if kind == "supplier":
                self.kill_supplier()
            elif kind == "scheduler":
                os.kill(self.chance.choice(site.schedulers).pid, signal.SIGKILL)
            elif kind == "worker":
                os.kill(self.chance.choice(site.workers()), signal.SIGKILL)
            else:
                workers = site.workers()
                site.web.kill()
                for pid in workers:
                    os.kill(pid, signal.SIGKILL)
                site.web.wait()
            self.kills[kind] += 1

    def kill_supplier(self) -> None:
        assert self.desk is not None
        self.desk.kill()
        self.desk.wait()

    def bury(self) -> None:
        assert self.desk is not None
        if self.desk.poll() is not None:
            assert self.desk.returncode == -signal.SIGKILL, "the supplier's desk has ended by itself"
            self.start_supplier()
        self.start_product()


@contextmanager
def both(sides: Sides) -> Iterator[Sides]:
    """Both at work, with people and a contact centre; afterwards those have stopped, and both sides run."""
    sides.start_product()
    sides.start_supplier()
    busy = [threading.Thread(target=_carefully, args=(sides, work)) for work in (_contact_centre, _people)]
    try:
        for each in busy:
            each.start()
        yield sides
    finally:
        sides.over.set()
        for each in busy:
            each.join(MOST_SECONDS)


def stop(sides: Sides) -> None:
    everything = [each for each in (sides.desk, sides.site.web, *sides.site.schedulers) if each is not None]
    for each in everything:
        each.terminate()
    for each in everything:
        each.wait(MOST_SECONDS)


def _carefully(sides: Sides, work: Callable[[Sides], None]) -> None:
    try:
        work(sides)
    except BaseException as error:
        sides.troubles.append(error)


def _contact_centre(sides: Sides) -> None:
    """Logs tickets by the API, each until it is acknowledged; people hand it on to the supplier."""
    client, desk = sides.client(sides.site.municipality), Desk(make_engine(sides.site.url))
    turn = 0
    while not sides.over.wait(0.5):
        if sides.is_ahead():
            continue
        turn += 1
        new: NewTicketGiven = {"subject": f"Prov {turn}", "service": "e-tjansteplattform", "fault": "platform"}
        number = client.log_ticket({**new, "reference": f"KC-{turn}"}, idempotency_key=f"kc-{turn}").data["number"]
        sides.logged.append(number)
        along_the_chain(desk, number, "order_from_supplier")
        sides.handed.append(number)
    desk.engine.dispose()


def _people(sides: Sides) -> None:
    """Answer, verify, reject, hand back and over, recall, write and change their minds."""
    desk, chance = Desk(make_engine(sides.site.url)), random.Random(sides.seed)
    people = [persona(desk, name) for name in SUPPLIER_PEOPLE]
    turn = 0
    while not sides.over.wait(0.25):
        if not sides.handed or sides.is_ahead():
            continue
        number = chance.choice(sides.handed[-20:])
        turn += 1
        with suppress(DeskError, Problem):
            if chance.random() < 0.2:
                entries.note_to_supplier(desk, number, f"Hur går det? {turn}", actor=people[0])
            else:
                # What is at the supplier's is mostly left to it.
                somebody_acts(desk, number, people, chance, HINDRANCES if chance.random() < 0.9 else frozenset())
    desk.engine.dispose()
