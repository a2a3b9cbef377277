"""A whole site of real processes: a web server with two workers, four schedulers, and clients that never rest."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from secrets import token_hex

import psycopg

from servicedesk.api.v1.examples import NEW_TICKET
from tests.benchmarks.serving import wait_until_up
from tests.support.postgres import free_port, is_alive

PROGRAM = [sys.executable, "-c", "from servicedesk.cli import main; main()"]
AHEAD = [sys.executable, "-m", "tests.chaos.ahead"]
TOP = Path(__file__).parents[2]
WORKERS, SCHEDULERS, CLIENTS = 2, 4, 3
MOST_SECONDS, STARTS = 120, 6


@dataclass
class Said:
    """What clients have sent, and what was acknowledged to them: a key of their own for each, and what it led to."""

    sent: set[str] = field(default_factory=set)
    tickets: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        return len(self.tickets) + len(self.notes)


@dataclass
class Site:
    folder: Path
    url: str
    municipality: str
    supplier: str
    numbers: list[str]
    port: int = field(default_factory=free_port)
    said: Said = field(default_factory=Said)
    more: dict[str, str] = field(default_factory=dict)
    web: "subprocess.Popen[bytes] | None" = None
    schedulers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def environ(self) -> dict[str, str]:
        mine = {"SERVICEDESK_INSTANCE": str(self.folder), "SERVICEDESK_SECRET_KEY": "only-for-chaos-0123456789"}
        return {**os.environ, **mine, "SERVICEDESK_DATABASE_URL": self.url, "PYTHONPATH": str(TOP), **self.more}

    def start(self, *arguments: str, program: list[str] = PROGRAM) -> "subprocess.Popen[bytes]":
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen([*program, *arguments], env=self.environ(), cwd=TOP, stdout=log, stderr=log)

    def start_scheduler(self, place: int) -> "subprocess.Popen[bytes]":
        """The first is on the machine whose clock is a minute ahead."""
        return self.start("scheduler", program=PROGRAM if place else AHEAD)

    def workers(self) -> list[int]:
        assert self.web is not None
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()
        return [int(child) for child in children if is_alive(int(child))]

    def pids(self) -> list[int]:
        """Everything that may be killed."""
        return [*self.workers(), *(each.pid for each in self.schedulers if each.poll() is None)]

    def bury(self) -> None:
        """Who died is replaced, as systemd would; gunicorn sees to its own workers."""
        for place, each in enumerate(self.schedulers):
            if each.poll() is not None:
                self.schedulers[place] = self.start_scheduler(place)


@contextmanager
def running(site: Site) -> Iterator[Site]:
    """The site at work, with its clients; afterwards all is stopped, and what was acknowledged stands in `said`."""
    site.web = site.start("serve", "--workers", str(WORKERS), "--port", str(site.port))
    site.schedulers = [site.start_scheduler(place) for place in range(SCHEDULERS)]
    clients = [threading.Thread(target=_client, args=(site, name)) for name in range(CLIENTS)]
    try:
        _until_up(site)
        for client in clients:
            client.start()
        yield site
    finally:
        site._over.set()
        for client in clients:
            if client.is_alive():
                client.join()
        for process in (site.web, *site.schedulers):
            process.terminate()
        for process in (site.web, *site.schedulers):
            process.wait(MOST_SECONDS)


def _until_up(site: Site) -> None:
    """However slow the machine: all of it starts at once."""
    for _ in range(STARTS):
        with suppress(RuntimeError):
            wait_until_up(site.port)
            return
    raise RuntimeError((site.folder / "log").read_text(errors="replace"))


def acknowledged_again(site: Site, more: int = 5) -> None:
    """Waits until clients are answered as before, by processes that nobody has helped."""
    enough, deadline = site.said.acknowledged + more, time.monotonic() + MOST_SECONDS
    while site.said.acknowledged < enough:
        assert time.monotonic() < deadline, f"nobody answers any more; refused with {site.said.refused[-5:]}"
        time.sleep(0.05)


def fell_due(site: Site, more_than: int) -> None:
    """Waits, the clients still at it, until so many timers have fired: how much that takes is up to the machine."""
    deadline = time.monotonic() + MOST_SECONDS
    fired = "SELECT count(*) FROM journal WHERE timer_rule IS NOT NULL"
    with psycopg.connect(site.url, autocommit=True) as connection:
        while (count := connection.execute(fired).fetchone()) is None or count[0] <= more_than:
            assert time.monotonic() < deadline, f"only {count} timers have fired"
            time.sleep(0.2)


def _client(site: Site, name: int) -> None:
    """Logs tickets as a municipality and writes notes as a supplier, whatever becomes of them. A request that was not
    answered is not sent again."""
    for turn in count():
        if site._over.is_set():
            return
        key = f"{name}-{turn}"
        site.said.sent.add(key)
        try:
            if turn % 2:
                path = f"/api/v1/tickets/{site.numbers[turn // 2 % len(site.numbers)]}/notes"
                status, _ = _post(site.port, path, site.supplier, {"body": f"Prov {key}"})
                if status in (200, 201):
                    site.said.notes[key] = path.split("/")[4]
            else:
                given = {**NEW_TICKET, "platform_case": key}
                status, body = _post(site.port, "/api/v1/tickets", site.municipality, given)
                if status == 201:
                    site.said.tickets[key] = body["number"]
            if status not in (200, 201):
                site.said.refused.append(status)
                time.sleep(0.05)
        except (OSError, http.client.HTTPException, ValueError):
            time.sleep(0.05)


def _post(port: int, path: str, token: str, given: dict[str, str]) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        headers["Idempotency-Key"] = token_hex(16)
        connection.request("POST", path, json.dumps(given), headers)
        response = connection.getresponse()
        body = response.read()
        return response.status, json.loads(body) if response.status in (200, 201) else {}
    finally:
        connection.close()
