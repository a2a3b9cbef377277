"""What each page costs at the demonstration's size: `python -m tests.benchmarks.bench_pages`.

Processor time of the request at the server, client apart: the median and the 95th percentile of 40 requests, and the
number of queries. The tests of tests/performance hold the same table to its budget.
"""

import tempfile
from pathlib import Path

from servicedesk.actions.desk import Desk
from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from tests.performance.pages import PAGES, address_for, measure
from tests.support.demo import TICKETS, UNTIL, make_demo
from tests.support.desk import persona
from tests.support.pages import signed_in

ROUNDS = 40


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(f"building {TICKETS} tickets …")
        url = make_demo(Path(folder) / "demo").copy_to(Path(folder))
        settings = Settings(instance=Path(folder), database_url=url, secret_key="only-for-benchmarks-01234")
        app = create_app(settings, ControlledClock(UNTIL))
        desk: Desk = app.extensions["desk"]
        print(f"{'page':40}{'queries':>8}{'median ms':>11}{'p95 ms':>9}")
        for page in PAGES:
            address = address_for(desk, page, persona(desk, page.viewer).organisations)
            found = measure(app, signed_in(app, page.viewer), address, ROUNDS)
            print(f"{page.name:40}{len(found.queries):8}{found.median:11.1f}{found.p95:9.1f}")
        desk.engine.dispose()


if __name__ == "__main__":
    main()
