"""What each page costs at the demonstration's size: `python -m tests.benchmarks.bench_pages`.

On both databases, processor time of the request at the server, client apart: the median and the 95th percentile of 40
requests, and the number of queries. The tests of tests/performance hold the same table to its budget.
"""

from servicedesk.actions.desk import Desk
from servicedesk.app import create_app
from servicedesk.config import Settings
from servicedesk.core.clock import ControlledClock
from tests.benchmarks.bench_start import make_sample
from tests.benchmarks.figures import Figure, Place, options, place, record, tell, unable
from tests.performance.pages import PAGES, measure, visitor_of
from tests.support.demo import TICKETS, UNTIL
from tests.support.things import Things

ROUNDS = 40


def main() -> None:
    asked = options(__doc__).parse_args()
    for kind in asked.database:
        with place(kind) as found:
            if found is None:
                line = unable("pages", kind)
            else:
                make_sample(found)
                line = record("pages", kind, TICKETS, measured(found, 2 if asked.quick else ROUNDS))
        tell(line, keep_it=asked.record)


def measured(found: Place, rounds: int) -> list[Figure]:
    settings = Settings(instance=found.folder, database_url=found.url, secret_key="only-for-benchmarks-01234")
    app = create_app(settings, ControlledClock(UNTIL))
    desk: Desk = app.extensions["desk"]
    things, figures = Things(desk), []
    for page in PAGES:
        seen = measure(app, visitor_of(app, page), things.address(page.address, page.viewer), rounds)
        figures += [
            Figure(f"{page.name}: queries", len(seen.queries), ""),
            Figure(f"{page.name}: median", seen.median, "ms"),
            Figure(f"{page.name}: 95th percentile", seen.p95, "ms"),
        ]
    desk.engine.dispose()
    return figures


if __name__ == "__main__":
    main()
