"""How soon the web process answers and what it weighs: `python -m tests.benchmarks.bench_start`.

From the start of `servicedesk serve` to its first answer at /healthz, at the demonstration's size: the median of some
starts, and the processor time that the processes used for it, which is what it takes on a machine that does nothing
else. Then the memory of each of two workers after every page of tests/performance has been asked for many times: RSS,
and PSS, which divides what they share.
"""

import http.client
import re
import statistics
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from servicedesk.actions.desk import Desk
from servicedesk.core.clock import ControlledClock
from servicedesk.store.engine import make_engine
from tests.benchmarks.serving import Served, processor_seconds, served
from tests.performance.pages import PAGES, address_for
from tests.support.demo import UNTIL, make_demo
from tests.support.desk import PASSWORD, person, persona

STARTS, ROUNDS = 7, 20
MOST_SECONDS, MOST_MEGABYTES = 1.2, 100


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_demo(folder / "demo").copy_to(folder)
        starts = [started(folder) for _ in range(STARTS)]
        seconds, used = (statistics.median(each) for each in zip(*starts, strict=True))
        print(f"up in {seconds:.2f} s (goal {MOST_SECONDS}), with {used:.2f} s of processor; median of {STARTS} starts")
        with served(folder, workers=2) as server:
            touch_pages(folder, server)
            for pid in server.workers():
                rss, pss = memory(pid)
                print(f"worker: {rss:.0f} MB RSS (goal {MOST_MEGABYTES}), {pss:.0f} MB PSS")


def started(folder: Path) -> tuple[float, float]:
    with served(folder, workers=1) as server:
        return server.up, processor_seconds([server.pid, *server.workers()])


def touch_pages(folder: Path, server: Served) -> None:
    """Each page, as its viewer, often enough that both workers have shown it."""
    desk = Desk(make_engine(f"sqlite:///{folder / 'servicedesk.sqlite'}"), ControlledClock(UNTIL))
    for page in PAGES:
        address = address_for(desk, page, persona(desk, page.viewer).organisations)
        cookie = sign_in(server.port, person(desk, page.viewer).email)
        for _ in range(ROUNDS):
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
