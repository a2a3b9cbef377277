"""How soon the web process answers and what it weighs: `python -m tests.benchmarks.bench_start`.

On both databases, from the start of `servicedesk serve` to its first answer at /healthz, at the demonstration's size:
the median of some starts, and the processor time that the processes used for it, which is what it takes on a machine
that does nothing else. Then the memory of each of two workers after every page of tests/performance has been asked for
many times: RSS, and PSS, which divides what they share.
"""

import http.client
import re
import statistics
from pathlib import Path
from urllib.parse import urlencode

from servicedesk.actions.desk import Desk
from servicedesk.actions.move import move
from servicedesk.core.clock import ControlledClock
from servicedesk.store.engine import make_engine
from tests.benchmarks.figures import Figure, Place, options, place, record, tell, unable
from tests.benchmarks.serving import Served, processor_seconds, served
from tests.performance.pages import PAGES
from tests.support.demo import TICKETS, UNTIL, make_demo
from tests.support.desk import PASSWORD, person
from tests.support.things import Things

STARTS, ROUNDS = 7, 20
MOST_SECONDS, MOST_MEGABYTES = 1.2, 100


def main() -> None:
    asked = options(__doc__).parse_args()
    starts, rounds = (1, 1) if asked.quick else (STARTS, ROUNDS)
    for kind in asked.database:
        with place(kind) as found:
            if found is None:
                line = unable("start", kind)
            else:
                make_sample(found)
                line = record("start", kind, TICKETS, measured(found, starts, rounds))
        tell(line, keep_it=asked.record)


def make_sample(found: Place) -> None:
    """The demonstration; on PostgreSQL moved there as an operator would."""
    demo = make_demo(found.folder / "demo")
    if found.cluster is None:
        demo.copy_to(found.folder)
        return
    source, target = Desk(make_engine(f"sqlite:///{demo.file}")), Desk(make_engine(found.url))
    move(source, target, lambda *_: lambda _: None)
    source.engine.dispose()
    target.engine.dispose()


def measured(found: Place, starts: int, rounds: int) -> list[Figure]:
    seconds, used = (statistics.median(each) for each in zip(*(started(found) for _ in range(starts)), strict=True))
    with served(found.folder, 2, found.url) as server:
        touch_pages(found, server, rounds)
        weights = [memory(pid) for pid in server.workers()]
    return [
        Figure(f"first answer, median of {starts} starts", seconds, "s", MOST_SECONDS),
        Figure("processor of a start", used, "s"),
        Figure("memory of the larger of two workers, RSS", max(rss for rss, _ in weights), "MB", MOST_MEGABYTES),
        Figure("memory of the larger of two workers, PSS", max(pss for _, pss in weights), "MB"),
    ]


def started(found: Place) -> tuple[float, float]:
    with served(found.folder, 1, found.url) as server:
        return server.up, processor_seconds([server.pid, *server.workers()])


def touch_pages(found: Place, server: Served, rounds: int) -> None:
    """Each page, as its viewer, often enough that both workers have shown it."""
    desk = Desk(make_engine(found.url), ControlledClock(UNTIL))
    things = Things(desk)
    for page in (page for page in PAGES if page.viewer):
        address = things.address(page.address, page.viewer)
        cookie = sign_in(server.port, person(desk, page.viewer).email)
        for _ in range(rounds):
            status, _, _ = ask(server.port, "GET", address, cookie)
            assert status == 200, (address, status)
    desk.engine.dispose()


def sign_in(port: int, email: str) -> str:
    """The cookie of a session, got as a browser gets it."""
    _, page, cookie = ask(port, "GET", "/sign-in", "")
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    body = urlencode({"csrf_token": token, "email": email, "password": PASSWORD}).encode()
    status, _, cookie = ask(port, "POST", "/sign-in", cookie, body)
    assert status == 303, status
    return cookie


def ask(port: int, method: str, address: str, cookie: str, body: bytes = b"") -> tuple[int, str, str]:
    """(status, page, the session's cookie from now on), over a connection of its own: any worker may answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    connection.request(method, address, body or None, {"Cookie": cookie, **form})
    response = connection.getresponse()
    found = response.status, response.read().decode(), (response.getheader("Set-Cookie") or cookie).split(";")[0]
    connection.close()
    return found


def memory(pid: int) -> tuple[float, float]:
    """(RSS, PSS) in megabytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("Rss:", "Pss:"))}
    return kilobytes["Rss"] / 1024, kilobytes["Pss"] / 1024


if __name__ == "__main__":
    main()
